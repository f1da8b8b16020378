"""A submission has one form, and consistency proofs are followed to both of their roots."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.errors import Fault
from narrowgate.ledger import merkle
from narrowgate.ledger.checkpoint import signed_checkpoint
from narrowgate.ledger.submission import read_submission, written_submission
from narrowgate_verify.merkle import extends
from tests.ledger.support import ORIGIN, SIGNERS, a_log, numbered, tree_hash
from tests.ledger.test_merkle import reader

NOTE = signed_checkpoint(ORIGIN, 7, bytes(32), SIGNERS).note
HASH = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

hashes = st.binary(min_size=32, max_size=32)


@settings(max_examples=60, deadline=None)
@given(old=st.integers(0, 2**63 - 1), proof=st.lists(hashes, max_size=63))
def test_what_is_written_is_read_back(old: int, proof: list[bytes]) -> None:
    read = read_submission(written_submission(old, proof, NOTE))
    assert (read.old, read.proof, read.checkpoint.note) == (old, tuple(proof), NOTE)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_what_is_no_submission_is_a_fault_and_nothing_else(body: bytes) -> None:
    with pytest.raises(Fault):
        read_submission(body)


@pytest.mark.parametrize(
    "head",
    [
        "", "old", "old ", "old 07", "old -1", "old +1", "old 1 ", " old 1", "Old 1", "old  1", "new 1",
        "old 9223372036854775808", "old 1\r", "old 1\n ", f"old 1\n{HASH[:-1]}", f"old 1\n{HASH} ",
        f"old 1\n{HASH[4:]}",
        "old 1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",
    ],
)  # fmt: skip
def test_a_head_of_another_form_is_refused(head: str) -> None:
    with pytest.raises(Fault):
        read_submission(f"{head}\n\n{NOTE}".encode())


def test_sixty_three_hashes_are_taken_and_one_more_is_not() -> None:
    assert len(read_submission(written_submission(1, [bytes(32)] * 63, NOTE)).proof) == 63
    with pytest.raises(Fault, match="at most 63"):
        read_submission(written_submission(1, [bytes(32)] * 64, NOTE))


@pytest.mark.parametrize(
    "note", ["", "text\n", NOTE.rstrip("\n"), NOTE.replace("\n7\n", "\n07\n"), "a\n1\n\n— a AAAAAAA=\n"]
)
def test_what_carries_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(Fault):
        read_submission(f"old 0\n\n{note}".encode())


def test_every_proof_of_every_small_tree_is_followed_and_no_other() -> None:
    for size in range(1, 21):
        entries = numbered(0, size)
        read, root = reader(entries), tree_hash(entries)
        for old in range(size + 1):
            path, before = merkle.consistency_proof(read, old, size), tree_hash(entries[:old])
            assert merkle.continues(old, before, size, root, path)
            assert not merkle.continues(old, before, size, root, (*path, root))
            assert not path or not merkle.continues(old, before, size, root, path[:-1])
            assert not merkle.continues(old, bytes(32), size, root, path)
            assert old == 0 or not merkle.continues(old, before, size, bytes(32), path)
            assert not merkle.continues(size + 1, root, size, root, ())


def test_a_proof_leads_to_the_true_root_of_the_older_tree() -> None:
    entries = numbered(0, 21)
    read, root = reader(entries), tree_hash(entries)
    for old in range(1, 21):
        path = merkle.consistency_proof(read, old, 21)
        complete = old & (old - 1) == 0
        before, after = merkle.roots_of_proof(old, bytes(32), 21, path) or (b"", b"")
        # The proof of a complete tree leaves its root out, and one that is made up does not lead to what was signed.
        assert (before == bytes(32), after == root) == (complete, not complete)
        assert complete or before == tree_hash(entries[:old])


@settings(max_examples=100, deadline=None)
@given(old=st.integers(0, 40), size=st.integers(0, 40), old_root=hashes, root=hashes, path=st.lists(hashes, max_size=8))
def test_two_programs_agree_on_what_is_no_proof(
    old: int, size: int, old_root: bytes, root: bytes, path: list[bytes]
) -> None:
    assert merkle.continues(old, old_root, size, root, path) == extends(old, old_root, size, root, path)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_two_programs_agree_on_proofs_with_a_hash_changed(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 600), label="size")
    old = data.draw(st.integers(1, size - 1), label="old")
    entries = numbered(0, size)
    path = list(merkle.consistency_proof(reader(entries), old, size))
    before, root = tree_hash(entries[:old]), tree_hash(entries)
    assert merkle.continues(old, before, size, root, path)
    path[data.draw(st.integers(0, len(path) - 1), label="at")] = data.draw(hashes, label="hash")
    assert not merkle.continues(old, before, size, root, path)
    assert not extends(old, before, size, root, path)


def test_a_real_log_writes_what_is_read(tmp_path: Path) -> None:
    log = a_log(tmp_path, 300)
    read = read_submission(written_submission(17, log.consistency_proof(17), log.checkpoint))
    before = tree_hash(numbered(0, 17))
    assert merkle.continues(read.old, before, read.checkpoint.size, read.checkpoint.root, read.proof)
