"""Every checkpoint goes to the witness. Its silence stops release after the grace; what it knows more, everything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from narrowgate.errors import Fault, Refused
from narrowgate.gateway.overseen import Overseen
from narrowgate.witness.folder import Witness
from narrowgate_verify.ledger import verify_ledger
from narrowgate_verify.policy import read_policy
from narrowgate_verify.problems import DoesNotVerify
from tests.agency import NOON, Agency, a_request
from tests.witness.support import kept_alarms, running
from tests.witnessing.overseen import (
    NOWHERE,
    a_witness_of,
    checkpoint,
    cosigned,
    name_overseers,
    overseen,
    ready_to_release,
    says_one_more,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def witness(agency: Agency, tmp_path: Path) -> Witness:
    return a_witness_of(agency, tmp_path / "witness")


@pytest.fixture
def url(witness: Witness) -> Iterator[str]:
    with running(witness, at=int(NOON.timestamp())) as here:
        yield here.url


def test_every_checkpoint_is_cosigned_and_a_policy_can_ask_for_it(agency: Agency, witness: Witness, url: str) -> None:
    name_overseers(agency, witness=(witness, url))
    agency.receives([a_request()])
    (seen,) = witness.seen()
    assert seen.latest is not None
    assert seen.latest.size == len(agency.entries) == 4
    assert cosigned(agency, witness) == NOON
    policy = agency.root / "policy"
    ours = agency.folder.verifier_policy.read_text().replace("quorum none\n", "")
    policy.write_text(f"{ours}witness w {witness.cosigner.verifier.vkey}\nquorum w\n")
    assert verify_ledger(agency.folder.ledger, read_policy(policy)).checkpoint.size == 4


def test_without_the_witness_the_ledger_grows_and_the_policy_that_asks_for_it_says_so(
    agency: Agency, witness: Witness, url: str
) -> None:
    name_overseers(agency, witness=(witness, url))
    agency.receives([a_request()])
    name_overseers(agency, witness=(witness, NOWHERE))
    agency.receives([a_request(2)])
    policy = agency.root / "policy"
    ours = agency.folder.verifier_policy.read_text().replace("quorum none\n", "")
    policy.write_text(f"{ours}witness w {witness.cosigner.verifier.vkey}\nquorum w\n")
    with pytest.raises(DoesNotVerify, match="quorum"):
        verify_ledger(agency.folder.ledger, read_policy(policy))


def test_within_the_grace_a_silent_witness_stops_nothing(agency: Agency, witness: Witness) -> None:
    name_overseers(agency, witness=(witness, NOWHERE), grace=60)
    ready_to_release(agency)
    agency.clock.move_to(NOON + HOUR - timedelta(minutes=1))
    assert agency.releases().answered == 1


def test_after_the_grace_release_stops_says_why_and_goes_on_by_itself(
    agency: Agency, witness: Witness, url: str
) -> None:
    name_overseers(agency, witness=(witness, NOWHERE), grace=60)
    ready_to_release(agency)
    agency.clock.move_to(NOON + HOUR + timedelta(seconds=1))
    with pytest.raises(Refused, match="entries from 0 on have waited for them since 2026-03-02T12:00:00Z") as stopped:
        agency.releases()
    assert "`overseer.example/w1`: the witness cannot be reached" in stopped.value.hint
    assert agency.outbox == []
    assert agency.kinds()[-1] == "stopped"
    assert agency.entries[-1]["code"] == "unseen"
    name_overseers(agency, witness=(witness, url), grace=60)
    assert agency.releases().answered == 1
    assert len(agency.outbox) == 1


def test_a_gate_that_did_nothing_for_a_month_waits_for_nobody(agency: Agency, witness: Witness, url: str) -> None:
    name_overseers(agency, witness=(witness, url), grace=60)
    ready_to_release(agency)
    agency.clock.move_to(NOON + timedelta(days=2))
    name_overseers(agency, witness=(witness, NOWHERE), grace=60)
    assert agency.releases().answered == 1


def test_with_no_grace_nothing_leaves_before_the_witness_has_seen_its_release(
    agency: Agency, witness: Witness, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_overseers(agency, witness=(witness, url), grace=0)
    ready_to_release(agency)
    ask = Overseen.ask
    asked: list[int] = []

    def once(self: Overseen) -> None:
        """The witness is there when the desk is opened, and not any more when the release was entered."""
        asked.append(1)
        if len(asked) == 1:
            ask(self)

    agency.clock.move_to(NOON + timedelta(seconds=1))
    with monkeypatch.context() as gone:
        gone.setattr(Overseen, "ask", once)
        gone.setattr(Overseen, "now", NOON + timedelta(seconds=2))
        with pytest.raises(Refused, match="have waited for them"):
            agency.releases()
    assert agency.kinds()[-2:] == ["release", "stopped"]
    assert agency.outbox == []
    assert agency.releases().repeated
    assert len(agency.outbox) == 1
    assert agency.kinds().count("release") == 1


def test_an_old_copy_that_was_put_back_is_refused_before_anything_is_signed(
    agency: Agency, witness: Witness, url: str
) -> None:
    name_overseers(agency, witness=(witness, url))
    agency.receives([a_request()])
    backup, newest = agency.root / "backup", agency.root / "newest"
    shutil.copytree(agency.folder.root, backup)
    agency.receives([a_request(2)])
    shutil.copytree(agency.folder.root, newest)
    shutil.rmtree(agency.folder.root)
    shutil.copytree(backup, agency.folder.root)
    before = checkpoint(agency)
    for _ in range(2):
        with pytest.raises(
            Fault, match="has cosigned 6 entries of this ledger, which holds 4: it was put back"
        ) as alarm:
            agency.receives([a_request(3)])
        assert "nothing was entered and nothing leaves" in alarm.value.hint
    assert checkpoint(agency) == before
    shutil.rmtree(agency.folder.root)
    shutil.copytree(newest, agency.folder.root)
    assert len(agency.entries) == 6
    agency.court_stays()
    assert cosigned(agency, witness) == NOON


def test_an_alarm_stands_although_the_witness_is_silent_since(agency: Agency, witness: Witness, url: str) -> None:
    name_overseers(agency, witness=(witness, url))
    agency.receives([a_request()])
    backup = shutil.copytree(agency.folder.root, agency.root / "backup")
    agency.receives([a_request(2)])
    shutil.rmtree(agency.folder.root)
    shutil.copytree(backup, agency.folder.root)
    with pytest.raises(Fault, match="put back"):
        agency.court_stays()
    name_overseers(agency, witness=(witness, NOWHERE))
    with pytest.raises(Fault, match="put back"):
        agency.court_stays()


def test_a_second_history_is_an_alarm_on_both_sides(agency: Agency, witness: Witness, url: str) -> None:
    name_overseers(agency, witness=(witness, url))
    agency.receives([a_request()])
    backup = shutil.copytree(agency.folder.root, agency.root / "backup")
    agency.court_stays("order-1")
    shutil.rmtree(agency.folder.root)
    shutil.copytree(backup, agency.folder.root)
    name_overseers(agency, witness=(witness, NOWHERE))
    agency.court_stays("order-2")
    name_overseers(agency, witness=(witness, url))
    entries = checkpoint(agency)
    with pytest.raises(Fault, match="knows another history of this ledger"):
        agency.court_stays("order-3")
    assert checkpoint(agency) == entries
    assert kept_alarms(witness) == ["fork-5"]


def test_whoever_is_asked_every_minute_does_not_make_the_checkpoint_grow(agency: Agency, witness: Witness) -> None:
    for minute in range(3):
        at = NOON + timedelta(minutes=minute)
        with running(witness, at=int(at.timestamp())) as here:
            name_overseers(agency, witness=(witness, here.url))
            overseen(agency).ask()
        assert cosigned(agency, witness) == at
        assert checkpoint(agency).count("overseer.example/w1") == 1


def test_a_witness_that_only_the_database_tells_of_has_seen_nothing(agency: Agency, witness: Witness, url: str) -> None:
    name_overseers(agency, witness=(witness, url), grace=60)
    ready_to_release(agency)
    says_one_more(agency)
    name_overseers(agency, witness=(witness, NOWHERE), grace=60)
    agency.clock.move_to(NOON + HOUR + timedelta(seconds=1))
    with pytest.raises(Refused, match="entries from 0 on have waited for them"):
        agency.releases()
    assert agency.outbox == []
    assert agency.entries[-1]["code"] == "unseen"


def test_a_file_that_was_changed_by_hand_stops_release_until_its_overseers_are_entered(
    agency: Agency, witness: Witness
) -> None:
    name_overseers(agency, witness=(witness, NOWHERE), grace=0)
    ready_to_release(agency)
    file = agency.folder.trust / "overseers.toml"
    named = file.read_text()
    for by_hand in (named.replace("witnesses_needed = 1", "witnesses_needed = 0"), None):
        file.unlink() if by_hand is None else file.write_text(by_hand)
        with pytest.raises(Refused, match=r"the overseers in `trust/overseers\.toml` are not those entered last"):
            agency.releases()
        assert agency.outbox == []
        assert agency.entries[-1]["code"] == "overseers_changed"
    name_overseers(agency)
    assert agency.entries[-1]["detail"]["witnesses_needed"] == 0, "what was changed is there for everybody"
    assert agency.releases().answered == 1
