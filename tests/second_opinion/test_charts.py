"""The pages for an officer: one file each that loads nothing, and says in words what it draws."""

from __future__ import annotations

import re
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


PAGES = {"pair": charts.waterfall(MODEL, a_pair()), "model": charts.match_weights(MODEL)}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_a_page_loads_and_runs_nothing(page: str) -> None:
    read = Page(page)
    assert not read.tags & RUNS_OR_LOADS
    assert not [name for name, _ in read.attributes if name.startswith("on") or name in ("src", "href", "xlink:href")]
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert set(re.findall(r"url\([^)]*\)", page)) <= {"url(#against)"}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_a_page_says_what_it_is_not_and_which_model_it_is_of(page: str) -> None:
    assert "decided nothing and decides nothing" in page
    assert "not the probability" in " ".join(page.split())
    assert MODEL.digest in page


def test_the_table_says_what_the_drawing_shows() -> None:
    pair = a_pair(birth_date=0, tin=-1)
    read = Page(charts.waterfall(MODEL, pair))
    head, start, *fields, total = read.rows
    assert head == ["field", "request gives", "register holds", "how they compare", "bits"]
    assert (start[-1], total[-1]) == (figure(pair.start), figure(pair.total))
    assert [(row[1], row[3], row[4]) for row in fields] == [
        (one.given, one.level, figure(one.weight)) for one in pair.fields
    ]


def test_each_bar_begins_where_the_one_above_it_ends() -> None:
    pair = a_pair(birth_date=0, first=1)
    bars = [one for one in Page(charts.waterfall(MODEL, pair)).rects if "x" in one]
    assert len(bars) == len(pair.fields) + 2
    weights = [pair.start, *(one.weight for one in pair.fields)]
    ends = []
    for bar, weight in zip(bars, weights, strict=False):
        left, right = float(bar["x"]), float(bar["x"]) + float(bar["width"])
        ends.append((left, right) if weight >= 0 else (right, left))
    assert all(above[1] == pytest.approx(below[0], abs=0.2) for above, below in pairwise(ends))
    assert [bar["fill"] == "url(#against)" for bar in bars[:-1]] == [weight < 0 for weight in weights]


def test_values_of_a_record_are_text_and_nothing_else() -> None:
    first, *rest = a_pair().fields
    hostile = Weighed(first.field, "<script>alert(1)</script>", '"><b>', first.level, first.weight)
    page = charts.waterfall(MODEL, Explanation(0, 1, MODEL.start, (hostile, *rest), 3.0))
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
    assert said in charts.waterfall(MODEL, pair)
