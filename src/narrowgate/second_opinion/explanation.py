"""Say of one pair how its weight comes about, field by field, as Splink worked it out.

Rules:
 * Values and levels are those that Splink retained, and so are the weights; nothing is worked out a second time.
 * It is asked for beside a case that a person settles. What it says is about two records, and of no use without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from narrowgate.second_opinion.model import Comparison, Model
from narrowgate.second_opinion.opinion import scored
from narrowgate.second_opinion.pairs import clear_away, lay_out


@dataclass(frozen=True)
class Weighed:
    """One field of a pair: what the request gives, what the register holds, how that compares, and its bits."""

    field: str
    given: str | None
    held: str | None
    level: str
    weight: float


@dataclass(frozen=True)
class Explanation:
    """How the weight of a pair comes about. `start` is what it has before anything is compared, in bits."""

    row_no: int
    candidate: int
    start: float
    fields: tuple[Weighed, ...]
    total: float


def explanations(
    session: duckdb.DuckDBPyConnection, model: Model, pairs: str, *, requests: str, people: str
) -> list[Explanation]:
    """How the weight of each of a few `pairs` comes about, in the order of row_no and candidate.

    The relations are those of `opinion.opinions`.
    """
    lay_out(session, pairs, requests=requests, people=people)
    try:
        table = scored(session, model, retain=True)
        known = {pair: (row_no, candidate) for pair, row_no, candidate in session.execute(
            "SELECT pair, row_no, candidate FROM opinion_pair").fetchall()}  # fmt: skip
        records = table.as_record_list()
        table.drop_table_from_database_and_remove_from_cache()
    finally:
        clear_away(session)
    found = [_explanation(model, record, *known[record["pair_l"]]) for record in records]
    return sorted(found, key=lambda one: (one.row_no, one.candidate))


def _explanation(model: Model, record: Mapping[str, Any], row_no: int, candidate: int) -> Explanation:
    fields = tuple(_weighed(comparison, record) for comparison in model.comparisons)
    return Explanation(row_no, candidate, model.start, fields, float(record["match_weight"]))


def _weighed(comparison: Comparison, record: Mapping[str, Any]) -> Weighed:
    name = comparison.name
    given, held = (record[f"{name}_{side}"] for side in "lr")
    level = comparison.at(record[f"gamma_{name}"])
    # How the address agrees is told and not found: there are no two values to show.
    values = (None, None) if name == "address" else tuple(None if one is None else str(one) for one in (given, held))
    return Weighed(name, values[0], values[1], level.label, float(record[f"mw_{name}"]))
