"""Ten clauses of the flagship agreement over the same requests: ours, and the policy engines that people know.

Rules:
 * No clause is typed by hand. Each peer's condition is written by program from the expression that we judge.
 * Our findings are satisfied, failed or undetermined; a peer has no third value and answers satisfied or not. Its
   condition is true exactly where our finding is TRUE: NOT is carried inward to the comparisons, and each comparison
   asks first whether its facts are there. A missing fact is not passed.
 * A peer that judges one clause of one row of the sample otherwise than we do stops the benchmark.
 * What cannot be said to both peers alike (a date, a decimal, day arithmetic, unusual characters) is refused.
 * Nobody is timed while loading: our facts are a table in memory, theirs are objects of their own kind. Everybody is
   timed until each finding of each row is at hand. The peers use one core, so ours on one thread is what is divided.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import duckdb

from bench import peers_cedar, peers_cel
from bench.figures import Figure
from bench.spine import Measured, session_of
from narrowgate.adjudication.facts import VOCABULARY
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.language import emit, facts_of
from narrowgate.agreement.load import load
from narrowgate.agreement.shipped import shipped
from narrowgate.engine.literal import identifier
from narrowgate.engine.parquet import relation
from narrowgate.matching.comparison import VOCABULARY as COMPARISONS
from narrowgate.store.case import Case
from narrowgate.terms import expression as terms
from narrowgate.terms.agreement import Basis, Clause, ParameterValue
from narrowgate.terms.expression import Expression, Operand

CLAUSES = ("G04", "G04b", "G05", "G06", "G07", "G08", "G09c", "G09d", "G10", "G12b")
ROUNDS = 3
COMPARATORS = {"=": "==", "<>": "!="}
Row = Mapping[str, str | int | bool]
Findings = list[frozenset[str]]
"""For each row, the clauses that it satisfies."""


class Peer(Protocol):
    """How a peer says a fact, that it is there, and membership; and how it judges rows by conditions."""

    NAME: str
    ROWS: int

    def fact(self, name: str) -> str: ...
    def present(self, name: str) -> str: ...
    def member(self, value: str, listed: Sequence[str]) -> str: ...
    def judge(self, conditions: Mapping[str, str], rows: Sequence[Row]) -> tuple[Findings, float]: ...


def measure(judged: Measured) -> list[Figure]:
    """Requests a second: ours on all rows, each peer's on a sample, and ours divided by each."""
    agreement = load(shipped("irs-ice-2025"), facts=VOCABULARY, comparisons=COMPARISONS)
    bound = basis(agreement, None, on=date.today())
    clauses = [clause for clause in bound.clauses if clause.id in CLAUSES]
    assert len(clauses) == len(CLAUSES)
    with (
        session_of(judged.gate, judged.case, threads=2) as of_two,
        session_of(judged.gate, judged.case, threads=1) as of_one,
    ):
        two, one = (Ours(session, judged.case, bound, clauses) for session in (of_two, of_one))
        single = one.rate()
        figures = [
            _figure(f"ours, two threads, {two.rows:,} requests", two.rate()),
            _figure(f"ours, one thread, {one.rows:,} requests", single),
        ]
        peers: tuple[Peer, ...] = (peers_cedar, peers_cel)
        for peer in peers:
            rows, rate = _rate(peer, bound, clauses, one)
            figures.append(_figure(f"{peer.NAME}, {rows:,} requests", rate))
            figures.append(_figure(f"ours on one thread ÷ {peer.NAME}", single / rate, "times"))
    return figures


def _figure(what: str, value: float, unit: str = "requests/s") -> Figure:
    return Figure(f"ten clauses: {what}", value, unit)


