"""One bit turned anywhere in a gate's folder: by it nothing else leaves, and nothing else is shown as right."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from narrowgate.errors import Fault, NarrowgateError, Refused
from narrowgate.store.gate import open_gate
from narrowgate_verify.ledger import verify_ledger
from narrowgate_verify.policy import Policy, read_policy
from narrowgate_verify.problems import DoesNotVerify, WrongUse
from narrowgate_verify.receipt import verify_receipt
from tests.faults import story
from tests.faults.budget import faults
from tests.faults.commands import DONE, FAULT, Said, content, give
from tests.faults.story import BATCH, Rows, Scene
from tests.faults.test_old_copy import the_log

OFTEN = {"gate.db": 4, "gate.db-wal": 2, f"packages/{BATCH}/batch.key": 3}
"""Files of which more than one bit is turned, one after another."""
NEVER_READ = ("keys/demo/", "gate.db-shm")
"""What stands for the keys of other people, and what is made anew by whoever opens the database."""
Shown = tuple[int, bytes, object, object, object]
EDGE = ["tile/0/000.p/9", "tile/entries/000.p/9"]


def turned(content: bytes, bit: int) -> bytes:
    """`content` with one bit turned."""
    spoilt = bytearray(content)
    spoilt[bit // 8] ^= 1 << bit % 8
    return bytes(spoilt)


def drawn(draw: random.Random, content: bytes, count: int) -> list[int]:
    """So many bits of `content`, or all of them."""
    return draw.sample(range(8 * len(content)), min(8 * len(content), count))


@pytest.fixture(scope="module")
def ended(before: Mapping[str, Scene], tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A gate that has released."""
    return before["end"].copied(tmp_path_factory.mktemp("ended") / "gate")


def test_a_bit_turned_in_any_file_of_the_ledger_is_found_by_the_verifier(ended: Scene) -> None:
    ledger, policy, draw = ended.folder.ledger, read_policy(ended.folder.verifier_policy), random.Random(11)
    for name, whole in content(ledger).items():
        for bit in drawn(draw, whole, faults(8)):
            (ledger / name).write_bytes(turned(whole, bit))
            with pytest.raises(DoesNotVerify):
                verify_ledger(ledger, policy)
        (ledger / name).write_bytes(whole)
    verify_ledger(ledger, policy)


def test_a_bit_turned_in_what_the_checkpoint_vouches_for_is_found_by_whoever_opens_the_ledger(ended: Scene) -> None:
    draw = random.Random(12)
    for name in ["checkpoint", *EDGE]:
        file = ended.folder.ledger / name
        whole = file.read_bytes()
        for bit in drawn(draw, whole, faults(12)):
            file.write_bytes(turned(whole, bit))
            with pytest.raises(Fault):
                list(the_log(ended).entries(0, 9))
        file.write_bytes(whole)
    assert len(list(the_log(ended).entries(0, 9))) == 9


@pytest.mark.harms_ledger
@pytest.mark.parametrize("name", ["tile/0/000.p/8", "tile/entries/000.p/8", "checkpoint"])
@pytest.mark.parametrize("torn", [True, False], ids=["torn", "deleted"])
def test_without_the_whole_last_tile_the_file_is_named_and_nothing_leaves(
    before: Mapping[str, Scene], elsewhere: ProcessPoolExecutor, tmp_path: Path, name: str, torn: bool
) -> None:
    told = before["release"].copied(tmp_path / "gate")
    file = told.folder.ledger / name
    if torn:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    else:
        file.unlink()
    ledger = content(told.folder.ledger)
    said = elsewhere.submit(give, told, "release", BATCH).result()
    assert said.code == FAULT
    assert name in said.error or (torn and name == "checkpoint")  # half a checkpoint is a note that nobody signed
    assert told.outbox == []
    assert content(told.folder.ledger) == ledger
    with pytest.raises(DoesNotVerify):
        verify_ledger(told.folder.ledger, read_policy(told.folder.verifier_policy))


