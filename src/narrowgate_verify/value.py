"""Frozen records, cheap to define.

Rules:
 * What the class annotates, in order, is what a record has. It is given once, by place or by name, and stays.
 * Two records of one class with the same content are equal, and have one hash.
 * A dataclass is all this and more; but to load that module, and to make a dozen of them, takes a third of the time in
   which a receipt is to be checked.
"""

from __future__ import annotations

from typing import Any, dataclass_transform


@dataclass_transform(frozen_default=True)
class Value:
    """The base of every record here. A member may have a default, which is its value in the class."""

    def __init__(self, *places: Any, **names: Any) -> None:
        given = dict(zip(self.__annotations__, places, strict=False), **names)
        if len(given) != len(places) + len(names) or not given.keys() <= self.__annotations__.keys():
            raise TypeError(f"{type(self).__name__} has the members {list(self.__annotations__)}")
        for name in self.__annotations__:
            object.__setattr__(self, name, given[name] if name in given else getattr(type(self), name))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"
