"""A crash at any moment leaves the log as it was before, or as it is after."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from narrowgate.ledger import Log, durable
from tests.ledger.support import ORIGIN, SIGNERS, a_log, content, numbered, tree_hash


def dies(work: Callable[[], object]) -> None:
    """Run `work` in another process, in which it must not come to its end."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def dying_entries(after: int) -> Iterator[bytes]:
    yield from (b"never %d" % number for number in range(after))
    os._exit(9)


@pytest.mark.parametrize("before", [0, 2, 256, 300])
def test_a_crash_between_tiles_and_checkpoint_leaves_the_log_as_it_was(tmp_path: Path, before: int) -> None:
    log = a_log(tmp_path, before)
    committed = content(tmp_path)

    def crash() -> None:
        durable.replace = lambda *_: os._exit(9)
        log.append((b"never %d" % number for number in range(700)), expect_size=before)

    dies(crash)
    left = content(tmp_path)
    assert left.keys() > committed.keys()
    assert {name: left[name] for name in committed} == committed
    again = Log.open(tmp_path, ORIGIN, SIGNERS)
    assert (again.size, again.root) == (before, tree_hash(numbered(0, before)))
    again.append(numbered(before, 650), expect_size=before)
    assert again.root == tree_hash(numbered(0, 650))
    assert list(again.entries(0, 650)) == numbered(0, 650)


@pytest.mark.parametrize("after", [0, 1, 255, 256, 600])
def test_a_crash_among_the_entries_leaves_the_log_as_it_was(tmp_path: Path, after: int) -> None:
    log = a_log(tmp_path, 10)
    dies(lambda: log.append(dying_entries(after), expect_size=10))
    again = Log.open(tmp_path, ORIGIN, SIGNERS)
    assert (again.size, again.root) == (10, tree_hash(numbered(0, 10)))
    again.append(numbered(10, 300), expect_size=10)
    assert again.root == tree_hash(numbered(0, 300))


def test_a_crash_after_the_checkpoint_leaves_the_log_as_it_is_now(tmp_path: Path) -> None:
    log = a_log(tmp_path, 10)

    def crash() -> None:
        replace = durable.replace

        def replace_and_die(path: Path, content: bytes) -> None:
            replace(path, content)
            os._exit(9)

        durable.replace = replace_and_die
        log.append(numbered(10, 300), expect_size=10)

    dies(crash)
    again = Log.open(tmp_path, ORIGIN, SIGNERS)
    assert (again.size, again.root) == (300, tree_hash(numbered(0, 300)))


@pytest.mark.parametrize("count", [1, 40_000])
def test_what_could_not_be_made_durable_is_not_signed_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    log = a_log(tmp_path, 10)
    signed = content(tmp_path)["checkpoint"]

    def disk_full(*_: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(durable.Flush, "__call__", disk_full)
    with pytest.raises(OSError, match="no space"):
        log.append(numbered(10, 10 + count), expect_size=10)
    assert content(tmp_path)["checkpoint"] == signed


def test_an_error_among_the_entries_passes_through(tmp_path: Path) -> None:
    log = a_log(tmp_path, 10)

    def failing() -> Iterator[bytes]:
        yield b"one"
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        log.append(failing(), expect_size=10)
    assert Log.open(tmp_path, ORIGIN, SIGNERS).size == 10
    log.append([b"after"], expect_size=10)
    assert log.size == 11
