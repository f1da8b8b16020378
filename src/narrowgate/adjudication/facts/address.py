"""Classify the address of a request by what stands in its fields: a place that mail can be delivered to, or
what else.

Rules:
 * Nothing is inferred. A postal class needs a street or box, a city, a state and a ZIP code that lies in the
   state.
 * What nobody lives at comes first: a placeholder is one in whatever field it stands, beside however good a
   ZIP code.
 * A place of detention is no address until a numbered building on a street is given; its post-office box is
   none.
 * Most addresses are plainly written and need few patterns; only the others are tidied and read closely. The
   close reading gives a plain address the same class (tested).
"""

from __future__ import annotations

import duckdb

from narrowgate.adjudication.facts import address_forms as forms
from narrowgate.adjudication.facts import address_plain as plain_forms
from narrowgate.adjudication.facts import address_words as words
from narrowgate.adjudication.facts.address_places import (
    ONE_DIGIT_ZIPS,
    STATE,
    STATE_AND_ZIP,
    STATES,
    ZIP,
    ZIP_DIGITS,
)
from narrowgate.engine.literal import text_literal
from narrowgate.terms.fact import Fact, Reads, Type

POSTAL = ("street", "po_box", "rural_route", "military", "facility_with_location")
NOT_POSTAL = (
    "missing",
    "placeholder",
    "zip_only",
    "city_only",
    "facility_without_location",
    "no_house_number",
    "no_street_name",
    "incomplete",
    "zip_state_disagree",
)
FACTS: tuple[Fact, ...] = (
    Fact(
        "address_class",
        Type.TEXT,
        Reads.REQUEST,
        "What the supplied address is: a postal class, or what it lacks.",
        values=(*POSTAL, *NOT_POSTAL),
    ),
    Fact("address_present", Type.BOOLEAN, Reads.REQUEST, "Whether any field of the address has text."),
    Fact(
        "address_has_zip_token",
        Type.BOOLEAN,
        Reads.REQUEST,
        "Whether any field of the address holds a run of five or nine digits, whatever it means.",
    ),
)

FOREIGN = r"[^\p{Latin}\p{Common}\p{Inherited}]"
"""Letters of another script; a United States postal address is written in Latin ones."""
BARE_ZIP = rf"(?:[A-Z]{{2}} )?{ZIP_DIGITS}"
CITY_AND_STATE = rf"[A-Z -]+ (?:{'|'.join(STATES)})(?: {ZIP_DIGITS})?"
MILITARY_STATES = ("AA", "AE", "AP")
REPEATED_BUT_REAL = ("22222VA", "44444OH", "55555MN")
"""ZIP codes of one digit throughout that are delivered to: Arlington, Newton Falls, Young America."""
_FIELDS = {"street": "s0", "unit": "u0", "city": "c0", "state": "st", "zip": "z"}


