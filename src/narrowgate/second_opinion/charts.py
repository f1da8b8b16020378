"""Two pages for an officer who settles a case: how the weight of each pair comes about, and what the model weighs.

Rules:
 * A drawing is beside a table that says the same in words and figures.
 * A page is about one request and the people in doubt: it has the values that were compared, and nothing else of
   anybody. No id, no address, nobody who was merely looked at.
 * A page says what it is not: no decision, no probability of guilt or identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from narrowgate.second_opinion.drawing import Bar, bars, figure
from narrowgate.second_opinion.explanation import Explanation, Weighed
from narrowgate.second_opinion.model import Level, Model
from narrowgate.second_opinion.page import page, table, wide

_FIELDS = {
    "tin": "taxpayer number", "first": "first name", "middle": "middle name", "last": "last name",
    "suffix": "suffix", "birth_date": "date of birth", "address": "address",
}  # fmt: skip
"""What the fields are called."""
_START = "before anything is compared"
_EVEN = "even odds"
_HIDDEN = "not shown"


@dataclass(frozen=True)
class Person:
    """Somebody in doubt: how the rules of evidence stand to them, and how the weight of the pair comes about."""

    rules: str
    pair: Explanation


def of_request(model: Model, title: str, said: Sequence[str], people: Sequence[Person]) -> str:
    """The page for one request: each person's fields, their bits one on top of the other, up to their sum."""
    return page(title, said, (_person(number, one) for number, one in enumerate(people, 1)), model)


def match_weights(model: Model) -> str:
    """The page for the model: what each level of each field weighs, and what that comes from."""
    title = "What the second opinion weighs"
    known = [(one.name, level) for one in model.comparisons for level in one.levels if level.m is not None]
    drawing = bars(
        [Bar(_START, 0, model.start, apart=True), *_weights(known)], name="model", even="says nothing", title=title,
        description="; ".join(f"{_FIELDS[name]} {level.label}: {figure(level.weight)} bits" for name, level in known),
    )  # fmt: skip
    rows = [(_START, "", "", "", figure(model.start)), *(_estimated(name, level) for name, level in known)]
    head = ("field", "how two records compare", "in two of one person", "of a request and anybody", "bits")
    said = ("A value that either record lacks says nothing and has no bits.",)
    return page(title, said, (wide("drawing", drawing), wide("table", table(head, rows))), model)


def _person(number: int, one: Person) -> str:
    pair, total = one.pair, f"{figure(one.pair.total)} bits"
    side = "likelier of one person than of two people" if pair.total > 0 else "no likelier of one person than of two"
    drawing = bars(
        tuple(_falls(pair)), name=f"person-{number}", even=_EVEN, title=f"The request and person {number}",
        description=f"{_START}: {figure(pair.start)} bits; "
        + "; ".join(f"{_FIELDS[one.field]} {one.level}: {figure(one.weight)}" for one in pair.fields)
        + f"; sum {total}",
    )  # fmt: skip
    rows = [(_START, "", "", "", figure(pair.start)), *map(_told, pair.fields), ("sum", "", "", "", figure(pair.total))]
    head = ("field", "request gives", "register holds", "how they compare", "bits")
    return "\n".join((
        "<section>",
        f"<h2>Person {number}: {escape(one.rules)}</h2>",
        f"<p>The model holds the two records {side} (sum {total}).</p>",
        wide(f"drawing of person {number}", drawing), wide(f"table of person {number}", table(head, rows)),
        "</section>",
    ))  # fmt: skip


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
    """A row of the table. What the request does not give was compared with nothing, and is not shown of anybody."""
    held = "" if one.given is None else one.held or ""
    values = (_HIDDEN, _HIDDEN) if one.field == "address" else (one.given or "", held)
    return _FIELDS[one.field], *values, one.level, figure(one.weight)


def _estimated(name: str, level: Level) -> tuple[str, ...]:
    return _FIELDS[name], level.label, _share(level.m), _share(level.u), figure(level.weight)


def _share(of_all: float | None) -> str:
    """A share as a reader counts it: so many of a hundred, or one in so many."""
    if of_all is None:
        return ""
    return f"{100 * of_all:.3g} %" if of_all >= 0.001 else f"1 in {float(f'{1 / of_all:.3g}'):,.0f}"
