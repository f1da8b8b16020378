"""Bring names to the one form in which they are compared.

Rules:
 * Case, accents, punctuation and spaces do not say who somebody is; letters and their order do.
 * Nothing is corrected, completed or guessed: what has no such form is missing or stays as it is written.
 * An empty text is missing. Missing is never a form, and no form equals it.
 * Every function gives SQL text over columns; nothing here reads a table.
"""

from __future__ import annotations

from narrowgate.engine.literal import text_literal

_LETTERS = {
    "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "Æ": "AE", "Œ": "OE", "ẞ": "SS", "ß": "SS",
}  # fmt: skip
"""Latin letters that are no letter with a mark on it, so that removing marks leaves them."""

_GENERATIONS = {
    "JR": ("JR", "JNR", "JUNIOR"),
    "SR": ("SR", "SNR", "SENIOR"),
    "II": ("II", "2ND"),
    "III": ("III", "3RD"),
    "IV": ("IV", "4TH"),
}
_GENERATION = "|".join(form for forms in _GENERATIONS.values() for form in forms)


def words(column: str) -> str:
    """The words of a name in capitals without accents, one space between; missing if there is none."""
    return f"""CASE WHEN regexp_full_match({column}, '[A-Za-z]+( [A-Za-z]+)*') THEN upper({column})
        ELSE nullif(trim(regexp_replace(regexp_replace({capitals(column)}, '[''’‘ʼ`´.]', '', 'g'),
            '[^\\p{{L}}\\p{{N}}]+', ' ', 'g')), '') END"""


def capitals(column: str) -> str:
    """Capitals without accents (NFC first, so that a letter and its mark are one however they were typed)."""
    folded = f"upper(strip_accents(nfc_normalize({column})))"
    for letter, plain in _LETTERS.items():
        folded = f"replace({folded}, {text_literal(letter)}, {text_literal(plain)})"
    return folded


def with_names(source: str, keep: str) -> str:
    """Add to the columns `keep` of `source` its names in their forms.

    Columns: first, middle, last (without spaces), last_words (with), suffix. A generation written behind the
    last or first name counts as the suffix where none is given.
    """
    suffix = f"coalesce(suffix_words, {_behind('last_words')}, {_behind('first_words')})"
    return f"""
    SELECT {keep}, replace({_without_generation("first_words")}, ' ', '') AS first,
           replace(middle_words, ' ', '') AS middle,
           replace({_without_generation("last_words")}, ' ', '') AS last,
           {_without_generation("last_words")} AS last_words,
           {_generation(suffix)} AS suffix
    FROM (SELECT {keep}, {words("first_name")} AS first_words, {words("middle_name")} AS middle_words,
                 {words("last_name")} AS last_words, {words("name_suffix")} AS suffix_words
          FROM {source})"""


def _behind(column: str) -> str:
    """The generation written as the last of several words."""
    return f"nullif(regexp_extract({column}, ' ({_GENERATION})$', 1), '')"


def _without_generation(column: str) -> str:
    return f"""CASE WHEN contains({column}, ' ') THEN regexp_replace({column}, ' ({_GENERATION})$', '')
        ELSE {column} END"""


def _generation(suffix: str) -> str:
    """One form for each generation; any other suffix as it is written."""
    cases = " ".join(
        f"WHEN {suffix} IN ({', '.join(text_literal(form) for form in forms)}) THEN {text_literal(short)}"
        for short, forms in _GENERATIONS.items()
    )
    return f"CASE {cases} ELSE {suffix} END"
