"""The custody key is rotated: what was wrapped is under the new one, and old copies of wrapped keys open nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from narrowgate.encrypted import SUFFIX, open_file
from narrowgate.errors import Fault, Refused
from narrowgate.gateway.keys import Changed, listed, rotate_custody
from narrowgate.store import places
from narrowgate.store.custody import KeyInFile, read_key
from narrowgate.store.custody_rotation import begin_rotation, wrapped_keys
from narrowgate.store.folder import GateFolder
from narrowgate.store.gate import open_gate
from narrowgate.store.places import CUSTODY, InModule
from tests.keys.support import Killed, Token, copied, dies_at, key_files, seated, verified


def rotates(gate: Path) -> Changed:
    with seated(gate) as desk:
        return rotate_custody(desk)


def opened(gate: Path) -> list[bytes]:
    """Every wrapped key of the gate, opened with the custody key that it has."""
    here = open_gate(gate)
    return [read_key(file, here.custody.custodian) for file in wrapped_keys(here.folder)]


def requests_of(gate: Path) -> bytes:
    """The beginning of the requests of its batch, in clear."""
    here = open_gate(gate)
    with open_file(here.folder.package("B-1") / f"request.parquet{SUFFIX}", here.custody.key_for) as file:
        return bytes(file.read(4))


def under(gate: Path) -> set[str]:
    """The ids of the keys under which something is wrapped."""
    return {json.loads(file.read_bytes())["under"] for file in wrapped_keys(GateFolder(gate))}


def test_every_wrapped_key_is_the_same_and_under_the_new_one(gate: Path) -> None:
    before = opened(gate)
    changed = rotates(gate)
    assert opened(gate) == before
    assert len(before) == 2
    assert under(gate) == {*changed.after}
    assert requests_of(gate) == b"PAR1"


def test_it_is_entered_and_the_ledger_keeps_its_keys(gate: Path) -> None:
    policy, size = (gate / "verify" / "policy").read_bytes(), verified(gate).size
    changed = rotates(gate)
    with seated(gate) as desk:
        entry = json.loads(next(desk.book.log.entries(size, size + 1)))
    assert (entry["kind"], entry["code"]) == ("configuration", "custody_rotated")
    assert entry["detail"] == {"before": changed.before[0], "after": changed.after[0], "size": size + 1}
    assert (gate / "verify" / "policy").read_bytes() == policy
    assert verified(gate).size == size + 1


def test_an_old_copy_of_a_wrapped_key_opens_nothing(gate: Path, tmp_path: Path) -> None:
    backup = copied(gate / "packages", tmp_path / "backup")
    rotates(gate)
    (gate / "packages" / "B-1" / "batch.key").write_bytes((backup / "B-1" / "batch.key").read_bytes())
    with pytest.raises(Fault, match="is wrapped by custody key"):
        opened(gate)


def test_the_old_key_is_written_over_and_removed(gate: Path) -> None:
    old, kept = gate / "keys" / "custody.key", gate / "keys" / "kept"
    kept.hardlink_to(old)
    rotates(gate)
    assert not old.exists()
    assert set(kept.read_bytes()) == {0}


def test_a_batch_that_was_destroyed_before_has_no_key_after(gate: Path) -> None:
    (gate / "packages" / "B-1" / "batch.key").unlink()
    rotates(gate)
    assert len(opened(gate)) == 1
    with pytest.raises(Refused, match="was destroyed"):
        requests_of(gate)


def test_what_cannot_be_opened_stops_the_rotation_before_anything_is_entered(gate: Path) -> None:
    size, files = verified(gate).size, key_files(gate)
    key = gate / "packages" / "B-1" / "batch.key"
    key.write_bytes(key.read_bytes()[:-1])
    with pytest.raises(Fault, match="does not hold a wrapped key"):
        rotates(gate)
    assert (verified(gate).size, key_files(gate)) == (size, files)


def test_what_is_kept_after_a_rotation_within_a_command_is_under_the_new_key(gate: Path) -> None:
    with seated(gate) as desk:
        changed = rotate_custody(desk)
        home = desk.gate.folder.make(desk.gate.folder.package("B-2"))
        desk.gate.custody.begin(home, os.urandom)
        kept = desk.gate.custody.keep(b"later", batch="B-2")
    assert under(gate) == {*changed.after}
    assert open_gate(gate).custody.show(kept, batch="B-2", name="it") == b"later"


def test_a_command_that_waited_while_the_key_was_rotated_uses_the_new_one(gate: Path) -> None:
    early = open_gate(gate)
    changed = rotates(gate)
    early.custody.check()
    assert early.custody.custodian.id == changed.after[0]


def test_a_command_that_dies_at_any_step_is_finished_or_undone_by_the_next(gate: Path, tmp_path: Path) -> None:
    keys, files, size, outcomes = opened(gate), key_files(gate), verified(gate).size, []
    for step in range(1, 1000):
        spoiled = copied(gate, tmp_path / f"gate-{step}")
        if not killed_at(step, spoiled):
            break
        with seated(spoiled) as desk:
            entered = desk.book.log.size == size + 1
        outcomes.append(entered)
        assert opened(spoiled) == keys
        assert requests_of(spoiled) == b"PAR1"
        assert len(under(spoiled)) == 1
        left = key_files(spoiled)
        assert left == files if not entered else len(left) == len(files) and "custody.key" not in left
        assert verified(spoiled).size == size + entered
    assert {True, False} <= set(outcomes)


def test_a_batch_that_comes_before_a_dead_rotation_is_finished_is_brought_under_the_new_key(gate: Path) -> None:
    folder = GateFolder(gate)
    with seated(gate) as desk:
        change = begin_rotation(folder, size=desk.book.log.size + 1, given=None, random=os.urandom)
        old = KeyInFile.read(folder.keys / "custody.key")
        desk.gate.custody.begin(folder.make(folder.package("B-2")), os.urandom)
        wrapped = read_key(folder.key_of("B-2"), old)
        desk.gate.database.apply((change.effect,), 7)  # as its entry does
    assert wrapped in opened(gate)
    assert under(gate) == {change.id}


def test_a_second_change_does_not_begin_while_one_is_under_way(gate: Path) -> None:
    folder, files = GateFolder(gate), key_files(gate)
    begin_rotation(folder, size=5, given=None, random=os.urandom)
    begun = key_files(gate)
    with pytest.raises(Refused, match="under way"):
        begin_rotation(folder, size=6, given=None, random=os.urandom)
    assert key_files(gate) == begun
    open_gate(gate)
    assert key_files(gate) == files


def test_a_custody_key_moves_into_a_module_and_out_of_one_into_another(gate: Path, token: Token) -> None:
    before = opened(gate)
    for _ in range(2):
        place = token.made(CUSTODY)
        with seated(gate) as desk:
            rotate_custody(desk, place)
        assert opened(gate) == before
        assert places.described(places.read(GateFolder(gate))[CUSTODY]) == places.described(place)
    assert not [name for name in key_files(gate) if name.startswith("custody")]


def test_the_old_key_in_a_module_is_destroyed(gate: Path, token: Token, tmp_path: Path) -> None:
    place = token.made(CUSTODY)
    with seated(gate) as desk:
        rotate_custody(desk, place)
    backup = copied(gate, tmp_path / "backup")
    assert len(opened(backup)) == 2
    rotates(gate)
    with pytest.raises(Fault, match="0 objects"):
        opened(backup)
    beside = places.read(GateFolder(gate))[CUSTODY]
    assert isinstance(beside, InModule)
    assert (beside.module, beside.token) == (place.module, place.token)


def test_each_id_that_is_listed_is_that_of_the_key_in_use(gate: Path) -> None:
    changed = rotates(gate)
    found = {key.name: key for key in listed(open_gate(gate))}
    assert found[CUSTODY].id == changed.after[0]
    assert found[CUSTODY].since == changed.size
    assert found[CUSTODY].public is None


def killed_at(step: int, gate: Path) -> bool:
    """Whether the rotation died before that step; otherwise it has come to its end."""
    with pytest.MonkeyPatch.context() as patch:
        dies_at(patch, step)
        try:
            rotates(gate)
        except Killed:
            return True
    return False
