"""Receipts: one shape for everybody; what each may see of it, and what the other program makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from narrowgate.errors import Fault, Refused, WrongUse
from narrowgate.gateway.receipts import Party, receipt, receipt_of_batch, receipts
from narrowgate.gateway.runs import find
from narrowgate_verify.policy import read_policy
from narrowgate_verify.problems import DoesNotVerify
from narrowgate_verify.receipt import verify_receipt
from tests.agency import Agency, a_person, a_request, an_address

BRUNO = {"first_name": "Bruno", "last_name": "Tabor"}
ALL = {"format", "proof", "payload", "salt", "grounds", "grounds_salt", "under"}


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Agency:
    """A custodian that has released a batch: one answered, one returned, one denied, one whom nobody knows."""
    made = Agency(
        tmp_path_factory.mktemp("released"),
        people=[a_person(1), a_person(2, identity_theft=True, **BRUNO)],
        addresses=[an_address(1), an_address(2, street="8 Oak St")],
    )
    asked = [a_request(1), a_request(2, **BRUNO, street="8 Oak St"), a_request(3, tax_periods=None)]
    made.receives([*asked, a_request(9, first_name="Carla", last_name="Ferris", street="9 Elm St")])
    for name in ("counsel", "disclosure-officer"):
        made.approves(name)
    made.releases()
    return made


def of(agency: Agency, request_ref: str, party: Party = Party.COURT) -> dict[str, Any]:
    with agency.desk() as desk:
        made: dict[str, Any] = json.loads(receipt(desk, find(desk, "B-1"), request_ref, party)[1])
    return made


def verifies(agency: Agency, document: dict[str, Any]) -> None:
    verify_receipt(json.dumps(document).encode(), read_policy(agency.folder.verifier_policy))


def dispositions(agency: Agency) -> dict[str, str]:
    return {
        ref: json.loads(of(agency, ref)["payload"])["disposition"] for ref in ("R-0001", "R-0002", "R-0003", "R-0009")
    }


def test_a_court_sees_what_was_determined_by_what_and_under_what(agency: Agency) -> None:
    assert dispositions(agency)["R-0001"] == "disclose"
    document = of(agency, "R-0001")
    assert set(document) == ALL
    grounds, under = json.loads(document["grounds"]), json.loads(document["under"])
    assert (grounds["person_id"], grounds["record"]["one_person"]) == ("p-0001", True)
    assert (under["batch"], under["reading"], under["mode"]) == ("B-1", "strict", "run")
    assert under["batch_facts"]["signature_verified"] is True
    verifies(agency, document)


@pytest.mark.parametrize("party", [Party.COURT, Party.SUBJECT])
def test_a_receipt_is_made_for_every_request_whatever_came_of_it(agency: Agency, party: Party) -> None:
    assert len(set(dispositions(agency).values())) >= 3
    for ref in dispositions(agency):
        verifies(agency, of(agency, ref, party))


def test_the_requester_sees_of_a_returned_request_what_it_was_told_and_no_more(agency: Agency) -> None:
    document = of(agency, "R-0003", Party.REQUESTER)
    assert set(document) == ALL - {"grounds", "grounds_salt"}
    payload = json.loads(document["payload"])
    assert (payload["disposition"], payload["told"]) == ("return", ["G07"])
    assert "person_id" not in document["payload"]
    verifies(agency, document)
    verifies(agency, of(agency, "R-0001", Party.REQUESTER))


def test_the_requester_has_no_receipt_that_tells_a_denial_from_any_other_silence(agency: Agency) -> None:
    refusals = set()
    for ref in ("R-0002", "R-0009"):
        with pytest.raises(Refused) as refused:
            of(agency, ref, Party.REQUESTER)
        refusals.add((refused.value.message.replace(ref, "REF"), refused.value.hint))
    assert len(refusals) == 1
    with agency.desk() as desk:
        index, made = receipt_of_batch(desk, desk.batch("B-1"))
    document = json.loads(made)
    assert index == agency.entries.index(next(entry for entry in agency.entries if entry["kind"] == "received"))
    assert set(document) == {"format", "proof", "payload", "salt"}
    verifies(agency, document)


def test_before_a_release_no_request_is_answered_for_the_requester(tmp_path: Path) -> None:
    agency = Agency(tmp_path)
    agency.receives([a_request(1)])
    with pytest.raises(Refused, match="would tell the requester more than its answer"):
        of(agency, "R-0001", Party.REQUESTER)


def test_the_receipts_of_a_batch_are_those_of_its_requests(agency: Agency) -> None:
    with agency.desk() as desk:
        lines = [json.loads(line) for line in receipts(desk, find(desk, "B-1"))]
    assert {json.loads(line["payload"])["request_ref"]: line for line in lines} == {
        ref: of(agency, ref) for ref in dispositions(agency)
    }


def test_no_request_no_receipt(agency: Agency) -> None:
    with pytest.raises(WrongUse, match="the batch has no request `R-0404`"):
        of(agency, "R-0404")


def test_a_case_that_is_not_the_one_on_the_ledger_gives_no_receipt(agency: Agency, tmp_path: Path) -> None:
    other = Agency(tmp_path / "other")
    other.receives([a_request(1), a_request(2), a_request(3), a_request(4)])
    with agency.desk() as desk, other.desk() as theirs:
        run, stranger = find(desk, "B-1"), find(theirs, "B-1")
        entries = run.case.file("entries")
        whole = entries.read_bytes()
        entries.write_bytes(stranger.case.file("entries").read_bytes())
        with pytest.raises(Fault):
            list(receipts(desk, run))
        entries.write_bytes(whole)


@pytest.mark.parametrize("member", sorted(ALL - {"format"}))
def test_a_receipt_in_which_anything_was_exchanged_does_not_verify(agency: Agency, member: str) -> None:
    one, other = of(agency, "R-0001"), of(agency, "R-0002")
    if one[member] == other[member]:
        other = {**other, member: other[member].replace("strict", "strikt")}
    with pytest.raises(DoesNotVerify):
        verifies(agency, {**one, member: other[member]})
