"""The ledger: committing a batch, verifying it whole, one receipt, the receipts of a batch, and pymerkle beside it.

Rules:
 * Entries are those that a batch of so many requests makes; what is written is on the disk when the clock stops.
 * The verifier is the separate program, in a process of its own, start-up included.
 * pymerkle, which is GPL, lives in an environment of its own and is given the same entries. It must come to the same
   root.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.figures import Figure
from bench.process import peak_megabytes
from bench.spine import Measured, run
from narrowgate.formats.entry import Entry
from narrowgate.ledger.log import Log
from narrowgate.ledger.note import PrivateKeySigner

ORIGIN = "bench.narrowgate.example/ledger"
ROUNDS = 20
PYMERKLE = "pymerkle==7.0.0"
CODES = ("disclose", "return", "deny", "refer", "hold")


def measure(folder: Path, judged: Measured, *, rows: int) -> list[Figure]:
    """Every figure of the ledger; `judged` is a gate whose batch is determined."""
    home = folder / "evidence"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    committed = _in_a_process("commit", home, rows)
    whole = _verified(home, "ledger", home / "ledger")
    return [
        Figure(f"ledger: {rows:,} entries committed, tiles and checkpoint on the disk", committed["seconds"], "s", 10),
        Figure("ledger: peak memory of that", committed["megabytes"], "MB", 1024),
        Figure("ledger: verified whole, a million entries", whole * 1_000_000 / rows, "s", 10),
        *_receipts(home, judged),
        *_beside_pymerkle(home, rows, committed),
    ]


def _receipts(home: Path, judged: Measured) -> list[Figure]:
    """One receipt verified, and those of the whole batch made and verified."""
    gate, out = judged.gate, home / "receipts.jsonl"
    made = run("receipts", judged.batch.batch_id, "-o", out, gate=gate)
    first = home / "receipt.json"
    with out.open() as lines:
        first.write_text(lines.readline())
    policy = gate / "verify" / "policy"
    one = statistics.median(_verified(home, "receipt", first, policy=policy) for _ in range(ROUNDS))
    seconds = _verified(home, "receipts", out, policy=policy)
    out.unlink()
    return [
        Figure("ledger: receipts of a batch made", made["count"] / made["wall"], "receipts/s", 20_000, lower=False),
        Figure("ledger: one receipt verified, start-up included", 1000 * one, "ms", 50),
        Figure("ledger: receipts verified one after the other", made["count"] / seconds, "receipts/s"),
    ]


def _verified(home: Path, *arguments: str | Path, policy: Path | None = None) -> float:
    """Seconds that the separate program takes."""
    command = [
        sys.executable,
        "-m",
        "narrowgate_verify",
        *map(str, arguments),
        "--policy",
        str(policy or home / "policy"),
    ]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - began


def _beside_pymerkle(home: Path, rows: int, ours: dict[str, float]) -> list[Figure]:
    """Entries a second of pymerkle in memory, all of them, and on SQLite, some; ours divided by each."""
    python = home / "pymerkle" / "bin" / "python"
    venv.create(home / "pymerkle", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", PYMERKLE], check=True)
    script = Path(__file__).with_name("evidence_pymerkle.py")
    done = subprocess.run([python, script, str(rows)], check=True, stdout=subprocess.PIPE, text=True)
    theirs = json.loads(done.stdout)
    if theirs["root"] != ours["root"]:
        raise AssertionError("pymerkle comes to another root over the same entries")
    rate = rows / ours["seconds"]
    return [
        Figure("ledger: entries committed a second", rate, "entries/s"),
        Figure("ledger: pymerkle, in memory, nothing on the disk", theirs["memory"], "entries/s"),
        Figure("ledger: pymerkle, SQLite", theirs["sqlite"], "entries/s"),
        Figure("ledger: ours ÷ pymerkle in memory", rate / theirs["memory"], "times"),
        Figure("ledger: ours ÷ pymerkle on SQLite", rate / theirs["sqlite"], "times"),
    ]


def entries(rows: int) -> Iterator[bytes]:
    """The entries of a batch of so many requests."""
    blank = "0" * 64
    written = {
        code: Entry("determination", "B-1", code, "2025-06-27T14:00:00Z", blank).to_bytes().split(blank.encode())
        for code in CODES
    }
    for number in range(rows):
        before, after = written[CODES[number % len(CODES)]]
        yield before + sha256(number.to_bytes(8, "big")).hexdigest().encode() + after


def commit(home: Path, rows: int) -> dict[str, object]:
    """Commit a batch to a ledger of its own, and say what it took."""
    signers = [
        PrivateKeySigner(ORIGIN, generate_private_key(SECP256R1())),
        PrivateKeySigner(ORIGIN, Ed25519PrivateKey.generate()),
    ]  # fmt: skip
    log = Log.create(home / "ledger", ORIGIN, signers)
    keys = "".join(f"log {signer.verifier.vkey}\n" for signer in signers)
    (home / "policy").write_text(f"{keys}quorum none\n")
    began = time.perf_counter()
    log.append(entries(rows), expect_size=0)
    return {"seconds": time.perf_counter() - began, "megabytes": peak_megabytes(), "root": log.root.hex()}


def _in_a_process(what: str, home: Path, rows: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.evidence", what, str(home), str(rows)],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    print(json.dumps(commit(Path(sys.argv[2]), int(sys.argv[3]))))
