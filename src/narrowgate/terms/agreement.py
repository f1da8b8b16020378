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
class Reading:
    """A named, dated, sourced way of reading the agreement.

    `binds` and `evidence` list ids; `parameters` override values. A `historical` reading records what was done: it
    may be rehearsed and replayed, never run or released.
    """

    id: str
    title: str
    dated: date
    sources: tuple[str, ...]
    binds: tuple[str, ...]
    evidence: tuple[str, ...]
    parameters: Mapping[str, ParameterValue]
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
    """A whole agreement folder, checked. `digest` is the hex SHA-256 over every file of the folder."""

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
    readings: Mapping[str, Reading]
    stays: tuple[Stay, ...]
    digest: str


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
