"""A measured figure beside its bar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One figure. `bar` is the value it must not exceed (`lower`) or must reach; None if it has none."""

    what: str
    value: float
    unit: str
    bar: float | None = None
    lower: bool = True

    @property
    def reached(self) -> bool | None:
        """Whether the bar is reached; None if there is none."""
        if self.bar is None:
            return None
        return self.value <= self.bar if self.lower else self.value >= self.bar

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "reached": self.reached}


def table(figures: Iterable[Figure], *, machine: str) -> str:
    """The figures as a Markdown table."""
    lines = [f"{machine}", "", "| what | measured | bar | |", "|---|---:|---:|---|"]
    words = {None: "", True: "reached", False: "**not reached**"}
    for one in figures:
        bar = "" if one.bar is None else f"{'≤' if one.lower else '≥'} {one.bar:,.6g} {one.unit}"
        exact = one.value < 100 and not float(one.value).is_integer()
        shown = f"{one.value:,.2f}" if exact else f"{one.value:,.0f}"
        lines.append(f"| {one.what} | {shown} {one.unit} | {bar} | {words[one.reached]} |")
    return "\n".join(lines)
