"""The ledger's keys are changed: those who trusted the old ones see them hand over, or are told how far they count."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from narrowgate.accounting.book import Event
from narrowgate.errors import Fault, Refused, WrongUse
from narrowgate.gateway.keys import Changed, listed, replace_compromised, rotate_ledger
from narrowgate.ledger.cosignature import Cosigner
from narrowgate.ledger.note import split
from narrowgate.store.gate import open_gate
from narrowgate.witness.trusted import read_policy, signing_for
from narrowgate_verify.problems import DoesNotVerify
from tests.agency import NOON, ONE_DAY
from tests.keys.support import Killed, checkpoint, copied, dies_at, grown_from, key_files, seated, verified


def ids(note: bytes) -> list[str]:
    """The ids of the keys that signed."""
    return [key_id.hex() for _, key_id, _ in split(note.decode())[1]]


def rotates(gate: Path) -> Changed:
    with seated(gate) as desk:
        return rotate_ledger(desk, {})


def compromised(gate: Path, since: int = 0) -> Changed:
    with seated(gate) as desk:
        return replace_compromised(desk, {}, since=since)


def another_entry(gate: Path) -> None:
    """What any other command does: sit down and enter something."""
    with seated(gate, NOON + ONE_DAY) as desk:
        said = {"agreement": "another"}
        desk.book.enter(Event("configuration", "a test", None, "agreement", payload=said, detail=said), at=desk.at)


def last_entry(gate: Path) -> dict[str, object]:
    with seated(gate, NOON + ONE_DAY) as desk:
        log = desk.book.log
        entry: dict[str, object] = json.loads(next(log.entries(log.size - 1, log.size)))
        return entry


def with_a_quorum(gate: Path) -> None:
    """Let the gate's policy ask for a witness. Whether one has cosigned is for those who check."""
    policy = gate / "verify" / "policy"
    witness = Cosigner("witness.example", Ed25519PrivateKey.generate()).verifier.vkey
    policy.write_text(policy.read_text().replace("quorum none", f"witness w {witness}\nquorum w"))


def test_at_its_size_old_and_new_keys_sign_and_later_the_new_alone(gate: Path) -> None:
    changed = rotates(gate)
    assert sorted(ids(checkpoint(gate))) == sorted([*changed.before, *changed.after])
    assert set(changed.before).isdisjoint(changed.after)
    another_entry(gate)
    assert ids(checkpoint(gate)) == list(changed.after)


def test_the_new_policy_verifies_the_ledger_and_every_checkpoint_of_before(gate: Path) -> None:
    before = checkpoint(gate)
    rotates(gate)
    at = checkpoint(gate)
    assert verified(gate).size == grown_from(before, gate)[0].size + 1
    another_entry(gate)
    for old in (before, at):
        assert grown_from(old, gate)[1].size == verified(gate).size