def _rate(peer: Peer, bound: Basis, clauses: Sequence[Clause], ours: Ours) -> tuple[int, float]:
    """The rows of the sample and requests a second: the median of three rounds, each of which must find what we do."""
    wording = Wording(peer, bound.parameters)
    conditions = {clause.id: wording.where(clause.expression) for clause in clauses}
    rows, expected = ours.sample(peer.ROWS)
    seconds = []
    for _ in range(ROUNDS):
        found, took = peer.judge(conditions, rows)
        _agree(peer, rows, expected, found)
        seconds.append(took)
    return len(rows), len(rows) / sorted(seconds)[ROUNDS // 2]


def _agree(peer: Peer, rows: Sequence[Row], expected: Findings, found: Findings) -> None:
    for row, ours, theirs in zip(rows, expected, found, strict=True):
        if ours != theirs:
            raise AssertionError(f"{peer.NAME} differs on {sorted(ours ^ theirs)}: {row}")


class Ours:
    """The facts of a case in memory, and the findings that our emitter's SQL gives them."""

    def __init__(self, session: duckdb.DuckDBPyConnection, case: Case, bound: Basis, clauses: Sequence[Clause]) -> None:
        self.session = session
        self.clauses = [clause.id for clause in clauses]
        self.facts = sorted({name for clause in clauses for name in facts_of(clause.expression)})
        self.matrix = ", ".join(f"{emit(one.expression, bound.parameters)} AS {identifier(one.id)}" for one in clauses)
        listed = ", ".join(self.facts)
        self.session.execute(f"CREATE TABLE fact AS SELECT row_no, {listed} FROM {relation(case.file('facts'))}")
        self.rows = int(self.session.execute("SELECT count(*) FROM fact").fetchall()[0][0])

    def rate(self) -> float:
        """Requests a second, the median of three rounds; leaves the table `matrix`."""
        return self.rows / sorted(self._round() for _ in range(ROUNDS))[ROUNDS // 2]

    def _round(self) -> float:
        began = time.monotonic()
        self.session.execute(f"CREATE OR REPLACE TABLE matrix AS SELECT row_no, {self.matrix} FROM fact")
        return time.monotonic() - began

    def sample(self, size: int) -> tuple[list[Row], Findings]:
        """Up to `size` rows, evenly spread, without their missing facts, and what `matrix` finds satisfied."""
        spread = f"WHERE row_no % {max(1, self.rows // size)} = 0 ORDER BY row_no LIMIT {size}"
        columns = ", ".join(map(identifier, self.clauses))
        facts = self.session.execute(f"SELECT {', '.join(self.facts)} FROM fact {spread}").fetchall()
        findings = self.session.execute(f"SELECT {columns} FROM matrix {spread}").fetchall()
        return (
            [{k: v for k, v in zip(self.facts, row, strict=True) if v is not None} for row in facts],
            [frozenset(k for k, v in zip(self.clauses, row, strict=True) if v is True) for row in findings],
        )


@dataclass(frozen=True)
class Wording:
    """An expression of ours in the words of a peer."""

    peer: Peer
    parameters: Mapping[str, ParameterValue]

    def where(self, expression: Expression, truth: bool = True) -> str:
        """The condition that is true exactly where `expression` is TRUE, or FALSE if `truth` is False."""
        match expression:
            case terms.Not(negated):
                return self.where(negated, not truth)
            case terms.And(operands) | terms.Or(operands):
                joint = " && " if isinstance(expression, terms.And) is truth else " || "
                return "(" + joint.join(self.where(part, truth) for part in operands) + ")"
            case terms.Between(operand, low, high):
                both = (terms.Compare(low, "<=", operand), terms.Compare(operand, "<=", high))
                return self.where(terms.And(both), truth)
            case terms.IsNull(terms.FactName(name)):
                return f"{'!' if truth else ''}{self.peer.present(name)}"
            case _:
                guards = [self.peer.present(name) for name in sorted(facts_of(expression))]
                return "(" + " && ".join([*guards, f"{'' if truth else '!'}({self._plain(expression)})"]) + ")"

    def _plain(self, expression: Expression) -> str:
        """A comparison whose facts are all there."""
        match expression:
            case terms.Compare(left, operator, right):
                return f"{self._operand(left)} {COMPARATORS.get(operator, operator)} {self._operand(right)}"
            case terms.In(operand, terms.ParameterName(name)):
                listed = self.parameters[name]
                members = listed if isinstance(listed, tuple) else (listed,)
                return self.peer.member(self._operand(operand), [_literal(value) for value in members])
            case terms.In(operand, tuple(constants)):
                return self.peer.member(self._operand(operand), [_literal(one.value) for one in constants])
            case terms.Truth(operand):
                return self._operand(operand)
            case _:
                raise ValueError(f"no peer can be asked this: {expression}")

    def _operand(self, operand: Operand) -> str:
        match operand:
            case terms.FactName(name):
                return self.peer.fact(name)
            case terms.Constant(value):
                return _literal(value)
            case terms.ParameterName(name):
                return _literal(self.parameters[name])
            case _:
                raise ValueError(f"no peer can be asked this: {operand}")


def _literal(value: ParameterValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9 ()_./-]*", value):
        return f'"{value}"'
    raise ValueError(f"no peer can be asked about this value: {value!r}")
