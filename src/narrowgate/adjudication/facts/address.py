"""Decide whether the address supplied could be an address, and of which class.

Rules:
 * Every address has exactly one class, whatever stands in its fields; only the five postal classes name a place.
 * A postal class needs a line with a number, a city, a state and a ZIP code that lies in the state: none is inferred
   from another, and none may be a placeholder.
 * The class says what is most telling: nothing at all, then nothing meant, then what the line lacks, then the rest.
 * Ordinary addresses are recognised as written; only the others are taken apart. Both ways give the same class.
"""

from __future__ import annotations

from narrowgate.adjudication.facts import address_words as words
from narrowgate.adjudication.facts.address_places import ONE_DIGIT_ZIPS, STATE, STATE_AND_ZIP, ZIP, ZIP_DIGITS
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

_COLUMNS = ("street", "unit", "city", "state", "zip")
_LETTERS = r"\pL\pL"
_CITY_AND_STATE = rf"^[^0-9]*,\s*[A-Za-z]{{2}}\.?(?:\s+{ZIP_DIGITS})?$"
_ZIP_ALONE = r"^(?:[a-z]{2} )?\d{5}(?: ?\d{4})?$"
_ZIP_TOKEN = r"(?:^|\D)(?:\d{5}|\d{9})(?:\D|$)"


def prepared(relation: str) -> str:
    """`relation` with the columns that `columns` reads, all named `a_...`; an ordinary address is left as it is."""
    ordinary = f"""a_zip_in_state
        AND {_has("concat(street, '|', city)", words.ORDINARY_STREET)}
        AND NOT {_has("concat_ws(' ', street, unit, city)", words.SUSPECT)}"""
    return taken_apart(f"(SELECT *, {ordinary} AS a_ordinary FROM {_placed(relation)})")


def prepared_in_full(relation: str) -> str:
    """The same with every address taken apart: the longer way to the same classes."""
    return taken_apart(f"(SELECT *, FALSE AS a_ordinary FROM {_placed(relation)})")


def _placed(relation: str) -> str:
    one_digit = ", ".join(text_literal(zip_code) for zip_code in ONE_DIGIT_ZIPS)
    return f"""(SELECT *, coalesce({_has("concat(state, zip)", STATE_AND_ZIP)} AND left(zip, 5) NOT IN ({one_digit}), FALSE)
        AS a_zip_in_state FROM {relation})"""


def taken_apart(relation: str) -> str:
    """Words of each field, then the line without its units, then its form."""
    plain = ", ".join(
        f"CASE WHEN a_ordinary THEN NULL ELSE {_plain(name)} END AS a_{name}" for name in _COLUMNS
    )
    fields = f"(SELECT *, {plain} FROM {relation})"
    lines = f"""(SELECT *, CASE WHEN a_street <> '' THEN a_street ELSE a_unit END AS a_line,
        CASE WHEN a_unit = '' THEN a_street ELSE trim(a_street || ' ' || a_unit) END AS a_both,
        {_without_units("a_street")} AS a_street_only, {_without_units("a_unit")} AS a_unit_only
        FROM {fields})"""
    return f"(SELECT *, CASE WHEN a_ordinary THEN NULL ELSE {_form()} END AS a_form FROM {lines})"


def columns() -> dict[str, str]:
    """Each fact of the address as SQL over a prepared relation; none is ever NULL."""
    return {
        "address_class": _class(),
        "address_present": "(a_ordinary OR concat(street, unit, city, state, zip) <> '')",
        "address_has_zip_token": (
            "(a_zip_in_state OR "
            + _has("concat_ws('|', street, unit, city, state, zip)", _ZIP_TOKEN)
            + ")"
        ),
    }


def _has(text: str, pattern: str) -> str:
    return f"regexp_matches({text}, {text_literal(pattern)})"


def _plain(name: str) -> str:
    """Lower case without accents, one space where anything but letters and numbers stood."""
    return rf"trim(regexp_replace(lower(strip_accents(coalesce({name}, ''))), '[^\pL\pN]+', ' ', 'g'))"


def _without_units(text: str) -> str:
    return f"trim(regexp_replace({text}, {text_literal(' ?' + words.UNIT_PHRASE)}, '', 'g'))"


def _is_street(line: str) -> str:
    """Whether a line has a house number and the name of a street."""
    numbered = f"""{_has(line, words.HOUSE_NUMBER)} AND NOT {_has(line, words.NOT_A_NUMBER)}
        AND (NOT {_has(line, words.NUMBER_ONLY)} OR {_has(line, words.NAMED_BY_FEW)})"""
    further_on = f"{_has(line, words.ANYWHERE)} AND NOT {_has(line, words.NOT_ANYWHERE)}"
    return f"(({numbered}) OR {_has(line, words.SPANISH)} OR ({further_on} AND NOT {_has(line, words.HOUSE_NUMBER)}))"


