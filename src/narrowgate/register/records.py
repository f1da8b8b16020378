"""Read what may be disclosed or must be considered of persons who are already decided upon.

Rules:
 * One row for each row asked about, in no order; an address that is not known is missing, never guessed.
 * Whoever is asked about stands in the register exactly once; anything else is a Fault.
"""

from __future__ import annotations

import duckdb

from narrowgate.errors import Fault
from narrowgate.register.last_known import last_known
from narrowgate.register.protocol import Register


def last_known_addresses(session: duckdb.DuckDBPyConnection, register: Register, people: str) -> str:
    """A query for the last known address of each row of `people`, a relation with row_no and person_id.

    Columns: row_no, person_id, street, unit, city, state, zip, as_of (date), tax_period, impairment,
    identity_theft, deceased_on. Where no one address is known (26 CFR 301.6212-2), its columns are missing.
    """
    asked = f"(SELECT DISTINCT person_id FROM {people})"
    # Asked once: a register elsewhere hands its answer over as a table, and reads for it every time.
    persons = register.people(session, asked)
    _each_once(session, register.name, asked, persons)
    return f"""
    SELECT p.row_no, p.person_id, a.street, a.unit, a.city, a.state, a.zip, a.as_of, a.tax_period,
           r.impairment, r.identity_theft, r.deceased_on
    FROM {people} AS p
    JOIN (SELECT person_id, impairment, identity_theft, deceased_on FROM {persons}) AS r USING (person_id)
    LEFT JOIN ({last_known(register.addresses_of(session, asked))}) AS a USING (person_id)"""


def _each_once(session: duckdb.DuckDBPyConnection, register: str, asked: str, found: str) -> None:
    """Stop if somebody in `asked` is not among the persons `found` in the register of that name, or is twice."""
    counted = session.execute(f"""
        SELECT (SELECT count(*) FROM {asked}), count(*), count(DISTINCT person_id)
        FROM {found}""").fetchone()
    wanted, rows, persons = counted if counted is not None else (0, 0, 0)
    if not wanted == rows == persons:
        raise Fault(
            f"register `{register}` has {rows} rows for {wanted} persons who were matched in it",
            "records were looked up; nothing was disclosed",
        )
