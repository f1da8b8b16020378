"""Decide whether the name supplied could be a person's.

Rules:
 * A name is structured if it has a first and a last name, each with a letter and neither a placeholder.
 * It is missing if neither the first nor the last name has text; anything between is a placeholder.
 * Names of one letter, of several words, with marks or of any script are names. People are called Null and Test:
   such a word is a placeholder only where the other name is one too, or repeats it.
"""

from __future__ import annotations

from narrowgate.engine.literal import text_literal
from narrowgate.terms.fact import Fact, Reads, Type

FACTS: tuple[Fact, ...] = (
    Fact(
        "name_class",
        Type.TEXT,
        Reads.REQUEST,
        "Whether the name supplied has a first and a last name that could be a person's.",
        values=("structured", "missing", "placeholder"),
    ),
)

# No person's name, whatever stands beside it.
_NEVER = (
    "unknown", "unkown", "uknown", "unk", "unkn", "n/a", "n\\.a\\.?", "none", "not (?:available|applicable|known|provided|given|stated|listed)",
    "no (?:name|data|info|record|first name|last name)(?: given)?", "failed to provide", "refused(?: to provide)?", "declined", "unavailable", "undisclosed",
    "unidentified", "anonymous", "nobody", "no one", "tb[adc]", "x{2,}", "z{3,}", "a{3,}", "asdf\\w*", "qwerty\\w*", "placeholder", "dummy", "first ?name", "last ?name",
    "given ?name", "sur ?name", "family ?name", "full ?name", "fnu", "lnu", "nfn", "nln", "nmn", "first name unknown", "last name unknown", "name unknown",
    "unknown name", "sin nombre", "desconocid[oa]", "no aplica", "see (?:above|file|notes?|attached)", "same as above", "as above", "redacted", "withheld", "blank", "same",
)  # fmt: skip

# A placeholder only where both names are of these: each is also somebody's name.
_PERHAPS = ("null", "nil", "na", "test", "tester", "testing", "sample", "example", "fake", "person", "name", "first", "last", "subject", "alien", "client", "do[en]", "j(?:ohn|ane|uan|uana) doe", "nan", "baby", "male", "female")  # fmt: skip

_NO_NAME = rf"(?i)^[\s\W]*(?:{'|'.join(_NEVER)})[\s\W]*$"
_PERHAPS_NO_NAME = rf"(?i)^\W*(?:{'|'.join(_PERHAPS)})\W*$"
_LETTER = r"^[^0-9]*\pL[^0-9]*$"


def prepared(relation: str) -> str:
    """`relation` as it is: a name needs no columns of its own."""
    return relation


def columns() -> dict[str, str]:
    """The class of the name as SQL; never NULL."""
    first, last = "coalesce(first_name, '')", "coalesce(last_name, '')"
    doubtful = f"({_has(first, _PERHAPS_NO_NAME)} AND {_has(last, _PERHAPS_NO_NAME)})"
    return {
        "name_class": f"""CASE
            WHEN concat(first_name, last_name) = '' THEN 'missing'
            WHEN NOT {_has(first, _LETTER)} OR NOT {_has(last, _LETTER)} THEN 'placeholder'
            WHEN {_has(first, _NO_NAME)} OR {_has(last, _NO_NAME)} OR {doubtful} THEN 'placeholder'
            ELSE 'structured' END"""
    }


def _has(text: str, pattern: str) -> str:
    return f"regexp_matches({text}, {text_literal(pattern)})"
