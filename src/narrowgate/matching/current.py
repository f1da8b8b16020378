"""Say whether the address that agrees is the last known one.

Rules:
 * Which address is last known the register's shelf says; here it is brought to form and compared.
 * Where none is known, whether the address is the last known one is missing, not false.
 * It is read for as few people as will do: for the matched, and before that only if a rule asks for it.
"""

from __future__ import annotations

from narrowgate.matching import normalise
from narrowgate.matching.comparison import address_level
from narrowgate.matching.lines import with_line


def in_forms(addresses: str) -> str:
    """A query that brings `addresses`, as `register.last_known` gives them, to their forms.

    Columns: person_id, tax_period, zip5, town, line, unit, number.
    """
    placed = f"""(SELECT person_id, tax_period, street, unit, {normalise.zip5("zip")} AS zip5,
                         {normalise.town("city", "state")} AS town
                  FROM {addresses})"""
    return with_line(placed, "person_id, tax_period, zip5, town")


def current(pairs: str) -> str:
    """A query for row_no, candidate and address_is_current of `pairs` (row_no, candidate, address).

    Reads the tables `request`, `candidate` and `latest`, the last known addresses in their forms.
    """
    return f"""
    SELECT p.row_no, p.candidate,
           CASE WHEN p.address NOT IN ('exact', 'near') THEN FALSE
                WHEN l.person_id IS NULL THEN NULL
                ELSE coalesce({address_level("r", "l")} = p.address, FALSE) END AS address_is_current
    FROM {pairs} AS p
    JOIN request AS r USING (row_no)
    JOIN candidate AS c USING (candidate)
    LEFT JOIN latest AS l ON l.person_id = c.person_id"""
