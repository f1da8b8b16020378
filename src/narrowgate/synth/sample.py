"""Read the simulated taxpayers that come with pseudopeople: who filed, when, with whom, from where.

pseudopeople (Institute for Health Metrics and Evaluation, BSD-3-Clause) ships a sample of simulated tax and
census files in which every row names its simulant, so that the truth is known. The files are read as they are
stored: before any noise.

Rules:
 * The years of the sample, 2018 to 2040, are moved back by 16, births and deaths with them, so that the last
   return is that of tax year 2024. Sixteen years keep every leap day.
 * A return and the spouse on it give one filing each; a person files once a year.
 * Nothing of pseudopeople is imported: only its files are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from narrowgate.engine.literal import text_literal
from narrowgate.synth.installed import folder_of

VERSION = "1.3.1"
PEOPLE = 21_267
"""Everybody who ever filed in this version of the sample, or was the spouse on a return."""
YEARS_BACK = 16
LAST_TAX_YEAR = 2024


@dataclass(frozen=True)
class Sample:
    """The files of the sample that a register is made from."""

    folder: Path

    def rows(self, name: str) -> str:
        """The rows of one file, as it stands in a FROM clause."""
        return f"read_parquet({text_literal(str(self.folder / name / f'{name}.parquet'))})"


def find_sample() -> Sample:
    """The sample of the installed pseudopeople; WrongUse if it is missing or another version."""
    package = folder_of(
        "pseudopeople",
        missing="the simulated taxpayers of `pseudopeople` are not installed",
        hint="install it with `pip install 'narrowgate[demo]'`; no record was looked up",
        version=VERSION,
    )
    return Sample(package / "data" / "sample_datasets")


def filings(sample: Sample) -> str:
    """One row per person and tax year: the person, the spouse on the return, the address as it is written."""
    returns = sample.rows("taxes_1040")
    return f"""SELECT * FROM (
            SELECT 0 AS on_return, {_filer("")}, spouse_simulant_id AS spouse, {_RETURN} FROM {returns}
            UNION ALL
            SELECT 1 AS on_return, {_filer("spouse_")}, simulant_id AS spouse, {_RETURN} FROM {returns}
            WHERE spouse_simulant_id IS NOT NULL)
        QUALIFY row_number() OVER (PARTITION BY simulant_id, tax_year ORDER BY on_return, spouse) = 1"""


def lives(sample: Sample) -> str:
    """simulant_id, sex and day of death, if any, from the social security and census files."""
    return f"""SELECT simulant_id, min(sex) AS sex, max(died_on) AS died_on FROM (
            SELECT simulant_id, sex, CASE WHEN event_type = 'death'
                THEN (event_date::DATE - INTERVAL {YEARS_BACK} YEAR)::DATE END AS died_on
            FROM {sample.rows("social_security")}
            UNION ALL SELECT simulant_id, sex, NULL FROM {sample.rows("decennial_census")})
        GROUP BY simulant_id"""


def wage_statements(sample: Sample) -> str:
    """One row per number and simulant who uses it on wage statements, from the latest of them."""
    return f"""SELECT simulant_id, replace(ssn, '-', '') AS tin, first_name, middle_initial AS middle_name,
            last_name, (date_of_birth::DATE - INTERVAL {YEARS_BACK} YEAR)::DATE AS birth_date,
            mailing_address_street_number || ' ' || upper(mailing_address_street_name) AS street
        FROM {sample.rows("taxes_w2_and_1099")}
        QUALIFY row_number() OVER (PARTITION BY ssn, simulant_id ORDER BY tax_year DESC, employer_id) = 1"""


def _filer(prefix: str) -> str:
    """The columns of one person on a return; those of the spouse have a prefix."""
    return f"""{prefix}simulant_id AS simulant_id, {prefix}first_name AS first_name,
        {prefix}middle_initial AS middle_name, {prefix}last_name AS last_name,
        replace({prefix}ssn, '-', '') AS tin,
        ({prefix}date_of_birth::DATE - INTERVAL {YEARS_BACK} YEAR)::DATE AS birth_date"""


_RETURN = f"""household_id AS household, housing_type = 'Household' AS in_household,
    tax_year - {YEARS_BACK} AS tax_year, mailing_address_po_box AS box,
    lower(mailing_address_street_number) AS number, lower(mailing_address_street_name) AS street,
    lower(mailing_address_unit_number) AS unit"""
