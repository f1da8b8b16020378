"""Run one command of narrowgate in a child, and add to its JSON the wall seconds and the peak memory of that child."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time


def main() -> None:
    """`python -m bench.timed COMMAND …`"""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "narrowgate", *sys.argv[1:]], stdout=subprocess.PIPE, text=True, check=False
    )
    wall = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    if done.returncode != 0:
        sys.exit(f"{sys.argv[1:]} ended with {done.returncode}: {done.stdout}")
    print(json.dumps({**json.loads(done.stdout.splitlines()[-1]), "wall": wall, "peak_mb": peak}))


if __name__ == "__main__":
    main()
