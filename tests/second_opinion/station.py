"""The matching station up to what the rules decide, and the second opinion after it, in one session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from narrowgate.engine.parquet import relation
from narrowgate.engine.session import open_session
from narrowgate.matching.comparison import comparisons
from narrowgate.matching.decision import decided, judged
from narrowgate.matching.steps import find
from narrowgate.matching.tables import make
from narrowgate.register import Register, open_register
from narrowgate.second_opinion import refer, shipped
from narrowgate.terms.agreement import Basis
from tests.matching.asking import a_case, reading
from tests.register.shelf import Row, a_register


def decide(
    session: duckdb.DuckDBPyConnection, register: Register, request: Path, basis: Basis, *, some: str = "TRUE"
) -> None:
    """Make the station's tables for the rows of `request` for which `some` holds, each of which stands."""
    rows = relation(request)
    find(session, register, basis, request=rows, standing=f"SELECT row_no FROM {rows} WHERE {some}")
    make(session, "comparison", comparisons("pair", current=None))
    make(session, "decision", decided(judged("comparison", basis)))


@contextmanager
def by_rules(
    folder: Path, people: Iterable[Row], addresses: Iterable[Row], asked: Sequence[Row], *, under: Basis | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked-down session in which the rules have decided `asked` (`tests.matching.asking.a_request`)."""
    register = open_register(a_register(folder / "register", people, addresses))
    case = a_case(folder, asked)
    with open_session(directories=[register.folder, case], temp_directory=folder / "spill") as session:
        decide(session, register, case / "request.parquet", under or reading("strict"))
        yield session


def outcomes(session: duckdb.DuckDBPyConnection) -> list[tuple[str, str | None]]:
    """Outcome and rule of each request."""
    return session.execute("SELECT match_outcome, match_rule FROM decision ORDER BY row_no").fetchall()


def heard(session: duckdb.DuckDBPyConnection) -> list[tuple[str, str | None]]:
    """The same after the second opinion has been heard."""
    refer(session, shipped())
    return outcomes(session)
