"""Checkpoints are stamped by an RFC 3161 authority: once for all that was entered, and only if its clock is ours."""

from __future__ import annotations

import base64
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from narrowgate.errors import Refused
from narrowgate.witnessing.standing import Kind
from narrowgate_verify.ledger import verify_ledger
from narrowgate_verify.policy import read_policy
from narrowgate_verify.problems import DoesNotVerify
from tests.agency import Agency, a_request
from tests.witnessing.authority import Authority, answering
from tests.witnessing.overseen import an_agency, name_overseers, ready_to_release, says_one_more, seen_size, silence


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


def a_policy(agency: Agency, authority: Authority) -> Path:
    """The gate's policy, which asks for a stamp too."""
    der = subprocess.run(
        ["openssl", "x509", "-in", authority.certificate, "-outform", "DER"], check=True, capture_output=True
    ).stdout
    policy = agency.root / "policy"
    line = f"timestamp tsa.example {base64.b64encode(der).decode()}\n"
    policy.write_text(agency.folder.verifier_policy.read_text() + line)
    return policy


def test_one_stamp_covers_all_that_a_command_entered(tmp_path: Path, authority: Authority) -> None:
    agency = an_agency(tmp_path)
    with answering(authority):
        name_overseers(agency, authority=authority)
        agency.takes_in(agency.package([a_request(1), a_request(2), a_request(3)]))
        before = len(authority.asked)
        agency.determines("B-1")
        assert len(authority.asked) == before + 1, "three determinations, one stamp"
    size = len(agency.entries)
    assert [file.name for file in (agency.folder.ledger / "stamps" / str(size)).glob("*.tsr")] == ["tsa.example.tsr"]
    found = verify_ledger(agency.folder.ledger, read_policy(a_policy(agency, authority)))
    assert len(found.stamped) == 1


def test_a_checkpoint_without_a_stamp_does_not_satisfy_a_policy_that_asks_for_one(
    tmp_path: Path, authority: Authority
) -> None:
    agency = an_agency(tmp_path)
    agency.receives([a_request()])
    with pytest.raises(DoesNotVerify, match="timestamp"):
        verify_ledger(agency.folder.ledger, read_policy(a_policy(agency, authority)))


def test_a_stamp_of_another_time_than_ours_counts_for_nothing(agency: Agency, authority: Authority) -> None:
    with answering(authority):
        name_overseers(agency, authority=authority)  # the clock of this custodian stands in March
        agency.receives([a_request()])
    assert "and here it is 2026-03-02T12:00:0" in str(silence(agency, "tsa.example", Kind.AUTHORITY))
    assert not (agency.folder.ledger / "stamps").exists()


def test_a_stamp_by_a_stranger_counts_for_nothing(tmp_path: Path, authority: Authority) -> None:
    agency = an_agency(tmp_path)
    stranger = Authority(tmp_path / "stranger")
    with answering(authority):
        stranger.url = authority.url
        name_overseers(agency, authority=stranger)
        agency.receives([a_request()])
    assert "no stamp of ours" in str(silence(agency, "tsa.example", Kind.AUTHORITY))
    assert not (agency.folder.ledger / "stamps").exists()


def test_a_stamp_that_only_the_database_or_a_changed_file_tells_of_counts_for_nothing(
    tmp_path: Path, authority: Authority
) -> None:
    agency = an_agency(tmp_path)
    with answering(authority):
        name_overseers(agency, authority=authority, grace=0)
        agency.receives([a_request()])
    size = len(agency.entries)
    assert seen_size(agency) == size
    (agency.folder.ledger / "stamps" / str(size) / "checkpoint").write_bytes(b"another text")
    assert seen_size(agency) is None
    with answering(authority):
        name_overseers(agency, authority=authority, grace=0)
        agency.approves("counsel")
    says_one_more(agency)
    assert seen_size(agency) is None


def test_without_stamps_release_stops_after_the_grace_and_goes_on_by_itself(
    tmp_path: Path, authority: Authority
) -> None:
    agency = an_agency(tmp_path)
    name_overseers(agency, authority=authority, grace=1)
    ready_to_release(agency)
    agency.clock.move_to(agency.clock.now + timedelta(seconds=61))
    with pytest.raises(Refused, match="1 timestamps are needed"):
        agency.releases()
    assert agency.outbox == []
    with answering(authority):
        name_overseers(agency, authority=authority, grace=1)
        agency.releases()
    assert agency.outbox != []
