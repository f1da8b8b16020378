"""The pages for an officer: one file each that loads nothing, and says in words what it draws."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from narrowgate.second_opinion import charts
from narrowgate.second_opinion.drawing import figure
from narrowgate.second_opinion.explanation import Explanation, Weighed
from narrowgate.second_opinion.model import shipped

MODEL = shipped()
RUNS_OR_LOADS = {"script", "link", "img", "iframe", "object", "embed", "image", "use", "form", "a", "base", "audio"}


def a_pair(**levels: int) -> Explanation:
    """A pair at the best level of each field but for `levels`."""
    fields = []
    for comparison in MODEL.comparisons:
        level = comparison.at(levels.get(comparison.name, comparison.levels[1].number))
        fields.append(Weighed(comparison.name, f"given {comparison.name}", "held", level.label, level.weight))
    return Explanation(0, 1, MODEL.start, tuple(fields), MODEL.start + sum(field.weight for field in fields))


class Page(HTMLParser):
    """Elements, attributes, and the cells of the table row by row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.rows: list[list[str]] = []
        self.rects: list[dict[str, str]] = []
        self._cell: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag == "tr":
            self.rows.append([])
        if tag == "rect":
            self.rects.append({name: value or "" for name, value in attrs})
        if tag in ("td", "th"):
            self._cell = []

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.rows[-1].append("".join(self._cell))
            self._cell = None


def a_page(*pairs: Explanation) -> str:
    """The page of a request with these people in doubt."""
    people = [charts.Person(f"accepted by E{number}", pair) for number, pair in enumerate(pairs, 1)]
    return charts.of_request(MODEL, "Second opinion on request R-1", ["Who is <in doubt>."], people)


PAGES = {"request": a_page(a_pair(), a_pair(tin=0)), "model": charts.match_weights(MODEL)}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_a_page_loads_and_runs_nothing(page: str) -> None:
    read = Page(page)
    assert not read.tags & RUNS_OR_LOADS
    assert not [name for name, _ in read.attributes if name.startswith("on") or name in ("src", "href", "xlink:href")]
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in page
    assert "@import" not in page
    ids = [value for name, value in read.attributes if name == "id"]
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r"url\(#([^)]*)\)", page)) <= set(ids)
    assert page.count("url(") == page.count("url(#")


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_a_page_says_what_it_is_not_and_which_model_it_is_of(page: str) -> None:
    assert "decided nothing and decides nothing" in page
    assert "not the probability" in " ".join(page.split())
    assert MODEL.digest in page


def test_the_table_says_what_the_drawing_shows() -> None:
    pair = a_pair(birth_date=0, tin=-1)
    read = Page(a_page(pair))
    head, start, *fields, total = read.rows
    assert head == ["field", "request gives", "register holds", "how they compare", "bits"]
    assert (start[-1], total[-1]) == (figure(pair.start), figure(pair.total))
    assert [(row[1], row[2], row[3], row[4]) for row in fields[:-1]] == [
        (one.given, one.held, one.level, figure(one.weight)) for one in pair.fields[:-1]
    ]
    assert fields[-1] == ["address", "not shown", "not shown", "held", figure(pair.fields[-1].weight)]


def test_what_the_request_does_not_give_is_shown_of_nobody_and_has_no_bar() -> None:
    (tin, *rest), pair = a_pair(tin=-1).fields, a_pair(tin=-1)
    page = a_page(Explanation(0, 1, pair.start, (replace(tin, given=None, held="900700001"), *rest), pair.total))
    assert "900700001" not in page
    read = Page(page)
    assert read.rows[2] == ["taxpayer number", "", "", "missing", "0"]
    assert len([one for one in read.rects if "x" in one]) == len(pair.fields) + 1


def test_each_bar_begins_where_the_one_above_it_ends() -> None:
    pair = a_pair(birth_date=0, first=1)
    bars = [one for one in Page(a_page(pair)).rects if "x" in one]
    assert len(bars) == len(pair.fields) + 2
    weights = [pair.start, *(one.weight for one in pair.fields)]
    ends = []
    for bar, weight in zip(bars, weights, strict=False):
        left, right = float(bar["x"]), float(bar["x"]) + float(bar["width"])
        ends.append((left, right) if weight >= 0 else (right, left))
    assert all(above[1] == pytest.approx(below[0], abs=0.2) for above, below in pairwise(ends))
    assert [bar["fill"] == "url(#person-1-against)" for bar in bars[:-1]] == [weight < 0 for weight in weights]


def test_each_person_has_a_drawing_and_a_table_of_their_own() -> None:
    page = a_page(a_pair(), a_pair(tin=0))
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Person 1: accepted by E1", "Person 2: accepted by E2"]
    assert page.count("<svg") == page.count("<table") == 2
    assert "Who is &lt;in doubt&gt;." in page


def test_values_of_a_record_are_text_and_nothing_else() -> None:
    first, *rest = a_pair().fields
    hostile = Weighed(first.field, "<script>alert(1)</script>", '"><b>', first.level, first.weight)
    page = a_page(Explanation(0, 1, MODEL.start, (hostile, *rest), 3.0))
    assert not Page(page).tags & {"script", "b"}
    assert "&lt;script&gt;" in page


def test_the_page_of_the_model_has_every_level_with_both_shares() -> None:
    rows = Page(charts.match_weights(MODEL)).rows[2:]
    levels = [level for comparison in MODEL.comparisons for level in comparison.levels if level.m is not None]
    assert [(row[1], row[4]) for row in rows] == [(level.label, figure(level.weight)) for level in levels]
    assert all(re.fullmatch(r"[0-9.]+ %|1 in [0-9,]+", cell) for row in rows for cell in row[2:4])


@pytest.mark.parametrize(("bits", "said"), [(0, "0"), (-0.04, "0"), (-0.06, "−0.1"), (17.25, "+17.2"), (-5, "−5.0")])
def test_bits_are_said_with_their_sign(bits: float, said: str) -> None:
    assert figure(bits) == said


@pytest.mark.parametrize(
    ("total", "said"), [(0.5, "likelier of one person"), (0.0, "no likelier"), (-9.0, "no likelier")]
)
def test_even_odds_are_not_likely(total: float, said: str) -> None:
    pair = Explanation(0, 1, MODEL.start, a_pair().fields, total)
    assert said in a_page(pair)