def prepare(session: duckdb.DuckDBPyConnection, request: str, *, all_closely: bool = False) -> str:
    """Derive the facts; returns the temporary table (row_no, a column per fact).

    `all_closely` reads the plain addresses closely as well: the longer way to the same classes.
    """
    session.execute(f"CREATE OR REPLACE TEMP TABLE address_seen AS {_seen(request, all_closely=all_closely)}")
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE address_fact AS
        WITH {_read_closely("(SELECT * FROM address_seen WHERE NOT plain)")}
        SELECT row_no, address_present, address_has_zip_token,
            coalesce(address_class, 'street') AS address_class
        FROM address_seen LEFT JOIN (SELECT row_no, {_class()} AS address_class FROM placed) USING (row_no)
        """
    )
    session.execute("DROP TABLE address_seen")
    return "address_fact"


def _seen(request: str, *, all_closely: bool) -> str:
    """What needs no close reading, and the fields of those addresses that do."""
    line = "concat(street, '|', unit, '|', city)"
    military = f"upper(state) IN ({_texts(MILITARY_STATES)})"
    plain = f"""CASE WHEN NOT agrees OR {_one_digit("zip")} OR {military} THEN FALSE
        WHEN NOT {_has(line, plain_forms.PLAIN)} THEN FALSE
        ELSE NOT {_has(line, plain_forms.SUSPECT)} END"""
    token = _has("concat_ws('|', street, unit, city, state, zip)", "(?:^|[^0-9])(?:[0-9]{5}|[0-9]{9})(?:[^0-9]|$)")
    agrees = f"coalesce({_has('concat(state, zip)', STATE_AND_ZIP)}, FALSE)"
    fields = ", ".join(f"CASE WHEN NOT plain THEN {column} END AS {column}" for column in _FIELDS)
    return f"""
        SELECT row_no, agrees, plain,
            agrees OR concat(street, unit, city, state, zip) <> '' AS address_present,
            CASE WHEN agrees THEN TRUE ELSE {token} END AS address_has_zip_token, {fields}
        FROM (SELECT row_no, {", ".join(_FIELDS)}, agrees, {"FALSE" if all_closely else plain} AS plain
            FROM (SELECT row_no, {", ".join(_FIELDS)}, {agrees} AS agrees FROM {request}))"""


def _read_closely(relation: str) -> str:
    """Common tables over `relation` that end in `placed`: the fields tidied, and where they say it is.

    Materialized, because the engine writes a projection out anew wherever the next one names it.
    """
    layers = {
        "tidied": {short: tidied(column) for column, short in _FIELDS.items()},
        # A ZIP code or city once more in the street is no street; a unit that says that there is none is no
        # unit.
        "settled": {
            "s": "CASE WHEN s0 <> '' AND s0 IN (c0, z) THEN '' ELSE s0 END",
            "u": f"CASE WHEN u0 <> '' AND {_has('u0', words.FILLER)} THEN '' ELSE u0 END",
            "c": "CASE WHEN c0 <> '' AND c0 = z THEN '' ELSE c0 END",
        },
        "joined": {"w": _joined("s", "u", "c"), "b": _joined("s", "u")},
        "numbered": {"at_s": _address_in("s"), "at_u": _address_in("u")},
        "placed": {"place_s": _place("at_s"), "place_u": _place("at_u"), "facility": _is_facility()},
    }
    tables = []
    for name, columns in layers.items():
        listed = ", ".join(f"{sql} AS {column}" for column, sql in columns.items())
        tables.append(f"{name} AS MATERIALIZED (SELECT *, {listed} FROM {relation})")
        relation = name
    return ", ".join(tables)


def _class() -> str:
    """The class of an address that is read closely. The order of the branches is the order of the rules."""
    on_street = "(place_s = 'street' OR place_u = 'street')"
    line = "concat(street, unit, city)"
    foreign = f"(strlen({line}) > length({line}) AND {_has(line, FOREIGN)})"
    filled = " OR ".join(_has(field, words.FILLER) for field in ("s", "c", "st"))
    idle_zip = f"""({_one_digit("z")} AND left(z, 5) || st NOT IN ({_texts(REPEATED_BUT_REAL)})
        OR NOT {_whole("z", ZIP_DIGITS)} AND {_has("z", words.FILLER)})"""
    return f"""CASE
        WHEN NOT address_present THEN 'missing'
        WHEN {_has(_joined("w", "st", "z"), words.PLACEHOLDER)} THEN 'placeholder'
        WHEN {filled} THEN 'placeholder'
        WHEN z <> '' AND {idle_zip} THEN 'placeholder'
        WHEN w = '' AND st = '' AND z = '' AND NOT {foreign} THEN 'placeholder'
        WHEN NOT {on_street} AND {_has("w", words.HOMELESS)} THEN 'placeholder'
        WHEN (w = '' AND z <> '') OR {_whole("w", BARE_ZIP)} THEN 'zip_only'
        WHEN (b = '' AND c <> '') OR (c = '' AND u = '' AND {_whole("s", CITY_AND_STATE)}) THEN 'city_only'
        WHEN facility AND NOT {on_street} THEN 'facility_without_location'
        WHEN {foreign} OR {_has("w", words.GENERAL_DELIVERY)} THEN 'incomplete'
        ELSE {_postal(on_street)} END"""


def _postal(on_street: str) -> str:
    """Where street and unit say the address is. A defect of theirs comes before one of the other fields."""
    whole = f"({_has('c', '[A-Z]{2}')} AND {_has('state', STATE)} AND {_has('zip', ZIP)})"

    def if_whole(name: str) -> str:
        return (
            f"CASE WHEN coalesce(NOT {whole}, TRUE) THEN 'incomplete' "
            f"WHEN NOT agrees THEN 'zip_state_disagree' ELSE {name} END"
        )

    military_state, military_city = f"(st IN ({_texts(MILITARY_STATES)}))", _has("c", forms.MILITARY_CITY)
    return f"""CASE
        WHEN {military_state} AND NOT {military_city} THEN 'incomplete'
        WHEN {military_city} AND NOT {_has("b", forms.MILITARY)} THEN 'incomplete'
        WHEN {military_city} THEN {if_whole("'military'")}
        WHEN {_has("b", forms.ROUTE)} THEN {if_whole("'rural_route'")}
        WHEN {on_street} THEN {if_whole("CASE WHEN facility THEN 'facility_with_location' ELSE 'street' END")}
        WHEN {_has("b", forms.BOX)} THEN {if_whole("'po_box'")}
        WHEN {_has("b", forms.BOX_WITHOUT_NUMBER)} OR {_has("b", forms.ROUTE_WITHOUT_BOX)} THEN 'incomplete'
        WHEN s = '' OR {_has("b", words.CARE_OF)} THEN 'incomplete'
        ELSE place_s END"""


def _address_in(field: str) -> str:
    """The part of a field that begins with its house number: all, or what follows a unit, a name or c/o."""
    bare = f"regexp_replace({field}, {text_literal(forms.LEADING_UNIT)}, '')"
    inner = f"regexp_extract({bare}, {text_literal(forms.INNER)}, 1)"
    return f"""CASE WHEN {field} = '' OR {_has(field, forms.HOUSE_NUMBER)} THEN {field}
        WHEN {_has(bare, forms.HOUSE_NUMBER)} THEN {bare}
        WHEN NOT {_has(field, "[0-9] ")} OR {_has(field, words.VAGUE)} THEN {field}
        WHEN {_has(field, forms.INNER_NOT)} THEN {field}
        WHEN {inner} <> '' THEN {inner} ELSE {field} END"""


def _place(field: str) -> str:
    """Whether `field` is a street address; if not, what it lacks."""
    rest = f"regexp_replace({field}, {text_literal(forms.HOUSE_NUMBER)}, '')"
    spanish = f"regexp_replace({field}, {text_literal(forms.UNITS)}, '', 'g')"
    return f"""CASE WHEN {field} = '' THEN ''
        WHEN {_has(field, words.VAGUE)} THEN 'no_house_number'
        WHEN NOT {_has(field, forms.HOUSE_NUMBER)} THEN CASE
            WHEN {_has(field, forms.NUMBER_ALONE)} THEN 'no_street_name'
            WHEN NOT {_has(field, "[0-9]")} THEN 'no_house_number'
            WHEN {_has(spanish, forms.SPANISH)} OR {_has(field, forms.KILOMETRE)} THEN 'street'
            WHEN st = 'PR' AND {_has("b", forms.PUERTO_RICO)} THEN 'street' ELSE 'no_house_number' END
        WHEN {_has(field, forms.ZERO)} OR {_has(rest, forms.NO_NUMBER)} THEN 'no_house_number'
        WHEN {_has(rest, forms.NO_NAME)} OR {_has(rest, "^" + forms.BOX)} THEN 'no_street_name'
        ELSE 'street' END"""


def _is_facility() -> str:
    """Whether a place of detention is named; a street may be named after one."""
    held = f"regexp_replace(w, {text_literal(words.NAMED_AFTER)}, '', 'g')"
    return f"CASE WHEN {_has('w', words.FACILITY)} THEN {_has(held, words.FACILITY)} ELSE FALSE END"


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
        WHEN {_has(column, "^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$")} THEN upper({column})
        WHEN {_has(plain, "[A-Z0-9]")} THEN {plain} ELSE '' END"""


def _joined(*fields: str) -> str:
    """Tidied fields as one text, those that say nothing left out."""
    said = ", ".join(f"nullif({field}, '')" for field in fields)
    return f"concat_ws(' ', {said})"


def _one_digit(column: str) -> str:
    return f"left({column}, 5) IN ({_texts(ONE_DIGIT_ZIPS)})"


def _texts(values: tuple[str, ...]) -> str:
    return ", ".join(text_literal(value) for value in values)


def _has(text: str, pattern: str) -> str:
    return f"regexp_matches({text}, {text_literal(pattern)})"


def _whole(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {text_literal(pattern)})"
