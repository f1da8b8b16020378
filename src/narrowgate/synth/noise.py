"""Ways in which a requester miswrites what it knows of a person, as SQL over the columns it would have
written.

Rules:
 * At most one kind of noise in a request, so that a benchmark can say which kind cost what.
 * Noise never invents another person: every kind leaves most of the identifiers as they are.
 * A kind that finds nothing to change (no unit, no second surname) leaves the request as it was.
"""

from __future__ import annotations

from collections.abc import Mapping

from narrowgate.engine.literal import text_literal

FORMAT: Mapping[str, int] = {"none": 55, "lower case": 15, "upper case": 10, "street word in full": 20}
"""Noise that changes nothing but the writing, per hundred."""

ANY: Mapping[str, int] = {
    "lower case": 10,
    "street word in full": 16,
    "unit missing": 8,
    "middle name missing": 10,
    "first name typo": 12,
    "last name typo": 12,
    "first name initial": 4,
    "second surname dropped": 4,
    "birth day wrong": 6,
    "birth year wrong": 2,
    "tin digit wrong": 6,
    "moved": 10,
}
"""Noise of every kind, per hundred; `moved` gives an address that the custodian does not hold."""

BREAKING: Mapping[str, int] = {
    "first name typo": 30,
    "last name typo": 30,
    "first name initial": 15,
    "moved": 25,
}
"""Noise after which neither name and address agree exactly any more."""

NAMESAKE: Mapping[str, int] = {"none": 50, "suffix missing": 50}
"""Noise in a request about somebody who shares name and address with a parent."""

KINDS: Mapping[str, Mapping[str, int]] = {
    "format": FORMAT,
    "any": ANY,
    "breaking": BREAKING,
    "namesake": NAMESAKE,
}

_WORDS_IN_FULL = {
    "ST": "Street", "AVE": "Avenue", "RD": "Road", "DR": "Drive", "LN": "Lane", "CT": "Court",
    "PL": "Place", "CIR": "Circle", "BLVD": "Boulevard", "TER": "Terrace", "PKWY": "Parkway",
    "TRL": "Trail", "HWY": "Highway",
}  # fmt: skip


def kind_sql(mode: str, chance: str) -> str:
    """The kind of noise of a request whose mode is `mode`, by `chance` (SQL expressions); NULL where there is
    none.
    """
    whens = (f"WHEN {text_literal(name)} THEN {one_of(kinds, chance)}" for name, kinds in KINDS.items())
    return f"CASE {mode} {' '.join(whens)} END"


def one_of(kinds: Mapping[str, int], chance: str) -> str:
    """One of `kinds`, so many of a hundred each, by `chance`; NULL for what is left of the hundred."""
    past, whens = 0, []
    for kind, per_100 in kinds.items():
        past += per_100
        whens.append(f"WHEN {chance} % 100 < {past} THEN {text_literal(kind)}")
    return f"CASE {' '.join(whens)} END"


def noised(chance: str) -> Mapping[str, str]:
    """Each column that noise changes, as SQL over the columns of the same names, `noise` and `chance`."""
    return {
        "first_name": _cased(
            "first_name",
            f"WHEN 'first name typo' THEN {typo('first_name', chance)} "
            "WHEN 'first name initial' THEN left(first_name, 1)",
        ),
        "middle_name": _cased("middle_name", "WHEN 'middle name missing' THEN NULL"),
        "last_name": _cased(
            "last_name",
            f"WHEN 'last name typo' THEN {typo('last_name', chance)} "
            "WHEN 'second surname dropped' THEN regexp_extract(last_name, '^[^ -]+')",
        ),
        "name_suffix": "CASE noise WHEN 'suffix missing' THEN NULL ELSE name_suffix END",
        "birth_date": (
            f"CASE noise WHEN 'birth day wrong' THEN (birth_date - (1 + {chance} % 27)::INTEGER)::DATE "
            "WHEN 'birth year wrong' THEN (birth_date - INTERVAL 1 YEAR)::DATE ELSE birth_date END"
        ),
        "tin": f"CASE noise WHEN 'tin digit wrong' THEN {other_digit('tin', chance)} ELSE tin END",
        "street": _cased("street", f"WHEN 'street word in full' THEN {in_full('street')}"),
        "unit": _cased("unit", "WHEN 'unit missing' THEN NULL"),
        "city": _cased("city", ""),
    }


def _cased(column: str, more: str) -> str:
    return (
        f"CASE noise WHEN 'lower case' THEN lower({column}) WHEN 'upper case' THEN upper({column}) {more} "
        f"ELSE {column} END"
    )


def typo(name: str, chance: str) -> str:
    """A letter after the first left out, doubled, or changed places with the next."""
    at = f"(2 + {chance} // 3 % greatest(length({name}) - 2, 1))::BIGINT"
    return (
        f"CASE {chance} % 3 WHEN 0 THEN left({name}, {at} - 1) || substr({name}, {at} + 1) "
        f"WHEN 1 THEN left({name}, {at}) || substr({name}, {at}) "
        f"ELSE left({name}, {at} - 1) || substr({name}, {at} + 1, 1) || substr({name}, {at}, 1) "
        f"|| substr({name}, {at} + 2) END"
    )


def other_digit(tin: str, chance: str) -> str:
    """One of the last four digits, one higher."""
    at = f"(6 + {chance} % 4)::BIGINT"
    raised = f"((substr({tin}, {at}, 1)::INTEGER + 1) % 10)::VARCHAR"
    return f"left({tin}, {at} - 1) || {raised} || substr({tin}, {at} + 1)"


def in_full(street: str) -> str:
    last = f"regexp_extract({street}, '[^ ]+$')"
    whens = " ".join(f"WHEN '{short}' THEN '{word}'" for short, word in _WORDS_IN_FULL.items())
    return f"left({street}, length({street}) - length({last})) || CASE {last} {whens} ELSE {last} END"
