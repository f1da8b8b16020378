"""Say which address of a person is the last known one, or that there is none (26 CFR 301.6212-2).

Rules:
 * It is the address on the return processed last, unless a notice of the person or a matched entry of the
   postal change-of-address file took effect on a later day. Of one day's returns the later tax period counts.
 * The change-of-address file only moves somebody whose address is known: without a return or a notice before
   it, it makes none known.
 * Two different addresses that tie leave none known, and so does a latest row without a street: no guess.
"""

from __future__ import annotations

_SAME = ", ".join(
    # One spelling but for case, marks and spaces. What else may be one address is for matching to judge.
    f"regexp_replace(upper(coalesce({column}, '')), '[^\\p{{L}}\\p{{N}}]+', '', 'g')"
    for column in ("street", "unit", "city", "state", "zip")
)


def last_known(addresses: str) -> str:
    """A query for the last known address of everybody in `addresses`: no row for somebody who has none.

    `addresses` are all that a register has of some people (`Register.addresses_of`). Columns: person_id, street,
    unit, city, state, zip, as_of (the day it took effect), tax_period.
    """
    return f"""
    WITH held AS MATERIALIZED (
        SELECT person_id, street, unit, city, state, zip, tax_period, source, effective_on
        FROM {addresses}
        WHERE effective_on IS NOT NULL AND source IN ('return', 'notice', 'ncoa')
    ), known AS (
        SELECT person_id, min(effective_on) FILTER (source <> 'ncoa') AS since FROM held GROUP BY person_id
    ), days AS (
        SELECT person_id, max(effective_on) AS effective_on
        FROM held JOIN known USING (person_id)
        WHERE source <> 'ncoa' OR since < effective_on
        GROUP BY person_id
    ), latest AS (
        SELECT held.*, max(tax_period) FILTER (source = 'return') OVER (PARTITION BY person_id) AS last_period
        FROM held JOIN days USING (person_id, effective_on)
    ), foremost AS MATERIALIZED (
        SELECT * FROM latest WHERE source <> 'return' OR tax_period IS NOT DISTINCT FROM last_period
    ), several AS (
        SELECT person_id FROM foremost GROUP BY person_id HAVING count(*) > 1
    ), chosen AS (
        -- Nearly everybody has one: only where there are several is it worked out whether they are the same.
        SELECT person_id, street, unit, city, state, zip, tax_period, effective_on
        FROM foremost ANTI JOIN several USING (person_id) WHERE trim(street) <> ''
        UNION ALL
        SELECT person_id, unnest(min(struct_pack(street, unit, city, state, zip, tax_period, effective_on)))
        FROM (SELECT *, concat_ws('|', {_SAME}) AS spelled FROM foremost SEMI JOIN several USING (person_id))
        GROUP BY person_id
        HAVING min(spelled) = max(spelled) AND count(*) = count(nullif(trim(street), ''))
    )
    SELECT person_id, street, unit, city, state, zip, effective_on AS as_of, tax_period
    FROM chosen"""
