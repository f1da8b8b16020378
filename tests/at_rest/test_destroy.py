"""What was kept of a batch is destroyed when its time is over; what stays on the ledger says nothing of anybody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from narrowgate.accounting.stays import enter_stay
from narrowgate.encrypted import open_file
from narrowgate.errors import Fault, Refused
from narrowgate.gateway import destroy as destroying
from narrowgate.gateway.destroy import Destroyed, destroy, due
from narrowgate.gateway.receipts import Party, receipt
from narrowgate.gateway.runs import find
from narrowgate.oversight.replay import replay
from narrowgate.store import places
from narrowgate.store.gate import open_gate
from narrowgate.store.places import CUSTODY
from narrowgate.terms.agreement import Stay, StayEffect
from narrowgate_verify.ledger import verify_ledger
from narrowgate_verify.policy import read_policy
from narrowgate_verify.receipt import verify_receipt
from tests.agency import Agency, a_request

AFTER = timedelta(days=1828)
AGREEMENTS = "agreements"


class Killed(BaseException):
    """Stands for the process being gone: nothing may catch it."""


def released(agency: Agency) -> None:
    agency.receives([a_request(1), a_request(2, tax_periods=None)])
    for name in ("counsel", "disclosure-officer"):
        agency.approves(name)
    agency.releases()


def destroys(agency: Agency, batch: str = "B-1") -> Destroyed:
    with agency.desk() as desk:
        (done,) = destroy(desk, [desk.batch(batch)])
        return done


def kept(agency: Agency) -> list[dict[str, Any]]:
    """The staged entries of the only run: salts, payloads and grounds."""
    with agency.desk() as desk:
        file = find(desk, "B-1").case.file("entries")
        with open_file(file, desk.gate.custody.key_for) as opened:
            rows: list[dict[str, Any]] = pyarrow.parquet.read_table(opened).to_pylist()
    return rows


def everything(gate: Path) -> Iterator[tuple[Path, bytes]]:
    return ((file, file.read_bytes()) for file in sorted(gate.rglob("*")) if file.is_file())


def test_before_its_time_nothing_is_destroyed(agency: Agency) -> None:
    released(agency)
    before = dict(everything(agency.folder.root))
    agency.clock.move_to(agency.clock.now + timedelta(days=1827) - timedelta(seconds=1))
    with pytest.raises(Refused, match="is kept until 2031-03-03T12:00:00Z"):
        destroys(agency)
    with agency.desk() as desk:
        assert due(desk) == ()
    assert {file for file, _ in everything(agency.folder.root)} >= set(before)
    agency.clock.move_to(agency.clock.now + timedelta(seconds=1))
    assert destroys(agency).requests == 2


def test_an_order_to_preserve_comes_before_the_rule(agency: Agency) -> None:
    released(agency)
    agency.clock.move_to(agency.clock.now + AFTER)
    with agency.desk() as desk:
        stay = Stay(
            "keep", "a court", "1:26-cv-1", "A v. B", agency.clock.now, None, StayEffect.PRESERVE, "all", "it", 0
        )
        enter_stay(desk.book, stay, code="entered", at=agency.clock.now)
    entries = len(agency.entries)
    with pytest.raises(Refused, match="orders that everything be preserved"):
        destroys(agency)
    assert len(agency.entries) == entries
    assert len(kept(agency)) == 2


def test_after_destruction_every_proof_verifies_and_nothing_is_read(agency: Agency) -> None:
    released(agency)
    with agency.desk() as desk:
        before = receipt(desk, find(desk, "B-1"), "R-0001", Party.COURT)[1]
    agency.clock.move_to(agency.clock.now + AFTER)
    done = destroys(agency)
    policy = read_policy(agency.folder.verifier_policy)
    assert verify_ledger(agency.folder.ledger, policy).checkpoint.size == done.entry + 2
    assert verify_receipt(before.encode(), policy).entry_index < done.entry
    with pytest.raises(Refused, match="was destroyed"), agency.desk() as desk:
        receipt(desk, find(desk, "B-1"), "R-0001", Party.COURT)
    with pytest.raises(Refused, match="was destroyed before"):
        destroys(agency)
    assert agency.outbox == []
    assert [(entry["kind"], entry["code"]) for entry in agency.entries][-2:] == [
        ("destruction", "retention_over"), ("configuration", "custody_rotated"),
    ]  # fmt: skip


def test_nothing_that_is_left_opens_a_commitment_even_to_whoever_knows_what_was_determined(agency: Agency) -> None:
    released(agency)
    rows = kept(agency)
    commitments = {entry["commitment"] for entry in agency.entries if entry["kind"] == "determination"}
    assert {opening(row["salt"], row["payload"]) for row in rows} == commitments
    wrapped = json.loads(agency.folder.key_of("B-1").read_bytes())["wrapped"]
    salts = [row[name] for row in rows for name in ("salt", "grounds_salt")]
    secrets = [*salts, *(salt.hex().encode() for salt in salts), wrapped.encode(), bytes.fromhex(wrapped)]
    agency.clock.move_to(agency.clock.now + AFTER)
    destroys(agency)
    left = b"\x00".join(content for file, content in everything(agency.folder.root) if AGREEMENTS not in file.parts)
    assert [secret for secret in secrets if secret in left] == []
    # Whoever guesses a whole payload right tries every 32 bytes that are left as its salt, and opens nothing.
    assert len(left) > 100_000
    guessed = rows[0]["payload"]
    assert not any(opening(left[place : place + 32], guessed) in commitments for place in range(len(left) - 31))


def opening(salt: bytes, payload: str) -> str:
    return hashlib.sha256(salt + payload.encode()).hexdigest()


def test_a_copy_of_the_batch_key_that_somebody_kept_opens_nothing(agency: Agency) -> None:
    released(agency)
    backup = agency.folder.key_of("B-1").read_bytes()
    rows = agency.folder.package("B-1") / "request.parquet.enc"
    content = rows.read_bytes()
    agency.clock.move_to(agency.clock.now + AFTER)
    destroys(agency)
    agency.folder.key_of("B-1").write_bytes(backup)
    rows.write_bytes(content)
    with (
        pytest.raises(Fault, match="is wrapped by custody key"),
        open_file(rows, open_gate(agency.folder.root).custody.key_for),
    ):
        pass


def test_a_replay_that_shares_hand_overs_with_its_run_is_destroyed_under_both_names(agency: Agency) -> None:
    released(agency)
    with agency.desk() as desk:
        replay(desk, find(desk, "B-1"), reading="government-2026", progress=lambda _: None)
    shared = [file for file in agency.folder.cases("B-1").rglob("*.enc") if file.stat().st_nlink > 1]
    assert shared
    agency.clock.move_to(agency.clock.now + AFTER)
    assert destroys(agency).runs == 1
    assert not agency.folder.cases("B-1").exists()
    assert not list(agency.folder.root.rglob("facts.parquet.enc"))


@pytest.mark.parametrize("step", ["destroy_file", "shutil.rmtree", "forget", "change_custody"])
def test_a_destruction_that_was_killed_is_finished_by_whoever_comes_next(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    released(agency)
    agency.clock.move_to(agency.clock.now + AFTER)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as broken, pytest.raises(Killed):
        owner = {"forget": "store.database.Database", "change_custody": "gateway.destroy"}.get(
            step, "store.destruction"
        )
        broken.setattr(f"narrowgate.{owner}.{step}", killed)
        destroys(agency)
    custody = places.read(agency.folder)[CUSTODY]
    with agency.desk() as desk:
        assert not desk.gate.custody.has_key("B-1")
        assert desk.gate.database.one("SELECT 1 FROM event WHERE batch_id = 'B-1' AND length(kept) > 0") is None
    assert not agency.folder.cases("B-1").exists()
    assert places.read(agency.folder)[CUSTODY] != custody
    assert [entry["code"] for entry in agency.entries][-2:] == ["retention_over", "custody_rotated"]


def test_a_destruction_that_cannot_be_entered_destroys_nothing(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    released(agency)
    agency.clock.move_to(agency.clock.now + AFTER)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as broken, pytest.raises(Killed):
        broken.setattr(destroying, "Event", killed)
        destroys(agency)
    assert len(kept(agency)) == 2
