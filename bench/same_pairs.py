"""Lay the pairs that our matching finds before everybody who is to decide them.

Rules:
 * Candidates are found once, by matching's own functions and under the rules of the default reading. What is laid out
   is its tables as they stand when it begins to compare: `request`, `candidate`, `pair` and `crowded`.
 * Splink is given the same pairs in the form in which it is quickest with pairs that are settled: two tables of one row
   for each pair, which it joins by the number of the pair. Bringing both sides of a pair together is done for it here,
   and is part of the work of ours.
 * One model of Splink is given what ours is given: the same forms, and how well the best address held agrees. It is the
   one of the second opinion, as it is shipped.
 * The other model is what Splink's documentation teaches, trained on these rows without their truth
   (`measure.splink_model`). It compares the addresses itself, so a pair has a row for each address of the person.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import splink

from narrowgate.agreement.in_force import basis
from narrowgate.engine.parquet import relation, write
from narrowgate.matching.comparison import comparisons
from narrowgate.matching.decision import reads_current
from narrowgate.matching.steps import find
from narrowgate.matching.tables import count, make
from narrowgate.measure import number_rules, splink_model
from narrowgate.measure.data_set import DataSet, session_for
from narrowgate.measure.evidence import flagship
from narrowgate.second_opinion import shipped
from narrowgate.second_opinion.disagreement import PAIRS
from narrowgate.second_opinion.pairs import GIVEN, HELD, clear_away, lay_out
from narrowgate.terms.agreement import Basis

TABLES = ("request", "candidate", "pair", "crowded")
"""What comparing and deciding read."""
TOLD, DOCUMENTED = "told", "documented"
"""The two models of Splink, and the folders in which the pairs lie for each."""
SIDES = ("given", "held")
"""What Splink joins: of each pair what the request gives, and what the register holds."""


def default_basis() -> Basis:
    """What decides under the default reading today."""
    bound = basis(flagship(), None, on=date.today())
    assert not reads_current(bound), "a rule of evidence asks for the last known address, which is not laid out"
    return bound


def lay(data: DataSet, folder: Path) -> int:
    """Find the candidates of all requests of `data`, and lay out the pairs in `folder`; how many they are."""
    for model in (TOLD, DOCUMENTED):
        (folder / model).mkdir()
    with session_for(folder, data.folder, data.register.folder, spill=folder / "spill") as session:
        _find(session, data)
        for table in TABLES:
            write(session, f"FROM {table}", folder / f"{table}.parquet")
        _lay_told(session, folder / TOLD)
        found = count(session, "pair")
    with session_for(folder, data.folder, data.register.folder, spill=folder / "spill") as session:
        _lay_documented(session, data, folder)
    return found


def _find(session: duckdb.DuckDBPyConnection, data: DataSet) -> None:
    every = f"SELECT row_no FROM {relation(data.request)}"
    find(session, data.register, default_basis(), request=relation(data.request), standing=every)


def _lay_told(session: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Lay out the pairs as the second opinion does, and its model."""
    make(session, "comparison", comparisons("pair", current=None))
    lay_out(session, PAIRS, requests="request", people="candidate")
    (target / "model.json").write_text(shipped().text, encoding="utf-8")
    for side, view in zip(SIDES, (GIVEN, HELD), strict=True):
        write(session, f"FROM {view} ORDER BY pair", target / f"{side}.parquet")
    whom = "SELECT pair, row_no, person_id FROM opinion_pair JOIN candidate USING (candidate) ORDER BY pair"
    write(session, whom, target / "pair.parquet")
    clear_away(session)


def _lay_documented(session: duckdb.DuckDBPyConnection, data: DataSet, folder: Path) -> None:
    """Train on all requests and the whole register, and lay out the pairs, one row for each address of the person."""
    target = folder / DOCUMENTED
    compared = "tin, first, last, CAST(born AS VARCHAR) AS born, line, zip5"
    make(session, "asked", f"SELECT row_no AS unique_id, {compared} FROM ({number_rules.asked(data)})")
    make(session, "people", f"""
        SELECT row_number() OVER (ORDER BY person_id, line, zip5) AS unique_id, {compared}, person_id
        FROM ({number_rules.people(data)})
        LEFT JOIN (SELECT DISTINCT * FROM ({number_rules.homes(data)})) USING (person_id)""")  # fmt: skip
    _train(session, target)
    make(session, "settled", f"""
        SELECT row_number() OVER (ORDER BY row_no, unique_id) AS pair, row_no, unique_id, person_id
        FROM {relation(folder / "pair.parquet")} JOIN {relation(folder / "candidate.parquet")} USING (candidate)
        JOIN people USING (person_id)""")  # fmt: skip
    forms = ", ".join(f"x.{column}" for column in splink_model.COLUMNS)
    for side, table, number in zip(SIDES, ("asked", "people"), ("row_no", "unique_id"), strict=True):
        query = f"SELECT p.pair, {forms} FROM settled AS p JOIN {table} AS x ON x.unique_id = p.{number} ORDER BY pair"
        write(session, query, target / f"{side}.parquet")
    write(session, "SELECT pair, row_no, person_id FROM settled ORDER BY pair", target / "pair.parquet")


def _train(session: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write the model of the documentation, trained on `asked` and `people`, and how frequent names are."""
    api = splink.DuckDBAPI(connection=session)
    sides = [api.register(table, dataset_display_name=table) for table in ("asked", "people")]
    linker = splink_model.trained(api, sides, frozenset(splink_model.COLUMNS))
    (target / "model.json").write_text(json.dumps(linker.misc.save_model_to_json(), indent=1), encoding="utf-8")
    for column in ("first", "last"):
        frequent = linker.table_management.compute_tf_table(column).physical_name
        write(session, f"FROM {frequent} ORDER BY {column}", target / f"tf_{column}.parquet")
