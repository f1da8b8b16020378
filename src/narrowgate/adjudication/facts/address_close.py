"""Read an address closely: what its fields say when they are tidied, and the class that follows.

Rules:
 * What nobody lives at comes first, then what stands in place of an address, then what the address lacks.
 * A street counts by what is known of it: a house number, and a way that is recognised by its kind or by its name.
   A bare word after a number may be a town, a name or a sentence, and is no street.
 * The city, state or ZIP code written once more at the end of the street adds nothing and is taken off first.
 * A class is postal only if the city is a city's name and state and ZIP code agree; a field that tells about
   somebody makes none.
"""

from __future__ import annotations

from narrowgate.adjudication.facts import address_forms as forms
from narrowgate.adjudication.facts import address_told as told
from narrowgate.adjudication.facts import address_words as words
from narrowgate.adjudication.facts.address_places import ONE_DIGIT_ZIPS, STATE, STATES, ZIP, ZIP_DIGITS
from narrowgate.adjudication.facts.address_text import has, joined, texts, tidied, whole, without_place
from narrowgate.engine.literal import text_literal

FIELDS = {"street": "s0", "unit": "u0", "city": "c0", "state": "st", "zip": "z"}
MILITARY_STATES = ("AA", "AE", "AP")

FOREIGN = r"[^\p{Latin}\p{Common}\p{Inherited}]"
"""Letters of another script; a United States postal address is written in Latin ones."""
BARE_ZIP = rf"(?:[A-Z]{{2}} )?{ZIP_DIGITS}"
CITY_AND_STATE = rf"[A-Z -]+ (?:{'|'.join(STATES)})(?: {ZIP_DIGITS})?"
REPEATED_BUT_REAL = ("22222VA", "44444OH", "55555MN")
"""ZIP codes of one digit throughout that are delivered to: Arlington, Newton Falls, Young America."""


def one_digit(column: str) -> str:
    """Whether a ZIP code is of one digit throughout."""
    return has(column, f"^(?:{'|'.join(ONE_DIGIT_ZIPS)})")


def layers(relation: str) -> str:
    """Common tables over `relation` that end in `placed`: the fields tidied, and where they say it is.

    Materialized, because the engine writes a projection out anew wherever the next one names it.
    """
    columns_of = {
        "tidied": {short: tidied(column) for column, short in FIELDS.items()},
        # A state or ZIP code in the city is no city; a unit that says that there is none is no unit.
        "settled": {
            "s": without_place("s0", "c0", "st", "z"),
            "u": f"CASE WHEN u0 <> '' AND {has('u0', words.NO_UNIT)} THEN '' ELSE u0 END",
            "c": "CASE WHEN c0 <> '' AND c0 IN (z, st) THEN '' ELSE c0 END",
        },
        "joined": {"w": joined("s", "u", "c"), "b": joined("s", "u"), "stc": "concat(st, ' ', c)"},
        "numbered": {
            "at_s": _address_in("s"),
            "at_u": _address_in("u"),
            "held": _is_facility(),
            "vague": has("b", told.VAGUE),
        },
        "parted": {"rest_s": _rest("at_s"), "rest_u": _rest("at_u")},
        "placed": {"place_s": _place("at_s", "rest_s"), "place_u": _place("at_u", "rest_u")},
    }
    tables = []
    for name, columns in columns_of.items():
        listed = ", ".join(f"{sql} AS {column}" for column, sql in columns.items())
        tables.append(f"{name} AS MATERIALIZED (SELECT *, {listed} FROM {relation})")
        relation = name
    return ", ".join(tables)


def address_class() -> str:
    """The class of an address that is read closely. The order of the branches is the order of the rules."""
    on_street = "(place_s = 'street' OR place_u = 'street')"
    line = "concat(street, unit, city)"
    foreign = f"(strlen({line}) > length({line}) AND {has(line, FOREIGN)})"
    filled = f"{has('s0', words.FILLER)} OR {has('u', words.FILLER_UNIT)} OR {has('st', words.FILLER)}"
    filled_city = f"({has('c0', words.FILLER)} AND NOT {has('stc', told.CITY_AFTER_ALL)})"
    named = " OR ".join(has(field, words.FILLER_FOR_NAME) for field in ("s", "u"))
    idle_zip = f"""({one_digit("z")} AND left(z, 5) || st NOT IN ({texts(REPEATED_BUT_REAL)})
        OR NOT {whole("z", ZIP_DIGITS)} AND {has("z", words.FILLER)})"""
    return f"""CASE
        WHEN NOT address_present THEN 'missing'
        WHEN {has(joined("w", "st", "z"), words.PLACEHOLDER)} THEN 'placeholder'
        WHEN {filled} OR {filled_city} OR {named} THEN 'placeholder'
        WHEN z <> '' AND {idle_zip} THEN 'placeholder'
        WHEN w = '' AND s0 = '' AND c0 = '' AND st = '' AND z = '' AND NOT {foreign} THEN 'placeholder'
        WHEN {has("c", words.HOMELESS)} OR NOT {on_street} AND {has("w", words.HOMELESS)} THEN 'placeholder'
        WHEN (w = '' AND z <> '') OR {whole("w", BARE_ZIP)} THEN 'zip_only'
        WHEN (b = '' AND c <> '') OR (c = '' AND u = '' AND {whole("s", CITY_AND_STATE)}) THEN 'city_only'
        WHEN held AND NOT {on_street} THEN 'facility_without_location'
        WHEN {foreign} OR {has("w", words.GENERAL_DELIVERY)} THEN 'incomplete'
        ELSE {_postal(on_street)} END"""


