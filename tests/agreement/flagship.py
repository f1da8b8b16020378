"""The flagship agreement, loaded with the vocabularies its clauses and evidence rules are written in."""

from __future__ import annotations

from functools import cache

from narrowgate.adjudication.facts import VOCABULARY as FACTS
from narrowgate.agreement.load import load
from narrowgate.agreement.shipped import shipped
from narrowgate.terms.agreement import Agreement
from narrowgate.terms.fact import Fact, Reads, Type, Vocabulary, vocabulary

__all__ = ["COMPARISONS", "FACTS", "FOLDER", "agreement"]

FOLDER = shipped("irs-ice-2025")


def _facts(reads: Reads, **types: Type | tuple[str, ...]) -> tuple[Fact, ...]:
    return tuple(
        Fact(name, Type.TEXT, reads, name, values=kind)
        if isinstance(kind, tuple)
        else Fact(name, kind, reads, name)
        for name, kind in types.items()
    )


_B = Type.BOOLEAN

COMPARISONS: Vocabulary = vocabulary(
    _facts(
        Reads.RECORD,
        tin=("exact", "near", "differs", "missing"),
        first_name=("exact", "near", "initial", "differs", "missing"),
        middle_name=("exact", "initial", "differs", "missing"),
        last_name=("exact", "near", "differs", "missing"),
        last_name_control=_B,
        name_suffix=("exact", "differs", "missing"),
        birth_date=("exact", "near", "differs", "missing"),
        address=("exact", "near", "building", "differs", "missing"),
        address_is_current=_B,
        deceased=_B,
    )
)


@cache
def agreement() -> Agreement:
    """The flagship agreement as it ships."""
    return load(FOLDER, facts=FACTS, comparisons=COMPARISONS)
