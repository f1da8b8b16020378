"""Say for every request that stands which one person it asks about, if the evidence leaves no doubt.

Rules:
 * Only requests that stand are looked up. If none stands, the register is not read at all.
 * What is known already is taken: matches of the batch by the same rules in the same register. Those that are among
   them are not looked up again.
 * A large batch is looked up in parts, so that memory does not grow with it; every part counts its requests. A part
   that the memory does not hold is looked up in halves.
 * Receives the requests and their findings; hands on one row per request that stands, and counts them.
 * What is known of a person is handed on for a match and for nothing else.
 * All that lies between is in tables of the session, which spill encrypted; none outlives the station.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from narrowgate.engine.literal import identifier
from narrowgate.engine.parquet import relation, write
from narrowgate.engine.session import needs_memory
from narrowgate.files import link
from narrowgate.matching.candidates import Limits
from narrowgate.matching.current import current
from narrowgate.matching.decision import reads_last_known
from narrowgate.matching.steps import LIMITS, decide, find, make_latest
from narrowgate.matching.tables import any_rows, count, make
from narrowgate.register.protocol import Register
from narrowgate.terms.agreement import Basis

AT_ONCE = 1_500_000
"""For how many requests the register is read through once: what bounds the memory of the station, whatever the batch.

What comes of a request does not depend on which others are looked up with it.
"""
FEWEST = 1_000
"""A part of fewer requests is not halved: what it needs is not needed for the requests."""


@dataclass(frozen=True)
class Lookup:
    """For how many requests the register was opened, how many pairs were compared, seconds by step."""

    looked_up: int
    pairs: int
    seconds: dict[str, float]


def resolve(
    session: duckdb.DuckDBPyConnection,
    *,
    request: Path,
    findings: Path,
    register: Register,
    basis: Basis,
    out: Path,
    limits: Limits = LIMITS,
    at_once: int = AT_ONCE,
    known: Path | None = None,
) -> Lookup:
    """Write to `out` who each request of `request` that stands by `findings` asks about (`spec/match.md`).

    `known` are matches of the same batch by the same rules (`decided_by`) in the same register, if there are any.
    """
    watch, pairs = _Watch(), 0
    try:
        stands = f"(SELECT row_no FROM {relation(findings)} WHERE stands)"
        if known is not None and _are_those(session, known, stands):
            link(known, out)  # a hand-over never changes
            return Lookup(0, 0, watch.seconds)
        make(session, "match", f"{_NOBODY} UNION ALL BY NAME FROM {_known(known, stands)}" if known else _NOBODY)
        make(session, "standing", f"FROM {stands} ANTI JOIN match USING (row_no) ORDER BY row_no")
        looked_up, expected = count(session, "standing"), count(session, stands)
        if looked_up:
            pairs = _look_up(session, relation(request), _parts(looked_up, at_once), register, basis, limits, watch)
        write(session, "FROM match ORDER BY row_no", out, expect=expected)
        watch.lap("written")
        return Lookup(looked_up, pairs, watch.seconds)
    finally:
        _drop(session)


def _look_up(
    session: duckdb.DuckDBPyConnection,
    request: str,
    parts: list[_Part],
    register: Register,
    basis: Basis,
    limits: Limits,
    watch: _Watch,
) -> int:
    """Add to `match` who the requests of each of `parts` ask about; how many pairs were compared.

    A Fault if the register is not what it was when this began.
    """
    pairs = 0
    try:
        while parts:
            part = parts.pop(0)
            try:
                find(session, register, basis, request=request, standing=part.rows, limits=limits, lap=watch.lap)
                found = count(session, "pair")
                decide(session, register, basis)
                _describe(session, register, basis)
                session.execute(f"INSERT INTO match BY NAME {_matches(request)}")
                pairs += found
            except duckdb.Error as problem:
                if not needs_memory(problem) or len(part) < FEWEST:
                    raise
                parts[:0] = part.halves()
            _drop(session, but=("standing", "match"))
            watch.lap("decided")
    except duckdb.Error:
        # Records that changed while they were read may have stopped the engine: then that is what happened.
        register.unchanged()
        raise
    register.unchanged()
    return pairs


@dataclass(frozen=True)
class _Part:
    """Some of the requests that stand, one after the other."""

    low: int
    high: int

    def __len__(self) -> int:
        return self.high - self.low

    @property
    def rows(self) -> str:
        """A query for their `row_no`."""
        return f"SELECT row_no FROM standing WHERE rowid >= {self.low} AND rowid < {self.high}"

    def halves(self) -> list[_Part]:
        middle = (self.low + self.high) // 2
        return [_Part(self.low, middle), _Part(middle, self.high)]


def _are_those(session: duckdb.DuckDBPyConnection, known: Path, stands: str) -> bool:
    """Whether `known` has a match of every request that stands and of no other."""
    differ = f"(SELECT row_no FROM {relation(known)}) AS k FULL JOIN {stands} AS s USING (row_no)"
    return not any_rows(session, f"{differ} WHERE k.row_no IS NULL OR s.row_no IS NULL")


def _known(known: Path, stands: str) -> str:
    """The matches in `known` of requests that stand."""
    return f"(FROM {relation(known)} SEMI JOIN {stands} USING (row_no))"


def _parts(standing: int, at_once: int) -> list[_Part]:
    """The requests that stand, in parts of about one size and at most `at_once`."""
    number = -(-standing // at_once)
    edges = [standing * part // number for part in range(number + 1)]
    return [_Part(low, high) for low, high in pairwise(edges)]


def _drop(session: duckdb.DuckDBPyConnection, *, but: tuple[str, ...] = ()) -> None:
    """Drop what the station made in the session."""
    for (table,) in session.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
        if table not in but:
            session.execute(f"DROP TABLE {identifier(table)}")


def _describe(session: duckdb.DuckDBPyConnection, register: Register, basis: Basis) -> None:
    """Make `matched`, the persons decided upon with their marks, and, if a clause asks, their last known addresses."""
    make(session, "matched", """
        SELECT d.row_no, d.candidate, c.person_id, c.impairment, c.identity_theft,
               c.deceased_on IS NOT NULL AS deceased, CASE WHEN d.confirmed THEN 1 END AS rank
        FROM decision AS d JOIN candidate AS c USING (candidate)
        WHERE d.match_outcome = 'match'""")  # fmt: skip
    asked = reads_last_known(basis)
    make_latest(session, register, f"(SELECT DISTINCT person_id FROM matched WHERE {asked})")
    make(session, "current", f"{current('matched')} WHERE {asked}")


def _matches(request: str) -> str:
    """A query for the rows to hand on; `request` is the relation of the requests as they were made."""
    return f"""
    SELECT d.row_no, d.match_outcome, m.person_id, d.match_rule,
           CASE d.match_outcome WHEN 'match' THEN TRUE WHEN 'none' THEN FALSE END AS one_person,
           CASE WHEN m.row_no IS NOT NULL THEN d.agreeing END AS agreeing_identifiers,
           CASE WHEN m.row_no IS NOT NULL THEN d.confirmed END AS address_confirmed,
           k.address_is_current AS address_current,
           m.impairment, m.identity_theft, m.deceased, l.tax_period AS last_known_period,
           CASE WHEN l.tax_period IS NOT NULL
               THEN list_contains(string_split(replace(q.tax_periods, ' ', ''), ';'), CAST(l.tax_period AS VARCHAR))
               END AS last_known_period_stated,
           l.whose AS last_known_kind
    FROM decision AS d
    LEFT JOIN matched AS m USING (row_no)
    LEFT JOIN current AS k USING (row_no)
    LEFT JOIN latest AS l ON l.person_id = m.person_id
    LEFT JOIN (SELECT row_no, tax_periods FROM {request}) AS q ON q.row_no = d.row_no AND l.person_id IS NOT NULL"""


_NOBODY = """
    SELECT CAST(NULL AS BIGINT) AS row_no, CAST(NULL AS VARCHAR) AS match_outcome,
           CAST(NULL AS VARCHAR) AS person_id, CAST(NULL AS VARCHAR) AS match_rule,
           CAST(NULL AS BOOLEAN) AS one_person, CAST(NULL AS INTEGER) AS agreeing_identifiers,
           CAST(NULL AS BOOLEAN) AS address_confirmed, CAST(NULL AS BOOLEAN) AS address_current,
           CAST(NULL AS BOOLEAN) AS impairment, CAST(NULL AS BOOLEAN) AS identity_theft,
           CAST(NULL AS BOOLEAN) AS deceased, CAST(NULL AS INTEGER) AS last_known_period,
           CAST(NULL AS BOOLEAN) AS last_known_period_stated, CAST(NULL AS VARCHAR) AS last_known_kind
    WHERE FALSE"""


class _Watch:
    """Takes the time of steps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, step: str) -> None:
        """The time since the last lap was spent on `step`, for one part of the requests."""
        now = time.perf_counter()
        self.seconds[step] = self.seconds.get(step, 0) + now - self._since
        self._since = now
