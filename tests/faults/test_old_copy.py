"""An old copy of a gate put back in its place: whoever saw the ledger since knows, and says so."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from narrowgate.accounting.opened import signers
from narrowgate.errors import Fault
from narrowgate.ledger import Log
from narrowgate.store.settings import read as read_settings
from narrowgate.witness.folder import Algorithm, Witness, begin, existing, trust
from narrowgate.witness.trusted import log_keys
from narrowgate.witnessing.witnesses import Behind, Cosigned, Forked, submit
from narrowgate_verify.__main__ import main as verifier
from tests.faults import story
from tests.faults.commands import DONE, content, give
from tests.faults.story import Scene
from tests.faults.test_stay_in_between import STAY
from tests.witness.support import running

PATIENCE = 10.0
DATABASE = ("gate.db", "gate.db-wal", "gate.db-shm")


def the_log(scene: Scene) -> Log:
    """The ledger of the gate, as its custodian opens it."""
    origin = read_settings(scene.folder.settings).origin
    return Log.open(scene.folder.ledger, origin, signers(scene.folder, origin))


def witness_of(scene: Scene, folder: Path) -> Witness:
    """A witness that knows the keys of the ledger, and has seen nothing of it."""
    origin = read_settings(scene.folder.settings).origin
    begin(folder, "witness.example/w", Algorithm.ED25519)
    trust(folder, origin, log_keys(origin, [key.verifier.vkey for key in signers(scene.folder, origin)]))
    return existing(folder)


def growth(scene: Scene, older: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """What the verifier says of the ledger to somebody who kept the checkpoint `older`."""
    kept, policy = folder / "kept", folder / "policy"
    kept.write_text(older)
    policy.write_bytes(scene.folder.verifier_policy.read_bytes())
    code = verifier(["growth", str(kept), str(scene.folder.ledger), "--policy", str(policy)])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("then", ["run", "counsel", "release"])
def test_a_gate_put_back_from_an_old_copy_is_found_out_by_its_witness_and_by_whoever_kept_a_checkpoint(
    before: Mapping[str, Scene], tmp_path: Path, capsys: pytest.CaptureFixture[str], then: str
) -> None:
    latest = before["end"].copied(tmp_path / "gate")
    newest = the_log(latest)
    witness = witness_of(latest, tmp_path / "witness")
    with running(witness) as here:
        key = witness.cosigner.verifier
        assert isinstance(submit(here.url, key, newest, old=0, timeout=PATIENCE), Cosigned)
        put_back = before[then].copied(tmp_path / "gate")
        told = submit(here.url, key, the_log(put_back), old=newest.size, timeout=PATIENCE)
    assert told == Behind(newest.size)
    code, said = growth(put_back, newest.checkpoint, tmp_path, capsys)
    assert code == 1
    assert f"rolled back: it holds {the_log(put_back).size} entries, and {newest.size} were signed before" in said


def test_an_old_copy_that_goes_on_has_another_history_and_both_are_signed(
    before: Mapping[str, Scene], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = before["disclosure-officer"]
    newest = the_log(first)
    put_back = before["counsel"].copied(tmp_path / "gate")
    witness = witness_of(first, tmp_path / "witness")
    with running(witness) as here:
        key = witness.cosigner.verifier
        assert isinstance(submit(here.url, key, newest, old=0, timeout=PATIENCE), Cosigned)
        story.give(put_back, "counsel")  # the same approval, under another salt
        told = submit(here.url, key, the_log(put_back), old=newest.size, timeout=PATIENCE)
    assert isinstance(told, Forked)
    assert the_log(put_back).size == newest.size
    code, said = growth(put_back, newest.checkpoint, tmp_path, capsys)
    assert code == 1
    assert "does not begin with" in said


def test_a_gate_that_went_on_by_itself_is_no_old_copy(
    before: Mapping[str, Scene], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = growth(before["end"], the_log(before["run"]).checkpoint, tmp_path, capsys)
    assert code == 0


@pytest.mark.parametrize("older", ["ledger", "database"])
def test_a_ledger_and_a_database_of_two_moments_are_a_fault(
    before: Mapping[str, Scene], tmp_path: Path, older: str
) -> None:
    told = before["release"].copied(tmp_path / "gate")
    for name in ("ledger",) if older == "ledger" else DATABASE:
        _put_back(before["counsel"].gate / name, told.gate / name)
    ledger = content(told.folder.ledger)
    with pytest.raises(Fault, match=r"the ledger has \d entries, and the database records \d"):
        story.give(told, "release")
    assert told.outbox == []
    assert content(told.folder.ledger) == ledger


def test_a_stay_that_the_database_has_lost_is_not_forgotten(
    before: Mapping[str, Scene], elsewhere: ProcessPoolExecutor, tmp_path: Path
) -> None:
    told = before["release"].copied(tmp_path / "gate")
    assert elsewhere.submit(give, told, *STAY).result().code == DONE
    for name in DATABASE:
        _put_back(before["release"].gate / name, told.gate / name)
    with pytest.raises(Fault, match="the ledger has 9 entries, and the database records 8"):
        story.give(told, "release")
    assert told.outbox == []


def _put_back(older: Path, newer: Path) -> None:
    """`older` in the place of `newer`, be it a folder, a file, or nothing."""
    if newer.is_dir():
        shutil.rmtree(newer)
        shutil.copytree(older, newer)
        return
    newer.unlink(missing_ok=True)
    if older.exists():
        shutil.copy(older, newer)
