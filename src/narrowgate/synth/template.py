"""Make of the sample the template that registers are copied from: people, their addresses, places and names.

Rules:
 * A custodian's record is clean: street words are abbreviated one way, a unit is a designator and a number,
   and a street number or name that the sample lacks or garbles is simulated.
 * A couple is two people each of whose latest return is the joint one with the other.
 * A family is a household of the sample as of the latest return; people in institutions are families of
   their own.
 * Tables are numbered in an order that the seed determines, and never in the sample's own.
"""

from __future__ import annotations

import duckdb

from narrowgate.engine.literal import text_literal
from narrowgate.synth.places import PLACES
from narrowgate.synth.sample import LAST_TAX_YEAR, Sample, filings, lives, wage_statements

FIRST_RETURN_KEPT_AFTER = 9
"""Years between the first and the last return from one address after which the record keeps both."""
MOVED_PER_1000 = 80
"""Families, of a thousand who did not file for the last year, who gave notice of a later move."""

STREET_WORDS = {
    "ST": ("street", "stree", "stre", "str"),
    "AVE": ("avenue", "aven", "av", "avn"),
    "RD": ("road", "raod"),
    "DR": ("drive", "drv"),
    "LN": ("lane", "la"),
    "CT": ("court", "crt"),
    "PL": ("place",),
    "CIR": ("circle",),
    "BLVD": ("boulevard",),
    "TER": ("terrace",),
    "WAY": ("wy",),
    "PKWY": ("parkway",),
    "TRL": ("trail",),
    "CV": ("cove",),
    "HWY": ("highway",),
}
NOT_A_STREET = "po|box|apt|unit|condo|fl|floor|unknown|hospital|facility|jail|prison|detention|correction[a-z]*"

_KEY = """concat_ws('|', coalesce(box::VARCHAR, ''), coalesce(number, ''), coalesce(street, ''),
    coalesce(unit, ''), CASE WHEN box IS NULL AND (number IS NULL OR street IS NULL) THEN household END)"""


def load_template(session: duckdb.DuckDBPyConnection, sample: Sample, *, seed: int) -> None:
    """Make the tables place, street, first_name, surname and template_person, _address, _place, _borrower."""
    session.execute("CREATE TEMP TABLE place(j BIGINT, city VARCHAR, state VARCHAR, zip VARCHAR)")
    session.executemany(
        "INSERT INTO place VALUES (?, ?, ?, ?)",
        [[j, place.city.upper(), place.state, place.zip] for j, place in enumerate(PLACES)],
    )
    for name, query in (
        ("filing", f"SELECT *, {_KEY} AS key FROM ({filings(sample)})"),
        ("street", _street()),
        ("template_place", _place(seed)),
        ("family", _family(sample)),
        ("template_person", _person(seed)),
        ("template_address", f"{_returns(seed)} UNION ALL {_moves(seed)} ORDER BY i, effective_on"),
        ("template_crowd", _CROWD),
        ("template_borrower", _borrower(sample)),
        ("first_name", _FIRST_NAME),
        ("surname", _SURNAME),
    ):
        session.execute(f"CREATE TEMP TABLE {name} AS {query}")


def _street() -> str:
    """Street names fit for a clean record, numbered."""
    last = "regexp_extract(street, '[^ ]+$')"
    shortened = " ".join(
        f"WHEN {text_literal(word)} THEN {text_literal(short)}"
        for short, words in STREET_WORDS.items()
        for word in words
    )
    return f"""SELECT row_number() OVER (ORDER BY street) - 1 AS j, street AS written,
            upper(left(street, length(street) - length({last})))
                || CASE {last} {shortened} ELSE upper({last}) END AS street
        FROM (SELECT DISTINCT street FROM filing)
        WHERE regexp_full_match(street, '[a-z0-9][a-z0-9 ''-]+') AND contains(street, ' ')
            AND NOT regexp_matches(street, '\\b({NOT_A_STREET})\\b')"""


def _place(seed: int) -> str:
    """Each distinct address, cleaned. What has to be simulated is simulated once for a household."""
    good_number = "regexp_full_match(number, '[1-9][0-9]{0,5}(-[0-9]{1,3})?')"
    good_unit = "nullif(regexp_extract(unit, '\\b([0-9]{1,4}) ?[a-z]?$', 1), '')"
    designator = """CASE WHEN unit LIKE 'lot%' THEN 'LOT ' WHEN unit LIKE 'suite%' THEN 'STE '
        WHEN unit LIKE 'un%' THEN 'UNIT ' ELSE 'APT ' END"""
    return f"""SELECT (row_number() OVER (ORDER BY r.key) - 1)::INTEGER AS place, r.key, r.box,
            CASE WHEN {good_number} THEN number
                ELSE (hash({seed}, 'number', r.key) % 9899 + 101)::VARCHAR END AS number,
            coalesce(s.street, t.street) AS street,
            CASE WHEN unit IS NOT NULL THEN {designator}
                || coalesce({good_unit}, (hash({seed}, 'unit', r.key) % 299 + 1)::VARCHAR) END AS unit
        FROM (SELECT *, (hash({seed}, 'street for', key) % (SELECT count(*) FROM street))::BIGINT AS j
                FROM (SELECT DISTINCT number, street, unit, box, key FROM filing)) r
            LEFT JOIN street s ON s.written = r.street JOIN street t ON t.j = r.j"""


