"""A log that was damaged is not read from, and the damaged file is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowgate.errors import Fault
from narrowgate.ledger import Log
from tests.ledger.support import ORIGIN, SIGNERS, a_log, content, numbered, tree_hash

SIZE = 600  # two full tiles and a partial one, below a partial tile of two


def read_all(folder: Path) -> None:
    """Everything a log is read for."""
    log = Log.open(folder, ORIGIN, SIGNERS)
    for _ in log.entries(0, log.size):
        pass
    for index in range(0, log.size, 50):
        log.inclusion_proof(index)
        log.consistency_proof(index)


@pytest.fixture(scope="module")
def log_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    a_log(folder, SIZE)
    return folder


def test_a_sound_log_is_read(log_folder: Path) -> None:
    read_all(log_folder)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_turned_bit_in_any_tile_is_found_and_named(log_folder: Path, data: st.DataObject) -> None:
    files = {name: found for name, found in content(log_folder).items() if name != "checkpoint"}
    name = data.draw(st.sampled_from(sorted(files)), label="file")
    bit = data.draw(st.integers(0, 8 * len(files[name]) - 1), label="bit")
    spoilt = bytearray(files[name])
    spoilt[bit // 8] ^= 1 << bit % 8
    (log_folder / name).write_bytes(spoilt)
    try:
        with pytest.raises(Fault) as found:
            read_all(log_folder)
    finally:
        (log_folder / name).write_bytes(files[name])
    assert f"`{name}`" in found.value.message


@pytest.mark.parametrize("byte", range(0, 300, 9))
def test_a_turned_bit_in_the_checkpoint_is_found(log_folder: Path, byte: int) -> None:
    note = (log_folder / "checkpoint").read_bytes()
    spoilt = bytearray(note)
    spoilt[byte % len(note)] ^= 1
    (log_folder / "checkpoint").write_bytes(spoilt)
    try:
        with pytest.raises(Fault):
            Log.open(log_folder, ORIGIN, SIGNERS)
    finally:
        (log_folder / "checkpoint").write_bytes(note)


@pytest.mark.parametrize("name", ["tile/1/000.p/2", "tile/0/002.p/88", "tile/0/001", "tile/entries/000"])
@pytest.mark.parametrize(
    "spoil",
    [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1]), lambda path: path.write_bytes(b"")],
    ids=["missing", "torn", "empty"],
)
def test_a_missing_or_torn_file_is_named(tmp_path: Path, name: str, spoil: Callable[[Path], object]) -> None:
    a_log(tmp_path, SIZE)
    spoil(tmp_path / name)
    with pytest.raises(Fault) as found:
        read_all(tmp_path)
    assert f"`{name}`" in found.value.message


@pytest.mark.parametrize("name", ["tile/1/000.p/2", "tile/0/002.p/88", "tile/entries/002.p/88"])
def test_a_log_with_a_damaged_edge_does_not_grow(tmp_path: Path, name: str) -> None:
    log = a_log(tmp_path, SIZE)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-1] + b"?")
    before = content(tmp_path)
    with pytest.raises(Fault) as found:
        log.append([b"more"], expect_size=SIZE)
    assert f"`{name}`" in found.value.message
    assert content(tmp_path) == before


def test_a_log_without_checkpoint_is_none(tmp_path: Path) -> None:
    a_log(tmp_path, 2)
    (tmp_path / "checkpoint").unlink()
    with pytest.raises(Fault, match="is not the checkpoint of a log"):
        Log.open(tmp_path, ORIGIN, SIGNERS)


def test_a_full_tile_stands_in_for_a_partial_one_that_is_gone(tmp_path: Path) -> None:
    a_log(tmp_path, 200)
    older = content(tmp_path)["checkpoint"]
    Log.open(tmp_path, ORIGIN, SIGNERS).append(numbered(200, 300), expect_size=200)
    (tmp_path / "checkpoint").write_bytes(older)  # as a reader sees it who began before
    log = Log.open(tmp_path, ORIGIN, verifiers=[signer.verifier for signer in SIGNERS])
    assert log.root == tree_hash(numbered(0, 200))
    assert list(log.entries(0, 200)) == numbered(0, 200)
