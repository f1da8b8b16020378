"""Go's library for transparency logs, written by others, accepts and refuses what the verifier does.

Needs Debian's `golang-go` and `golang-golang-x-mod-dev`; no network. GOPATH says where the library lies.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ledger.support import VECTORS

LIBRARY = Path(os.environ.get("GOPATH", "/usr/share/gocode"))
SOURCE = Path(__file__).parent / "go" / "main.go"

pytestmark = pytest.mark.skipif(
    shutil.which("go") is None or not (LIBRARY / "src/golang.org/x/mod/sumdb/tlog").is_dir(),
    reason="needs golang-go and golang-golang-x-mod-dev",
)


@pytest.fixture(scope="session")
def go_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = tmp_path_factory.mktemp("go") / "check"
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(LIBRARY),
        "GOFLAGS": "",
        "CGO_ENABLED": "0",
    }
    environment["GOCACHE"] = str(program.parent / "cache")
    subprocess.run(["go", "build", "-o", program, SOURCE], env=environment, check=True)
    return program


def judged(program: Path, *arguments: str) -> int:
    return subprocess.run([program, "policy", *arguments], cwd=VECTORS, capture_output=True, check=False).returncode


@pytest.mark.parametrize("name", ["good-3", "good-5", "good-260"])
def test_a_sound_ledger_is_accepted(go_program: Path, name: str) -> None:
    assert judged(go_program, name) == 0


@pytest.mark.parametrize(
    "name",
    [
        "bundle-missing",
        "bundle-too-long",
        "bundle-torn",
        "checkpoint-ahead",
        "checkpoint-bad-signature",
        "checkpoint-by-a-stranger",
        "checkpoint-of-another-log",
        "checkpoint-one-signature",
        "checkpoint-other-root",
        "entry-altered",
        "tile-altered",
        "tile-missing",
        "tile-torn",
    ],
)
def test_a_bad_ledger_is_refused(go_program: Path, name: str) -> None:
    assert judged(go_program, name) == 1


def test_growth_is_accepted_and_a_second_history_refused(go_program: Path) -> None:
    assert judged(go_program, "good-260", "good-3/checkpoint") == 0
    assert judged(go_program, "forked-4", "forked/checkpoint") == 0
    assert judged(go_program, "forked-4", "good-3/checkpoint") == 1


def test_a_receipt_is_accepted_for_its_entry_and_no_other(go_program: Path) -> None:
    ledger = ("good-260", "good-3/checkpoint")
    assert judged(go_program, *ledger, "receipt/good.tlog-proof", "receipt/entry.json") == 0
    assert judged(go_program, *ledger, "receipt/good.tlog-proof", "receipt/entry-altered.json") == 1
    assert judged(go_program, *ledger, "receipt/other-index.tlog-proof", "receipt/entry.json") == 1
    assert judged(go_program, *ledger, "receipt/path-short.tlog-proof", "receipt/entry.json") == 1
