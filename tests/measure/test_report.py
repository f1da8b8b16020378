"""The page says what the JSON says: each number of each table, and where each mark stands in the drawings."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pytest

from narrowgate.measure.report import page
from narrowgate.measure.report.page import STYLE
from narrowgate.measure.report.scale import rates, shares
from narrowgate.measure.report.words import count, per_million, percent, points

VOID = {"meta"}


class Tree(HTMLParser):
    """Reads a page into a tree and notices what is not closed in its order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root")
        self._open = [self.root]
        self.feed(text)
        self.close()
        assert self._open == [self.root], f"not closed: {[one.tag for one in self._open[1:]]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = SubElement(self._open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        closed = self._open.pop()
        assert closed.tag == tag, f"</{tag}> where <{closed.tag}> is open"

    def handle_data(self, data: str) -> None:
        self._open[-1].text = (self._open[-1].text or "") + data


@pytest.fixture(scope="session")
def drawn(report: dict[str, Any]) -> Element:
    return Tree(page(report)).root


def test_the_page_stands_alone(report: dict[str, Any]) -> None:
    text = page(report)
    assert text.startswith("<!DOCTYPE html>")
    for foreign in ("<script", "<link", "<img", "http:", "https:", "url(", "@import"):
        assert foreign not in text


def test_every_number_of_every_table_is_the_one_of_the_json(drawn: Element, report: dict[str, Any]) -> None:
    cells = 0
    for part in report["sets"]:
        section = _section(drawn, part["id"])
        for caption, rows, keys in _tables(report, part):
            if rows:
                cells += _compare(section[caption], rows, keys)
    assert cells > 300


@pytest.mark.parametrize(
    ("words", "value", "told"),
    [
        (count, 1234567, "1,234,567"), (count, 0, "0"), (count, None, "–"),
        (percent, 0.973, "97.30 %"), (percent, None, "–"), (points, -0.0525, "−5.25"), (points, 0.1, "+10.00"),
        (per_million, 0.0, "0"), (per_million, None, "–"), (per_million, 3.9e-6, "3.90"),
        (per_million, 4.61e-5, "46.1"), (per_million, 0.016089, "16,100"), (per_million, 1.0, "1,000,000"),
        (per_million, 9.9995e-5, "100"), (per_million, 2e-7, "0.200"),
    ],
)  # fmt: skip
def test_numbers_are_said_in_one_way(words: Any, value: float | None, told: str) -> None:
    assert words(value) == told


def test_each_mark_stands_where_its_rate_is(drawn: Element, report: dict[str, Any]) -> None:
    """The places are read off the drawing's own axis, so a mark that is misplaced against it is found."""
    part = report["sets"][0]
    (svg,) = [one for one in drawn.iter("svg") if one.get("aria-labelledby", "").startswith("hostile-rates-title")]
    at = _axis(svg)
    marks = [one for one in svg if one.get("class", "").split(" ")[0] in ("seen", "bound")]
    shown = [one for one in part["contenders"] if one["decided"]]
    assert len(marks) == len(shown)
    for mark, one in zip(marks, shown, strict=True):
        if one["wrong"]:
            assert mark.tag == "circle"
            assert float(mark.get("cx", "")) == pytest.approx(at(one["wrong_rate"]), abs=0.02)
        else:
            assert mark.tag == "polygon", "none seen is not drawn as a rate"
            x = float(mark.get("points", "").split(",")[0])
            assert x == pytest.approx(at(one["wrong_rate_upper"]), abs=0.02)


def test_the_shares_of_each_bar_add_up_to_all(drawn: Element) -> None:
    (svg,) = [one for one in drawn.iter("svg") if one.get("aria-labelledby", "").startswith("hostile-outcomes-title")]
    rows: dict[str, float] = {}
    for one in svg:
        if one.get("class", "").startswith("part"):
            rows[one.get("y", "")] = rows.get(one.get("y", ""), 0.0) + float(one.get("width", ""))
    assert len(rows) == 13
    assert all(width == pytest.approx(440, abs=3) for width in rows.values())


def test_every_drawing_has_a_title_and_a_description(drawn: Element) -> None:
    svgs = list(drawn.iter("svg"))
    assert len(svgs) >= 9
    ids = [one.get("id") for one in drawn.iter() if one.get("id")]
    assert len(set(ids)) == len(ids)
    for svg in svgs:
        named = svg.get("aria-labelledby", "").split()
        assert svg.get("role") == "img"
        assert [one.get("id") for one in svg if one.tag in ("title", "desc")] == named
        assert all(one.text for one in svg if one.tag in ("title", "desc"))


def test_every_table_has_a_caption_and_headings(drawn: Element) -> None:
    for table in drawn.iter("table"):
        assert table.find("caption") is not None
        assert all(one.get("scope") in ("row", "col") for one in table.iter("th"))


def test_a_missed_bar_is_said_in_words(report: dict[str, Any]) -> None:
    changed = copy.deepcopy(report)
    changed["bars"] = [{"id": "x", "what": "wrong persons", "wanted": "0", "measured": "1", "met": False}]
    told = [one.text for one in Tree(page(changed)).root.iter("span")]
    assert told == ["✗ missed"]


