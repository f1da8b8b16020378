"""Measure everybody on one set of rows, and count what came of it: one part of the report.

Rules:
 * Ours stands first, under the rules of the default reading; subgroups are compared with the practice of 2025.
 * Contenders that learn are given the rows and never the truth: only the counting reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import duckdb

from narrowgate.measure import (
    blind_spots,
    counts,
    number_rules,
    ours,
    record_linkage,
    splink_model,
    splink_peer,
)
from narrowgate.measure.bars import Counts
from narrowgate.measure.counts import Count
from narrowgate.measure.data_set import DataSet, session_for
from narrowgate.measure.evidence import Ruling
from narrowgate.measure.verdict import Verdict
from narrowgate.measure.wrong import wrong_persons

REFERENCE = "tin-name-control"
"""With whom subgroups are compared: the practice of 2025."""

Say = Callable[[str], None]


def measured(
    data: DataSet, under: Sequence[Ruling], *, asked: int, among: int, say: Say
) -> tuple[dict[str, object], Counts]:
    """The part of the report on `data`, and the counts that its bars are about.

    `asked` requests are looked at blindly among about twice `among` people (`blind_spots`).
    """
    verdicts = _verdicts(data, under, say)
    look = blind_spots.look(data, under[0], asked=asked, among=among, say=say)
    say("counts")
    with session_for(data.folder, data.register.folder, spill=data.folder / "spill") as session:
        return _counted(session, data, verdicts, look)


def _verdicts(data: DataSet, under: Sequence[Ruling], say: Say) -> list[Verdict]:
    """What everybody says of every request, ours under each list of rules first."""
    found = []
    for ruling in under:
        say(ruling.title)
        found.append(ours.decide(data, ruling))
    found += number_rules.decide(data, say)
    say("Splink")
    found += splink_peer.decide(data)
    say("recordlinkage")
    return [*found, record_linkage.decide(data)]


def _counted(
    session: duckdb.DuckDBPyConnection, data: DataSet, verdicts: Sequence[Verdict], look: blind_spots.BlindSpots
) -> tuple[dict[str, object], Counts]:
    first, mine = verdicts[0], [one for one in verdicts if one.ours]
    totals = {one.id: counts.overall(session, data, one) for one in verdicts}
    groups = {one.id: counts.by_subgroup(session, data, one) for one in verdicts if one == first or one.id == REFERENCE}
    part: dict[str, object] = {
        **_described(session, data),
        "default": first.id,
        "contenders": [_contender(one, totals[one.id]) for one in verdicts],
        "subgroups": {name: _as_json(found) for name, found in groups.items()},
        "recall_gaps": _gaps(totals[first.id], groups[first.id]),
        "profiles": _as_json(counts.by_profile(session, data, first)),
        "noise": _as_json(counts.by_noise(session, data, first)),
        "rules": {one.id: _rules(session, data, one) for one in mine},
        "reasons": {one.id: counts.reasons(session, data, one) for one in mine},
        "wrong_persons": wrong_persons(session, data, first),
        "blind_spots": {**look.as_json(), "seed": blind_spots.SEED, "rules": first.id},
    }
    return part, Counts(totals[first.id], groups[first.id], totals.get(REFERENCE))


def _described(session: duckdb.DuckDBPyConnection, data: DataSet) -> dict[str, object]:
    """What the rows are."""
    ((people, addresses),) = session.execute(f"""SELECT (SELECT count(*) FROM {data.register.person}),
        (SELECT count(*) FROM {data.register.address})""").fetchall()  # fmt: skip
    return {
        "id": data.id,
        "title": data.title,
        "about": data.about,
        "requests": data.rows,
        "register": {"name": data.register.name, "people": people, "addresses": addresses},
        "digests": dict(data.digests),
        "seeds": {**data.seeds, "splink": splink_model.SEED, "recordlinkage": record_linkage.SEED},
        "knows_matchable": data.knows_matchable,
    }


def _contender(verdict: Verdict, count: Count) -> dict[str, object]:
    return {
        "id": verdict.id, "title": verdict.title, "how": verdict.how, "ours": verdict.ours, "sample": verdict.sample,
        **count.as_json(),
    }  # fmt: skip


def _rules(session: duckdb.DuckDBPyConnection, data: DataSet, verdict: Verdict) -> list[dict[str, object]]:
    return [rule.as_json() for rule in counts.by_rule(session, data, verdict)]


def _as_json(split: Mapping[str, Count]) -> dict[str, dict[str, object]]:
    return {name: count.as_json() for name, count in split.items()}


def _gaps(everybody: Count, groups: Mapping[str, Count]) -> dict[str, dict[str, float | None]]:
    """By how much each subgroup's recall lies above (or, negative, below) that of everybody."""
    return {
        name: {
            "recall": _difference(count.recall, everybody.recall),
            "recall_of_matchable": _difference(count.recall_of_matchable, everybody.recall_of_matchable),
        }
        for name, count in groups.items()
    }


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
