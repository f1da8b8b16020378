"""Stays: orders of a court or an overseer that overlay the agreement.

Rules:
 * A stay binds from its effective moment to its end, both included; without an end, until the file says so.
 * A folder without `stays.toml` is refused: that nobody looked is not the same as that nothing was found.
 * A stay with a lower precedence is named first; which of them is named never changes that nothing leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from narrowgate.agreement.table import Table, read_table
from narrowgate.errors import WrongUse
from narrowgate.terms.agreement import Stay, StayEffect

FILE = "stays.toml"

_EFFECTS = {effect.value: effect for effect in StayEffect}


def stays_in_force(
    stays: Iterable[Stay], *, at: datetime, effect: StayEffect = StayEffect.NO_RELEASE
) -> tuple[Stay, ...]:
    """The stays with `effect` that are live at `at` (an aware time), in order of precedence."""
    if at.tzinfo is None:
        raise WrongUse(f"the time `{at}` has no offset, so no stay can be judged by it")
    live = (stay for stay in stays if stay.effect is effect and _is_live(stay, at.astimezone(UTC)))
    return tuple(sorted(live, key=lambda stay: (stay.precedence, stay.id)))


def _is_live(stay: Stay, at: datetime) -> bool:
    return stay.effective <= at and (stay.ends is None or at <= stay.ends)


def read_stays(text: str, *, file: str) -> tuple[Stay, ...]:
    """The stays that the text of a `stays.toml` holds; it must say when somebody last looked, and where."""
    whole = read_table(text, kind=FILE, file=file, line=1)
    whole.only(needs=("last_checked", "sources", "stay"))
    whole.day("last_checked")
    whole.texts("sources")
    return tuple(_distinct(whole.tables("stay")))


def _distinct(tables: Iterable[Table]) -> Iterator[Stay]:
    seen: set[str] = set()
    for table in tables:
        stay = _stay(table)
        if stay.id in seen:
            raise table.refuse(f"the stay `{stay.id}` stands here a second time", "id")
        seen.add(stay.id)
        yield stay


def _stay(table: Table) -> Stay:
    table.only(
        needs=("id", "forum", "docket", "caption", "effective", "effect", "scope", "source", "precedence"),
        may=("ends",),
    )
    effect = table.text("effect")
    if effect not in _EFFECTS:
        raise table.refuse(f"`{effect}` is no effect of a stay; write one of {', '.join(_EFFECTS)}", "effect")
    effective = table.moment("effective")
    ends = table.moment("ends") if "ends" in table.values else None
    if ends is not None and ends < effective:
        raise table.refuse("the stay ends before it takes effect", "ends")
    return Stay(
        id=table.text("id"),
        forum=table.prose("forum"),
        docket=table.prose("docket"),
        caption=table.prose("caption"),
        effective=effective,
        ends=ends,
        effect=_EFFECTS[effect],
        scope=table.prose("scope"),
        source=table.prose("source"),
        precedence=table.number("precedence"),
    )
