"""Bring numbers and places to the form in which they are compared, and say by which keys a record can be asked for.

Rules:
 * A key is read off a record as it is written, at the price of a few operations: it is worked out for everybody.
 * What two forms have in common their keys have in common. A key may find more people than it should, never fewer.
 * Missing is never a key.
"""

from __future__ import annotations

from narrowgate.forms.names import capitals, words

FIRST_NUMBER = "coalesce(nullif(regexp_extract(street, '^[0-9]+'), ''), regexp_extract(street, '[0-9]+'))"
"""The first digits in a street, '' if it has none. Looking at its beginning is cheap, and nearly always enough."""


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

    Two letters may share a bit; equal ones at the same end always do, which is all that finding candidates needs.
    """
    each = f"list_transform(string_split({column}, ' '), lambda word: {_ends_of_word('word')})"
    return f"CASE WHEN contains({column}, ' ') THEN list_aggregate({each}, 'bit_or') ELSE {_ends_of_word(column)} END"


def ends_as_written(column: str) -> str:
    """The same of a name as it is written; right if it is of one plain word (`one_word`)."""
    return _letters(f"upper(substring({column}, 1, 1))", f"upper(substring({column}, -1, 1))")


def one_word(column: str) -> str:
    """Whether a name is of nothing but plain letters, so that its capitals are its form."""
    # An extract is worked out once for each word of a dictionary, a match for every row.
    return f"(regexp_extract({column}, '[^A-Za-z]') = '' AND {column} <> '')"


def beginning(column: str) -> str:
    """The first two letters of a name, as in its form without spaces."""
    return _first_letters(column, 2)


def initial(column: str) -> str:
    """The first letter of a name, as in its form."""
    return _first_letters(column, 1)


def _first_letters(column: str, count: int) -> str:
    """The first letters of a name in its form, at little cost where it is one plain word."""
    letters = f"regexp_replace({column}, '[^\\p{{L}}\\p{{N}}\\p{{M}}]+', '', 'g')"
    marked = f"left({capitals(f'left_grapheme({letters}, {count})')}, {count})"
    return f"CASE WHEN {one_word(column)} THEN upper(substring({column}, 1, {count})) ELSE {marked} END"


def _ends_of_word(word: str) -> str:
    return _letters(f"substring({word}, 1, 1)", f"substring({word}, -1, 1)")


def _letters(first: str, last: str) -> str:
    """Two letters, that begin and end a word, as `ends` has them."""
    one = "CAST(1 AS BIGINT)"
    # Nothing has no first letter: of an empty text the engine says -1.
    first, last = f"unicode(nullif({first}, ''))", f"unicode(nullif({last}, ''))"
    return f"coalesce(({one} << ({first} % 31)) | ({one} << (31 + {last} % 31)), 0)"
