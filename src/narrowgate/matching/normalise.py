"""Bring names, numbers and ZIP codes to the one form in which they are compared; `lines` does so for streets.

Rules:
 * Case, accents, punctuation and spaces do not say who somebody is; letters, digits and their order do.
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


def tin(column: str) -> str:
    """The nine digits of a taxpayer number; missing if it is not nine digits and dashes."""
    digits = f"replace({column}, '-', '')"
    return f"CASE WHEN regexp_full_match({digits}, '[0-9]{{9}}') THEN {digits} END"


def zip5(column: str) -> str:
    """The first five digits of a ZIP code of five or nine; missing if it is neither."""
    # One expression of one column: the engine works it out once for each word of a dictionary.
    return f"nullif(regexp_extract({column}, '^([0-9]{{5}})(-?[0-9]{{4}})?$', 1), '')"


def town(city: str, state: str) -> str:
    """City and state as one text; missing if either is. It stands in where a ZIP code is missing."""
    return f"({words(city)}) || ', ' || ({words(state)})"


def ends(column: str) -> str:
    """The first and the last letter of each word in `column` (a result of `words`) as bits, 0 if missing.

    Of more than two words the first, the second and the last count. Two letters may share a bit; equal ones at the
    same end always do, which is all that finding candidates needs.
    """
    several = " | ".join(_ends_of_word(f"string_split({column}, ' ')[{place}]") for place in (1, 2, -1))
    return f"CASE WHEN contains({column}, ' ') THEN {several} ELSE {_ends_of_word(column)} END"


def _ends_of_word(word: str) -> str:
    return letters(f"substring({word}, 1, 1)", f"substring({word}, -1, 1)")


def letters(first: str, last: str) -> str:
    """Two letters, that begin and end a word, as `ends` has them."""
    one = "CAST(1 AS BIGINT)"
    return f"coalesce(({one} << (unicode({first}) % 31)) | ({one} << (31 + unicode({last}) % 31)), 0)"


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
