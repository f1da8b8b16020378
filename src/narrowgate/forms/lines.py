"""Bring streets and units to the one form in which they are compared.

Rules:
 * The street and the unit are told apart wherever the unit is written; either may be missing.
 * Each word is brought to the form that `postal` gives it, by its place: `NORTH MAIN STREET` is `N MAIN ST`,
   but `NORTH STREET` is not `N STREET`, which is another street.
 * Two different addresses may never come to one form; two spellings of one address may come to two.
"""

from __future__ import annotations

from narrowgate.engine.literal import text_literal
from narrowgate.forms.names import capitals
from narrowgate.forms.postal import DIRECTIONALS, SUFFIXES, UNIT_MARKS, UNITS, WORDS

_STREET_WORDS = 7
"""So many words of a street are looked up; what stands behind them stays as it is written."""
_UNIT_WORDS = 4
_MARKED = ", ".join(text_literal(mark) for mark in UNIT_MARKS)
_BEHIND = text_literal(
    # At least a number and a word, then a mark, then what numbers a unit: so `123 OLD LOT RD` has none.
    f"^\\S+ \\S.*? ((?:{'|'.join(UNIT_MARKS)}) (?:[A-Z]{{0,2}}[0-9]\\S*|[A-Z])(?: .{{1,12}})?)$"
)


_PLACE = "[0-9][0-9_]* [A-Z0-9].*|(?:P ?O ?|POST OFFICE )?BOX [0-9#].*"
"""How an address begins that stands behind a name: a house number and a word, or a box."""