def _is_street_beside_facility(line: str) -> str:
    """Whether a line names a street besides a facility: a number before the facility's own name is none."""
    spelled_out = f"({_has(line, words.ANYWHERE)} AND NOT {_has(line, words.NOT_ANYWHERE)})"
    return f"({spelled_out} OR (NOT {_has(line, words.FACILITY)} AND {_is_street(line)}))"


def _form() -> str:
    """The postal class that the line alone would allow; NULL if none."""
    facility = _has("concat_ws(' ', a_street, a_unit, a_city)", words.FACILITY)
    return f"""CASE
        WHEN {facility} THEN CASE
            WHEN {_is_street_beside_facility("a_street_only")} OR {_is_street_beside_facility("a_unit_only")}
            THEN 'facility_with_location' ELSE 'facility_without_location' END
        WHEN a_both = '' OR {_has("a_both", words.GENERAL_DELIVERY)} THEN NULL
        WHEN {_has("a_both", words.MILITARY_BOX)} THEN 'military'
        WHEN {_has("a_both", words.ROUTE_BOX)} THEN 'rural_route'
        WHEN {_has("a_both", "^" + words.PO_BOX)} THEN 'po_box'
        WHEN {_is_street("a_street_only")} THEN 'street'
        WHEN {_is_street("a_unit_only")} THEN 'street'
        WHEN {_has("a_both", "(?:^| )" + words.PO_BOX)} THEN 'po_box'
        END"""


def _is_nothing(text: str, raw: str) -> str:
    """Whether a field stands in for a value: words to that effect, or marks without a letter or a digit."""
    return f"({_has(text, words.NOTHING)} OR ({text} = '' AND {raw} <> ''))"


def _class() -> str:
    line_is_place = f"""(a_line IN (a_city, a_zip, a_city || ' ' || a_state, a_city || ' ' || a_zip, a_zip || ' ' || a_city,
        a_city || ' ' || a_state || ' ' || a_zip) AND a_city <> ''
        OR {_has("coalesce(street, unit)", _CITY_AND_STATE)} AND a_city = '')"""
    line_is_zip = f"(a_city = '' AND {_has('a_line', _ZIP_ALONE)})"
    military_city = _has("a_city", words.MILITARY_CITY)
    whole_place = f"{_has('a_city', _LETTERS)} AND {_has('state', STATE)} AND {_has('zip', ZIP)}"
    return f"""CASE
        WHEN a_ordinary THEN 'street'
        WHEN concat(street, unit, city, state, zip) = '' THEN 'missing'
        WHEN {_is_nothing("a_street", "street")} OR (a_street = '' AND {_is_nothing("a_unit", "unit")})
            OR {_is_nothing("a_city", "city")} OR {_is_nothing("a_state", "state")} OR {_is_nothing("a_zip", "zip")}
            THEN 'placeholder'
        WHEN a_form = 'facility_without_location' THEN a_form
        WHEN a_line = '' THEN CASE WHEN {_has("a_city", _LETTERS)} THEN 'city_only'
            WHEN {_has("a_zip", "^[0-9]{5}")} OR {_has("a_city", "^[0-9]{5}$")} THEN 'zip_only' ELSE 'incomplete' END
        WHEN {line_is_zip} THEN 'zip_only'
        WHEN {line_is_place} THEN 'city_only'
        WHEN a_form IS NULL THEN {_lack()}
        WHEN NOT coalesce({whole_place}, FALSE) THEN 'incomplete'
        WHEN NOT a_zip_in_state THEN 'zip_state_disagree'
        WHEN (a_form = 'military') <> ({military_city} AND a_state IN ('aa', 'ae', 'ap')) THEN 'incomplete'
        WHEN ({military_city} OR a_state IN ('aa', 'ae', 'ap')) AND a_form <> 'military' THEN 'incomplete'
        ELSE a_form END"""


def _lack() -> str:
    """What a line that is of no postal form lacks."""
    boxes = (words.ONLY_A_NAME, words.PO_BOX_NAMED, words.ROUTE_NAMED)
    handed_over = " OR ".join(_has("a_both", pattern) for pattern in boxes)
    bare = "CASE WHEN a_street_only <> '' THEN a_street_only ELSE a_unit_only END"
    return f"""CASE
        WHEN {handed_over} OR {bare} = '' THEN 'incomplete'
        WHEN {_has(bare, words.NOT_A_NUMBER)} THEN 'no_house_number'
        WHEN {_has(bare, words.HOUSE_NUMBER)} OR {_has(bare, r"^[0-9 ]+$")} THEN 'no_street_name'
        ELSE 'no_house_number' END"""
