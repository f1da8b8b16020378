"""`register`: look at a register before a gate guards it.

Rules:
 * It reads every record, discloses none and names nobody; a register that falls short of its specification is exit 1.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.cli.options import JsonOption
from narrowgate.cli.printing import answer, stations
from narrowgate.engine.session import open_session, within_memory
from narrowgate.register.audit import Audit, audit
from narrowgate.register.parquet import ParquetRegister, open_parquet

registers = typer.Typer(
    help="The custodian's records, before a gate guards them.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    registers.command()(check)
    registers.callback()(_group)
    app.add_typer(registers, name="register")


def _group() -> None:
    """The custodian's records, before a gate guards them."""


def check(
    folder: Annotated[Path, typer.Argument(help="The register directory (spec/register.md), in Parquet files.")],
    memory_limit: Annotated[str, typer.Option("--memory-limit", help="Memory for the engine.")] = "2GB",
    threads: Annotated[int, typer.Option("--threads", min=1, help="Threads for the engine.")] = 2,
    json: JsonOption = False,
) -> int:
    """Look through every row of a register for what its specification says cannot be."""
    register = open_parquet(folder)
    with stations("register", quiet=json) as say:
        say("check")
        found = _audit(register, memory_limit, threads)
    answer(_as_json(register, found), as_json=json, text=_told(register, found))
    return 1 if found.findings else 0


def _audit(register: ParquetRegister, memory_limit: str, threads: int) -> Audit:
    with tempfile.TemporaryDirectory(prefix="narrowgate-") as spill:
        session = open_session(
            directories=[register.folder], temp_directory=Path(spill), memory_limit=memory_limit, threads=threads
        )
        try:
            with within_memory(memory_limit, "give it more with --memory-limit; nothing was disclosed"):
                return audit(session, register)
        finally:
            session.close()


def _as_json(register: ParquetRegister, found: Audit) -> dict[str, object]:
    return {"register": register.name, "digest": register.digest, "sound": not found.findings, **asdict(found)}


def _told(register: ParquetRegister, found: Audit) -> str:
    head = f"register `{register.name}`: {found.people:,} people, {found.addresses:,} addresses"
    kinds = [f"  {count:,} {kind}" for kind, count in found.kinds.items() if count]
    findings = [f"  {finding.line}" for finding in found.findings]
    verdict = "what is amiss:" if findings else "nothing is amiss"
    return "\n".join((head, *kinds, verdict, *findings))
