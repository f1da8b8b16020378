"""Options that commands share, and the clock and randomness that every door passes inward."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.engine.spark import open_spark
from narrowgate.errors import WrongUse
from narrowgate.gateway.desk import Desk, at_desk
from narrowgate.store.gate import Gate, open_gate

GateOption = Annotated[Path, typer.Option("--gate", help="The gate directory.", show_default="here")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
ReadingOption = Annotated[
    str | None,
    typer.Option("--reading", help="A reading of the agreement.", show_default="the agreement's own"),
]
HERE = Path()


class Engine(StrEnum):
    """What judges clauses and reads the register."""

    DUCKDB = "duckdb"
    SPARK = "spark"


EngineOption = Annotated[Engine, typer.Option("--engine", help="What judges clauses and reads the register.")]
MasterOption = Annotated[
    str | None, typer.Option("--master", help="The Spark cluster, as `spark://host:port`.", show_default=False)
]


def now() -> datetime:
    """The clock: the one place where a command reads it."""
    return datetime.now(UTC).replace(microsecond=0)


@contextmanager
def desk(root: Path, engine: Engine = Engine.DUCKDB, master: str | None = None) -> Iterator[Desk]:
    """The desk of the gate at `root`, now; with the engine `spark`, that of the cluster at `master`."""
    if (engine is Engine.SPARK) != (master is not None):
        raise WrongUse(
            "`--engine spark` and `--master` go together", "--engine spark --master spark://host:port; nothing was done"
        )
    with ExitStack() as until_done:
        gate = open_gate(root)
        cluster = until_done.enter_context(open_spark(master)) if master else None
        yield until_done.enter_context(at_desk(gate, at=now(), random=os.urandom, cluster=cluster))


def gate(root: Path) -> Gate:
    """The gate at `root`, for commands that only look."""
    return open_gate(root)


def check_folder(out: Path, hint: str) -> None:
    """Wrong use if there is no folder for a file `out`, said before anything is done."""
    if not out.resolve().parent.is_dir():
        raise WrongUse(f"there is no folder `{out.parent}`", hint)
