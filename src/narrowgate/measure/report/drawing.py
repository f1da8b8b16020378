"""The parts that all drawings share: the frame with its title, rows with names, an axis, marks.

Rules:
 * A drawing says in its title and description what a reader who does not see it needs; the table below it has every
   figure. It uses no script, no picture and no font from elsewhere.
 * Shapes differ, not colours alone: a count above zero is a disc with a line from bound to bound, a count of zero is an
   open arrow at its upper bound that points to less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from narrowgate.measure.report.markup import Child, element
from narrowgate.measure.report.scale import Scale

WIDTH = 960
ROW = 28
NAMES = 290
"""The room to the left, for names."""
FIGURES = 230
"""The room to the right, for figures."""
TOP, BOTTOM = 12, 52

Json = Mapping[str, Any]


def drawing(name: str, *, title: str, description: str, height: float, inside: Iterable[Child]) -> Element:
    """A drawing with an id of its own, its title and description."""
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        inside,
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        class_="drawing",
    )


def height_of(rows: int) -> float:
    """How high a drawing of so many rows is."""
    return TOP + rows * ROW + BOTTOM


def middle(row: int) -> float:
    """The middle of a row, the first being 0."""
    return TOP + (row + 0.5) * ROW


def across(scale: Scale, rows: int, words: str) -> list[Element]:
    """The axis below so many rows, with a thin line up from each mark."""
    foot = TOP + rows * ROW
    return [
        *(
            element(
                "g",
                element("line", x1=scale.at(value), x2=scale.at(value), y1=TOP, y2=foot, class_="grid"),
                element("text", told, x=scale.at(value), y=foot + 18, class_="mark"),
            )
            for value, told in scale.marks
        ),
        element("line", x1=scale.begin, x2=scale.end, y1=foot, y2=foot, class_="axis"),
        element("text", words, x=(scale.begin + scale.end) / 2, y=foot + 40, class_="words"),
    ]


def named(row: int, name: str, *, ours: bool = False) -> Element:
    """The name of a row."""
    return element("text", name, x=NAMES - 12, y=middle(row) + 5, class_="name ours" if ours else "name")


def figured(row: int, told: str) -> Element:
    """The figure of a row."""
    return element("text", told, x=WIDTH - FIGURES + 14, y=middle(row) + 5, class_="figure")


def disc(x: float, y: float, *, ours: bool) -> Element:
    """A count above zero."""
    return element("circle", cx=x, cy=y, r=6, class_="seen ours" if ours else "seen")


def arrow(x: float, y: float, *, ours: bool) -> Element:
    """A count of zero, at its upper bound: it points to less."""
    points = f"{x:.2f},{y - 7:.2f} {x - 12:.2f},{y:.2f} {x:.2f},{y + 7:.2f}"
    return element("polygon", points=points, class_="bound ours" if ours else "bound")


def stretch(begin: float, end: float, y: float, *, ours: bool) -> Element:
    """From bound to bound."""
    return element("line", x1=begin, x2=end, y1=y, y2=y, class_="stretch ours" if ours else "stretch")
