"""Decide the pairs that are laid out by the rules of evidence: `python -m bench.same_pairs_rules FOLDER`.

Rules:
 * Comparing, judging and deciding are the station's own functions. Timed from the tables in memory to the outcomes
   written.
 * The second opinion, which is Splink again, is timed with what stands before it, as a way to decide of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

from bench.rounds import ROUNDS, Rounds
from bench.same_pairs import TABLES, default_basis
from narrowgate.engine.parquet import relation, write
from narrowgate.forms import variants
from narrowgate.matching.comparison import comparisons
from narrowgate.matching.decision import decided, judged
from narrowgate.matching.tables import make
from narrowgate.measure.data_set import session_for
from narrowgate.second_opinion import refer, shipped
from narrowgate.terms.agreement import Basis

RULES, WITH_OPINION = "rules", "rules-and-opinion"


def main() -> None:
    """Decide both ways, each several times, and print the seconds."""
    folder, bound = Path(sys.argv[1]), default_basis()
    took = {RULES: Rounds(), WITH_OPINION: Rounds()}
    with session_for(folder, spill=folder / "spill") as session:
        session.execute(variants.look_up_table())
        for table in TABLES:
            make(session, table, f"FROM {relation(folder / f'{table}.parquet')}")
        for _ in range(ROUNDS):
            for way, rounds in took.items():
                with rounds.one():
                    _decide(session, bound, opinion=way == WITH_OPINION)
                    write(session, _OUTCOMES, folder / f"verdict-{way}.parquet")
    print(json.dumps({way: rounds.as_json() for way, rounds in took.items()}))


def _decide(session: duckdb.DuckDBPyConnection, bound: Basis, *, opinion: bool) -> None:
    make(session, "comparison", comparisons("pair", current=None))
    make(session, "decision", decided(judged("comparison", bound)))
    if opinion:
        refer(session, shipped())


_OUTCOMES = """
    SELECT d.row_no, d.match_outcome AS outcome, c.person_id, d.match_rule AS rule
    FROM decision AS d LEFT JOIN candidate AS c ON c.candidate = d.candidate AND d.match_outcome = 'match'
    ORDER BY d.row_no"""


if __name__ == "__main__":
    main()