def _postal(on_street: str) -> str:
    """Where street and unit say the address is. A defect of theirs comes before one of the other fields."""
    city = f"""{has("c", "[A-Z]{2}")} AND NOT {has("c", words.FACILITY)} AND ({has("stc", told.CITY_AFTER_ALL)}
        OR NOT {has("stc", told.NO_CITY)} AND (c <> 'MEXICO' OR {has("stc", told.TOWNS_OF_MEXICO)}))"""
    complete = f"({city} AND {has('state', STATE)} AND {has('zip', ZIP)})"

    def if_whole(name: str) -> str:
        return (
            f"CASE WHEN coalesce(NOT {complete}, TRUE) THEN 'incomplete' "
            f"WHEN NOT agrees THEN 'zip_state_disagree' ELSE {name} END"
        )

    military_state, military_city = f"(st IN ({texts(MILITARY_STATES)}))", has("c", forms.MILITARY_CITY)
    return f"""CASE
        WHEN {military_state} AND NOT {military_city} THEN 'incomplete'
        WHEN {military_city} AND NOT {has("b", forms.MILITARY)} THEN 'incomplete'
        WHEN {military_city} THEN {if_whole(f"CASE WHEN {military_state} THEN 'military' ELSE 'incomplete' END")}
        WHEN vague THEN 'no_house_number'
        WHEN {has("b", forms.ROUTE)} THEN {if_whole("'rural_route'")}
        WHEN {on_street} THEN {if_whole("CASE WHEN held THEN 'facility_with_location' ELSE 'street' END")}
        WHEN {has("b", forms.NO_BOX)} THEN 'incomplete'
        WHEN {has("s", forms.BOX)} OR {has("u", forms.BOX)} THEN {if_whole("'po_box'")}
        WHEN {has("b", forms.BOX_WITHOUT_NUMBER)} OR {has("b", forms.ROUTE_WITHOUT_BOX)} THEN 'incomplete'
        WHEN s = '' OR {has("b", words.CARE_OF)} THEN 'incomplete'
        ELSE place_s END"""


def _address_in(field: str) -> str:
    """The part of a field that begins with its house number: all, or what follows a unit, a name or c/o."""
    bare = f"regexp_replace({field}, {text_literal(forms.LEADING_UNIT)}, '')"
    inner = f"regexp_extract({bare}, {text_literal(forms.INNER)}, 1)"
    return f"""CASE WHEN {field} = '' OR {has(field, forms.HOUSE_NUMBER)} THEN {field}
        WHEN {has(bare, forms.HOUSE_NUMBER)} THEN {bare}
        WHEN NOT {has(field, "[0-9] ")} OR {has(field, told.VAGUE)} THEN {field}
        WHEN {has(field, forms.INNER_NOT)} THEN {field}
        WHEN {inner} <> '' THEN {inner} ELSE {field} END"""


def _rest(field: str) -> str:
    """What follows the house number; missing where there is none."""
    number = text_literal(forms.HOUSE_NUMBER)
    return f"CASE WHEN regexp_matches({field}, {number}) THEN regexp_replace({field}, {number}, '') END"


def _place(field: str, rest: str) -> str:
    """Whether `field` is a street address; if not, what it lacks."""
    spanish = f"regexp_replace({field}, {text_literal(forms.UNITS)}, '', 'g')"
    # Without a city an address is incomplete, whatever follows the street.
    return f"""CASE WHEN {field} = '' THEN ''
        WHEN vague THEN 'no_house_number'
        WHEN {rest} IS NULL THEN CASE
            WHEN {has(field, forms.NUMBER_ALONE)} THEN 'no_street_name'
            WHEN NOT {has(field, "[0-9]")} THEN 'no_house_number'
            WHEN {has(spanish, forms.SPANISH)} AND NOT {has(spanish, forms.SPANISH_NOT)} THEN 'street'
            WHEN {has(field, forms.KILOMETRE)} THEN 'street'
            WHEN st = 'PR' AND {has("b", forms.PUERTO_RICO)} THEN 'street' ELSE 'no_house_number' END
        WHEN {has(field, forms.NO_HOUSE)} OR {has(rest, forms.NO_NUMBER)} THEN 'no_house_number'
        WHEN z <> '' AND starts_with({field}, concat(left(z, 5), ' ')) THEN 'no_house_number'
        WHEN {has(rest, forms.NO_NAME)} OR {has(rest, forms.BOX)} THEN 'no_street_name'
        WHEN (held OR c = '') AND {has(rest, forms.STREET_AND_MORE)} THEN 'street'
        WHEN st = 'PR' AND {has("b", forms.PUERTO_RICO)} THEN 'street'
        WHEN {has(rest, forms.STREET)} AND NOT {has(rest, told.ABROAD)} THEN 'street'
        ELSE 'no_street_name' END"""


def _is_facility() -> str:
    """Whether a place of detention is named; a street may be named after one."""
    held = f"regexp_replace(w, {text_literal(words.NAMED_AFTER)}, '', 'g')"
    return f"CASE WHEN {has('w', words.FACILITY)} THEN {has(held, words.FACILITY)} ELSE FALSE END"
