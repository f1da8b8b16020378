"""A program that nobody of this project wrote, set on ledgers that the tests make.

Rules:
 * What it accepts and refuses is decided by Go's library for transparency logs; `main.go` says what is filled in.
 * It is built once, beside its source where no version is kept, under a name made of that source. Processes that build
   it at the same time build the same, and the last one in replaces it whole.
 * Needs Debian's `golang-go` and `golang-golang-x-mod-dev`; no network. GOPATH says where the library is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path

LIBRARY = Path(os.environ.get("GOPATH", "/usr/share/gocode"))
SOURCE = Path(__file__).parent / "main.go"
BUILT = Path(__file__).parent / "__pycache__"


def available() -> bool:
    """Whether the program can be built here."""
    return shutil.which("go") is not None and (LIBRARY / "src/golang.org/x/mod/sumdb/tlog").is_dir()


def verify(folder: Path, policy: Path) -> None:
    """Fail, in the program's words, unless it accepts the ledger in `folder`."""
    done = run(policy, folder)
    assert done.returncode == 0, f"the stranger's program does not accept `{folder}`: {done.stderr.strip()}"


def run(*arguments: Path | str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """One run of the program, with what it said."""
    return subprocess.run([program(), *arguments], cwd=cwd, capture_output=True, text=True, check=False)


@cache
def program() -> Path:
    """The program, built unless it is there."""
    built = BUILT / f"stranger-{sha256(SOURCE.read_bytes()).hexdigest()[:16]}"
    if not built.exists():
        BUILT.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILT) as private:
            _build(Path(private, "program"))
            Path(private, "program").replace(built)
    return built


def _build(out: Path) -> None:
    offline = {"GO111MODULE": "off", "GOPATH": str(LIBRARY), "GOFLAGS": "", "CGO_ENABLED": "0"}
    environment = {**os.environ, **offline, "GOCACHE": str(out.parent / "cache")}
    subprocess.run(["go", "build", "-o", out, SOURCE], env=environment, check=True)
