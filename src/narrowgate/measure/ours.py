"""Let the real matching station decide, by the rules of evidence of a basis.

Rules:
 * Every request stands; which do is for clauses to say, and clauses are not measured here.
 * What is counted is what the station hands on (`spec/match.md`), and nothing that lies inside it.
"""

from __future__ import annotations

import duckdb

from narrowgate.engine.parquet import relation, write
from narrowgate.matching import resolve
from narrowgate.measure.data_set import DataSet, session_for
from narrowgate.measure.evidence import Ruling
from narrowgate.measure.verdict import Verdict, write_verdict

HOW = "by rules of evidence: one person whom a rule accepts, none contradicts, and no second one near"
RECORD = "by this station under the rules that the record of what was done is read to have"

AT_ONCE = 250_000
MOST_PRODUCT = 2_000_000_000_000
"""Requests looked up at once, and these times the people of the register: what bounds the memory of the station.

Nothing that comes of a request depends on which others are looked up with it.
"""


def decide(data: DataSet, ruling: Ruling) -> Verdict:
    """What the station decides of `data` under `ruling`."""
    folder = data.folder
    findings, match = folder / "findings.parquet", folder / f"match-{ruling.id}.parquet"
    with session_for(folder, data.register.folder, spill=folder / "spill") as session:
        write(session, f"SELECT row_no, TRUE AS stands FROM {relation(data.request)}", findings, expect=data.rows)
        resolve(session, request=data.request, findings=findings, register=data.register, basis=ruling.basis, out=match,
            at_once=_at_once(session, data))  # fmt: skip
        query = f"""SELECT row_no, match_outcome AS outcome, person_id, match_rule AS rule
            FROM {relation(match)} ORDER BY row_no"""
        file = write_verdict(session, data, ruling.id, query, rows=data.rows)
    return Verdict(ruling.id, ruling.title, _how(ruling), file, ours=True)


def _at_once(session: duckdb.DuckDBPyConnection, data: DataSet) -> int:
    ((people,),) = session.execute(f"SELECT count(*) FROM {data.register.person}").fetchall()
    return min(AT_ONCE, max(1, MOST_PRODUCT // max(int(people), 1)))


def _how(ruling: Ruling) -> str:
    if ruling.is_record:
        return RECORD
    return f"{HOW}; the readings {', '.join(ruling.also)} have the same rules" if ruling.also else HOW
