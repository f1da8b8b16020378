"""Facts are declared once, derived for every request, and known by the page about them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowgate.adjudication import facts
from narrowgate.adjudication.facts import VOCABULARY, batch
from narrowgate.engine.session import open_session
from narrowgate.errors import Fault
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.fact import Reads, Type
from tests.adjudication.deriving import CERTIFIED, ROSTER, a_batch, a_request, derived

PAGE = Path(__file__).parents[2] / "docs" / "facts.md"
PYTHON_TYPES = {Type.TEXT: str, Type.INTEGER: int, Type.BOOLEAN: bool}


def table_rows() -> set[tuple[str, ...]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return {tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines}


def test_the_page_says_of_every_fact_what_the_program_declares() -> None:
    declared = {(f"`{one.name}`", one.type.value, one.unit or "–", one.doc) for one in VOCABULARY.values()}
    assert {row for row in table_rows() if len(row) == 4} == declared


def test_the_page_lists_the_values_that_the_program_declares() -> None:
    declared = {
        (f"`{one.name}`", " ".join(f"`{value}`" for value in one.values)) for one in VOCABULARY.values() if one.values
    }
    assert declared <= table_rows()


def test_the_columns_are_the_declared_facts_of_the_request_in_their_types(tmp_path: Path) -> None:
    (found,) = derived(tmp_path, [a_request()])
    declared = {one.name: one for one in VOCABULARY.values() if one.reads is Reads.REQUEST}
    assert list(found) == list(declared)
    for name, value in found.items():
        assert type(value) is PYTHON_TYPES[declared[name].type], name
        assert not declared[name].values or value in declared[name].values


def test_the_facts_of_a_batch_are_declared_and_come_typed() -> None:
    assert [one.name for one in batch.FACTS] == [one.name for one in dataclasses.fields(BatchFacts)]
    sound = a_batch(safeguards_open_findings=None, official_office="O'Hara's")
    row = duckdb.connect().execute(f"SELECT {batch.columns(sound)}").fetchall()[0]
    assert row == dataclasses.astuple(sound)
    bare = a_batch(**dict.fromkeys(one.name for one in dataclasses.fields(BatchFacts)))
    types = duckdb.connect().execute(f"SELECT {batch.columns(bare)}").description
    assert [str(one[1]) for one in types[:4]] == ["DATE", "DATE", "BOOLEAN", "VARCHAR"]


def test_a_batch_of_no_requests_has_no_facts(tmp_path: Path) -> None:
    assert derived(tmp_path, []) == []


def test_a_file_with_another_number_of_rows_than_were_received_is_a_fault(tmp_path: Path) -> None:
    derived(tmp_path, [a_request(), a_request()])
    (tmp_path / "facts.parquet").unlink()
    with (
        facts_session(tmp_path) as session,
        pytest.raises(Fault, match=r"2 rows to `facts\.parquet` where 3 were received"),
    ):
        facts.derive(
            session, request=tmp_path / "request.parquet", out=tmp_path / "facts.parquet", rows=3, batch=a_batch(),
            roster=ROSTER, certificates=(CERTIFIED,), releasable=("mailing_address",),
        )  # fmt: skip
    assert not (tmp_path / "facts.parquet").exists()


def facts_session(folder: Path) -> duckdb.DuckDBPyConnection:
    return open_session(directories=[folder], temp_directory=folder / "spill", threads=1)


_TEXT = (
    st.none()
    | st.sampled_from(["O-1", "O-1;O-2", "2023;2024", "x", "'", ";", "8 USC 1326", "¡Ñandú!"])
    | st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=12)
)


def _values(column: str) -> st.SearchStrategy[Any]:
    if column == "relief_pending":
        return st.none() | st.booleans()
    return st.none() | st.dates() if column.endswith("_on") else _TEXT


_ROWS = st.lists(
    st.fixed_dictionaries({name: _values(name) for name in a_request() if name not in ("layout_errors", "birth_date")}),
    max_size=10,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_ROWS)
def test_whatever_is_asked_every_request_has_exactly_one_row_of_facts(
    tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    found = derived(tmp_path, [a_request(**row) for row in rows])
    assert len(found) == len(rows)
    for row in found:
        assert row["name_class"] is not None
        assert row["address_class"] is not None
        assert row["copies_in_batch"] >= 1
        assert row["officers_named"] >= row["officers_without_certificate"] >= row["officers_not_on_roster"] >= 0
        assert row["fields_requested"] >= row["fields_not_releasable"] >= 0
