"""Options that commands share, and the clock and randomness that every door passes inward."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.gateway.desk import Desk, at_desk
from narrowgate.store.gate import Gate, open_gate

GateOption = Annotated[Path, typer.Option("--gate", help="The gate directory.", show_default="here")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
ReadingOption = Annotated[
    str | None,
    typer.Option("--reading", help="A reading of the agreement.", show_default="the agreement's own"),
]
HERE = Path()


def now() -> datetime:
    """The clock: the one place where a command reads it."""
    return datetime.now(UTC).replace(microsecond=0)


@contextmanager
def desk(root: Path) -> Iterator[Desk]:
    """The desk of the gate at `root`, now."""
    with at_desk(open_gate(root), at=now(), random=os.urandom) as opened:
        yield opened


def gate(root: Path) -> Gate:
    """The gate at `root`, for commands that only look."""
    return open_gate(root)
