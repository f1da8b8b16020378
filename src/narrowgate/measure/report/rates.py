"""Draw rates of wrong persons with their bounds: one row for each contender or rule, and against recall.

Rules:
 * The rate is a share of the decisions. Zero wrong persons is drawn as the upper bound and said to be one.
 * Who decided nobody has no rate and no mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from narrowgate.measure.report import scale
from narrowgate.measure.report.drawing import (
    BOTTOM,
    FIGURES,
    NAMES,
    ROW,
    TOP,
    WIDTH,
    Json,
    across,
    arrow,
    disc,
    drawing,
    figured,
    height_of,
    middle,
    named,
    stretch,
)
from narrowgate.measure.report.markup import element
from narrowgate.measure.report.scale import Scale
from narrowgate.measure.report.words import count, per_million, percent

PER_MILLION = "wrong persons per million decisions, logarithmic"
READ = (
    "A disc is the rate that was measured, the line reaches from its lower to its upper bound. An open arrow stands "
    "where no wrong person was seen: at the upper bound; the rate itself may be anything below."
)
_ROWS = 15
"""As high as so many rows is what stands across."""


def by_row(name: str, title: str, rows: Sequence[tuple[str, bool, Json]]) -> Element:
    """A row for each (name, ours, count): the rate of wrong persons with its bounds."""
    axis = scale.rates(NAMES, WIDTH - FIGURES, _ends(one for _, _, one in rows))
    inside: list[Element] = across(axis, len(rows), PER_MILLION)
    for row, (told, ours, one) in enumerate(rows):
        inside += [named(row, told, ours=ours), *_mark(axis, one, middle(row), ours=ours), figured(row, told_rate(one))]
    return drawing(name, title=title, description=READ, height=height_of(len(rows)), inside=inside)


def against_recall(name: str, title: str, rows: Sequence[tuple[str, bool, Json]]) -> Element:
    """Each contender at its rate of wrong persons (across) and its recall (up)."""
    left, right, foot = 70.0, WIDTH - 365.0, TOP + _ROWS * float(ROW)
    across_axis = scale.rates(left, right, _ends(one for _, _, one in rows))
    placed = [(told, ours, one) for told, ours, one in rows if one["decided"] and one["recall"] is not None]
    placed.sort(key=lambda row: -row[2]["recall"])
    up = scale.shares(foot, TOP, least=min((one["recall"] for _, _, one in placed), default=0.0))
    heights = spread([up.at(one["recall"]) for _, _, one in placed], gap=19, low=TOP + 8, high=foot - 4)
    inside: list[Element] = [*_upright(up, left, right), *across(across_axis, _ROWS, PER_MILLION)]
    for (told, ours, one), height in zip(placed, heights, strict=True):
        x, y = across_axis.at(one["wrong_rate"] or one["wrong_rate_upper"]), up.at(one["recall"])
        inside += [
            element("path", d=f"M{x:.2f},{y:.2f} L{right + 12:.2f},{height:.2f} H{right + 20:.2f}", class_="leader"),
            *_mark(across_axis, one, y, ours=ours),
            element("text", f"{percent(one['recall'])}  {told}", x=right + 24, y=height + 5,
                class_="label ours" if ours else "label"),
        ]  # fmt: skip
    return drawing(name, title=title, description=f"Higher is more found, further left is fewer wrong. {READ}",
        height=foot + BOTTOM, inside=inside)  # fmt: skip


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Places near `wanted` (in rising order), each at least `gap` from the next and none beyond `low` or `high`."""
    found: list[float] = []
    for place in wanted:
        found.append(max(place, low, found[-1] + gap if found else low))
    past = high
    for number in reversed(range(len(found))):
        found[number] = min(found[number], past)
        past = found[number] - gap
    return found


def told_rate(one: Json) -> str:
    """The count and its bound in words."""
    if not one["decided"]:
        return "decided nobody"
    seen = f"{count(one['wrong'])} of {count(one['decided'])}"
    if not one["wrong"]:
        return f"{seen}: ≤ {per_million(one['wrong_rate_upper'])}"
    return f"{seen}: {per_million(one['wrong_rate'])}"


def _ends(counts: Iterable[Json]) -> list[float | None]:
    """All values that an axis must have room for."""
    return [one[key] for one in counts for key in ("wrong_rate_lower", "wrong_rate_upper") if one["decided"]]


def _mark(axis: Scale, one: Json, y: float, *, ours: bool) -> list[Element]:
    """The mark of one count at the height `y`."""
    if not one["decided"]:
        return []
    if not one["wrong"]:
        return [arrow(axis.at(one["wrong_rate_upper"]), y, ours=ours)]
    low, high = axis.at(one["wrong_rate_lower"]), axis.at(one["wrong_rate_upper"])
    return [stretch(low, high, y, ours=ours), disc(axis.at(one["wrong_rate"]), y, ours=ours)]


def _upright(up: Scale, left: float, right: float) -> list[Element]:
    return [
        element(
            "g",
            element("line", x1=left, x2=right, y1=up.at(value), y2=up.at(value), class_="grid"),
            element("text", told, x=left - 8, y=up.at(value) + 5, class_="name"),
        )
        for value, told in up.marks
    ]
