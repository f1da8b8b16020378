"""The tables of the report: every figure that a drawing shows, and those that none does.

Rules:
 * A cell with a number holds it twice: in words for people, and as the JSON has it for programs.
 * Each table has a caption, and each row a heading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from narrowgate.measure.report.drawing import Json
from narrowgate.measure.report.markup import Child, element
from narrowgate.measure.report.words import count, per_million, percent, points


@dataclass(frozen=True)
class Column:
    """A column of numbers: its heading, the key of its value in the JSON, and the words for it."""

    heading: str
    key: str
    words: Callable[[Any], str]


REQUESTS = Column("requests", "requests", count)
WRONG = (
    Column("decided", "decided", count),
    Column("wrong", "wrong", count),
    Column("per million decisions", "wrong_rate", per_million),
    Column("lower bound", "wrong_rate_lower", per_million),
    Column("upper bound", "wrong_rate_upper", per_million),
)
OF_REQUESTS = Column("upper bound per million requests", "wrong_of_requests_upper", per_million)
FOUND = (
    Column("in the register", "counterpart", count),
    Column("found", "recall", percent),
    Column("lower bound", "recall_lower", percent),
    Column("upper bound", "recall_upper", percent),
)
SUFFICIENT = (
    Column("evidence suffices", "matchable", count),
    Column("found of these", "recall_of_matchable", percent),
)
ENDED = (
    Column("referred", "possible", count),
    Column("share referred", "possible_share", percent),
    Column("none", "none", count),
    Column("share none", "none_share", percent),
)
GAPS = (
    Column("gap in found, points", "recall", points),
    Column("gap in found where evidence suffices, points", "recall_of_matchable", points),
)


def figures(caption: str, first: str, columns: Sequence[Column], rows: Iterable[tuple[str, bool, Json]]) -> Element:
    """A table of numbers: one row for each (name, ours, values)."""
    body = [
        element("tr", element("th", name, scope="row"), [_cell(one, values) for one in columns], class_=_kind(ours))
        for name, ours, values in rows
    ]
    return _table(caption, [first, *(column.heading for column in columns)], body, "figures")


def texts(caption: str, headings: Sequence[str], rows: Iterable[Sequence[Child]]) -> Element:
    """A table of words; the first cell of each row is its heading."""
    body = [
        element("tr", element("th", first, scope="row"), [element("td", cell) for cell in rest])
        for first, *rest in rows
    ]
    return _table(caption, headings, body, "texts")


def number(value: float | None, told: str) -> Element:
    """A number in words, with its value as the JSON has it."""
    return element("data", told, value="" if value is None else repr(value))


def _cell(column: Column, values: Json) -> Element:
    value = values[column.key]
    return element("td", number(value, column.words(value)), class_="number")


def _kind(ours: bool) -> str | None:
    return "ours" if ours else None


def _table(caption: str, headings: Sequence[str], body: list[Element], kind: str) -> Element:
    head = element("tr", [element("th", heading, scope="col") for heading in headings])
    made = element("table", element("caption", caption), element("thead", head), element("tbody", body), class_=kind)
    return element("div", made, class_="wide", tabindex="0", role="region", aria_label=caption)
