"""The steps from requests to what the evidence says of them, for the station and for whoever takes one up again.

Rules:
 * Which keys are searched follows from the rules of evidence, here and nowhere else.
 * Each step makes tables of the session from those of the one before.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from narrowgate.matching import candidates, requests
from narrowgate.matching.candidates import Limits
from narrowgate.matching.comparison import comparisons
from narrowgate.matching.current import current, in_forms
from narrowgate.matching.decision import asks_second_opinion, decided, judged, reads_current
from narrowgate.matching.kind import kind
from narrowgate.matching.search import narrowest
from narrowgate.matching.tables import any_rows, make
from narrowgate.register.last_known import last_known
from narrowgate.register.protocol import Register
from narrowgate.second_opinion import refer, shipped
from narrowgate.terms.agreement import Basis

LIMITS = Limits()


def find(
    session: duckdb.DuckDBPyConnection,
    register: Register,
    basis: Basis,
    *,
    request: str,
    standing: str,
    limits: Limits = LIMITS,
    lap: Callable[[str], None] = lambda _: None,
) -> None:
    """Make the tables of requests (`requests.take`) and of their candidates (`candidates.find`).

    `request` is the relation of all, `standing` a query for the `row_no` of those to be looked up.
    """
    birth, home = narrowest(basis.evidence, basis.parameters)
    requests.take(session, request=request, standing=standing, birth=birth)
    lap("requests")
    candidates.find(session, register, limits, lap, birth=birth, home=home)


def decide(session: duckdb.DuckDBPyConnection, register: Register, basis: Basis) -> None:
    """Make `comparison`, one row per pair, and `decision`, one per request, by the rules of evidence of `basis`."""
    asked = reads_current(basis)
    if asked:
        make_latest(session, register, _NEAR)
        make(session, "current", current("pair"))
    # A table of its own: folded into the rules, a level would be worked out again for each that names it.
    make(session, "comparison", comparisons("pair", current="current" if asked else None))
    make(session, "decision", decided(judged("comparison", basis)))
    if asks_second_opinion(basis):
        refer(session, shipped())


def make_latest(session: duckdb.DuckDBPyConnection, register: Register, people: str) -> None:
    """Make `latest`, the last known addresses of `people` in their forms."""
    # Two steps, so that the engine knows how many there are before it chooses what to build hash tables on.
    # For nobody at all the addresses are not read: that is what LIMIT 0 comes to.
    some = "" if any_rows(session, people) else "LIMIT 0"
    known = last_known(register.addresses_of(session, people))
    make(session, "last_known", f"SELECT *, {kind('street', 'unit')} AS whose FROM ({known}) {some}")
    make(session, "latest", in_forms("last_known", "person_id, tax_period, whose"))


_NEAR = """(SELECT DISTINCT person_id FROM pair JOIN candidate USING (candidate)
            WHERE rank IN (1, 2) AND person_id IS NOT NULL)"""
