"""Start the processes that answer a question, and see that each finishes.

Rules:
 * A worker is a process for one question. It is a program of its own and no fork of this one: what this process knows
   (requests, keys, the ledger) is not in it, and all that it is told is one line on its standard input.
 * A worker that dies or meets a fault stops the question: the Fault names it, and what the others said is not used.
 * No worker outlives the question, whatever comes of it, nor whoever asked: its standard input ends with them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from narrowgate.errors import Fault
from narrowgate.register import worker
from narrowgate.register.parquet import CHANGED


def work(jobs: Sequence[dict[str, Any]]) -> list[int]:
    """Have each of `jobs` done by a process; how many rows each wrote. No process is left, whatever comes of it."""
    started: list[subprocess.Popen[str]] = []
    try:
        for job in jobs:
            started.append(_start(job))
        return [_rows(one, f"worker {number} of {len(jobs)}") for number, one in enumerate(started, 1)]
    finally:
        for one in started:
            one.kill()
            one.wait()
            for pipe in (one.stdin, one.stdout):
                assert pipe is not None
                with suppress(BrokenPipeError):  # whoever was killed left what was still to be said to them
                    pipe.close()


def _start(job: dict[str, Any]) -> subprocess.Popen[str]:
    """A process that does `job`. Its standard input stays open as long as we live, and so does the process."""
    started = subprocess.Popen(
        # -P: nothing is imported from the folder that it lies in. By its path and not by -m, with which the engine
        # believes that somebody sits before it, and paints a bar on standard output.
        [sys.executable, "-P", worker.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert started.stdin is not None
    try:
        started.stdin.write(json.dumps(job) + "\n")
        started.stdin.flush()
    except BrokenPipeError:
        pass  # it died before it was told; what came of it is seen when its answer is waited for
    return started


def _rows(started: subprocess.Popen[str], name: str) -> int:
    """How many rows a worker wrote; a Fault that names it if it did not finish."""
    assert started.stdout is not None
    said = started.stdout.read()
    code = started.wait()
    if code < 0:
        raise Fault(f"{name} was ended by signal {-code} while it read the register", CHANGED)
    try:
        answer = json.loads(said)
    except ValueError as problem:
        raise Fault(f"{name} ended with exit code {code} and no answer", CHANGED) from problem
    if code != 0:
        raise Fault(f"{name}: {answer['message']}", answer["hint"])
    return int(answer["rows"])
