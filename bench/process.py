"""What this process, and those that it started, have taken of the machine, as the kernel counts it."""

from __future__ import annotations

import os
import re
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def peak_megabytes() -> int:
    """The most memory that this process has held, since `forget_peak` if that was asked for.

    What `getrusage` says may be that of who started it.
    """
    said = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert said is not None
    return int(said[1]) // 1024


def forget_peak() -> None:
    """Count the most memory from here."""
    Path("/proc/self/clear_refs").write_text("5")


def processor_seconds() -> tuple[float, float]:
    """What this process has worked, and what those that it started have."""
    spent, parents = {}, {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended; whoever waited for it has its seconds
        parents[int(place.parent.name)] = int(said[1])
        spent[int(place.parent.name)] = [int(ticks) / _TICKS for ticks in said[11:15]]
    own = os.getpid()
    others = sum(sum(spent[process]) for process in spent if process != own and _descends(process, own, parents))
    return sum(spent[own][:2]), others + sum(spent[own][2:])


def _descends(process: int, ancestor: int, parents: dict[int, int]) -> bool:
    while process in parents:
        process = parents[process]
        if process == ancestor:
            return True
    return False
