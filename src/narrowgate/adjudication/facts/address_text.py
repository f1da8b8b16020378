"""Text of an address in SQL: a field made tidy, and the questions asked of it.

Rules:
 * A tidied field is in capitals without accents, dots and commas, with single blanks; '' where it says nothing.
 * Patterns come from this package alone and are written as literals; text of a request only ever stands in columns.
"""

from __future__ import annotations

from narrowgate.engine.literal import text_literal


def tidied(column: str) -> str:
    """A field in capitals without accents, dots and commas, with single blanks; '' where it says nothing."""
    latin = (
        f"strip_accents(regexp_replace(regexp_replace(replace({column}, '½', ' 1/2'), '\\p{{Cf}}+', '', "
        f"'g'), "
        "'\\pZ+', ' ', 'g'))"
    )
    letters = f"upper(CASE WHEN strlen({column}) = length({column}) THEN {column} ELSE {latin} END)"
    joined = f"regexp_replace({letters}, '[.''\"`’]+', '', 'g')"
    plain = f"trim(regexp_replace({joined}, '[^A-Z0-9#/&%@-]+', ' ', 'g'))"
    # Most fields are letters, digits and single blanks already.
    return f"""CASE WHEN {column} IS NULL THEN ''
        WHEN {has(column, "^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$")} THEN upper({column})
        WHEN {has(plain, "[A-Z0-9]")} THEN {plain} ELSE '' END"""


def without_place(street: str, city: str, state: str, zip_code: str) -> str:
    """Tidied `street` without the city, the state and the ZIP code where they are written once more at its end.

    A ZIP code goes only with the city or the state: alone it may be the number of a box.
    """
    five = f"left({zip_code}, 5)"
    ends = [f"concat({city}, ' ', {state}, ' ', {code})" for code in (zip_code, five)]
    ends += [f"concat({state}, ' ', {code})" for code in (zip_code, five)]
    ends += [f"concat({city}, ' ', {code})" for code in (zip_code, five)]
    ends += [f"concat({city}, ' ', {state})", city]
    whens = " ".join(
        f"WHEN ends_with({street}, concat(' ', {end})) THEN left({street}, length({street}) - length({end}) - 1)"
        for end in ends
    )
    same = ", ".join((*ends, zip_code))
    return f"""CASE WHEN {street} = '' THEN '' WHEN {street} IN ({same}) THEN ''
        WHEN {city} = '' OR {state} = '' OR {zip_code} = '' THEN {street} {whens} ELSE {street} END"""


def joined(*fields: str) -> str:
    """Tidied fields as one text, those that say nothing left out."""
    said = ", ".join(f"nullif({field}, '')" for field in fields)
    return f"concat_ws(' ', {said})"


def has(text: str, pattern: str) -> str:
    """Whether `pattern` is found in `text`."""
    return f"regexp_matches({text}, {text_literal(pattern)})"


def whole(text: str, pattern: str) -> str:
    """Whether `pattern` is all of `text`."""
    return f"regexp_full_match({text}, {text_literal(pattern)})"


def texts(values: tuple[str, ...]) -> str:
    """A list of literals."""
    return ", ".join(text_literal(value) for value in values)
