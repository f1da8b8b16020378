"""Classify the address of a request by what stands in its fields: a place that mail can be delivered to, or
what else.

Rules:
 * Nothing is inferred. A postal class needs a street or box, a city, a state and a ZIP code that lies in the
   state; whatever is not clearly all of that is of another class.
 * What nobody lives at comes first: a placeholder is one in whatever field it stands, beside however good a
   ZIP code.
 * A place of detention is no address until a numbered building on a street is given; its post-office box is
   none.
 * Most addresses are plainly written and need few patterns; only the others are tidied and read closely. The
   close reading gives a plain address the same class (tested).
"""

from __future__ import annotations

import duckdb

from narrowgate.adjudication.facts import address_plain as plain_forms
from narrowgate.adjudication.facts.address_close import FIELDS, address_class, layers, one_digit
from narrowgate.adjudication.facts.address_places import STATE_AND_ZIP
from narrowgate.adjudication.facts.address_text import has
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


def prepare(session: duckdb.DuckDBPyConnection, request: str, *, all_closely: bool = False) -> str:
    """Derive the facts; returns the temporary table (row_no, a column per fact).

    `all_closely` reads the plain addresses closely as well: the longer way to the same classes.
    """
    session.execute(f"CREATE OR REPLACE TEMP TABLE address_seen AS {_seen(request, all_closely=all_closely)}")
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE address_fact AS
        WITH {layers("(SELECT * FROM address_seen WHERE plain IS NULL)")}
        SELECT row_no, address_present, address_has_zip_token, coalesce(plain, address_class) AS address_class
        FROM address_seen LEFT JOIN (SELECT row_no, {address_class()} AS address_class FROM placed) USING (row_no)
        """
    )
    session.execute("DROP TABLE address_seen")
    return "address_fact"


def _seen(request: str, *, all_closely: bool) -> str:
    """The class of what is plainly written, and the fields of all else."""
    line = "concat(street, '|', unit, '|', city, '|', state)"
    only_place = "concat('||', city, '|', state)"
    plain = f"""CASE WHEN NOT agrees OR {one_digit("zip")} THEN NULL
        WHEN {has(line, plain_forms.PLAIN)}
            THEN CASE WHEN starts_with(street, left(zip, 5)) OR {has(line, plain_forms.SUSPECT)} THEN NULL
                ELSE 'street' END
        WHEN {has(line, plain_forms.PLAIN_BOX)}
            THEN CASE WHEN {has(only_place, plain_forms.SUSPECT)} THEN NULL ELSE 'po_box' END END"""
    token = has("concat_ws('|', street, unit, city, state, zip)", "(?:^|[^0-9])(?:[0-9]{5}|[0-9]{9})(?:[^0-9]|$)")
    agrees = f"coalesce({has('concat(state, zip)', STATE_AND_ZIP)}, FALSE)"
    fields = ", ".join(f"CASE WHEN plain IS NULL THEN {column} END AS {column}" for column in FIELDS)
    return f"""
        SELECT row_no, agrees, plain,
            agrees OR concat(street, unit, city, state, zip) <> '' AS address_present,
            CASE WHEN agrees THEN TRUE ELSE {token} END AS address_has_zip_token, {fields}
        FROM (SELECT row_no, {", ".join(FIELDS)}, agrees, {"NULL::VARCHAR" if all_closely else plain} AS plain
            FROM (SELECT row_no, {", ".join(FIELDS)}, {agrees} AS agrees FROM {request}))"""
