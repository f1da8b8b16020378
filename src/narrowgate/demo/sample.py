"""Read the simulated taxpayers that come with pseudopeople, and make the template of a register from them.

pseudopeople (Institute for Health Metrics and Evaluation, BSD-3-Clause) ships a sample of simulated tax and census files in
which every row names its simulant, so that the truth is known. The files are read as they are stored: before any noise.

Rules:
 * The years of the sample, 2018 to 2040, are moved back by 16, births and deaths with them, so that the last return of
   the register is that of tax year 2024. Sixteen years keep every leap day.
 * A return and the spouse on it give one filing each; a person files once a year.
 * A custodian's record is clean: street words are abbreviated one way, a unit is a designator and a number, and a street
   number or name that the sample lacks or garbles is simulated.
 * Nothing of pseudopeople is imported: only its files are read.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import duckdb

from narrowgate.demo.places import PLACES
from narrowgate.engine.literal import text_literal
from narrowgate.errors import WrongUse

VERSION = "1.3.1"
YEARS_BACK = 16
LAST_TAX_YEAR = 2024
_HINT = "install it with `pip install 'narrowgate[demo]'`; no record was looked up"

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


@dataclass(frozen=True)
class Sample:
    """The four files of the sample that a register is made from."""

    folder: Path

    def rows(self, name: str) -> str:
        """The rows of one file, as it stands in a FROM clause."""
        return f"read_parquet({text_literal(str(self.folder / name / f'{name}.parquet'))})"


def find_sample() -> Sample:
    """The sample of the installed pseudopeople; WrongUse if it is missing or another version."""
    found = importlib.util.find_spec("pseudopeople")
    if found is None or found.origin is None:
        raise WrongUse("the simulated taxpayers of `pseudopeople` are not installed", _HINT)
    version = importlib.metadata.version("pseudopeople")
    if version != VERSION:
        raise WrongUse(f"pseudopeople `{version}` is installed where `{VERSION}` is needed", _HINT)
    return Sample(Path(found.origin).resolve().parent / "data" / "sample_datasets")


def load_template(session: duckdb.DuckDBPyConnection, sample: Sample, *, seed: int) -> None:
    """Make the tables that a register is copied from: template_person, _address, _place, _borrower and the name lists."""
    session.execute("CREATE TEMP TABLE place(j INTEGER, city VARCHAR, state VARCHAR, zip VARCHAR)")
    session.executemany(
        "INSERT INTO place VALUES (?, ?, ?, ?)", [[j, p.city.upper(), p.state, p.zip] for j, p in enumerate(PLACES)]
    )
    for query in (_filing(sample), _street(seed), _location(seed), *_people(sample, seed), *_addresses(seed)):
        session.execute(query)
    for query in (_borrowers(sample), *_NAME_LISTS):
        session.execute(query)


def _filing(sample: Sample) -> str:
    """One row per person and tax year, with the address of the return as the sample writes it."""
    columns = """household_id AS household, housing_type = 'Household' AS in_household, tax_year - {back} AS tax_year,
        lower(mailing_address_street_number) AS number, lower(mailing_address_street_name) AS street,
        lower(mailing_address_unit_number) AS unit, mailing_address_po_box AS box"""
    person = """{s}simulant_id AS simulant_id, {s}first_name AS first_name, {s}middle_initial AS middle_name,
        {s}last_name AS last_name, replace({s}ssn, '-', '') AS tin,
        ({s}date_of_birth::DATE - INTERVAL {back} YEAR)::DATE AS birth_date"""
    returns = sample.rows("taxes_1040")
    own = f"SELECT 0 AS place_on_return, {person.format(s='', back=YEARS_BACK)}, spouse_simulant_id AS spouse"
    joint = f"SELECT 1, {person.format(s='spouse_', back=YEARS_BACK)}, simulant_id"
    rest = columns.format(back=YEARS_BACK)
    return f"""CREATE TEMP TABLE filing AS
        SELECT * FROM ({own}, {rest} FROM {returns}
            UNION ALL {joint}, {rest} FROM {returns} WHERE spouse_simulant_id IS NOT NULL)
        QUALIFY row_number() OVER (PARTITION BY simulant_id, tax_year ORDER BY place_on_return, spouse) = 1"""


def _street(seed: int) -> str:
    """Street names fit for a clean record, numbered, as often as the sample has addresses on them."""
    cases = " ".join(
        f"WHEN {text_literal(word)} THEN {text_literal(short)}" for short, words in STREET_WORDS.items() for word in words
    )
    last = "regexp_extract(street, '[^ ]+$')"
    return f"""CREATE TEMP TABLE street AS
        SELECT row_number() OVER (ORDER BY street) - 1 AS j, street AS written,
            upper(left(street, length(street) - length({last}))) ||
            CASE {last} {cases} ELSE upper({last}) END AS street
        FROM (SELECT DISTINCT street FROM filing)
        WHERE regexp_full_match(street, '[a-z0-9][a-z0-9 ''-]+') AND contains(street, ' ') AND NOT regexp_matches(
            street, '\\b(po|box|apt|unit|condo|fl|floor|jail|prison|detention|correction[a-z]*|unknown|hospital|facility)\\b')"""


def _location(seed: int) -> str:
    """Each distinct address of the sample, cleaned. Where a number or a name is simulated, a household keeps its own."""
    number_is_good = "regexp_full_match(number, '[1-9][0-9]{0,5}(-[0-9]{1,3})?')"
    return f"""CREATE TEMP TABLE template_place AS
        SELECT (row_number() OVER (ORDER BY r.key) - 1)::INTEGER AS place, r.key, r.box,
            CASE WHEN {number_is_good} THEN r.number ELSE (hash({seed}, 'number', r.key) % 9899 + 101)::VARCHAR END AS number,
            coalesce(s.street, t.street) AS street,
            CASE WHEN unit IS NOT NULL THEN
                CASE WHEN unit LIKE 'lot%' THEN 'LOT ' WHEN unit LIKE 'suite%' THEN 'STE ' WHEN unit LIKE 'un%' THEN 'UNIT '
                    ELSE 'APT ' END ||
                coalesce(nullif(regexp_extract(unit, '\\b([0-9]{{1,4}}) ?[a-z]?$', 1), ''),
                    (hash({seed}, 'unit', r.key) % 299 + 1)::VARCHAR) END AS unit
        FROM (SELECT *, (hash({seed}, 'street for', key) % (SELECT count(*) FROM street))::BIGINT AS j
                FROM (SELECT DISTINCT number, street, unit, box, {_KEY} AS key FROM filing)) r
            LEFT JOIN street s ON s.written = r.street
            JOIN street t ON t.j = r.j"""


_KEY = """concat_ws('|', coalesce(box::VARCHAR, ''), coalesce(number, ''), coalesce(street, ''), coalesce(unit, ''),
    CASE WHEN box IS NULL AND (number IS NULL OR street IS NULL) THEN household ELSE '' END)"""


def _people(sample: Sample, seed: int) -> tuple[str, ...]:
    """One row per simulant who ever filed, numbered `i`, with family, spouse, father and place in the order of choice."""
    latest = """CREATE TEMP TABLE latest AS
        SELECT f.*, coalesce(s.sex, c.sex) AS sex, s.died_on FROM filing f LEFT JOIN (
            SELECT simulant_id, min(sex) AS sex,
                (max(event_date::DATE) FILTER (event_type = 'death') - INTERVAL {back} YEAR)::DATE AS died_on
            FROM {social} GROUP BY simulant_id) s USING (simulant_id) LEFT JOIN (
            SELECT simulant_id, min(sex) AS sex FROM {census} GROUP BY simulant_id) c USING (simulant_id)
        QUALIFY row_number() OVER (PARTITION BY f.simulant_id ORDER BY f.tax_year DESC) = 1"""
    person = """CREATE TEMP TABLE template_person AS
        WITH couple AS (SELECT a.simulant_id, a.spouse FROM latest a JOIN latest b
                ON a.spouse = b.simulant_id AND b.spouse = a.simulant_id AND a.tax_year = b.tax_year),
            family AS (SELECT l.* EXCLUDE (spouse), c.spouse, CASE WHEN in_household THEN household
                ELSE '~' || least(l.simulant_id, coalesce(c.spouse, l.simulant_id)) END AS family
                FROM latest l LEFT JOIN couple c USING (simulant_id)),
            numbered AS (SELECT row_number() OVER (
                    ORDER BY hash({seed}, 'family', family), family, coalesce(least(simulant_id, spouse), simulant_id), simulant_id
                ) - 1 AS i, dense_rank() OVER (ORDER BY family) AS family_number,
                dense_rank() OVER (ORDER BY family, last_name) AS surname_number,
                coalesce(sex, 'Male') || (year(birth_date) // 20) AS bucket, * FROM family)
        SELECT p.i::INTEGER AS i, p.simulant_id, p.first_name, p.middle_name, p.last_name, p.tin, p.birth_date, p.died_on,
            p.family_number::INTEGER AS family, p.surname_number::INTEGER AS surname, p.bucket, s.i::INTEGER AS spouse,
            p.tax_year, f.father, f.father_bucket, f.father_first
        FROM numbered p LEFT JOIN numbered s ON s.simulant_id = p.spouse LEFT JOIN (
            SELECT b.i AS son, a.i::INTEGER AS father, a.bucket AS father_bucket, a.first_name AS father_first
            FROM numbered a JOIN numbered b ON a.family = b.family AND a.last_name = b.last_name AND a.in_household
                AND a.sex = 'Male' AND b.sex = 'Male' AND b.birth_date - a.birth_date BETWEEN 6000 AND 18000
            QUALIFY row_number() OVER (PARTITION BY a.i ORDER BY b.birth_date, b.i) = 1
                AND row_number() OVER (PARTITION BY b.i ORDER BY a.birth_date DESC, a.i) = 1) f ON f.son = p.i
        ORDER BY p.i"""
    return (
        latest.format(back=YEARS_BACK, social=sample.rows("social_security"), census=sample.rows("decennial_census")),
        person.format(seed=seed),
    )


def _addresses(seed: int) -> tuple[str, ...]:
    """The addresses of each person: the last return from each, the first too if years apart, and moves since."""
    day = f"hash({seed}, 'processed', i, tax_period) % 100"
    returns = f"""CREATE TEMP TABLE template_address AS
        SELECT i, place, tax_period, 'return' AS source,
            (make_date(tax_period::INTEGER + 1, 3, 1) + ({day})::INTEGER)::DATE AS effective_on
        FROM (SELECT i, place, unnest(CASE WHEN last_year - first_year >= {FIRST_RETURN_KEPT_AFTER}
                THEN [first_year, last_year] ELSE [last_year] END) AS tax_period
            FROM (SELECT p.i, t.place, min(f.tax_year) AS first_year, max(f.tax_year) AS last_year
                FROM (SELECT *, {_KEY} AS key FROM filing) f JOIN template_place t USING (key)
                    JOIN template_person p USING (simulant_id) GROUP BY ALL))"""
    moves = f"""INSERT INTO template_address
        SELECT i, hash({seed}, 'moved to', family) % (SELECT count(*) FROM template_place), year(moved_on),
            CASE WHEN hash({seed}, 'moved', family) % 2 = 0 THEN 'notice' ELSE 'ncoa' END, moved_on
        FROM (SELECT i, family, (make_date(tax_year::INTEGER + 1, 6, 15)
                + (hash({seed}, 'moved on', family) % 300)::INTEGER)::DATE AS moved_on, died_on
            FROM template_person
            WHERE hash({seed}, 'moves', family) % 1000 < {MOVED_PER_1000} AND tax_year < {LAST_TAX_YEAR})
        WHERE died_on IS NULL OR died_on > moved_on"""
    return (returns, moves)


FIRST_RETURN_KEPT_AFTER = 9
MOVED_PER_1000 = 80


def _borrowers(sample: Sample) -> str:
    """Wage statements on which one simulant uses the number of another: who borrows, from whom, and from where."""
    return f"""CREATE TEMP TABLE template_borrower AS
        SELECT o.i AS owner, b.i AS borrower, w.first_name, w.middle_initial AS middle_name, w.last_name,
            (w.date_of_birth::DATE - INTERVAL {YEARS_BACK} YEAR)::DATE AS birth_date,
            w.mailing_address_street_number || ' ' || upper(w.mailing_address_street_name) AS street
        FROM {sample.rows("taxes_w2_and_1099")} w
            JOIN template_person o ON o.tin = replace(w.ssn, '-', '') AND o.simulant_id <> w.simulant_id
            LEFT JOIN template_person b ON b.simulant_id = w.simulant_id
        QUALIFY row_number() OVER (PARTITION BY o.i, w.simulant_id ORDER BY w.tax_year DESC, w.employer_id) = 1
        ORDER BY o.i, w.simulant_id"""


_NAME_LISTS = (
    """CREATE TEMP TABLE first_name AS SELECT bucket, first_name,
        row_number() OVER (PARTITION BY bucket ORDER BY i) - 1 AS j, count(*) OVER (PARTITION BY bucket) AS n
        FROM template_person""",
    """CREATE TEMP TABLE surname AS SELECT last_name, row_number() OVER (ORDER BY i) - 1 AS j FROM template_person""",
)
