"""Decide whether the name supplied could be a person's.

Rules:
 * A name is structured if it has a first and a last name, each of letters and neither a placeholder.
 * It is missing if the first or the last name has no text at all. Anything else is a placeholder.
 * A name may be one letter, several words, with marks, or in any script. A digit is in no name.
 * People are called Null, Test, Blank and Na: such a word says nothing only beside another that says nothing.
 * Few names hold any of these words; only those are looked at closely.
 * A phrase may be split over both names: `Not` | `Available`.
 * Whatever parts words is first made a hyphen: a pattern that says "no letter of any script" seventy times takes the
   engine longer to prepare than to read a million names.
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

# Nobody is called so, wholly or in part. FNU and LNU stand for "first (last) name unknown".
_IN_NO_NAME = (
    "un ?known|unk|unkn|unkn?own|uknown|unknow|unknwn|unidentified|undisclosed|undetermined|unavailable"
    "|anonymous|placeholder|redacted|withheld|desconocid[oa]|fnu|lnu|nfn|nln|nmn|asdf[a-z]*|qwerty[a-z]*"
    "|lorem ipsum|(?:failed|fails|failure|fail|refused|refuses|declined|unable|unwilling) to [a-z]+"
    "|not (?:available|applicable|known|provided|given|stated|listed|recorded|reported|disclosed|entered)"
    "|not on file|no (?:name|data|info|information|records?|first|last|given|surname)|sin (?:nombre|apellidos?)"
    "|don ?t (?:know|care)|(?:did|do|does) not [a-z]+|see (?:above|below|file|notes?|attached|record)"
    "|(?:same )?as above|no aplica|no se sabe"
)

# One whole name that is a form's own word, or marks for want of one.
_THRICE = "|".join(f"{letter}{{3,}}" for letter in "abcdefghijklmnopqrstuvwxyz")
_NO_WHOLE_NAME = (
    "n/a|n\\.a\\.|none|nobody|no one|noone|refused|declined|tb[acd]|first ?name|last ?name|given ?names?"
    "|sur ?name|family ?name|full ?name|middle ?name|name|nombres?|apellidos?|ningun[oa]|undefined|dummy"
    f"|foo ?bar|xx|{_THRICE}"
)

# Each is somebody's name; two of them together are nobody's.
_DOUBTFUL = (
    "null|nil|nan|na|n|x|test[a-z]*|sample|example|fake|person|user|first|last|subject|alien|client|applicant"
    "|taxpayer|doe|roe|john doe|jane doe|baby|infant|boy|girl|male|female|blank|empty|missing|void|same|ditto"
    "|foo|bar|abc|def|xyz|xx|zz|yes|no|not|various|other|others|string|value"
)
_EVERYMAN = "(?:john|jane|juan|juana)"


def prepared(relation: str) -> str:
    """`relation` as it is: a name needs no columns of its own."""
    return relation


def columns() -> dict[str, str]:
    """The class of the name as SQL over first_name and last_name; never NULL."""
    both = "concat(first_name, '|', last_name)"
    missing = " OR ".join(f"trim(coalesce({name}, '')) = ''" for name in ("first_name", "last_name"))
    return {
        "name_class": f"""CASE WHEN {_has(both, _LETTERS)} AND NOT {_has(both, _SUSPECT)} THEN 'structured'
            WHEN {missing} THEN 'missing'
            WHEN {_has(both, _LETTERS)} AND NOT {_has(_parted(both), _NOBODY)} THEN 'structured'
            ELSE 'placeholder' END"""
    }


def _words(pattern: str) -> str:
    """`pattern` with its blanks widened to whatever may part words, the border of the two names too."""
    return pattern.replace(" ?", f"{_APART}*").replace(" ", f"{_APART}+")


def _parted(text: str) -> str:
    """`text` with a hyphen for every character that is no letter and in no pattern."""
    return rf"regexp_replace({text}, '[^\pL |/.]', '-', 'g')"


def _has(text: str, pattern: str) -> str:
    return f"regexp_matches({text}, {text_literal(pattern)})"


_LETTERS = r"^[^0-9|]*\pL[^0-9|]*\|[^0-9|]*\pL[^0-9|]*$"
_APART = r"[-\x20|/.]"
_MARKS = r"[-\x20/.]*"
_DOUBTFUL_NAME = f"{_MARKS}(?:{_DOUBTFUL}){_MARKS}"
_NOBODY = "(?i)" + "|".join(
    (
        rf"(?:^|{_APART})(?:{_words(_IN_NO_NAME)})(?:{_APART}|$)",
        rf"(?:^|\|){_MARKS}(?:{_NO_WHOLE_NAME}){_MARKS}(?:\||$)",
        rf"^{_DOUBTFUL_NAME}\|{_DOUBTFUL_NAME}$",
        rf"^{_MARKS}{_EVERYMAN}{_MARKS}\|{_MARKS}(?:doe|roe){_MARKS}$",
    )
)
"""Read in the first and the last name with `|` between them, `_parted`."""

# Wider than `_NOBODY` and far cheaper: every one of its patterns holds one of these as a word.
_HINTS = (
    "u[nk][a-z]*|anonymous|placeholder|redacted|withheld|desconocid[oa]|[fl]nu|n[fl]n|nmn|asdf[a-z]*|qwerty[a-z]*"
    "|lorem|fail[a-z]*|refuse[sd]?|declined|not?|sin|dont?|did|do|does|see|same|as|none|nobody|noone|tb[acd]"
    "|(?:first|last|given|sur|family|full|middle)(?:names?)?|names?|nombres?|apellidos?|ningun[oa]|dummy|foobar"
    f"|{_DOUBTFUL}|{_THRICE}"
)
_SUSPECT = rf"(?i)(?:^|[^a-z])(?:{_HINTS})(?:[^a-z]|$)"
