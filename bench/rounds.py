"""Take the time of some work, round after round."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

ROUNDS = 3


@dataclass
class Rounds:
    """Wall seconds, and seconds of processor time of all threads, of each round."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take the time of what is done within."""
        began, used = time.perf_counter(), time.process_time()
        yield
        self.processor.append(time.process_time() - used)
        self.wall.append(time.perf_counter() - began)

    def as_json(self) -> dict[str, float]:
        """The median of each."""
        return {"wall": median(self.wall), "processor": median(self.processor)}
