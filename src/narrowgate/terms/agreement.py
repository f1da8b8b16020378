"""An agreement as loaded: clauses, dated parameters, readings, evidence rules and stays.

Rules:
 * Both end days bind: a thing dated begins..ends is in force on `begins` and on `ends`.
 * A `Basis` is all that judging needs of an agreement: what binds, on one day, under one reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from narrowgate.terms.expression import Expression, Value
from narrowgate.terms.fact import Reads

ParameterValue = Value | tuple[Value, ...]


@dataclass(frozen=True)
class Dated:
    """One value of a parameter with the days it binds and its source."""

    value: ParameterValue
    begins: date
    ends: date | None
    source: str


@dataclass(frozen=True)
class Clause:
    """One condition of the agreement. `face` clauses may be told to the requester; `told` says what to fix."""

    id: str
    title: str
    cites: tuple[str, ...]
    reads: Reads
    test: str
    expression: Expression
    face: bool
    told: str
    why: str
    begins: date | None
    ends: date | None
    line: int


class StatuteKind(Enum):
    """What a statute is, as far as an agreement may serve it."""

    CRIMINAL = "criminal"
    CIVIL = "civil"
    TAX = "tax administration"
    STATE = "not federal"


@dataclass(frozen=True)
class Statute:
    """One statute that requests cite, as the agreement knows it. `needs` names what else must be shown for it."""

    cite: str
    title: str
    kind: StatuteKind
    accepted: bool
    needs: tuple[str, ...]
    why: str
    source: str
    begins: date | None
    ends: date | None
    line: int


@dataclass(frozen=True)
class Guarantee:
    """What must hold of every disclosure under the default reading, whatever a request says; it is proved."""

    id: str
    title: str
    cites: tuple[str, ...]
    test: str
    expression: Expression
    why: str
    line: int


class EvidenceKind(Enum):
    """What an evidence rule says of a pair (request, person) that satisfies it."""

    ACCEPT = "accept"
    """This person is the one asked about, if nobody else may be."""
    CONTRADICT = "contradict"
    """This person cannot be decided to be the one asked about."""
    RIVAL = "rival"
    """This person comes so close that nobody else can be decided upon."""


@dataclass(frozen=True)
class Evidence:
    """One evidence rule: a condition over the comparison of a request with a person, in the clause language."""

    id: str
    kind: EvidenceKind
    cites: tuple[str, ...]
    test: str
    expression: Expression
    why: str
    line: int


@dataclass(frozen=True)
class Position:
    """One answer to a contested question: who holds it, and the clauses, rules and values that come with it.

    `not_offered` says why this program does not carry the position out; it is empty for those that it does.
    """

    id: str
    title: str
    held_by: tuple[str, ...]
    binds: tuple[str, ...]
    evidence: tuple[str, ...]
    parameters: Mapping[str, ParameterValue]
    not_offered: str
    line: int


@dataclass(frozen=True)
class Question:
    """A point on which the law of the agreement is contested, and the positions that were taken on it."""

    id: str
    title: str
    positions: Mapping[str, Position]
    line: int


@dataclass(frozen=True)
class Reading:
    """A named, dated, sourced way of reading the agreement: a position on each question, and what is uncontested.

    `binds`, `evidence` and `parameters` are what all of that comes to; `parameters` override values. `positions`
    maps each question to the position that counts. `left_open` are the questions on which whoever this reading is
    from took no established position: that of the reading `otherwise` stands in, or, in a record of what was done,
    none. A `historical` reading is such a record: it may be rehearsed and replayed, never run or released.
    """

    id: str
    title: str
    dated: date
    sources: tuple[str, ...]
    binds: tuple[str, ...]
    evidence: tuple[str, ...]
    parameters: Mapping[str, ParameterValue]
    positions: Mapping[str, str]
    left_open: frozenset[str]
    otherwise: str | None
    historical: bool
    line: int


class StayEffect(Enum):
    """What a stay forbids or commands."""

    NO_RELEASE = "no_release"
    FREEZE_USE = "freeze_use"
    PRESERVE = "preserve"


@dataclass(frozen=True)
class Stay:
    """A dated order of a court or an overseer that overlays the agreement. `ends` None: until lifted."""

    id: str
    forum: str
    docket: str
    caption: str
    effective: datetime
    ends: datetime | None
    effect: StayEffect
    scope: str
    source: str
    precedence: int


@dataclass(frozen=True)
class Agreement:
    """A whole agreement folder, checked. `digest` is the hex SHA-256 over the files that bind."""

    id: str
    title: str
    custodian: str
    requester: str
    authority: tuple[str, ...]
    releasable: tuple[str, ...]
    begins: date
    ends: date | None
    default_reading: str
    clauses: Mapping[str, Clause]
    parameters: Mapping[str, tuple[Dated, ...]]
    evidence: Mapping[str, Evidence]
    questions: Mapping[str, Question]
    readings: Mapping[str, Reading]
    statutes: Mapping[str, Statute]
    guarantees: Mapping[str, Guarantee]
    stays: tuple[Stay, ...]
    digest: str

    @property
    def conditions(self) -> tuple[Clause | Evidence, ...]:
        """Every clause, then every evidence rule."""
        return (*self.clauses.values(), *self.evidence.values())


@dataclass(frozen=True)
class Basis:
    """What binds on one day under one reading: the only thing that judging and matching see of an agreement."""

    agreement: str
    digest: str
    reading: Reading
    on: date
    clauses: tuple[Clause, ...]
    parameters: Mapping[str, ParameterValue]
    evidence: tuple[Evidence, ...]
    releasable: tuple[str, ...]

    def that_read(self, *reads: Reads) -> tuple[Clause, ...]:
        """The clauses that read one of `reads`, in the agreement's order."""
        return tuple(clause for clause in self.clauses if clause.reads in reads)

    @property
    def judged(self) -> tuple[Clause, ...]:
        """The clauses that a determination needs: all but those that read the release, which comes after it."""
        return self.that_read(Reads.BATCH, Reads.REQUEST, Reads.RECORD)
