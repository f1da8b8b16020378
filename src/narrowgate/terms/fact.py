"""Facts: what clauses may read. A fact is a derived, typed column with a name, a unit and one sentence of meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Type(Enum):
    """The types of the clause language. Every one of them may also be missing (None)."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"


class Reads(Enum):
    """What must be at hand before a fact is known: the batch, the request, the record, or the moment of release."""

    BATCH = "batch"
    REQUEST = "request"
    RECORD = "record"
    RELEASE = "release"


@dataclass(frozen=True)
class Fact:
    """One fact. `values` closes the list for text facts that are classes; `unit` is e.g. `days`, `rows`."""

    name: str
    type: Type
    reads: Reads
    doc: str
    unit: str | None = None
    values: tuple[str, ...] = ()


Vocabulary = Mapping[str, Fact]


def vocabulary(*groups: tuple[Fact, ...]) -> Vocabulary:
    """One vocabulary of several groups of facts; a name twice is our own error."""
    facts = [fact for group in groups for fact in group]
    named = {fact.name: fact for fact in facts}
    if len(named) != len(facts):
        raise ValueError("a fact is declared twice")
    return named
