"""What pymerkle makes of the entries of a batch. Runs in an environment of its own, beside no code of this project.

Usage: `python evidence_pymerkle.py ROWS`
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from pymerkle import InmemoryTree, SqliteTree

CODES = ("disclose", "return", "deny", "refer", "hold")
ON_DISK = 5_000


def entries(rows: int) -> list[bytes]:
    """The same entries as `bench.evidence` makes, spelt here by hand."""
    return [
        b'{"at":"2025-06-27T14:00:00Z","batch":"B-1","code":"%s","commitment":"%s","kind":"determination","v":1}'
        % (CODES[number % len(CODES)].encode(), sha256(number.to_bytes(8, "big")).hexdigest().encode())
        for number in range(rows)
    ]


def main() -> None:
    given = entries(int(sys.argv[1]))
    tree = InmemoryTree(algorithm="sha256")
    began = time.perf_counter()
    for entry in given:
        tree.append_entry(entry)
    root = tree.get_root().hex()
    memory = len(given) / (time.perf_counter() - began)
    with tempfile.TemporaryDirectory() as folder, SqliteTree(str(Path(folder, "tree.db")), algorithm="sha256") as kept:
        began = time.perf_counter()
        for entry in given[:ON_DISK]:
            kept.append_entry(entry)
        sqlite = min(ON_DISK, len(given)) / (time.perf_counter() - began)
    print(json.dumps({"root": root, "memory": memory, "sqlite": sqlite}))


if __name__ == "__main__":
    main()
