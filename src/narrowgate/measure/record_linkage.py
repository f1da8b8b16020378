"""recordlinkage 0.16, its expectation/conditional maximisation classifier as its documentation uses it.

Rules:
 * Pairs are those that share the number, the birth date, both names or the address; what is compared is what the
   documentation compares: names and street by Jaro-Winkler from 0.85, everything else for equality. It learns without
   truth.
 * More than one person for a request is no decision, as with every contender.
 * It holds pairs in memory and compares them on one core, so of many requests or a large register it is given a sample
   of the requests, drawn by a hash of a seed, and of the register everybody who makes a pair with one of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from narrowgate.measure import needs
from narrowgate.measure.data_set import DataSet, session_for
from narrowgate.measure.number_rules import asked, homes, people
from narrowgate.measure.verdict import Verdict, one_person_each, write_verdict

SEED = 20251129
MOST_ROWS = 10_000
MOST_PRODUCT = 20_000_000_000
"""Requests times people of the register: what bounds how many people share a birth date with some request."""
MOST_PAIRS = 2_000_000
SIMILAR = 0.85
BLOCKS = (("tin",), ("born",), ("first", "last"), ("line",))
COLUMNS = ("tin", "first", "last", "born", "line", "zip5")


def decide(data: DataSet) -> Verdict:
    """What it decides of `data`, or of a sample."""
    with session_for(data.folder, data.register.folder, spill=data.folder / "spill") as session:
        rows = _sample(session, data)
        columns = ", ".join("CAST(born AS VARCHAR) AS born" if name == "born" else name for name in COLUMNS)
        few = session.execute(f"SELECT row_no, {columns} FROM sampled ORDER BY row_no").df()
        known = session.execute(f"SELECT person_id, {columns} FROM known ORDER BY ALL").df()
        session.register("linked", _links(few, known))
        file = write_verdict(session, data, "recordlinkage", one_person_each("sampled", "linked"), rows=rows)
    how = "an unsupervised Fellegi-Sunter classifier, and no second person classified alike"
    return Verdict("recordlinkage", "recordlinkage 0.16, ECM", how, file, sample=rows if rows < data.rows else None)


def _sample(session: duckdb.DuckDBPyConnection, data: DataSet) -> int:
    """Make `sampled`, the requests it is given, and `known`, whom each block brings; returns how many requests."""
    most = min(data.rows, MOST_ROWS, max(1, MOST_PRODUCT // max(_count(session, data.register.person), 1)))
    session.execute(f"CREATE TEMP TABLE drawn AS FROM ({asked(data)}) ORDER BY hash({SEED}, row_no) LIMIT {most}")
    session.execute(f"""CREATE TEMP TABLE met AS
        SELECT person_id FROM ({people(data)}) WHERE {_shares("tin")} OR {_shares("born")}
            OR (first, last) IN (SELECT (first, last) FROM drawn)
        UNION SELECT person_id FROM ({homes(data)}) WHERE {_shares("line")}""")
    session.execute(f"""CREATE TEMP TABLE known AS
        SELECT p.*, h.line, h.zip5
        FROM (FROM ({people(data)}) SEMI JOIN met USING (person_id)) AS p
        LEFT JOIN (SELECT DISTINCT * FROM ({homes(data)}) SEMI JOIN met USING (person_id)) AS h USING (person_id)""")
    pairs = sum(_count(session, f"drawn JOIN known USING ({', '.join(block)})") for block in BLOCKS)
    rows = min(most, max(1, most * MOST_PAIRS // max(pairs, 1)))
    session.execute(f"CREATE TEMP TABLE sampled AS FROM drawn ORDER BY hash({SEED}, row_no) LIMIT {rows}")
    return rows


def _shares(column: str) -> str:
    return f"{column} IN (SELECT {column} FROM drawn)"


def _count(session: duckdb.DuckDBPyConnection, rows: str) -> int:
    found = session.execute(f"SELECT count(*) FROM {rows}").fetchall()
    return int(found[0][0])


def _links(few: Any, known: Any) -> pa.Table:
    """The pairs that it takes for one person: row_no and person_id."""
    package = needs.load("recordlinkage")
    used = [name for name in COLUMNS if few[name].notna().any() and known[name].notna().any()]
    with _quiet():
        index = package.Index()
        for block in BLOCKS:
            if set(block) <= set(used):
                index.block(list(block))
        pairs = index.index(few, known)
        compare = package.Compare()
        for name in used:
            if name in ("first", "last", "line"):
                compare.string(name, name, method="jarowinkler", threshold=SIMILAR, label=name)
            else:
                compare.exact(name, name, label=name)
        linked = package.ECMClassifier().fit_predict(compare.compute(pairs, few, known))
    left, right = linked.get_level_values(0), linked.get_level_values(1)
    return pa.table({
        "row_no": pa.array(few["row_no"].to_numpy()[left], pa.int64()),
        "person_id": pa.array(known["person_id"].to_numpy()[right], pa.string()),
    })  # fmt: skip


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
