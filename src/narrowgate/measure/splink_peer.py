"""Splink 5 on the same rows, trained on them without truth, at several thresholds of its probability.

Rules:
 * Each person stands in the register once for each address. The best of the rows of a person counts.
 * More than one person above the threshold is no decision: the guard against ambiguity that its documentation leaves to
   its users.
 * The engine is a session of Splink's own with a bounded memory; requests are scored a part at a time. What it makes
   lies in a folder that is removed.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from narrowgate.engine.literal import text_literal
from narrowgate.measure import needs, splink_model
from narrowgate.measure.data_set import DataSet, session_for
from narrowgate.measure.number_rules import asked, homes, people
from narrowgate.measure.verdict import Verdict, all_requests, one_person_each, write_verdict

THRESHOLDS = (0.9, 0.99, 0.999, 0.9999, 0.99999)
LEAST = min(THRESHOLDS)
ROWS_AT_ONCE = 250_000
"""Requests that are scored at once."""
PEOPLE_AT_ONCE = 4_000_000
"""People of the register whose rows are written at once."""
MEMORY = "2500MB"
_SIDES = ("asked", "register")
"""The two inputs. Splink takes the first by name for the left one, of which it scores a part at a time."""


def decide(data: DataSet) -> list[Verdict]:
    """What Splink decides of `data` at each threshold."""
    work = data.folder / "splink"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        _score(data, work, _inputs(data, work))
        return _verdicts(data, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _inputs(data: DataSet, work: Path) -> frozenset[str]:
    """Write the rows of both sides, in parts; returns the columns that both have something in."""
    named = "unique_id, tin, first, last, CAST(born AS VARCHAR) AS born, line, zip5"
    with session_for(work, data.folder, data.register.folder, spill=data.folder / "spill") as session:
        session.execute(f"""COPY (SELECT {named} FROM (SELECT *, CAST(row_no AS VARCHAR) AS unique_id
            FROM ({asked(data)}))) TO {text_literal(str(work / "asked-0000.parquet"))}""")
        ((size,),) = session.execute(f"SELECT count(*) FROM {data.register.person}").fetchall()
        parts = -(-size // PEOPLE_AT_ONCE)
        for part in range(parts):
            chosen = f"WHERE hash(person_id) % {parts} = {part}"
            session.execute(f"""COPY (
                SELECT {named}, person_id FROM (
                    SELECT p.*, h.line, h.zip5,
                           '{part}-' || row_number() OVER (ORDER BY person_id, line, zip5) AS unique_id
                    FROM (FROM ({people(data)}) {chosen}) AS p
                    LEFT JOIN (SELECT DISTINCT * FROM ({homes(data)}) {chosen}) AS h USING (person_id))
                ) TO {text_literal(str(work / f"register-{part:04}.parquet"))}""")
        filled = [_filled(session, _rows(work, side)) for side in _SIDES]
    return frozenset.intersection(*filled)


def _rows(work: Path, side: str) -> str:
    """The rows of one side, as they stand in a FROM clause."""
    return f"read_parquet({text_literal(str(work / f'{side}-*.parquet'))})"


def _filled(session: duckdb.DuckDBPyConnection, rows: str) -> frozenset[str]:
    """The columns that have something in them."""
    names = splink_model.COLUMNS
    ((*counts,),) = session.execute(f"SELECT {', '.join(f'count({name})' for name in names)} FROM {rows}").fetchall()
    return frozenset(name for name, count in zip(names, counts, strict=True) if count)


def _score(data: DataSet, work: Path, columns: frozenset[str]) -> None:
    """Train, and write the pairs above the least threshold to `pairs-*.parquet`."""
    splink = needs.load("splink")
    with _quiet(), duckdb.connect() as engine:
        _bound(engine, work)
        made = work / "made"
        made.mkdir()
        api = splink.DuckDBAPI(connection=engine, materialisation="parquet", materialisation_dir=str(made))
        tables = []
        for side in _SIDES:
            engine.execute(f"CREATE VIEW input_{side} AS SELECT * FROM {_rows(work, side)}")
            tables.append(api.register(f"input_{side}", dataset_display_name=side))
        linker = splink_model.trained(api, tables, columns)
        chunks = -(-data.rows // ROWS_AT_ONCE)
        for chunk in range(1, chunks + 1):
            scored = linker.inference.predict_chunk(
                left_chunk=(chunk, chunks), right_chunk=(1, 1), threshold_match_probability=LEAST)  # fmt: skip
            engine.execute(f"""COPY (
                SELECT CAST(s.unique_id_l AS BIGINT) AS row_no, p.person_id,
                       max(s.match_probability) AS probability
                FROM {scored.physical_name} AS s JOIN input_register AS p ON p.unique_id = s.unique_id_r
                GROUP BY ALL) TO {text_literal(str(work / f"pairs-{chunk:04}.parquet"))}""")
            scored.drop_table_from_database_and_remove_from_cache()


def _bound(engine: duckdb.DuckDBPyConnection, work: Path) -> None:
    """Bound what the engine may use."""
    for statement in (
        f"SET memory_limit = '{MEMORY}'",
        "SET threads = 2",
        f"SET temp_directory = {text_literal(str(work / 'spill'))}",
        "SET preserve_insertion_order = false",
        "SET enable_progress_bar = false",
    ):
        engine.execute(statement)


def _verdicts(data: DataSet, work: Path) -> list[Verdict]:
    scored = f"read_parquet({text_literal(str(work / 'pairs-*.parquet'))})"
    found = []
    with session_for(work, data.folder, spill=data.folder / "spill") as session:
        for threshold in THRESHOLDS:
            pairs = f"(SELECT row_no, person_id FROM {scored} WHERE probability >= {threshold})"
            name = f"splink-{threshold}"
            file = write_verdict(session, data, name, one_person_each(all_requests(data), pairs), rows=data.rows)
            found.append(Verdict(name, f"Splink 5, from {threshold}",
                f"an estimated probability of {threshold} or more, and nobody else above it", file))  # fmt: skip
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Splink's account of its training off the screen."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