def test_the_old_policy_verifies_the_rotation_itself_and_nothing_after(gate: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_bytes((gate / "verify" / "policy").read_bytes())
    rotates(gate)
    assert verified(gate, policy).size == verified(gate).size
    another_entry(gate)
    with pytest.raises(DoesNotVerify, match="which the policy requires"):
        verified(gate, policy)


def test_a_witness_reads_the_same_terms_in_the_new_policy(gate: Path) -> None:
    changed = rotates(gate)
    _, keys = read_policy((gate / "verify" / "policy").read_bytes())

    def asked(size: int) -> list[str]:
        return sorted(key.key_id.hex() for key in signing_for(keys, size))

    assert asked(changed.size - 1) == sorted(changed.before)
    assert asked(changed.size) == sorted([*changed.before, *changed.after])
    assert asked(changed.size + 1) == sorted(changed.after)


def test_it_is_entered_with_the_ids_of_the_keys_and_nothing_else_of_them(gate: Path) -> None:
    changed = rotates(gate)
    entry = last_entry(gate)
    assert (entry["kind"], entry["code"]) == ("configuration", "keys_rotated")
    assert entry["detail"] == {
        "before": list(changed.before), "after": list(changed.after), "size": changed.size, "until": changed.size,
    }  # fmt: skip


def test_the_old_private_keys_are_written_over_and_removed(gate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = [gate / "keys" / f"ledger-{kind}.key" for kind in ("p256", "ed25519")]
    linked = [file.with_suffix(".kept") for file in old]
    for file, name in zip(old, linked, strict=True):
        name.hardlink_to(file)
    rotates(gate)
    assert not any(file.exists() for file in old)
    assert {byte for name in linked for byte in name.read_bytes()} == {0}
    assert "change.json" not in key_files(gate)


def test_keys_are_rotated_again_and_again_and_everything_stays_verifiable(gate: Path) -> None:
    seen = []
    for _ in range(3):
        seen.append(checkpoint(gate))
        rotates(gate)
    assert all(grown_from(old, gate) for old in seen)
    assert len({key.id for key in listed(open_gate(gate))}) == 4


@pytest.mark.harms_ledger
def test_what_else_stands_in_the_policy_stays_word_for_word(gate: Path) -> None:
    with_a_quorum(gate)
    lines = (gate / "verify" / "policy").read_text().splitlines()
    rotates(gate)
    assert (gate / "verify" / "policy").read_text().splitlines()[: len(lines)] == lines


@pytest.mark.harms_ledger
def test_a_policy_that_does_not_name_the_keys_stops_the_rotation(gate: Path) -> None:
    policy, files, signed = gate / "verify" / "policy", key_files(gate), checkpoint(gate)
    policy.write_text(policy.read_text().replace("log ", "# log "))
    with pytest.raises(Fault, match="does not name the keys"):
        rotates(gate)
    assert (key_files(gate), checkpoint(gate)) == (files, signed)


def test_after_a_compromise_the_new_keys_sign_alone(gate: Path) -> None:
    changed = compromised(gate)
    assert ids(checkpoint(gate)) == list(changed.after)
    assert last_entry(gate)["code"] == "keys_compromised"
    assert verified(gate).size == changed.size


def test_what_the_old_keys_signed_beyond_the_size_that_was_vouched_for_counts_no_more(gate: Path) -> None:
    with_a_quorum(gate)
    old = checkpoint(gate)
    size = open_size(gate)
    another_entry(gate)
    unseen = checkpoint(gate)
    with seated(gate, NOON + ONE_DAY) as desk:
        replace_compromised(desk, {}, since=size)
    policy = gate / "verify" / "policy"
    policy.write_text(policy.read_text().replace("quorum w", "quorum none"))
    assert grown_from(old, gate)[0].size == size
    with pytest.raises(DoesNotVerify, match="leaves no key of the log"):
        grown_from(unseen, gate)


def open_size(gate: Path) -> int:
    with seated(gate) as desk:
        return desk.book.log.size


def test_without_a_witness_in_the_policy_compromised_keys_count_for_nothing(gate: Path) -> None:
    before, files = checkpoint(gate), key_files(gate)
    with pytest.raises(Refused, match="asks for no witness"):
        compromised(gate, since=1)
    assert (checkpoint(gate), key_files(gate)) == (before, files)
    compromised(gate, since=0)
    with pytest.raises(DoesNotVerify, match="leaves no key of the log"):
        grown_from(before, gate)


@pytest.mark.parametrize("written", ["quorum  none", "\tquorum none ", "quorum\tnone"])
def test_that_a_policy_asks_for_no_witness_is_seen_however_it_is_written(gate: Path, written: str) -> None:
    policy = gate / "verify" / "policy"
    policy.write_text(policy.read_text().replace("quorum none", written))
    assert verified(gate)
    with pytest.raises(Refused, match="asks for no witness"):
        compromised(gate, since=1)


def test_a_log_line_with_an_address_is_the_line_of_its_key(gate: Path) -> None:
    policy = gate / "verify" / "policy"
    rotates(gate)
    policy.write_text(re.sub("(?m)^(log .*)$", r"\1  https://ledger.example/", policy.read_text()))
    changed = compromised(gate, since=0)
    assert verified(gate).size == changed.size
    assert not any(key in policy.read_text() for key in changed.before)


def test_a_key_compromised_before_its_own_term_is_struck_from_the_policy(gate: Path) -> None:
    before = checkpoint(gate)
    first = rotates(gate)
    second = compromised(gate, since=0)
    policy = (gate / "verify" / "policy").read_text()
    assert not any(key in policy for key in first.after)
    assert all(key in policy for key in (*first.before, *second.after))
    assert grown_from(before, gate)[1].size == second.size


@pytest.mark.parametrize("since", [-1, 10_000])
def test_a_size_that_the_ledger_never_had_is_refused(gate: Path, since: int) -> None:
    before = checkpoint(gate)
    with pytest.raises(WrongUse, match="never had"):
        compromised(gate, since=since)
    assert checkpoint(gate) == before


@pytest.mark.parametrize("change", [rotates, compromised])
def test_a_command_that_dies_at_any_step_is_finished_or_undone_by_the_next(
    gate: Path, tmp_path: Path, change: Callable[[Path], Changed]
) -> None:
    old_policy, signed, files, entered = tmp_path / "policy", checkpoint(gate), key_files(gate), set()
    old_policy.write_bytes((gate / "verify" / "policy").read_bytes())
    size = verified(gate).size
    while len(entered) < 1000:
        spoiled = copied(gate, tmp_path / f"gate-{len(entered)}")
        if not killed_at(len(entered) + 1, change, spoiled):
            break
        if change is rotates:
            assert verified(spoiled, old_policy)
        another_entry(spoiled)
        now = verified(spoiled).size
        entered.add((len(entered), now == size + 2))
        with seated(spoiled, NOON + ONE_DAY) as desk:
            assert desk.book.log.size == now
        assert key_files(spoiled) == files or (now == size + 2 and len(key_files(spoiled)) == len(files))
        assert verified(spoiled).size == now
        if change is rotates:
            assert grown_from(signed, spoiled)
    assert {done for _, done in entered} == {True, False}


def test_the_same_command_again_ends_what_died(gate: Path, tmp_path: Path) -> None:
    size, files = verified(gate).size, key_files(gate)
    for step in range(1, 100, 7):
        spoiled = copied(gate, tmp_path / f"gate-{step}")
        died = killed_at(step, rotates, spoiled)
        assert rotates(spoiled).size in {size + 1, size + 2}
        assert verified(spoiled).size in {size + 1, size + 2}
        assert len(key_files(spoiled)) == len(files)
        if not died:
            break


def killed_at(step: int, change: Callable[[Path], Changed], gate: Path) -> bool:
    """Whether the change died before that step; otherwise it has come to its end."""
    with pytest.MonkeyPatch.context() as patch:
        dies_at(patch, step)
        try:
            change(gate)
        except Killed:
            return True
    return False
