"""What somebody changed in the database or the case by hand changes nothing that leaves: the ledger is what counts."""

from __future__ import annotations

import json
import sqlite3

import pytest

from narrowgate.errors import Fault, Refused
from narrowgate.gateway.approve import report_defect
from narrowgate.gateway.receipts import Party, receipt
from narrowgate.gateway.runs import find
from narrowgate.store.database import Database
from tests.agency import Agency, a_request


def approved(agency: Agency) -> None:
    agency.receives([a_request(1)])
    for name in ("counsel", "disclosure-officer"):
        agency.approves(name)


def changed(agency: Agency, statement: str) -> int:
    """Change the database by hand; how many rows that was."""
    return Database(agency.folder.database).connection.execute(statement).rowcount


def as_it_is(agency: Agency) -> sqlite3.Connection:
    """A copy of the database, in memory."""
    copy = sqlite3.connect(":memory:")
    Database(agency.folder.database).connection.backup(copy)
    return copy


def put_back(agency: Agency, whole: sqlite3.Connection) -> None:
    whole.backup(Database(agency.folder.database).connection)


TAKEN_OUT = (
    "DELETE FROM event WHERE kind = 'stay'",
    "UPDATE event SET kind = 'replay' WHERE kind = 'stay'",
    "UPDATE event SET kept = x'' WHERE kind = 'stay'",
    "UPDATE event SET kept = x'', batch_id = 'B-1' WHERE kind = 'stay'",
    "UPDATE event SET kept = (SELECT kept FROM event WHERE kind = 'configuration') WHERE kind = 'stay'",
    "UPDATE event SET kept = CAST(substr(kept, 1, length(kept) - 1) || x'00' AS BLOB) WHERE kind = 'stay'",
    "UPDATE event SET entry = entry - 1 WHERE kind = 'stay'",
)


def test_a_stay_that_was_taken_out_of_the_database_stops_everything(agency: Agency) -> None:
    approved(agency)
    agency.court_stays()
    whole = as_it_is(agency)
    for statement in TAKEN_OUT:
        assert changed(agency, statement) == 1
        with pytest.raises(Fault):
            agency.releases()
        assert agency.outbox == []
        put_back(agency, whole)
    with pytest.raises(Refused, match="is in force"):
        agency.releases()


def test_a_defect_that_was_moved_to_another_run_stops_the_release(agency: Agency) -> None:
    approved(agency)
    with agency.desk() as desk:
        report_defect(desk, find(desk, "B-1"), name="counsel", request_ref="R-0001", why="another person's")
    whole = as_it_is(agency)
    for column in ("subject = 'another'", "kind = 'look'"):
        assert changed(agency, f"UPDATE event SET {column} WHERE kind = 'defect'") == 1
        with pytest.raises((Refused, Fault)):
            agency.releases()
        assert agency.outbox == []
        put_back(agency, whole)


def test_sealed_answers_that_are_not_those_entered_do_not_leave(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(agency)
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr("narrowgate.gateway.release._deliver", _killed)
        agency.releases()
    (file,) = agency.folder.cases("B-1").rglob("sealed/*.cms")
    more, whole = file.with_name("O-2.cms"), file.read_bytes()
    for harm in (lambda: file.write_bytes(whole[:-1] + b"x"), file.unlink, lambda: more.write_bytes(whole)):
        harm()
        with pytest.raises(Fault, match="are not those whose release was entered"):
            agency.releases()
        assert agency.outbox == []
        file.write_bytes(whole)
    more.unlink()
    assert agency.releases().repeated
    assert [one.name for one in agency.outbox] == ["O-1.cms"]


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_run_is_not_said_to_have_been_made_under_something_else(agency: Agency) -> None:
    approved(agency)
    assert changed(agency, "UPDATE run SET under = replace(under, 'strict', 'strikt')") == 1
    with pytest.raises(Fault, match="is not in the database"), agency.desk() as desk:
        receipt(desk, find(desk, "B-1"), "R-0001", Party.COURT)


def test_what_is_read_of_events_is_what_was_entered(agency: Agency) -> None:
    approved(agency)
    agency.court_stays()
    with agency.desk() as desk:
        (stay,) = desk.book.recorded("stay")
        approvals = desk.book.recorded("approval")
    assert stay.payload is not None
    assert stay.payload["id"] == "order-1"
    assert [json.loads(one.payload["statement"])["approver"] for one in approvals if one.payload] == [
        "counsel", "disclosure-officer",
    ]  # fmt: skip