def _family(sample: Sample) -> str:
    """Everybody's latest filing, with sex, day of death, spouse and family."""
    return f"""WITH latest AS (SELECT f.*, l.sex, l.died_on
                FROM filing f LEFT JOIN ({lives(sample)}) l USING (simulant_id)
                QUALIFY row_number() OVER (PARTITION BY simulant_id ORDER BY tax_year DESC) = 1),
            couple AS (SELECT a.simulant_id, a.spouse FROM latest a JOIN latest b
                ON a.spouse = b.simulant_id AND b.spouse = a.simulant_id AND a.tax_year = b.tax_year)
        SELECT l.* EXCLUDE (spouse), c.spouse, least(l.simulant_id, c.spouse) AS couple,
            CASE WHEN in_household THEN household ELSE '~' || least(l.simulant_id, c.spouse) END AS family
        FROM latest l LEFT JOIN couple c USING (simulant_id)"""


def _person(seed: int) -> str:
    """One row per simulant who ever filed, numbered `i` so that families and couples are neighbours.

    `names` first names from `first_j` on are those of people of the same sex and of about the same age.
    """
    return f"""WITH numbered AS (SELECT *, row_number() OVER (
                    ORDER BY hash({seed}, 'family', family), family, couple, simulant_id) - 1 AS i,
                dense_rank() OVER (ORDER BY family) AS family_number,
                dense_rank() OVER (ORDER BY family, last_name) AS surname,
                coalesce(sex, 'Male') || (year(birth_date) // 20) AS alike FROM family),
            bucket AS (SELECT alike, count(*) AS names,
                    (sum(count(*)) OVER (ORDER BY alike) - count(*))::BIGINT AS first_j
                FROM numbered GROUP BY alike),
            pair AS (
                SELECT b.i AS son, a.i AS father, a.alike, a.first_name
                FROM numbered a JOIN numbered b ON a.family = b.family AND a.last_name = b.last_name
                WHERE a.in_household AND a.sex = 'Male' AND b.sex = 'Male'
                    AND b.birth_date - a.birth_date BETWEEN 6000 AND 18000
                QUALIFY row_number() OVER (PARTITION BY a.i ORDER BY b.birth_date, b.i) = 1
                    AND row_number() OVER (PARTITION BY b.i ORDER BY a.birth_date DESC, a.i) = 1),
            father AS (SELECT * FROM pair WHERE father NOT IN (SELECT son FROM pair))
        SELECT p.i, p.simulant_id, p.first_name, p.middle_name, p.last_name, p.tin, p.birth_date, p.died_on,
            p.family_number AS family, p.surname, s.i AS spouse, p.tax_year, p.alike,
            n.names, n.first_j, f.father, f.first_name AS father_name,
            o.names AS father_names, o.first_j AS father_first_j
        FROM numbered p JOIN bucket n USING (alike)
            LEFT JOIN numbered s ON s.simulant_id = p.spouse
            LEFT JOIN father f ON f.son = p.i LEFT JOIN bucket o ON o.alike = f.alike
        ORDER BY p.i"""


def _returns(seed: int) -> str:
    """The last return from each address of each person, and the first too if it was long before."""
    return f"""SELECT i, place, tax_period, 'return' AS source, (make_date(tax_period::INTEGER + 1, 3, 1)
                + (hash({seed}, 'processed', i, tax_period) % 100)::INTEGER)::DATE AS effective_on
        FROM (SELECT i, place, unnest(CASE WHEN last_year - first_year >= {FIRST_RETURN_KEPT_AFTER}
                THEN [first_year, last_year] ELSE [last_year] END) AS tax_period
            FROM (SELECT p.i, t.place, min(f.tax_year) AS first_year, max(f.tax_year) AS last_year
                FROM filing f JOIN template_place t USING (key) JOIN template_person p USING (simulant_id)
                GROUP BY ALL))"""


PEOPLE_IN_A_QUARTER = 40
"""The sample keeps all group quarters of a kind at one address, hundreds of people each; a copy spreads them out."""

_CROWD = f"""SELECT place, count(DISTINCT i) // {PEOPLE_IN_A_QUARTER} + 1 AS quarters
    FROM template_address GROUP BY place HAVING count(DISTINCT i) > {PEOPLE_IN_A_QUARTER}"""


def _moves(seed: int) -> str:
    """Moves after the last return, of whole families: half by a clear notice, half by change of address."""
    return f"""SELECT i, hash({seed}, 'moved to', family) % (SELECT count(*) FROM template_place) AS place,
            year(moved_on), CASE WHEN hash({seed}, 'moved', family) % 2 = 0 THEN 'notice' ELSE 'ncoa' END,
            moved_on
        FROM (SELECT i, family, died_on, (make_date(tax_year::INTEGER + 1, 6, 15)
                + (hash({seed}, 'moved on', family) % 300)::INTEGER)::DATE AS moved_on
            FROM template_person
            WHERE hash({seed}, 'moves', family) % 1000 < {MOVED_PER_1000} AND tax_year < {LAST_TAX_YEAR})
        WHERE died_on IS NULL OR died_on > moved_on"""


def _borrower(sample: Sample) -> str:
    """Who uses the number of whom on wage statements; a borrower who never filed has no `borrower`."""
    return f"""SELECT o.i AS owner, b.i AS borrower, w.* EXCLUDE (simulant_id, tin)
        FROM ({wage_statements(sample)}) w
            JOIN template_person o ON o.tin = w.tin AND o.simulant_id <> w.simulant_id
            LEFT JOIN template_person b ON b.simulant_id = w.simulant_id
        ORDER BY o.i, w.simulant_id"""


_FIRST_NAME = "SELECT first_name, row_number() OVER (ORDER BY alike, i) - 1 AS j FROM template_person"
_SURNAME = "SELECT last_name, row_number() OVER (ORDER BY i) - 1 AS j FROM template_person"
