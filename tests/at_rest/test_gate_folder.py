"""Nothing of a person lies in a gate's folder in the clear: not while it works, nor after it was killed, nor later."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from narrowgate.disclosure import release as releasing
from narrowgate.errors import Fault, Refused
from narrowgate.gateway.approve import report_defect
from narrowgate.gateway.desk import at_desk
from narrowgate.gateway.determine import determine
from narrowgate.gateway.receipts import Party, receipt
from narrowgate.gateway.runs import find
from narrowgate.store.gate import open_gate
from narrowgate.terms.determination import Mode
from tests.agency import Agency, a_person, an_address
from tests.at_rest.clear import PERSON, PLANTED, STREET, in_the_clear, rows


class Killed(BaseException):
    """Stands for the process being gone: nothing may catch it."""


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    """A custodian that holds one planted person, beside another; files are made as the command line makes them."""
    before = os.umask(0o077)
    yield Agency(
        tmp_path,
        people=[a_person(1, **PERSON), a_person(2)],
        addresses=[an_address(1, street=STREET), an_address(2)],
    )
    os.umask(before)


def test_nothing_planted_is_found_at_any_step_of_the_route(agency: Agency) -> None:
    package = agency.package(rows())
    gate = agency.folder.root
    assert any(planted.encode() in file.read_bytes() for file in package.iterdir() for planted in PLANTED[:1])
    agency.takes_in(package)
    steps: list[str] = []

    def look(step: str) -> None:
        steps.append(step)
        assert in_the_clear(gate) == []

    with at_desk(open_gate(gate), at=agency.clock.now, random=os.urandom) as desk:
        determine(desk, "B-1", mode=Mode.RUN, reading=None, progress=look)
    assert len(steps) == 7
    for name in ("counsel", "disclosure-officer"):
        agency.approves(name)
    assert agency.releases().answered == 1
    with agency.desk() as desk:
        report_defect(desk, find(desk, "B-1"), name="counsel", request_ref="R-0001", why="it says Quillfeather twice")
        assert "p-0001" in receipt(desk, find(desk, "B-1"), "R-0001", Party.COURT)[1]
    assert in_the_clear(gate) == []


def test_a_release_that_is_killed_leaves_no_answer_in_the_clear(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency.receives(rows())
    for name in ("counsel", "disclosure-officer"):
        agency.approves(name)

    def killed(*_: object, **__: object) -> None:
        prepared = list(agency.folder.passing.glob("*.jsonl.enc"))
        assert prepared, "the answers are there when they are about to be sealed"
        assert in_the_clear(agency.folder.root) == []
        raise Killed

    monkeypatch.setattr(releasing.cms, "seal", killed)
    with pytest.raises(Killed):
        agency.releases()
    assert in_the_clear(agency.folder.root) == []
    assert agency.outbox == []


def test_a_package_that_is_refused_leaves_nothing_of_it(agency: Agency) -> None:
    package = agency.package(rows())
    (file,) = package.glob("requests.*")
    file.write_bytes(file.read_bytes() + b"x")
    agency.takes_in(package)
    assert in_the_clear(agency.folder.root) == []
    assert not list((agency.folder.root / "packages").glob("*"))


def test_every_folder_and_file_is_private_to_its_owner(agency: Agency) -> None:
    agency.receives(rows())
    gate = agency.folder.root
    kept = [gate, *(file for file in gate.rglob("*") if not file.is_relative_to(gate / "agreements"))]
    assert len(kept) > 30
    assert [file for file in kept if stat.S_IMODE(file.stat().st_mode) & 0o077] == []


def test_without_the_custody_key_nothing_is_read(agency: Agency) -> None:
    agency.receives(rows())
    (agency.folder.keys / "custody.key").write_text("00" * 32)
    with pytest.raises(Fault, match="is wrapped by custody key"), agency.desk():
        pass


def test_without_the_key_of_its_batch_a_case_is_not_read(agency: Agency) -> None:
    agency.receives(rows())
    agency.folder.key_of("B-1").unlink()
    with pytest.raises(Refused, match="what it opened was destroyed"):
        agency.approves("counsel")
