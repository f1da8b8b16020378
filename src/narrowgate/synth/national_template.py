"""Prepare the sample's families for copying into a country: who is paired with whom, who lives in a block.

Rules:
 * People who file alone are paired, and a pair is what a hard case of two people is made from: twins, two records
   of one person, one number for two, namesakes. Nobody is in two pairs.
 * An address is the latest one, or a former one; a copy has at most one of each. What was received in a week is posted
   together, on its Thursday.
 * All is decided once, for the sample; which pairs of a copy are a hard case is decided copy by copy.
"""

from __future__ import annotations

import duckdb

from narrowgate.synth.hard_cases import APARTMENTS, FORMER_ADDRESSES

_POSTED = "(date_trunc('week', effective_on - 1) + INTERVAL 3 DAY)::DATE"
"""The Thursday of the week of the day before, so that none comes later than the record's own day, a Monday."""

NOT_IN_A_BLOCK = "(SELECT place FROM template_crowd)"


def load_national(session: duckdb.DuckDBPyConnection, *, seed: int) -> None:
    """Make the tables national_person (one row per person of the sample) and national_home (i, place and so on).

    Both need the tables of `template.load_template`.
    """
    session.execute(f"CREATE TEMP TABLE apartment AS {_apartments(seed)}")
    session.execute(f"CREATE TEMP TABLE national_home AS {_homes(seed)}")
    session.execute(f"CREATE TEMP TABLE pair AS {_PAIRS}")
    session.execute(f"CREATE TEMP TABLE national_person AS {_PEOPLE}")


def _apartments(seed: int) -> str:
    """The places that are in a block, numbered."""
    return f"""SELECT place, row_number() OVER (ORDER BY hash({seed}, 'apartment', place), place) - 1 AS apartment
        FROM template_place WHERE box IS NULL AND place NOT IN {NOT_IN_A_BLOCK}
            AND hash({seed}, 'in a block', place) % 1000 < {round(APARTMENTS.share * 1000)}"""


def _homes(seed: int) -> str:
    """Of each person the latest address (`former` false) and perhaps the one before, each place once.

    A move that is known from the postal file alone says nothing without an address to move from, so that one is kept.
    """
    kept = f"hash({seed}, 'former', i) % 1000 < {round(FORMER_ADDRESSES.share * 1000)}"
    return f"""WITH last_at AS (
            SELECT i, place, max(effective_on) AS effective_on, arg_max(tax_period, effective_on) AS tax_period,
                arg_max(source, effective_on) AS source
            FROM template_address GROUP BY i, place),
        ranked AS (SELECT *, row_number() OVER (PARTITION BY i ORDER BY effective_on DESC, place) AS back,
                any_value(source) OVER (PARTITION BY i ORDER BY effective_on DESC, place
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS latest FROM last_at)
        SELECT i, back = 2 AS former, r.place, p.family, t.box IS NOT NULL AS box, w.quarters, a.apartment, t.unit,
            tax_period::INTEGER AS tax_period, source, {_POSTED} AS effective_on
        FROM ranked r JOIN template_person p USING (i) JOIN template_place t USING (place)
            LEFT JOIN template_crowd w USING (place) LEFT JOIN apartment a USING (place)
        WHERE back = 1 OR (back = 2 AND (latest = 'ncoa' OR {kept}))
        ORDER BY i, back"""


_PAIRS = f"""
    WITH alone AS (SELECT p.i, p.tin LIKE '9%' AS itin
            FROM template_person p JOIN (SELECT family FROM template_person GROUP BY family HAVING count(*) = 1)
                USING (family) JOIN national_home h ON h.i = p.i AND NOT h.former
            WHERE h.place NOT IN {NOT_IN_A_BLOCK}),
        numbered AS (SELECT i, itin, row_number() OVER (PARTITION BY itin ORDER BY i) - 1 AS place,
            count(*) FILTER (WHERE itin) OVER () AS itins FROM alone)
    SELECT row_number() OVER (ORDER BY a.i) - 1 AS pair, a.i AS first, b.i AS second, b.itin AS may_be_double
    FROM numbered a JOIN numbered b
        ON (b.itin AND NOT a.itin AND a.place = b.place)
        OR (NOT b.itin AND NOT a.itin AND a.place >= a.itins AND (a.place - a.itins) % 2 = 0 AND b.place = a.place + 1)
    ORDER BY a.i"""

_PEOPLE = """
    WITH member AS (SELECT pair, may_be_double, first AS i, FALSE AS is_second, second AS partner FROM pair
        UNION ALL SELECT pair, may_be_double, second, TRUE, first FROM pair)
    SELECT p.i, starts_with(p.alike, 'Male') AS male, p.middle_name, p.birth_date, p.died_on,
        p.family::BIGINT AS family, p.surname::BIGINT AS surname, p.spouse, p.father,
        f.middle_name AS father_middle, s.i AS son,
        CASE WHEN p.tin LIKE '9%' THEN row_number() OVER (PARTITION BY p.tin LIKE '9%' ORDER BY p.i) - 1 END AS itin_no,
        m.pair, m.may_be_double, coalesce(m.is_second, FALSE) AS is_second, m.partner,
        o.surname::BIGINT AS partner_surname, o.family::BIGINT AS partner_family, o.birth_date AS partner_birth,
        o.middle_name AS partner_middle, o.died_on AS partner_died, starts_with(o.alike, 'Male') AS partner_male
    FROM template_person p LEFT JOIN member m USING (i) LEFT JOIN template_person o ON o.i = m.partner
        LEFT JOIN template_person f ON f.i = p.father
        LEFT JOIN (SELECT father, min(i) AS i FROM template_person GROUP BY father) s ON s.father = p.i
    ORDER BY p.i"""
