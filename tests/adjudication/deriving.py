"""Derive the facts of a few simulated requests with the real station."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from narrowgate.adjudication import facts
from narrowgate.adjudication.facts.earlier import Earlier
from narrowgate.engine.session import open_session
from narrowgate.terms.batch import REQUEST_COLUMNS, BatchFacts, Officer

Row = dict[str, Any]

REQUESTED_ON = date(2025, 6, 27)
CERTIFIED = "a" * 64
ROSTER = tuple(
    Officer(name, f"Officer {name}", "Unit 1", "special_agent", certificate)
    for name, certificate in (("O-1", CERTIFIED), ("O-2", CERTIFIED), ("O-3", None), ("O-4", "b" * 64))
)
_DATES = {"birth_date", "matter_opened_on", "order_final_on", "court_final_on"}
_SCHEMA = pa.schema(
    [("row_no", pa.int64())]
    + [
        (name, pa.date32() if name in _DATES else pa.bool_() if name == "relief_pending" else pa.string())
        for name in REQUEST_COLUMNS
    ]
    + [("layout_errors", pa.int32())]
)


def a_batch(**changed: Any) -> BatchFacts:
    """The facts of a batch with which nothing is wrong."""
    sound: dict[str, Any] = {
        "judged_on": date(2025, 6, 30), "requested_on": REQUESTED_ON, "signature_verified": True,
        "official_office": "Secretary of Homeland Security", "official_agrees": True, "requester_agency": "ICE",
        "attests_active_criminal_investigation": True, "attests_sole_use": True, "attests_safeguards": True,
        "attests_true_and_correct": True, "safeguards_reviewed_on": date(2025, 5, 1),
        "safeguards_current_until": date(2026, 4, 30), "safeguards_open_findings": 0, "storage_approved": True,
        "stays_in_force": 0,
    }  # fmt: skip
    return BatchFacts(**{**sound, **changed})


def a_request(**changed: Any) -> Row:
    """A request with which nothing is wrong."""
    sound: Row = {
        "request_ref": "R-1", "first_name": "Alma", "middle_name": None, "last_name": "Quintero",
        "name_suffix": None, "birth_date": date(1984, 5, 17), "tin": "900700001", "street": "1501 Oak Ave",
        "unit": None, "city": "Seattle", "state": "WA", "zip": "98103", "tax_periods": "2023;2024",
        "statute": "8 USC 1253(a)(1)(A)", "matter_id": "M-1", "matter_kind": "investigation",
        "matter_opened_on": date(2025, 5, 1), "order_case_no": "A123456789", "order_ground": "1227(a)(1)(B)",
        "order_final_on": date(2024, 1, 15), "court_final_on": None, "relief_pending": False,
        "engaged_officers": "O-1", "reason": "The bond obligor reported that the person moved to this address.",
        "requested_fields": "mailing_address", "layout_errors": 0,
    }  # fmt: skip
    unknown = changed.keys() - sound.keys()
    assert not unknown, unknown
    return {**sound, **changed}


def write_requests(folder: Path, rows: Iterable[Row]) -> Path:
    """The requests of a batch as intake hands them on."""
    numbered = [{**row, "row_no": number} for number, row in enumerate(rows)]
    pq.write_table(pa.Table.from_pylist(numbered, schema=_SCHEMA), folder / "request.parquet")
    return folder / "request.parquet"


def derived(
    folder: Path,
    rows: Iterable[Row],
    *,
    roster: Sequence[Officer] = ROSTER,
    certificates: Collection[str] = (CERTIFIED,),
    releasable: Sequence[str] = ("mailing_address",),
    earlier: Sequence[Earlier] = (),
) -> list[Row]:
    """The facts of each request, in the order of the batch."""
    numbered = list(rows)
    request, out = write_requests(folder, numbered), folder / "facts.parquet"
    with open_session(directories=[folder], temp_directory=folder / "spill", threads=1) as session:
        facts.derive(
            session,
            request=request,
            out=out,
            rows=len(numbered),
            batch=a_batch(),
            roster=roster,
            certificates=certificates,
            releasable=releasable,
            earlier=earlier,
        )
        assert session.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
    found: list[Row] = pq.read_table(out).to_pylist()
    assert [row.pop("row_no") for row in found] == list(range(len(numbered)))
    return found


def one(folder: Path, **changed: Any) -> Row:
    """The facts of one request that is sound but for what is `changed`."""
    (found,) = derived(folder, [a_request(**changed)])
    return found


def another(number: int) -> dict[str, Any]:
    """What tells the person and the matter of another request from those of `a_request`."""
    return {
        "request_ref": f"R-{number}", "first_name": f"Alma{'abcdefghij'[number]}", "tin": f"90070000{number}",
        "matter_id": f"M-{number}",
    }  # fmt: skip
