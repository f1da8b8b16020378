"""Draw shares of the requests: what was decided, referred or not found; and how many of each subgroup were found.

Rules:
 * Every stretch that is wide enough says its share in it; the table below has them all.
 * Of a subgroup nobody of whom is in the register there is nothing to find, and it has no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from narrowgate.measure.report import scale
from narrowgate.measure.report.drawing import (
    FIGURES,
    NAMES,
    WIDTH,
    Json,
    across,
    drawing,
    figured,
    height_of,
    middle,
    named,
    stretch,
)
from narrowgate.measure.report.markup import element
from narrowgate.measure.report.words import count, percent, plain

PARTS = (("right", "decided, right"), ("wrong", "decided, wrong"), ("possible", "referred"), ("none", "none"))
"""What a request comes to; the first word is the column of the count."""
_NARROW = 0.07
_FLAT = 22
_LEGEND = 30


def outcomes(name: str, title: str, rows: Sequence[tuple[str, bool, Json]]) -> Element:
    """A row for each (name, ours, count): what share of its requests came to what."""
    axis = scale.shares(NAMES, WIDTH - FIGURES)
    inside: list[Element] = across(axis, len(rows), "share of the requests")
    for row, (told, ours, one) in enumerate(rows):
        inside += [named(row, told, ours=ours), *_stretches(axis, one, row),
            figured(row, f"{percent(one['possible_share'])} referred")]  # fmt: skip
    foot = height_of(len(rows))
    inside += _legend([(f"part {part}", words) for part, words in PARTS], foot)
    description = "Each bar is all requests: decided rightly, decided wrongly, referred to a person, or nobody found."
    return drawing(name, title=title, description=description, height=foot + _LEGEND, inside=inside)


def recalls(name: str, title: str, ours: Json, control: Json, *, names: tuple[str, str]) -> Element:
    """A row for each subgroup: the share of it that was found, by ours (a disc) and by the control (a diamond)."""
    rows = [group for group in ours if ours[group]["counterpart"]]
    axis = scale.shares(NAMES, WIDTH - FIGURES)
    inside: list[Element] = across(axis, len(rows), "found, of those in the register")
    for row, group in enumerate(rows):
        told = f"{plain(group)} ({count(ours[group]['counterpart'])})"
        inside += [named(row, told)]
        found = [percent(ours[group]["recall"])]
        if group in control:
            inside += _found(axis, control[group], middle(row), ours=False)
            found.append(percent(control[group]["recall"]))
        inside += [*_found(axis, ours[group], middle(row), ours=True), figured(row, " against ".join(found))]
    foot = height_of(len(rows))
    inside += [element("g", element("circle", cx=NAMES + 6, cy=foot + 4, r=6, class_="seen ours"),
            element("text", names[0], x=NAMES + 18, y=foot + 9, class_="label")),
        element("g", _diamond(NAMES + 236, foot + 4),
            element("text", names[1], x=NAMES + 248, y=foot + 9, class_="label"))]  # fmt: skip
    description = "The line through each mark reaches from the lower to the upper bound of the share."
    return drawing(name, title=title, description=description, height=foot + _LEGEND, inside=inside)


def _stretches(axis: scale.Scale, one: Json, row: int) -> list[Element]:
    found, begin = [], 0.0
    for part, _ in PARTS:
        share = one[part] / one["requests"] if one["requests"] else 0.0
        left, right = axis.at(begin), axis.at(begin + share)
        begin += share
        if share:
            found.append(element("rect", x=left, y=middle(row) - _FLAT / 2, width=max(right - left, 1.0),
                height=_FLAT, class_=f"part {part}"))  # fmt: skip
        if share >= _NARROW:
            found.append(element("text", f"{share:.0%}", x=(left + right) / 2, y=middle(row) + 5,
                class_=f"inside {part}"))  # fmt: skip
    return found


def _legend(parts: Sequence[tuple[str, str]], y: float) -> list[Element]:
    room = (WIDTH - NAMES) / len(parts)
    return [
        element(
            "g",
            element("rect", x=NAMES + number * room, y=y - 4, width=16, height=16, class_=kind),
            element("text", words, x=NAMES + number * room + 22, y=y + 9, class_="label"),
        )
        for number, (kind, words) in enumerate(parts)
    ]


def _found(axis: scale.Scale, one: Json, y: float, *, ours: bool) -> list[Element]:
    if one["recall"] is None:
        return []
    x = axis.at(one["recall"])
    shape = element("circle", cx=x, cy=y, r=6, class_="seen ours") if ours else _diamond(x, y)
    return [stretch(axis.at(one["recall_lower"]), axis.at(one["recall_upper"]), y, ours=ours), shape]


def _diamond(x: float, y: float) -> Element:
    points = f"{x - 7:.2f},{y:.2f} {x:.2f},{y - 7:.2f} {x + 7:.2f},{y:.2f} {x:.2f},{y + 7:.2f}"
    return element("polygon", points=points, class_="control")
