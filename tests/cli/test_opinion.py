"""The second opinion's pages at a gate: for whom they are written, what is on them, and what is entered before."""

from __future__ import annotations

import json
import re
import shutil
import stat
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pytest

from narrowgate.cli.app import main
from narrowgate.errors import Fault
from narrowgate.second_opinion.model import shipped
from narrowgate.terms.determination import Mode
from tests.agency import ONE_DAY, Agency, a_person, a_request, an_address, write_register

FATHER = date(1955, 11, 2)
STRANGER = {"first_name": "Adela", "middle_name": None, "last_name": "Quade"}
"""Compared with the request, because of the address and the letters of the names, and nobody whom it could be about."""


class Gate:
    """A custodian whose commands are given by hand, and by its own clock."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], people: list[dict[str, Any]]) -> None:
        homes = [an_address(place) for place in range(1, len(people) + 1)]
        self.agency = Agency(folder / "agency", people=people, addresses=homes)
        self.out = folder / "page.html"
        self._capsys = capsys

    def __call__(self, *arguments: object, status: int = 0) -> dict[str, Any]:
        self._capsys.readouterr()
        assert main(["opinion", *map(str, arguments), "--json"]) == status
        found = json.loads(self._capsys.readouterr().out.splitlines()[-1])
        assert isinstance(found, dict)
        return found

    def looks(self, request_ref: str = "R-0001", *options: object, status: int = 0) -> dict[str, Any]:
        return self("request", "B-1", request_ref, "--as", "counsel", "-o", self.out, *options,
            "--gate", self.agency.folder.root, status=status)  # fmt: skip

    def refuses(self, words: str, request_ref: str = "R-0001", *options: object, status: int = 1) -> None:
        """Refused, nobody looked up: nothing is entered and nothing written."""
        before = len(self.agency.entries)
        refused = self.looks(request_ref, *options, status=status)
        assert words in refused["error"]
        assert "no record was looked up" in refused["hint"]
        assert len(self.agency.entries) == before
        assert not self.out.exists()


class Opens(Protocol):
    """Opens a gate on a register of these people, who all live at one address."""

    def __call__(self, *people: dict[str, Any]) -> Gate: ...


@pytest.fixture
def opens(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Opens:
    def opened(*people: dict[str, Any]) -> Gate:
        gate = Gate(tmp_path, capsys, list(people))
        monkeypatch.setattr("narrowgate.cli.options.now", lambda: gate.agency.clock.now)
        return gate

    return opened


@pytest.fixture
def family(opens: Opens) -> Gate:
    """A son, his father of the same name at the same address, and somebody else there; the son is asked about."""
    gate = opens(a_person(1), a_person(2, birth_date=FATHER), a_person(3, **STRANGER))
    rows = [a_request(1, tin=None), a_request(3, **STRANGER), a_request(4, street="unknown")]
    assert gate.agency.receives(rows).dispositions == {"refer": 1, "disclose": 1, "return": 1}
    return gate


def test_the_two_in_doubt_are_shown_and_nobody_else_who_was_compared(family: Gate) -> None:
    told = family.looks()
    page = family.out.read_text()
    assert (told["reason"], told["people"], told["not_shown"]) == ("second opinion", 2, 0)
    assert re.findall(r"<h2>(.*?)</h2>", page) == [
        "Person 1: accepted by E4", "Person 2: neither accepted nor a rival; likely by the second opinion alone"
    ]  # fmt: skip
    assert FATHER.isoformat() in page
    for hidden in ("QUADE", "ADELA", "P-0001", "P-0002", "INTERLAKE", "90070000", "98103"):
        assert hidden not in page.upper(), hidden


def test_what_is_printed_says_nothing_of_anybody(family: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    family.looks()
    capsys.readouterr()
    where = ["-o", str(family.out), "--gate", str(family.agency.folder.root)]
    assert main(["opinion", "request", "B-1", "R-0001", "--as", "counsel", *where]) == 0
    said = capsys.readouterr().out
    assert "2 in doubt, for the reason: second opinion" in said
    assert not re.search(r"Alma|Quintero|9007|19\d\d-", said)


def test_whoever_looks_is_on_the_ledger_and_on_the_page(family: Gate) -> None:
    before = len(family.agency.entries)
    told = family.looks()
    (entry,) = family.agency.entries[before:]
    assert (entry["kind"], entry["code"], entry["batch"]) == ("look", "second_opinion", "B-1")
    assert told["ledger_index"] == before
    with family.agency.desk() as desk:
        row = desk.gate.database.one("SELECT kept FROM event WHERE kind = 'look'")
        assert row is not None
        opening = desk.gate.custody.show(row["kept"], batch="B-1", name="the look")
    assert json.loads(opening[32:]) == {"of": told["run"], "request_ref": "R-0001", "by": "counsel"}
    assert "Looked at by counsel" in family.out.read_text()
    assert f"ledger entry {before:,}" in family.out.read_text()
    family.looks()
    assert len(family.agency.entries) == before + 2, "looking again is another look-up"


@pytest.mark.harms_ledger
def test_without_a_ledger_nobody_is_looked_up_and_no_page_is_written(family: Gate) -> None:
    checkpoint = family.agency.folder.root / "ledger" / "checkpoint"
    checkpoint.write_bytes(checkpoint.read_bytes()[:-4])
    family.looks(status=3)
    assert not family.out.exists()


def test_it_is_entered_before_anybody_is_looked_up(family: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise Fault("the register cannot be read")

    before = len(family.agency.entries)
    monkeypatch.setattr("narrowgate.gateway.look.take_up", breaks)
    family.looks(status=3)
    assert len(family.agency.entries) == before + 1
    assert not family.out.exists()


def test_a_request_that_comes_to_something_else_is_a_fault(family: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("narrowgate.gateway.look.take_up", lambda *_: ("match", "E4"))
    told = family.looks(status=3)
    assert "comes to `match`, E4, where `possible`, second opinion, was determined" in told["error"]
    assert not family.out.exists()


def test_the_page_is_its_owners_only_and_loads_nothing(family: Gate) -> None:
    family.looks()
    assert stat.S_IMODE(family.out.stat().st_mode) == 0o600
    page = family.out.read_text()
    assert "default-src 'none'" in page and "<script" not in page
    assert shipped().digest in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 6
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_nothing_is_determined_otherwise_by_looking(family: Gate) -> None:
    with family.agency.desk() as desk:
        cases = {file: file.read_bytes() for file in (desk.gate.folder.root / "cases").rglob("*") if file.is_file()}
    family.looks()
    assert {file: file.read_bytes() for file in cases} == cases
    assert family.agency.outbox == []


def test_on_a_later_day_it_is_taken_up_as_it_was_determined(family: Gate) -> None:
    family.agency.clock.move_to(family.agency.clock.now + ONE_DAY)
    assert family.looks()["people"] == 2


def test_a_rival_is_shown_though_the_second_opinion_was_not_asked(opens: Opens) -> None:
    twins = opens(a_person(1), a_person(2, birth_date=a_person(1)["birth_date"], first_name="Almah"))
    assert twins.agency.receives([a_request(tin=None)]).dispositions == {"refer": 1}
    told = twins.looks()
    assert (told["reason"], told["people"]) == ("rival", 2)
    assert re.findall(r"<h2>(.*?)</h2>", twins.out.read_text()) == ["Person 1: accepted by E4", "Person 2: a rival"]


def test_of_many_who_are_as_close_only_some_are_shown_and_the_others_counted(opens: Opens) -> None:
    crowd = opens(*(a_person(number, birth_date=a_person(1)["birth_date"]) for number in range(1, 14)))
    assert crowd.agency.receives([a_request(tin=None)]).dispositions == {"refer": 1}
    told = crowd.looks()
    assert (told["reason"], told["people"], told["not_shown"]) == ("two people", 10, 3)
    assert "3 more are in doubt and are not shown" in crowd.out.read_text()


def test_a_rehearsal_on_simulated_people_may_be_looked_at_while_a_stay_is_in_force(family: Gate) -> None:
    family.agency.court_stays()
    family.refuses("does not stand any more")
    assert family.agency.determines("B-1", Mode.REHEARSAL).dispositions["refer"] == 1
    assert family.looks()["people"] == 2


@pytest.mark.parametrize(
    ("request_ref", "words"),
    [
        ("R-0003", "is not referred but comes to `disclose`"),
        ("R-0004", "did not stand, and nobody was looked up for it"),
    ],
)
def test_for_a_request_with_nothing_to_settle_nobody_is_looked_up(family: Gate, request_ref: str, words: str) -> None:
    family.refuses(words, request_ref)


def test_a_request_that_is_not_in_the_batch_is_wrong_use(family: Gate) -> None:
    family.refuses("has no request `R-9999`", "R-9999", status=2)


def test_nobody_looks_who_is_not_known_at_the_gate(family: Gate) -> None:
    before = len(family.agency.entries)
    refused = family("request", "B-1", "R-0001", "--as", "mallory", "-o", family.out, "--gate",
        family.agency.folder.root, status=2)  # fmt: skip
    assert "`mallory` is not an approver of this gate" in refused["error"]
    assert len(family.agency.entries) == before
    assert not family.out.exists()


def test_a_register_that_changed_is_not_looked_into(family: Gate) -> None:
    person = family.agency.register / "person.parquet"
    people = [a_person(1), a_person(2, birth_date=FATHER), a_person(4)]
    other = write_register(family.agency.root / "other", people, [an_address(1), an_address(2)])
    shutil.copy(other / "person.parquet", person)
    family.refuses("the register is not the one")


def test_an_agreement_that_changed_is_not_looked_under(family: Gate) -> None:
    with family.agency.desk() as desk:
        text = desk.gate.agreement / "agreement.md"
    text.write_text(text.read_text().replace("Everything agrees.", "All of it agrees."))
    with family.agency.desk():
        pass  # the change is entered
    family.refuses("the agreement is not the one")


def test_a_batch_that_expired_is_not_looked_at(family: Gate) -> None:
    family.agency.clock.move_to(family.agency.clock.now + 400 * ONE_DAY)
    family.refuses("expired at")


def test_determinations_that_were_changed_are_not_looked_at(family: Gate) -> None:
    (file,) = (family.agency.folder.root / "cases").rglob("determination.parquet.enc")
    (other,) = (family.agency.folder.root / "cases").rglob("findings_request.parquet.enc")
    shutil.copy(other, file)
    before = len(family.agency.entries)
    family.looks(status=3)
    assert len(family.agency.entries) == before
    assert not family.out.exists()


@pytest.mark.parametrize(("out", "words"), [("page.txt", "is not a .html"), ("none/page.html", "there is no folder")])
def test_a_file_that_cannot_be_written_is_refused_before_anybody_is_looked_up(
    family: Gate, out: str, words: str
) -> None:
    before = len(family.agency.entries)
    refused = family("request", "B-1", "R-0001", "--as", "counsel", "-o", family.out.parent / out, "--gate",
        family.agency.folder.root, status=2)  # fmt: skip
    assert words in refused["error"]
    assert len(family.agency.entries) == before


def test_the_page_of_the_model_needs_no_gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "model.html"
    assert main(["opinion", "model", "-o", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["model"] == shipped().digest
    assert "What the second opinion weighs" in out.read_text()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
