"""A log grows by what its checkpoint comes to vouch for, however it is cut into appends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.errors import Fault
from narrowgate.ledger import Log
from narrowgate.ledger.merkle import leaf_hashes
from narrowgate.ledger.tiles import tile_name
from narrowgate_verify.merkle import extends, includes
from tests.ledger.support import ORIGIN, SIGNERS, a_log, content, fresh_signers, numbered, tree_hash


def called_for(size: int) -> set[str]:
    """The names of the files that a log of `size` consists of."""
    names = {"checkpoint"}
    level, count = 0, size
    while count:
        for index in range(-(-count // 256)):
            width = min(256, count - index * 256)
            names.add(tile_name(level, index, width))
            if level == 0:
                names.add(tile_name("entries", index, width))
        level, count = level + 1, count // 256
    return names


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=6))
def test_chunks_come_to_the_same_files_as_one_append(chunks: list[int]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as many:
        whole = a_log(Path(one), sum(chunks))
        log = a_log(Path(many))
        for chunk in chunks:
            before = log.size
            log.append(numbered(before, before + chunk), expect_size=before)
        assert (log.size, log.root) == (whole.size, whole.root)
        assert log.root == tree_hash(numbered(0, log.size))
        files = content(Path(many))
        needed = called_for(log.size)
        for name in needed - {"checkpoint"}:
            assert files[name] == content(Path(one))[name]
        assert set(content(Path(one))) == needed
        assert list(log.entries(0, log.size)) == numbered(0, log.size)


def test_partial_tiles_of_signed_sizes_stay_until_the_tile_is_full(tmp_path: Path) -> None:
    log = a_log(tmp_path, 3)
    log.append(numbered(3, 5), expect_size=3)
    assert {"tile/0/000.p/3", "tile/0/000.p/5", "tile/entries/000.p/3"} <= set(content(tmp_path))
    log.append(numbered(5, 300), expect_size=5)
    assert set(content(tmp_path)) == called_for(300)


def test_every_proof_of_a_log_verifies_after_it_was_opened_again(tmp_path: Path) -> None:
    entries = numbered(0, 600)
    a_log(tmp_path, 600)
    log = Log.open(tmp_path, ORIGIN, verifiers=[signer.verifier for signer in SIGNERS])
    for index in range(0, 600, 7):
        path = log.inclusion_proof(index)
        assert includes(leaf_hashes([entries[index]]), index, 600, path, log.root)
    for old in range(0, 601, 13):
        assert extends(old, tree_hash(entries[:old]), 600, log.root, log.consistency_proof(old))


def test_a_large_append_streams_and_comes_to_the_same_root(tmp_path: Path) -> None:
    log = a_log(tmp_path)
    taken = 0

    def entries() -> Iterator[bytes]:
        nonlocal taken
        for entry in numbered(0, 20_000):
            taken += 1
            yield entry

    assert log.append(entries(), expect_size=0).size == taken == 20_000
    assert log.root == tree_hash(numbered(0, 20_000))
    assert list(log.entries(511, 515)) == numbered(511, 515)
    assert "tile/1/000.p/78" in content(tmp_path)


def test_nothing_to_append_is_not_signed_for(tmp_path: Path) -> None:
    log = a_log(tmp_path, 2)
    before = content(tmp_path)
    assert log.append([], expect_size=2).note == before["checkpoint"].decode()
    assert content(tmp_path) == before


def test_a_writer_who_expects_another_size_changes_nothing(tmp_path: Path) -> None:
    log = a_log(tmp_path, 2)
    before = content(tmp_path)
    for expected in (0, 1, 3):
        with pytest.raises(Fault, match="holds 2 entries"):
            log.append([b"x"], expect_size=expected)
    assert content(tmp_path) == before


def test_a_writer_who_was_overtaken_changes_nothing(tmp_path: Path) -> None:
    late = a_log(tmp_path, 2)
    Log.open(tmp_path, ORIGIN, SIGNERS).append([b"first"], expect_size=2)
    before = content(tmp_path)
    with pytest.raises(Fault, match="holds 3 entries where 2"):
        late.append([b"second"], expect_size=late.size)
    assert content(tmp_path) == before
    assert late.size == 3


def test_two_do_not_write_at_once(tmp_path: Path) -> None:
    log = a_log(tmp_path, 2)
    other = Log.open(tmp_path, ORIGIN, SIGNERS)

    def meanwhile() -> Iterator[bytes]:
        with pytest.raises(Fault, match="another process is writing"):
            other.append([b"theirs"], expect_size=2)
        yield b"ours"

    log.append(meanwhile(), expect_size=2)
    assert [*log.entries(2, 3)] == [b"ours"]
    other.append([b"theirs"], expect_size=3)
    assert [*other.entries(2, 4)] == [b"ours", b"theirs"]


def test_an_entry_that_is_too_long_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    log = a_log(tmp_path, 2)
    before = content(tmp_path)["checkpoint"]
    with pytest.raises(Fault, match="65536 bytes"):
        log.append([*numbered(2, 900), b"x" * 0x10000], expect_size=2)
    assert content(tmp_path)["checkpoint"] == before
    assert Log.open(tmp_path, ORIGIN, SIGNERS).size == 2
    log.append(numbered(2, 400), expect_size=2)
    assert log.root == tree_hash(numbered(0, 400))


def test_a_log_is_not_begun_over_another(tmp_path: Path) -> None:
    a_log(tmp_path, 2)
    before = content(tmp_path)
    with pytest.raises(Fault, match="already"):
        Log.create(tmp_path, ORIGIN, SIGNERS)
    assert content(tmp_path) == before


def test_a_log_is_not_opened_on_trust(tmp_path: Path) -> None:
    a_log(tmp_path, 2)
    with pytest.raises(Fault, match="no key was named"):
        Log.open(tmp_path, ORIGIN)
    with pytest.raises(Fault, match="is not signed by"):
        Log.open(tmp_path, ORIGIN, fresh_signers())
    with pytest.raises(Fault, match="is of the log"):
        Log.open(tmp_path, "another.example", verifiers=[signer.verifier for signer in SIGNERS])


def test_new_keys_take_over_with_the_old_ones_to_check_what_was(tmp_path: Path) -> None:
    a_log(tmp_path, 2)
    new = fresh_signers()
    log = Log.open(tmp_path, ORIGIN, new, verifiers=[signer.verifier for signer in SIGNERS])
    log.append([b"under new keys"], expect_size=2)
    log.append([b"and again"], expect_size=3)
    assert Log.open(tmp_path, ORIGIN, new).size == 4
    with pytest.raises(Fault, match="is not signed by"):
        Log.open(tmp_path, ORIGIN, SIGNERS)


def test_a_log_without_signers_is_read_and_not_written(tmp_path: Path) -> None:
    a_log(tmp_path, 2)
    log = Log.open(tmp_path, ORIGIN, verifiers=[signer.verifier for signer in SIGNERS])
    before = content(tmp_path)["checkpoint"]
    with pytest.raises(Fault, match="one ECDSA P-256 and one Ed25519"):
        log.append([b"x"], expect_size=2)
    assert content(tmp_path)["checkpoint"] == before


@pytest.mark.parametrize(("start", "stop"), [(-1, 1), (0, 3), (2, 1)])
def test_entries_that_are_not_there_are_not_given(tmp_path: Path, start: int, stop: int) -> None:
    log = a_log(tmp_path, 2)
    with pytest.raises(Fault, match="it holds 2"):
        log.entries(start, stop)


def test_proofs_of_what_is_not_there_are_not_given(tmp_path: Path) -> None:
    log = a_log(tmp_path, 2)
    for index in (-1, 2):
        with pytest.raises(Fault, match="it holds 2"):
            log.inclusion_proof(index)
    for old in (-1, 3):
        with pytest.raises(Fault, match="it holds 2"):
            log.consistency_proof(old)
