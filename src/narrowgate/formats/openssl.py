"""Run the `openssl` program: the only cryptography that CMS messages meet here.

Rules:
 * Nothing is asked at a terminal, no shell is used, and no pass phrase is on a command line.
 * Default trust is switched off wherever a chain is built: only the anchors that were named count.
 * No answer is taken from a run that did not end with 0.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from narrowgate.errors import Fault

WITHOUT_DEFAULT_TRUST = ("-no-CApath", "-no-CAstore")
"""To stand beside `-CAfile`, which replaces the default file but not the default folder and store."""
AT_ONCE = 1 << 20
UNASKED = ("-passin", "pass:")
"""An encrypted key fails at once, where openssl would otherwise open the terminal and wait."""


def program() -> str:
    """Where `openssl` is, or the fault that says how to get it."""
    found = shutil.which("openssl")
    if found is None:
        raise Fault(
            "the program `openssl` is not installed",
            "install OpenSSL 3 (Debian, Ubuntu: `apt-get install openssl`); no record was looked up",
        )
    return found


def run(arguments: Sequence[str | Path]) -> subprocess.CompletedProcess[bytes]:
    """One run of openssl to its end, with what it said."""
    return subprocess.run([program(), *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, check=False)


def must(arguments: Sequence[str | Path], what: str) -> None:
    """A run that only our own files or keys could spoil: a Fault if it does not end with 0."""
    ended = run(arguments)
    if ended.returncode != 0:
        raise Fault(f"openssl could not {what}: {said(ended.stderr)}")


def pipe(first: Sequence[str | Path], second: Sequence[str | Path], content: BinaryIO, what: str) -> None:
    """Run `content` through `first` into `second`: none of it is on the disk in between.

    A Fault unless both end with 0.
    """
    with (
        subprocess.Popen(
            [program(), *map(str, first)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as source,
        subprocess.Popen(
            [program(), *map(str, second)],
            stdin=source.stdout,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as sink,
    ):
        assert source.stdin is not None
        assert source.stdout is not None
        source.stdout.close()  # so that the first one ends if the second does
        with suppress(BrokenPipeError), source.stdin:  # one that ended early says why
            shutil.copyfileobj(content, source.stdin, AT_ONCE)
        _, sink_said = sink.communicate()
        source_said = source.stderr.read() if source.stderr is not None else b""
    if source.returncode != 0 or sink.returncode != 0:
        raise Fault(f"openssl could not {what}: {said(source_said or sink_said)}")


def said(stderr: bytes) -> str:
    """The last thing openssl said, without the numbers in front of it."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    if not lines:
        return "it gave no reason"
    fields = lines[-1].split(":")
    return ", ".join(field for field in (*fields[3:6:2], *fields[8:]) if field) or lines[-1]
