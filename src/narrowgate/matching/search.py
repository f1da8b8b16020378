"""Say by which keys people must be searched, so that nobody of whom a rule could be true is left out.

Rules:
 * What a key finds surely is stated as levels of comparison. Whatever makes a rule true is tried, level by level, with
   the language's own meaning; each way must be one in which some key surely finds the person.
 * Number and address are always keys: they cost little, and the address is compared in any case. Whether the birth date
   is one, and how closely the names must agree with it, the rules decide: the fewer people share a key, the fewer are
   looked at.
 * A way that no key surely finds is not hidden: `blind` names it, and an agreement that has one is not sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import product

from narrowgate.agreement.language import evaluate, facts_of
from narrowgate.matching.comparison import VOCABULARY
from narrowgate.terms.agreement import Evidence, EvidenceKind, ParameterValue
from narrowgate.terms.fact import Type

Levels = Mapping[str, str | bool]
Finds = Callable[[Levels], bool]


class BirthKey(StrEnum):
    """What must agree beside the birth date: nothing is asked, both names, or the letters that they begin with."""

    NONE = "none"
    NAMED = "named"
    LETTERS = "letters"


def _any_of(levels: Levels, fact: str, *values: str) -> bool:
    return levels.get(fact) in values


def _number(levels: Levels) -> bool:
    return _any_of(levels, "tin", "exact")


def _address(levels: Levels) -> bool:
    """Names that are near share their first or their last letter; a variant's letters are asked for too."""
    return (
        _any_of(levels, "address", "exact", "near", "building")
        and _any_of(levels, "first_name", "exact", "near", "variant", "initial")
        and _any_of(levels, "last_name", "exact", "near")
    )


def _named(levels: Levels) -> bool:
    return all(_any_of(levels, fact, "exact") for fact in ("birth_date", "first_name", "last_name"))


def _letters(levels: Levels) -> bool:
    return (
        _any_of(levels, "birth_date", "exact")
        and _any_of(levels, "first_name", "exact", "initial")
        and _any_of(levels, "last_name", "exact")
    )


_ALWAYS: tuple[Finds, ...] = (_number, _address)
_WITH: Mapping[BirthKey, tuple[Finds, ...]] = {
    BirthKey.NONE: _ALWAYS,
    BirthKey.NAMED: (*_ALWAYS, _named),
    BirthKey.LETTERS: (*_ALWAYS, _letters),
}


def birth_key(evidence: Iterable[Evidence], parameters: Mapping[str, ParameterValue]) -> BirthKey:
    """The narrowest birth key with which nobody escapes of whom a rule of `evidence` could be true; else the widest."""
    ways = [way for rule in evidence for way in _ways(rule, parameters)]
    for key, finds in _WITH.items():
        if all(any(find(way) for find in finds) for way in ways):
            return key
    return BirthKey.LETTERS


def blind(evidence: Iterable[Evidence], parameters: Mapping[str, ParameterValue]) -> dict[str, Levels]:
    """By id, the rules that may be true of somebody whom no key surely finds, with one way in which that is so."""
    found = {}
    for rule in evidence:
        ways = _ways(rule, parameters)
        finds = _WITH[BirthKey.LETTERS]
        missed = next((way for way in ways if not any(find(way) for find in finds)), None)
        if missed is not None:
            found[rule.id] = missed
    return found


def _ways(rule: Evidence, parameters: Mapping[str, ParameterValue]) -> Iterator[Levels]:
    """Every combination of levels that makes a rule true which accepts somebody or calls them a rival."""
    if rule.kind is EvidenceKind.CONTRADICT:
        return
    names = sorted(facts_of(rule.expression))
    for values in product(*(_values(name) for name in names)):
        levels = dict(zip(names, values, strict=True))
        if evaluate(rule.expression, levels, parameters) is True:
            yield levels


def _values(name: str) -> tuple[str | bool, ...]:
    """All that a fact of a comparison may be."""
    fact = VOCABULARY[name]
    return (True, False) if fact.type is Type.BOOLEAN else fact.values
