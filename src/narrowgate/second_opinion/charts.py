"""Two pages for an officer who settles a case: how the weight of one pair comes about, and what the model weighs.

Rules:
 * A page is one file of HTML and SVG that loads and runs nothing; its own policy forbids it to.
 * The drawing is beside a table that says the same in words and figures.
 * A page says what it is not: no decision, no probability of guilt or identity, nothing about anybody but this pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from narrowgate.second_opinion.drawing import Bar, bars, figure
from narrowgate.second_opinion.explanation import Explanation, Weighed
from narrowgate.second_opinion.model import Level, Model

_FIELDS = {
    "tin": "taxpayer number", "first": "first name", "middle": "middle name", "last": "last name",
    "suffix": "suffix", "birth_date": "date of birth", "address": "address",
}  # fmt: skip
"""What the fields are called."""
_START = "before anything is compared"
_EVEN = "even odds"

_NOT_A_DECISION = """This is an aid to reading two records side by side. It decided nothing and decides nothing: the
rules of evidence of the agreement decide, and where this opinion is another, a person. The model was trained on
simulated people. It takes each field by itself, and so gives too much to people of one household, who share a name and
an address for one and the same reason."""
_BITS = """Each bit doubles the odds that two records are of one person, or halves them; bits add up. A pair starts from
the odds that a request is about one person taken at random from the whole country. The sum is not the probability that
a person is the right one."""


def waterfall(model: Model, pair: Explanation) -> str:
    """The page for one pair: each field's bits, one on top of the other, from the start to their sum."""
    title = "Second opinion on one pair of records"
    total = f"{figure(pair.total)} bits"
    side = "likelier of one person than of two people" if pair.total > 0 else "no likelier of one person than of two"
    drawing = bars(
        tuple(_falls(pair)), even=_EVEN, title=title,
        description=f"{_START}: {figure(pair.start)} bits; "
        + "; ".join(f"{_FIELDS[one.field]} {one.level}: {figure(one.weight)}" for one in pair.fields)
        + f"; sum {total}",
    )  # fmt: skip
    rows = [(_START, "", "", "", figure(pair.start)), *map(_told, pair.fields), ("sum", "", "", "", figure(pair.total))]
    table = _table(("field", "request gives", "register holds", "how they compare", "bits"), rows)
    return _page(title, f"The model holds the two records {side} (sum {total}).", drawing, table, model)


def match_weights(model: Model) -> str:
    """The page for the model: what each level of each field weighs, and what that comes from."""
    title = "What the second opinion weighs"
    known = [(one.name, level) for one in model.comparisons for level in one.levels if level.m is not None]
    drawing = bars(
        [Bar(_START, 0, model.start, apart=True), *_weights(known)], even="says nothing", title=title,
        description="; ".join(f"{_FIELDS[name]} {level.label}: {figure(level.weight)} bits" for name, level in known),
    )  # fmt: skip
    rows = [(_START, "", "", "", figure(model.start)), *(_estimated(name, level) for name, level in known)]
    head = ("field", "how two records compare", "in two of one person", "of a request and anybody", "bits")
    said = "A value that either record lacks says nothing and has no bits."
    return _page(title, said, drawing, _table(head, rows), model)


def _falls(pair: Explanation) -> Iterable[Bar]:
    """The bars of one pair, each beginning where the one above it ends."""
    yield Bar(_START, 0, pair.start)
    reached = pair.start
    for one in pair.fields:
        yield Bar(f"{_FIELDS[one.field]}: {one.level}", reached, reached + one.weight)
        reached += one.weight
    yield Bar("sum", 0, pair.total, whole=True, apart=True)


def _weights(known: Sequence[tuple[str, Level]]) -> Iterable[Bar]:
    """The bars of the model, a line above each field."""
    above = ""
    for name, level in known:
        yield Bar(f"{_FIELDS[name]}: {level.label}", 0, level.weight, apart=name != above)
        above = name


def _told(one: Weighed) -> tuple[str, ...]:
    return _FIELDS[one.field], one.given or "", one.held or "", one.level, figure(one.weight)


def _estimated(name: str, level: Level) -> tuple[str, ...]:
    return _FIELDS[name], level.label, _share(level.m), _share(level.u), figure(level.weight)


def _share(of_all: float | None) -> str:
    """A share as a reader counts it: so many of a hundred, or one in so many."""
    if of_all is None:
        return ""
    return f"{100 * of_all:.3g} %" if of_all >= 0.001 else f"1 in {float(f'{1 / of_all:.3g}'):,.0f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "\n".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return f"<table>\n<thead><tr>{names}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _page(title: str, said: str, drawing: str, table: str, model: Model) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>{escape(said)}</p>
<p class="aside">{_NOT_A_DECISION}</p>
<div class="wide" role="region" aria-label="drawing" tabindex="0">
{drawing}
</div>
<p>{_BITS}</p>
<div class="wide" role="region" aria-label="table" tabindex="0">
{table}
</div>
<p class="note">Model {escape(model.digest)}</p>
</main>
</body>
</html>
"""


_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; margin: 0 }
main { max-width: 54rem; margin: 0 auto; padding: 1.5rem }
h1 { font-size: 1.5rem; margin: 0 0 .5rem }
.aside { border-left: .3rem solid #565c65; padding-left: 1rem }
.wide { overflow-x: auto }
svg { width: 100%; min-width: 40rem; height: auto; font: 14px system-ui, sans-serif; fill: #1b1b1b }
svg .note, .note { font-size: 12px; color: #565c65; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #a9aeb1; vertical-align: top }
td:last-child, thead th:last-child { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
tbody th { font-weight: normal }
@media print {
  main { max-width: none; padding: 0 } .wide { overflow: visible } svg { min-width: 0 } svg, tr { break-inside: avoid }
}
"""
