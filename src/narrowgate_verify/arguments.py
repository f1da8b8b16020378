"""Read what a check is asked: places, options with a value, and flags.

Rules:
 * Nothing is guessed: no abbreviation, and no option twice that is to be given once.
 * A form says all that may be asked; the help is made from it.
 * The standard library's parser would do as well. To load it takes a fifth of the time in which a receipt is to be
   checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from narrowgate_verify.problems import WrongUse
from narrowgate_verify.value import Value


class Option(Value):
    """One option: its name with the hyphens, what its value is called (None: a flag), and what it is for."""

    name: str
    value: str | None
    does: str
    required: bool = False
    repeated: bool = False


class Form(Value):
    """What a check may be asked: the names of its places, in order, and its options."""

    places: tuple[str, ...]
    options: tuple[Option, ...]

    def usage(self, check: str) -> str:
        """How the check is called."""
        asked = [f"[{each.name}]" if each.value is None else _called(each) for each in self.options]
        return " ".join(["narrowgate-verify", check, *self.places, *asked])

    def help(self, check: str, does: str) -> str:
        """Everything that the check may be asked, as lines."""
        lines = [f"  {each.name} {each.value or ''}".ljust(22) + each.does for each in self.options]
        return "\n".join([f"usage: {self.usage(check)}", "", does, "", *lines, ""])


class Asked:
    """What was asked, by the names in the form."""

    def __init__(self, places: dict[str, str], given: dict[str, list[str]]) -> None:
        self._places = places
        self._given = given

    def place(self, name: str) -> str:
        """What was given in the place of `name`."""
        return self._places[name]

    def flag(self, name: str) -> bool:
        """Whether the flag was given."""
        return name in self._given

    def one(self, name: str) -> str | None:
        """The value of an option, or None if it was not given."""
        values = self._given.get(name)
        return values[0] if values else None

    def required(self, name: str) -> str:
        """The value of an option that the form requires."""
        return self._given[name][0]

    def all(self, name: str) -> list[str]:
        """The values of an option that may be repeated, in order."""
        return self._given.get(name, [])


def read_arguments(arguments: Sequence[str], form: Form) -> Asked:
    """What `arguments` ask of a check with this `form`; WrongUse says what is wrong with them."""
    options = {each.name: each for each in form.options}
    places: list[str] = []
    given: dict[str, list[str]] = {}
    rest = iter(arguments)
    for word in rest:
        if not word.startswith("--"):
            places.append(word)
            continue
        name, equals, value = word.partition("=")
        if name not in options:
            raise WrongUse(f"there is no option `{name}`")
        if name in given and not options[name].repeated:
            raise WrongUse(f"`{name}` is given twice")
        given.setdefault(name, []).append(_value(options[name], equals, value, rest))
    _check(places, given, form)
    return Asked(dict(zip(form.places, places, strict=True)), given)


def _value(option: Option, equals: str, value: str, rest: Iterator[str]) -> str:
    """The value that stands behind an option, with `=` or as the next word; a flag has none."""
    if option.value is None:
        if equals:
            raise WrongUse(f"`{option.name}` takes no value")
        return ""
    found = value if equals else next(rest, None)
    if found is None or (not equals and found.startswith("--")):
        raise WrongUse(f"`{option.name}` takes a value: {option.value}")
    return found


def _check(places: list[str], given: dict[str, list[str]], form: Form) -> None:
    if len(places) > len(form.places):
        raise WrongUse(f"`{places[len(form.places)]}` is one word too many")
    if len(places) < len(form.places):
        raise WrongUse(f"{form.places[len(places)]} is not given")
    for option in form.options:
        if option.required and option.name not in given:
            raise WrongUse(f"{option.name} {option.value} is not given")


def _called(option: Option) -> str:
    one = f"{option.name} {option.value}" + (" ..." if option.repeated else "")
    return one if option.required else f"[{one}]"
