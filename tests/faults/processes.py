"""Other processes: a clean one to fork from, children that do one thing, and where they are killed.

Rules:
 * Children are forked from a process that was started anew, so that no thread of another test is alive in it. It has
   imported everything, and never opens the engine itself.
 * A child that is killed is killed by the kernel (SIGKILL): no `finally` runs, and no buffer is written out.
 * The agreement is read and proved once and handed on to the children: it writes nothing, and takes most of the time.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from narrowgate.gateway import desk
from narrowgate.store.gate import open_gate

BROKE = 70
_READ = desk.agreement_of
WRITERS = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.chmod", "os.truncate", "subprocess.Popen",
}  # fmt: skip
"""Audit events (PEP 578) of what changes files, each raised before the change, and of starting `openssl`."""


@contextmanager
def clean_process() -> Iterator[ProcessPoolExecutor]:
    """A process that was started anew, which does what is submitted to it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


def read_agreement_once(gate: Path) -> None:
    """Read the agreement of `gate` now, for this process and every child of it."""
    opened = open_gate(gate)
    opened.database.connection.close()
    agreement = desk.agreement_of(opened)
    desk.agreement_of = lambda gate: agreement


def read_agreement_anew() -> None:
    """Let this process read the agreement of each gate from its files again."""
    desk.agreement_of = _READ


def in_child(work: Callable[[], object], *, kill_after: float | None = None) -> int:
    """Do `work` in a child: its exit code is what `work` returns, -9 if it was killed, `BROKE` after an error.

    An error is printed. `kill_after` is in seconds.
    """
    child = begun(work)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return ended(child)


def begun(work: Callable[[], object]) -> int:
    """A child that does `work`; for `ended`."""
    child = os.fork()
    if child == 0:
        _do_and_exit(work)
    return child


def ended(child: int) -> int:
    """How that child ended, once it has."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _do_and_exit(work: Callable[[], object]) -> None:
    code = BROKE
    try:
        os.umask(0o077)
        code = int(work() or 0)  # type: ignore[call-overload]
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def count_steps(work: Callable[[], object]) -> int:
    """Do `work` in a child; at how many steps it could have been killed."""
    reader, writer = os.pipe()

    def counting() -> None:
        steps = [0]

        def step() -> None:
            steps[0] += 1

        _watch(step)
        work()
        os.write(writer, str(steps[0]).encode())

    assert in_child(counting) == 0
    with os.fdopen(reader, "rb") as counted:
        os.close(writer)
        return int(counted.read())


def killed_at(step: int, work: Callable[[], object]) -> int:
    """Do `work` in a child that is killed as it comes to its `step`-th step; as `in_child`."""

    def doomed() -> None:
        left = [step]

        def count() -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        _watch(count)
        work()

    return in_child(doomed)


def _watch(step: Callable[[], None]) -> None:
    """Call `step` before and after whatever this process does to a file, and before each statement of the database.

    An audit hook cannot be taken away again: for children only.
    """

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITERS):
            step()

    sys.addaudithook(hook)
    for name in ("fsync", "write"):
        setattr(os, name, _stepping(getattr(os, name), step))
    sqlite3.connect = _traced(sqlite3.connect, step)  # type: ignore[assignment]


def _stepping(function: Callable[..., Any], step: Callable[[], None]) -> Callable[..., Any]:
    def called(*arguments: Any) -> Any:
        step()
        answer = function(*arguments)
        step()
        return answer

    return called


def _traced(connect: Callable[..., sqlite3.Connection], step: Callable[[], None]) -> Callable[..., sqlite3.Connection]:
    def connected(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(lambda _: step())
        return connection

    return connected


def keep_temporary_files(folder: Path) -> None:
    """Let this process and its children put temporary files into `folder`, which what is killed leaves behind."""
    folder.mkdir(exist_ok=True)
    tempfile.tempdir = str(folder)
