"""Approval and release: two people, a clean sample, sealed answers, the minimum, and an entry before any effect."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from narrowgate.errors import Fault, Refused, WrongUse
from narrowgate.gateway.approve import report_defect
from narrowgate.gateway.runs import find
from narrowgate.terms.determination import Mode
from tests.agency import Agency, a_person, a_request, an_address

BOTH = ("disclosure-officer", "counsel")


def approved(agency: Agency, rows: list[dict[str, str | None]] | None = None) -> None:
    agency.receives(rows or [a_request()])
    for name in BOTH:
        agency.approves(name)


def test_two_approvals_release_one_sealed_answer(agency: Agency) -> None:
    approved(agency)
    released = agency.releases()
    assert (released.answered, released.withheld) == (1, 0)
    assert [file.name for file in agency.outbox] == ["O-1.cms"]
    assert agency.kinds()[-3:] == ["approval", "approval", "release"]


def test_a_confirmed_address_is_not_sent_back(agency: Agency) -> None:
    approved(agency)
    agency.releases()
    (row,) = agency.opens(agency.outbox[0], "O-1").rows
    assert row["answer"] == "answered"
    assert row["confirmed"] is True
    assert row["mailing_address"] is None


def test_a_former_address_is_answered_with_the_last_known_one_and_nothing_else(tmp_path: Path) -> None:
    former = an_address(effective_on=an_address()["effective_on"].replace(year=2021), tax_period=2020)
    latest = an_address(street="9 Orchard St", city="Tacoma", zip="98402")
    agency = Agency(tmp_path, addresses=[former, latest])
    approved(agency)
    agency.releases()
    (row,) = agency.opens(agency.outbox[0], "O-1").rows
    assert row["mailing_address"] == {
        "street": "9 Orchard St", "unit": None, "city": "Tacoma", "state": "WA", "zip": "98402"
    }  # fmt: skip
    told = json.dumps(row)
    assert "9007" not in told
    assert "1984" not in told
    assert "p-0001" not in told


def test_rows_of_one_file_have_one_length_whatever_they_answer(tmp_path: Path) -> None:
    people = [a_person(1), a_person(2, first_name="Bruno", impairment=True)]
    agency = Agency(tmp_path, people=people, addresses=[an_address(1), an_address(2)])
    approved(
        agency,
        [
            a_request(1),
            a_request(2, first_name="Bruno"),  # marked
            a_request(3, first_name="Otilia", birth_date="1970-01-01"),  # absent
        ],
    )
    agency.releases()
    answers = {row["request_ref"]: row for row in agency.opens(agency.outbox[0], "O-1").rows}
    marked, absent = dict(answers["R-0002"]), dict(answers["R-0003"])
    for row in (marked, absent):
        del row["request_ref"], row["matter_id"]
    assert marked == absent


@pytest.mark.parametrize("stranger", ["O-2", "official", "nobody"])
def test_nobody_but_the_officer_opens_it(agency: Agency, stranger: str) -> None:
    approved(agency, [a_request(1), a_request(2, engaged_officers="O-2")])
    agency.releases()
    with pytest.raises(Refused):
        agency.opens(agency.outbox[0], stranger)


def test_an_answer_of_somebody_else_under_the_same_authority_is_not_believed(agency: Agency) -> None:
    approved(agency)
    agency.releases()
    shutil.copy(agency.folder.demo_keys / "counsel.pem", agency.folder.keys / "custodian.pem")
    with pytest.raises(Refused, match="not the custodian"):
        agency.opens(agency.outbox[0], "O-1")


def test_one_approval_is_not_enough(agency: Agency) -> None:
    agency.receives([a_request()])
    agency.approves("counsel")
    with pytest.raises(Refused, match="1 of 2 approvals"):
        agency.releases()
    assert agency.outbox == []
    assert agency.kinds()[-1] == "stopped"


def test_nobody_approves_twice(agency: Agency) -> None:
    agency.receives([a_request()])
    agency.approves("counsel")
    with pytest.raises(Refused, match="has approved this run already"):
        agency.approves("counsel")
    assert agency.kinds().count("approval") == 1


def test_the_submitter_cannot_approve(agency: Agency) -> None:
    fingerprint = next(iter(open_trust(agency)["offices"]))
    file = agency.folder.trust / "approvers.toml"
    file.write_text(file.read_text() + f'\n[[approver]]\nname = "both"\ncertificate_sha256 = "{fingerprint}"\n')
    agency.receives([a_request()])
    with pytest.raises(Refused, match="submitted this batch"):
        agency.approves("both")
    assert "approval" not in agency.kinds()


def open_trust(agency: Agency) -> dict[str, dict[str, str]]:
    with agency.desk() as desk:
        return {"offices": dict(desk.gate.trust.offices)}


def test_an_unknown_approver_is_wrong_use(agency: Agency) -> None:
    agency.receives([a_request()])
    with pytest.raises(WrongUse, match="not an approver"):
        agency.approves("O-1")


def test_a_reported_defect_stops_the_release_for_good(agency: Agency) -> None:
    approved(agency)
    with agency.desk() as desk:
        report_defect(desk, find(desk, "B-1"), name="counsel", request_ref="R-0001", why="the unit differs")
    with pytest.raises(Refused, match="found a defect"):
        agency.releases()
    assert agency.outbox == []


def test_an_approval_of_other_determinations_does_not_carry_over(agency: Agency) -> None:
    approved(agency)
    with agency.desk() as desk:
        run = find(desk, "B-1").name
        desk.gate.database.connection.execute("UPDATE run SET determination_digest = ? WHERE run = ?", ("0" * 64, run))
    with pytest.raises(Refused):
        agency.releases()
    assert agency.outbox == []


def test_a_forged_approval_is_found(agency: Agency) -> None:
    agency.receives([a_request()])
    agency.approves("counsel")
    with agency.desk() as desk:
        desk.gate.database.connection.execute(
            "INSERT INTO approval SELECT run, 'disclosure-officer', ?, "
            "CAST(replace(CAST(statement AS TEXT), 'counsel', 'disclosure-officer') AS BLOB), signature, entry "
            "FROM approval",
            (desk.gate.trust.approvers["disclosure-officer"].certificate_sha256,),
        )
    with pytest.raises(Refused):
        agency.releases()
    assert agency.outbox == []


def test_a_changed_case_file_stops_the_release(agency: Agency) -> None:
    approved(agency)
    with agency.desk() as desk:
        file = find(desk, "B-1").case.file("determination")
    table = file.read_bytes()
    file.write_bytes(table[:-40] + bytes(40))
    with pytest.raises(Exception):  # noqa: B017 - any error will do, as long as nothing leaves
        agency.releases()
    assert agency.outbox == []


def test_a_register_that_changed_stops_the_release(agency: Agency) -> None:
    approved(agency)
    file = agency.register / "register.toml"
    file.write_text(file.read_text().replace("2026-03-01", "2026-03-02"))
    with pytest.raises(Refused, match="register"):
        agency.releases()
    assert agency.outbox == []


def test_safeguards_that_lapse_before_release_stop_it(agency: Agency) -> None:
    approved(agency)
    file = agency.folder.trust / "safeguards.toml"
    file.write_text(file.read_text().replace("open_findings = 0", "open_findings = 2"))
    with pytest.raises(Refused, match="G02a"):
        agency.releases()
    assert agency.outbox == []


def test_an_expired_batch_is_not_released(agency: Agency) -> None:
    approved(agency)
    agency.clock.move_to(agency.clock.now + timedelta(days=91))
    with pytest.raises(Refused, match="expired"):
        agency.releases()
    assert agency.outbox == []


@pytest.mark.harms_ledger
def test_without_a_ledger_nothing_leaves(agency: Agency) -> None:
    approved(agency)
    for tile in (agency.folder.ledger / "tile").rglob("*"):
        if tile.is_file():
            tile.unlink()
    with pytest.raises(Fault):
        agency.releases()
    assert agency.outbox == []


def test_releasing_again_delivers_the_same_and_enters_nothing(agency: Agency) -> None:
    approved(agency)
    first = agency.releases()
    entries, sealed = len(agency.entries), agency.outbox[0].read_bytes()
    again = agency.releases()
    assert again.repeated
    assert again.files == first.files
    assert len(agency.entries) == entries
    assert agency.outbox[0].read_bytes() == sealed


def test_no_plain_text_of_an_answer_stays_in_the_gate(agency: Agency) -> None:
    approved(agency)
    agency.releases()
    assert list(agency.folder.root.rglob("*.jsonl")) == []


def test_a_rehearsed_release_is_marked_as_one(stayed_agency: Agency) -> None:
    stayed_agency.receives([a_request()], mode=Mode.REHEARSAL)
    for name in BOTH:
        stayed_agency.approves(name)
    stayed_agency.releases()
    assert stayed_agency.opens(stayed_agency.outbox[0], "O-1").header["mode"] == "rehearsal"
    assert "release" not in stayed_agency.kinds()
    assert stayed_agency.kinds()[-1] == "rehearsed_release"


def test_a_historical_reading_is_never_run_and_never_approved(agency: Agency) -> None:
    agency.takes_in(agency.package([a_request()]))
    with pytest.raises(Refused, match="records what was done"):
        agency.determines("B-1", Mode.RUN, "as-practised-2025-08")
    agency.determines("B-1", Mode.REHEARSAL, "as-practised-2025-08")
    with pytest.raises(Refused, match="historical"):
        agency.approves("counsel")
    assert agency.outbox == []