def test_nothing_in_the_report_becomes_markup(report: dict[str, Any]) -> None:
    changed = copy.deepcopy(report)
    evil = "<script>alert('&amp;')</script>"
    changed["sets"][0]["title"] = changed["command"] = evil
    changed["sets"][0]["wrong_persons"] = [
        {"row_no": 1, "rule": "E1", "profile": evil, "noise": [], "request": evil, "decided": evil, "true": None}
    ]
    text = page(changed)
    assert "<script" not in text
    read = "".join(Tree(text).root.itertext())
    assert read.count(evil) >= 5 and "nobody in the register" in read


def test_colours_stand_out_from_what_is_behind_them() -> None:
    """WCAG 2.2: 4.5 to 1 for text, 3 to 1 for marks."""
    style = STYLE.read_text()
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", style))
    for name in ("ink", "soft", "ours", "them", "bad"):
        assert _contrast(named[name], "#ffffff") >= 4.5, name
    for background in (named["ours"], named["bad"]):
        assert _contrast("#ffffff", background) >= 4.5
    for background in ("#e2a900", "#d5d9dd"):
        assert background in style
        assert _contrast(named["ink"], background) >= 4.5


def test_a_rate_of_zero_has_no_place_on_the_axis_of_rates() -> None:
    axis = rates(0, 100, [1e-6, 1e-2])
    assert (axis.at(1e-6), axis.at(1e-4), axis.at(1e-2)) == pytest.approx((0, 50, 100))
    with pytest.raises(ValueError, match="no place"):
        axis.at(0)
    assert shares(0, 100).at(0.0) == 0


def _section(root: Element, id_: str) -> dict[str, Element]:
    """The tables between the heading `id_` and the next one, by caption."""
    (main,) = root.iter("main")
    found: dict[str, Element] = {}
    inside = False
    for one in main:
        if one.tag == "h2":
            inside = one.get("id") == id_
        elif inside:
            found |= {str(table.find("caption").text): table for table in one.iter("table")}  # type: ignore[union-attr]
    return found


def _tables(
    report: dict[str, Any], part: dict[str, Any]
) -> Iterator[tuple[str, list[tuple[str, Any]], dict[str, str]]]:
    """The captions of the tables of a set, their rows in the JSON, and the key behind each heading."""
    by_whom = [(one["title"], one) for one in part["contenders"]]
    groups = list(part["subgroups"][part["default"]].items())
    kinds = list(part["profiles"].items())
    rules = [(f"{one['rule']} ({one['under']})", one) for one in report["rules"]
             if one["set"] == part["id"] and one["kind"] == "accept"]  # fmt: skip
    yield "Wrong persons", by_whom, WRONG
    yield "Found, referred, none", by_whom, FOUND
    yield "Narrowgate, default rules, by group: wrong persons", groups, WRONG
    yield "Narrowgate, default rules, by group: found, referred, none", groups, FOUND
    yield "Kinds of request: wrong persons, by the default rules", kinds, WRONG
    yield "Kinds of request: found, referred, none", kinds, FOUND
    yield "Wrong persons by rule", rules, WRONG
    yield (
        "By how much more (+) or less (−) is found of a group than of everybody",
        list(part["recall_gaps"].items()),
        GAPS,
    )


WRONG = {
    "requests": "requests", "decided": "decided", "wrong": "wrong", "per million decisions": "wrong_rate",
    "lower bound": "wrong_rate_lower", "upper bound": "wrong_rate_upper",
    "upper bound per million requests": "wrong_of_requests_upper",
}  # fmt: skip
FOUND = {
    "in the register": "counterpart", "found": "recall", "lower bound": "recall_lower", "upper bound": "recall_upper",
    "evidence suffices": "matchable", "found of these": "recall_of_matchable", "referred": "possible",
    "share referred": "possible_share", "none": "none", "share none": "none_share",
}  # fmt: skip
GAPS = {
    "gap in found, points": "recall", "gap in found where evidence suffices, points": "recall_of_matchable",
}  # fmt: skip


def _compare(table: Element, rows: list[tuple[str, Any]], keys: dict[str, str]) -> int:
    """Compare a table with the JSON, cell by cell; returns how many cells."""
    headings = [str(one.text) for one in table.iter("th") if one.get("scope") == "col"][1:]
    body = [one for one in table.iter("tr") if one.find("td") is not None]
    assert [one.find("th").text for one in body] == [name.replace("_", " ") for name, _ in rows]  # type: ignore[union-attr]
    cells = 0
    for line, (_, values) in zip(body, rows, strict=True):
        for heading, cell in zip(headings, line.iter("data"), strict=True):
            value = values[keys[heading]]
            assert cell.get("value") == ("" if value is None else repr(value)), heading
            assert (cell.text == "–") == (value is None), heading
            cells += 1
    return cells


def _axis(svg: Element) -> Any:
    """Where a rate stands by the marks of the axis of a drawing, which are in words per million."""
    ticks = sorted(
        (math.log10(float(str(one.text).replace(",", "")) / 1e6), float(one.get("x", "")))
        for one in svg.iter("text")
        if one.get("class") == "mark"
    )
    (low, left), (high, right) = ticks[0], ticks[-1]
    return lambda rate: left + (math.log10(rate) - low) / (high - low) * (right - left)


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * sign for sign in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