def every_bit_drawn(
    scene: Scene, folder: Path, *typed: str, seed: int, files: int | None = None
) -> Iterator[tuple[str, Scene, Said]]:
    """One bit turned in each file of the gate, and the command given: the file, the gate after it, what it said.

    If `files` says how many, so many are drawn. A file is mended before anybody looks at what came of it.
    """
    draw = random.Random(seed)
    every = [item for item in sorted(content(scene.gate).items()) if item[1] and not item[0].startswith(NEVER_READ)]
    for name, whole in every if files is None else draw.sample(every, min(len(every), files)):
        for _ in range(faults(OFTEN.get(name, 1))):
            told = scene.copied(folder)
            spoilt = turned(whole, draw.randrange(8 * len(whole)))
            (folder / name).write_bytes(spoilt)
            said = give(told, *typed, anew=name.startswith("agreements/"))
            if (folder / name).is_file() and (folder / name).read_bytes() == spoilt:
                (folder / name).write_bytes(whole)
            yield name, told, said


def releases(scene: Scene, known: dict[str, Rows], folder: Path) -> int:
    """Whatever bit is turned, the answers are those that are known, or nobody can open them, or there are none."""
    stopped = 0
    for name, told, said in every_bit_drawn(scene, folder, "release", BATCH, seed=13):
        if said.code != DONE:
            assert told.outbox == [], (name, said)
            stopped += 1
            continue
        try:
            answers = story.answers(told)
        except NarrowgateError:
            assert name.startswith("keys/custodian."), name  # what the custodian did not sign is not believed
        else:
            assert answers == known, name
    return stopped


def shown(receipt: bytes, policy: Policy) -> Shown | None:
    """What the receipt shows to whoever checks it; None if it does not verify, and is not believed."""
    try:
        proved = verify_receipt(receipt, policy)
    except (DoesNotVerify, WrongUse):
        return None
    return proved.entry_index, proved.entry, proved.payload, proved.grounds, proved.under


def shows(scene: Scene, folder: Path) -> int:
    """Whatever bit is turned, a receipt shows what it did, or does not verify, or there is none."""
    out, stopped, policy = folder / "receipt.json", 0, read_policy(scene.folder.verifier_policy)
    typed = ["receipt", BATCH, "R-0001", "-o", str(out)]
    assert give(scene.copied(folder / "gate"), *typed).code == DONE
    known = shown(out.read_bytes(), policy)
    assert known is not None
    out.unlink()
    for name, _, said in every_bit_drawn(scene, folder / "gate", *typed, seed=14, files=faults(20)):
        if said.code != DONE:
            assert not out.exists(), (name, said)
            stopped += 1
        else:
            assert shown(out.read_bytes(), policy) in (known, None), name
        out.unlink(missing_ok=True)
    return stopped


@pytest.mark.harms_ledger
def test_whatever_bit_is_turned_nothing_else_is_released(
    before: Mapping[str, Scene], elsewhere: ProcessPoolExecutor, tmp_path: Path
) -> None:
    known = story.answers(before["end"])
    assert elsewhere.submit(releases, before["release"], known, tmp_path / "gate").result() > 20


@pytest.mark.harms_ledger
def test_whatever_bit_is_turned_no_other_receipt_is_believed(
    before: Mapping[str, Scene], elsewhere: ProcessPoolExecutor, tmp_path: Path
) -> None:
    assert elsewhere.submit(shows, before["end"], tmp_path).result() > 2


def test_a_bit_turned_in_anything_that_the_database_keeps_encrypted_is_found(ended: Scene) -> None:
    gate, draw = open_gate(ended.gate), random.Random(15)
    rows = gate.database.all("SELECT * FROM event")
    assert len(rows) == 5
    for row in rows:
        for bit in drawn(draw, row["kept"], faults(12)):
            with pytest.raises(Fault, match="the payload was changed"):
                gate.custody.show(turned(row["kept"], bit), batch=row["batch_id"], name="the payload")


def test_a_database_that_is_none_is_named(
    before: Mapping[str, Scene], elsewhere: ProcessPoolExecutor, tmp_path: Path
) -> None:
    told = before["release"].copied(tmp_path / "gate")
    told.folder.database.write_bytes(bytes(1 << 16))
    (told.gate / "gate.db-wal").unlink(missing_ok=True)
    said = elsewhere.submit(give, told, "release", BATCH).result()
    assert (said.code, told.outbox) == (FAULT, [])
    assert f"database `{told.folder.database}` cannot be used" in said.error


def test_a_key_of_another_batch_opens_nothing(before: Mapping[str, Scene], tmp_path: Path) -> None:
    told = before["release"].copied(tmp_path / "gate")
    told.folder.key_of(BATCH).write_bytes(told.folder.key_of(None).read_bytes())
    with pytest.raises((Fault, Refused)):
        story.give(told, "release")
    assert told.outbox == []
