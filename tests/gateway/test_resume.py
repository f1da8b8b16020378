"""Interruption: whatever breaks, no entry is lost or doubled and the same determinations come out."""

from __future__ import annotations

import os

import pytest

from narrowgate.accounting import book as accounting
from narrowgate.errors import Fault
from narrowgate.gateway.desk import at_desk
from narrowgate.gateway.determine import determine
from narrowgate.ledger.log import Log
from narrowgate.store.gate import open_gate
from narrowgate.terms.determination import Mode
from tests.agency import Agency, a_request

STATIONS = (
    "facts", "findings on batch and request", "matching", "findings on the record", "determination", "accounting",
    "ledger",
)  # fmt: skip


class Killed(BaseException):
    """Stands for the process being gone: nothing may catch it."""


def interrupted(agency: Agency, station: str) -> None:
    """Determine batch B-1 and be killed as it enters `station`."""

    def progress(entered: str) -> None:
        if entered == station:
            raise Killed

    with (
        pytest.raises(Killed),
        at_desk(open_gate(agency.folder.root), at=agency.clock.now, random=os.urandom) as desk,
    ):
        determine(desk, "B-1", mode=Mode.RUN, reading=None, progress=progress)


def test_a_run_that_was_killed_is_taken_up_where_it_stopped(agency: Agency) -> None:
    rows = [a_request(1), a_request(2, tax_periods=None)]
    agency.takes_in(agency.package(rows))
    for station in STATIONS:
        interrupted(agency, station)
        assert agency.kinds() == ["received"]
    outcome = agency.determines("B-1")
    assert agency.kinds() == ["received", "determination", "determination"]
    undisturbed = Agency(agency.root / "undisturbed", clock=agency.clock)
    assert undisturbed.receives(rows).summary["determination_digest"] == outcome.summary["determination_digest"]


@pytest.mark.parametrize("step", ["append", "_strike_out"])
def test_an_entry_that_was_intended_is_entered_once_by_whoever_comes_next(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    agency.takes_in(agency.package([a_request()]))
    owner = Log if step == "append" else accounting.Book

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as broken, pytest.raises(Killed):
        broken.setattr(owner, step, killed)
        agency.determines("B-1")
    assert agency.kinds() == ["received", "determination"]
    again = agency.determines("B-1")
    assert again.summary["repeated"] is True
    assert agency.kinds() == ["received", "determination"]


def test_a_hand_over_that_changed_is_not_built_upon(agency: Agency) -> None:
    agency.takes_in(agency.package([a_request()]))
    interrupted(agency, "matching")
    (case,) = (agency.folder.root / "cases" / "B-1").iterdir()
    with (case / "facts.parquet.enc").open("ab") as file:
        file.write(b"x")
    with pytest.raises(Fault, match="is not the one that station `facts` wrote"):
        agency.determines("B-1")
    assert agency.kinds() == ["received"]
    assert agency.outbox == []


def test_a_ledger_put_back_from_an_old_copy_is_a_fault(agency: Agency) -> None:
    import shutil

    copy = agency.root / "old"
    shutil.copytree(agency.folder.ledger, copy)
    agency.receives([a_request()])
    with agency.desk() as desk:
        desk.gate.database.connection.execute(
            "INSERT INTO intent VALUES (1, ?, 1, x'', NULL, NULL, '[]')", (desk.book.log.size,)
        )
    shutil.rmtree(agency.folder.ledger)
    copy.replace(agency.folder.ledger)
    with pytest.raises(Fault, match="where an interrupted command left it"):
        agency.determines("B-1")
    assert agency.outbox == []


def test_a_manifest_changed_since_it_was_received_stops_the_run(agency: Agency) -> None:
    agency.takes_in(agency.package([a_request()]))
    kept = agency.folder.package("B-1") / "package" / "manifest.json"
    kept.write_bytes(kept.read_bytes() + b" ")
    with pytest.raises(Fault, match="is not the manifest that was received"):
        agency.determines("B-1")
    assert agency.kinds() == ["received"]
    assert not (agency.folder.root / "cases").exists()