def look_up_tables() -> tuple[str, ...]:
    """Statements that make the two small tables in which `with_line` looks words up."""
    street = [(form, short, "suffix") for form, short in SUFFIXES.items()]
    street += [(form, short, "word") for form, short in WORDS.items()]
    street += [(form, short, "direction") for form, short in DIRECTIONALS.items()]
    street += [(short, short, "direction") for short in DIRECTIONALS.values()]
    unit = [(form, short, "unit") for form, short in UNITS.items()]
    return tuple(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM (VALUES "
        + ", ".join(f"({', '.join(text_literal(value) for value in row)})" for row in rows)
        + ") AS v(written, short, kind)"
        for name, rows in (("street_word", street), ("unit_word", unit))
    )


def with_line(source: str, keep: str) -> str:
    """Add to the columns `keep` of `source` its street and unit in their forms: line, unit, number.

    `line` is the street without a unit, `number` the house number that it begins with, if it does.
    """
    clean = f"SELECT {keep}, {_clean('street')} AS street_words, {_clean('unit')} AS unit_words FROM {source}"
    boxes = f"SELECT {keep}, {_boxes('street_words')} AS street_words, unit_words FROM ({clean})"
    parted = f"""
        SELECT {keep}, s, street_words, unit_words,
            CASE WHEN s[-2] IN ({_MARKED}) OR s[-3] IN ({_MARKED}) OR s[-4] IN ({_MARKED})
                 THEN nullif(regexp_extract(street_words, {_BEHIND}, 1), '') END AS behind
        FROM (SELECT *, string_split(street_words, ' ') AS s FROM ({boxes}))"""
    listed = f"""
        SELECT {keep},
            CASE WHEN behind IS NULL THEN s
                 ELSE string_split(left(street_words, -1 - length(behind)), ' ') END AS w,
            string_split(CASE WHEN behind IS NULL OR behind = unit_words THEN unit_words
                WHEN unit_words IS NULL OR suffix(behind, ' ' || unit_words) THEN behind
                ELSE behind || ' ' || unit_words END, ' ') AS u
        FROM ({parted})"""
    # One column per word, below the joins: above them it would be worked out anew wherever it is used.
    placed = f"""
        SELECT {keep}, len(w) AS w_count, {_places("w", _STREET_WORDS)}, {_places("u", _UNIT_WORDS)}
        FROM ({listed})"""
    return f"""
    SELECT {keep}, {_line()} AS line, {_unit()} AS unit,
           CASE WHEN left(w_1, 1) BETWEEN '0' AND '9' THEN w_1 END AS number
    FROM ({placed})
    {_joins("street_word", "w", range(2, _STREET_WORDS + 1))}
    {_joins("unit_word", "u", range(1, _UNIT_WORDS + 1))}"""


def _clean(column: str) -> str:
    """Capitals, `#` a word of its own, a hyphen (as `_`) only inside a house number, no other punctuation."""
    hyphened = f"replace(regexp_replace({capitals(column)}, '^ *([0-9]+) ?- ?([0-9]+)', '\\1_\\2'), '-', ' ')"
    marked = f"replace(regexp_replace({hyphened}, '[''’‘ʼ`´.]', '', 'g'), '#', ' # ')"
    return f"""CASE WHEN regexp_full_match({column}, '[A-Za-z0-9]+( [A-Za-z0-9]+)*') THEN upper({column})
        ELSE nullif(trim(regexp_replace({marked}, '[^\\p{{L}}\\p{{N}}#/_]+', ' ', 'g')), '') END"""


def _boxes(street: str) -> str:
    """What begins with a word, in its standard form: boxes of post offices, rural and military; care-of falls away.

    Who takes the mail in is no part of where it goes; whether an address is a person's own is asked of what is written
    (`matching.kind`).
    """
    number = "(?:# |NO |NUMBER )?"
    inner = street
    for written, standard in (
        (f"^(?:C/O|C O|CARE OF|ATTN|ATTENTION) .*?({_PLACE})", "\\1"),
        (f"^(?:P ?O ?|POST OFFICE )?BOX ?{number}([0-9])", "PO BOX \\1"),
        (f"^(?:R ?R|R ?F ?D|RURAL (?:ROUTE|RTE|RT)) ?{number}([0-9]+)", "RR \\1"),
        (f"^(?:H ?C|HIGHWAY CONTRACT(?: ROUTE)?|STAR ROUTE) ?{number}([0-9]+)", "HC \\1"),
        (f"^(RR|HC|PSC|CMR|UNIT) ([0-9]+) BOX ?{number}([0-9])", "\\1 \\2 BOX \\3"),
    ):
        inner = f"regexp_replace({inner}, {text_literal(written)}, {text_literal(standard)})"
    return f"CASE WHEN left({street}, 1) BETWEEN '0' AND '9' THEN {street} ELSE {inner} END"


def _places(list_: str, count: int) -> str:
    """The words of a list in columns of their own, `w_1` and so on, and what is left in `w_rest`."""
    columns = [f"{list_}[{place}] AS {list_}_{place}" for place in range(1, count + 1)]
    columns.append(f"nullif(array_to_string({list_}[{count + 1}:], ' '), '') AS {list_}_rest")
    return ", ".join(columns)


def _joins(table: str, list_: str, places: range) -> str:
    return "\n    ".join(
        f"LEFT JOIN {table} AS {list_}{place} ON {list_}{place}.written = {list_}_{place}" for place in places
    )


def _line() -> str:
    """The words of the street, each in its standard form; a direction only where it is no street's name."""
    second = """CASE WHEN w2.kind = 'direction' AND w3.kind = 'suffix'
                      AND (w_count = 3 OR coalesce(w4.kind, '') = 'direction')
        THEN w_2 ELSE coalesce(w2.short, w_2) END"""
    others = [
        f"CASE WHEN w{place}.kind = 'direction' AND (w_count <> {place} OR w_count < 4) THEN w_{place} "
        f"ELSE coalesce(w{place}.short, w_{place}) END"
        for place in range(3, _STREET_WORDS + 1)
    ]
    return f"nullif(concat_ws(' ', w_1, {second}, {', '.join(others)}, w_rest), '')"


def _unit() -> str:
    """The words of the unit. `4 B` is `4B`, but `BLDG 3 APT 4` is not `BLDG 34`."""
    places = [f"nullif(coalesce(u{place}.short, u_{place}), '')" for place in range(1, _UNIT_WORDS + 1)]
    spaced = f"nullif(concat_ws(' ', {', '.join(places)}, u_rest), '')"
    return f"regexp_replace({spaced}, '^(?:([0-9]+) ([A-Z])|([A-Z]) ([0-9]+))$', '\\1\\2\\3\\4')"
