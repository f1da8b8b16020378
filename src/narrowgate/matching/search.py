"""Say by which keys people must be searched, so that nobody of whom a rule could be true is left out.

Rules:
 * What a key finds surely is stated as levels of comparison. Whatever makes a rule true is tried, level by level, with
   the language's own meaning; each way must be one in which some key surely finds the person.
 * Number and address are always keys: they cost little, and the address is compared in any case. Whether the birth date
   is one, and how closely the names must agree with it or with the address, the rules decide: the fewer people share a
   key, the fewer are looked at. Of the combinations with which nobody escapes the first by cost is taken.
 * A way that not even the widest keys surely find is not hidden: `blind` names it, and an agreement that has one is not
   sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from itertools import product

from narrowgate.agreement.language import evaluate, facts_of
from narrowgate.matching.comparison import VOCABULARY
from narrowgate.terms.agreement import Evidence, EvidenceKind, ParameterValue
from narrowgate.terms.fact import Type

Levels = Mapping[str, str | bool]
Finds = Callable[[Levels], bool]


class BirthKey(StrEnum):
    """What must agree beside the birth date: both names, the letters that they begin with, nothing; or NONE: no key."""

    NONE = "none"
    NAMED = "named"
    LETTERS = "letters"
    DATE = "date"


class HomeKey(StrEnum):
    """What must agree beside the address: a letter at an end of either name, or nothing."""

    ENDS = "ends"
    ANYBODY = "anybody"


Keyed = tuple[BirthKey, HomeKey]


def _any_of(levels: Levels, fact: str, *values: str) -> bool:
    return levels.get(fact) in values


def _number(levels: Levels) -> bool:
    return _any_of(levels, "tin", "exact")


def _anybody(levels: Levels) -> bool:
    return _any_of(levels, "address", "exact", "near", "building")


def _ends(levels: Levels) -> bool:
    """Names that are near share their first or their last letter; a variant's letters are asked for too."""
    return (
        _anybody(levels)
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


def _date(levels: Levels) -> bool:
    return _any_of(levels, "birth_date", "exact")


_BORN: Mapping[BirthKey, tuple[Finds, ...]] = {
    BirthKey.NONE: (),
    BirthKey.NAMED: (_named,),
    BirthKey.LETTERS: (_letters,),
    BirthKey.DATE: (_date,),
}
_HOME: Mapping[HomeKey, Finds] = {HomeKey.ENDS: _ends, HomeKey.ANYBODY: _anybody}
_FEW = (BirthKey.NONE, BirthKey.NAMED, BirthKey.LETTERS)
_BY_COST: tuple[Keyed, ...] = (
    *((birth, home) for home in HomeKey for birth in _FEW),
    *((BirthKey.DATE, home) for home in HomeKey),
)
"""A birth date with letters leaves some ten people of a country, an address all who ever lived there, a birth date by
itself ten thousand."""


def narrowest(evidence: Iterable[Evidence], parameters: Mapping[str, ParameterValue]) -> Keyed:
    """The narrowest keys with which nobody escapes of whom a rule of `evidence` could be true."""
    return _narrowest(tuple(evidence), frozenset(parameters.items()))


def blind(evidence: Iterable[Evidence], parameters: Mapping[str, ParameterValue]) -> dict[str, Levels]:
    """By id, the rules that may be true of somebody whom no key surely finds, with one way in which that is so."""
    found = {}
    for rule in evidence:
        missed = next((way for way in _ways(rule, parameters) if not _finds(_BY_COST[-1], way)), None)
        if missed is not None:
            found[rule.id] = missed
    return found


@cache
def _narrowest(evidence: tuple[Evidence, ...], parameters: frozenset[tuple[str, ParameterValue]]) -> Keyed:
    """The first keys by cost with which no way of a rule escapes; the widest, if some way always does."""
    ways = [way for rule in evidence for way in _ways(rule, dict(parameters))]
    return next((keys for keys in _BY_COST if all(_finds(keys, way) for way in ways)), _BY_COST[-1])


def _finds(keys: Keyed, way: Levels) -> bool:
    """Whether people whom a rule is true of in this way are surely found."""
    birth, home = keys
    return any(find(way) for find in (_number, _HOME[home], *_BORN[birth]))


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
