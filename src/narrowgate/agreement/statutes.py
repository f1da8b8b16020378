"""The registry of statutes: from what each of them is to the lists that clauses read.

Rules:
 * A request's statute counts only if it is in the registry and accepted on the day; why another is refused stands
   with it, for whoever asks.
 * What a statute needs besides is named there, and some clause reads the list of the statutes that need it.
 * The lists are parameters like others, with the days of their statutes, and hold something on every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from narrowgate.errors import AgreementError
from narrowgate.terms.agreement import Dated, Statute, StatuteKind

ACCEPTED, CRIMINAL = "statutes_accepted", "statutes_criminal"
SOURCE = "the registry of statutes"


def needing(need: str) -> str:
    """The parameter that lists the statutes needing `need`."""
    return f"statutes_needing_{need}"


def lists(statutes: Mapping[str, Statute], *, begins: date, file: str) -> dict[str, tuple[Dated, ...]]:
    """The parameters that the registry comes to; none for an agreement that has no registry."""
    if not statutes:
        return {}
    accepted = [one for one in statutes.values() if one.accepted]
    groups = {ACCEPTED: accepted, CRIMINAL: [one for one in accepted if one.kind is StatuteKind.CRIMINAL]}
    for need in sorted({need for one in accepted for need in one.needs}):
        groups[needing(need)] = [one for one in accepted if need in one.needs]
    return {name: _dated(name, group, begins, file) for name, group in groups.items() if group}


def _dated(name: str, group: list[Statute], begins: date, file: str) -> tuple[Dated, ...]:
    """The cites of `group` by the days on which they are the same."""
    days = sorted({begins, *(day for one in group for day in _edges(one) if day > begins)})
    spans = zip(days, [*(day - timedelta(days=1) for day in days[1:]), None], strict=True)
    return tuple(Dated(_cites(name, group, first, file), first, last, SOURCE) for first, last in spans)


def _edges(statute: Statute) -> Iterable[date]:
    """The days on which a statute comes or has gone."""
    if statute.begins is not None:
        yield statute.begins
    if statute.ends is not None and statute.ends < date.max:
        yield statute.ends + timedelta(days=1)


def _cites(name: str, group: list[Statute], on: date, file: str) -> tuple[str, ...]:
    found = tuple(one.cite for one in group if in_registry(one, on=on))
    if not found:
        raise AgreementError(f"on {on} no statute is in `{name}`", file=file, line=group[0].line)
    return found


def in_registry(statute: Statute, *, on: date) -> bool:
    """Whether `on` lies in the days of `statute`."""
    return (statute.begins is None or statute.begins <= on) and (statute.ends is None or on <= statute.ends)
