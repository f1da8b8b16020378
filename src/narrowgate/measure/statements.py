"""pseudopeople as it ships: the filings of its sample are the register, its noised wage statements the requests.

Rules:
 * The statements are those that pseudopeople makes by its own default noise and a stated seed. Nothing is added to
   them: a Form W-2 or 1099 has no date of birth, so these requests have none, though the file behind them has one.
 * The register has everybody who filed or was the spouse on a return in any year, with every address they filed from,
   without noise; number and address are taken as they stand in it, empty parts left out.
 * All of it lies in `Anytown, WA 00000`, which is left so: place and ZIP code tell nobody apart here.
 * The truth is `simulant_id`. A statement under a borrowed number is about the one who worked under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from narrowgate.engine.parquet import relation, write
from narrowgate.measure import needs
from narrowgate.measure.data_set import DataSet, session_for, take_in
from narrowgate.measure.made import write_register, write_requests
from narrowgate.synth.sample import VERSION, Sample, find_sample

YEARS = (2020, 2025, 2030, 2035, 2040)
SEED = 0
ABOUT = (
    f"The sample of pseudopeople {VERSION}; the statements are of {', '.join(map(str, YEARS))}. No dates of birth, "
    "and all at one place, so that only number, name and street tell people apart. One number in ten is borrowed."
)
_WRITTEN = ("first_name", "middle_initial", "last_name", "ssn", "simulant_id", "tax_year")
_PLACE = ("street_number", "street_name", "unit_number", "po_box", "city", "state", "zipcode")


def make(folder: Path, *, years: tuple[int, ...] = YEARS) -> DataSet:
    """Write the filings as a register and the statements of `years` as requests, into `folder`."""
    sample, folder = find_sample(), folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    noised = folder / "statement.parquet"
    pq.write_table(_noised(years), noised)
    with session_for(folder, sample.folder, spill=folder / "spill") as session:
        filing = folder / "filing.parquet"
        write(session, _filings(sample), filing)
        register = write_register(session, folder / "register", name=f"pseudopeople {VERSION}, Forms 1040 of all years",
            as_of=date(max(years) + 1, 12, 31), person=_person(relation(filing)),
            address=_address(relation(filing)))  # fmt: skip
        session.execute(f"CREATE TEMP TABLE statement AS {_statements(relation(noised))}")
        requests = write_requests(session, folder / "requests.parquet", "SELECT * FROM statement")
        truth = folder / "stated.parquet"
        write(session, _truth(relation(register / "person.parquet")), truth)
    return take_in(folder / "taken", id="statements", title="Wage statements (pseudopeople)", about=ABOUT,
        register=register, requests=requests, truth=truth, seeds={"pseudopeople": SEED})  # fmt: skip


def _noised(years: tuple[int, ...]) -> pa.Table:
    """The statements of all `years` as pseudopeople noises them, as text; a row number tells them apart."""
    package = needs.load("pseudopeople")
    with redirect_stderr(StringIO()):  # its progress bars
        tables = [_as_text(package.generate_taxes_w2_and_1099(year=year, seed=SEED)) for year in years]
    table = pa.concat_tables(tables)
    return table.append_column("statement", pa.array(range(table.num_rows), pa.int64()))


def _as_text(frame: Any) -> pa.Table:
    names = [*_WRITTEN, *(f"mailing_address_{part}" for part in _PLACE)]
    kept = frame[names].astype(object)
    kept = kept.where(kept.notna(), None)
    columns = {name: [None if value is None else str(value) for value in kept[name]] for name in names}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _filings(sample: Sample) -> str:
    """One row for each person on each return, in the spelling of the file."""
    returns = sample.rows("taxes_1040")
    address = ", ".join(f"mailing_address_{part} AS {part}" for part in _PLACE)
    named = ("simulant_id", "first_name", "middle_initial", "last_name", "ssn", "date_of_birth")

    def sides() -> Iterator[str]:
        for prefix in ("", "spouse_"):
            columns = ", ".join(f"{prefix}{name} AS {name}" for name in named)
            yield f"SELECT {columns}, tax_year, {address} FROM {returns} WHERE {prefix}simulant_id IS NOT NULL"

    return " UNION ALL ".join(sides())


def _person(filing: str) -> str:
    """Everybody as in their last return."""
    return f"""SELECT simulant_id AS person_id, replace(ssn, '-', '') AS tin,
            CASE WHEN ssn LIKE '9%' THEN 'ITIN' ELSE 'SSN' END AS tin_type, first_name,
            middle_initial AS middle_name, last_name, CAST(date_of_birth AS DATE) AS birth_date
        FROM {filing}
        QUALIFY row_number() OVER (PARTITION BY simulant_id ORDER BY tax_year DESC, ssn, last_name, first_name) = 1"""


def _address(filing: str) -> str:
    """Every address of everybody, once, of the last year in which they filed from it."""
    return f"""SELECT simulant_id AS person_id, {_street("street_number", "street_name", "po_box")} AS street,
            unit_number AS unit, city, state, zipcode AS zip, max(tax_year) AS tax_period, 'return' AS source,
            make_date(CAST(max(tax_year) AS INTEGER) + 1, 4, 15) AS effective_on
        FROM {filing} GROUP BY ALL"""


def _street(number: str, name: str, box: str) -> str:
    return f"""CASE WHEN {box} IS NOT NULL THEN 'PO BOX ' || CAST({box} AS VARCHAR)
        ELSE nullif(concat_ws(' ', {number}, {name}), '') END"""


def _statements(noised: str) -> str:
    """The statements as requests, with who each is about."""
    address = [f"mailing_address_{part}" for part in _PLACE]
    number, name, unit, box, city, state, zip_code = address
    return f"""SELECT 'W-' || lpad(CAST(statement AS VARCHAR), 7, '0') AS request_ref, simulant_id, first_name,
            middle_initial AS middle_name, last_name, ssn AS tin, {_street(number, name, box)} AS street,
            {unit} AS unit, {city} AS city, {state} AS state, {zip_code} AS zip, tax_year AS tax_periods
        FROM {noised}"""


def _truth(person: str) -> str:
    """Who each statement is about, and to which of the groups that one can be told from the files they belong."""
    return f"""SELECT s.request_ref, p.person_id, CAST([] AS VARCHAR[]) AS same_person, 'statement' AS profile,
            CAST([] AS VARCHAR[]) AS noise,
            list_filter([
                CASE WHEN p.tin LIKE '9%' THEN 'itin' END,
                CASE WHEN regexp_matches(trim(coalesce(p.last_name, '')), '[ -]') THEN 'two_surnames' END,
                CASE WHEN o.person_id <> s.simulant_id THEN 'borrowed_number' END],
                lambda g: g IS NOT NULL) AS subgroups
        FROM statement AS s
        LEFT JOIN {person} AS p ON p.person_id = s.simulant_id
        LEFT JOIN {person} AS o ON o.tin = replace(s.tin, '-', '')"""
