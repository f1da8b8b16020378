"""`witness`: run the overseer's side. Make a witness, tell it which ledger to know, let it answer, see what it saw."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.cli.options import JsonOption, now
from narrowgate.cli.printing import answer, aside, figures
from narrowgate.errors import WrongUse
from narrowgate.witness import folder as room
from narrowgate.witness.trusted import read_policy
from narrowgate.witness.web import as_json, server

witnesses = typer.Typer(help="Witness a ledger from outside the agency.", no_args_is_help=True, rich_markup_mode=None)

FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the witness.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (init, trust, serve, seen):
        witnesses.command()(command)
    app.add_typer(witnesses, name="witness")


def init(
    folder: FolderArgument,
    name: Annotated[str, typer.Option("--name", help="Its name, as `overseer.example/witness`.")],
    algorithm: Annotated[
        room.Algorithm, typer.Option("--algorithm", help="What it signs with.")
    ] = room.Algorithm.ML_DSA_44,
    json: JsonOption = False,
) -> None:
    """Make a witness with a key of its own, and print the public half for the policy of whoever will check."""
    key = room.begin(folder, name, algorithm)
    answer({"witness": name, "vkey": key.vkey}, as_json=json, text=key.vkey)


def trust(
    folder: FolderArgument,
    policy: Annotated[Path, typer.Option("--policy", help="The policy that the custodian published.")],
    json: JsonOption = False,
) -> None:
    """Let the witness cosign for the ledger whose keys a policy names, in place of keys named for it before."""
    origin, keys = read_policy(_content(policy))
    room.trust(folder, origin, keys)
    named = [key.named for key in keys]
    answer({"origin": origin, "keys": named}, as_json=json, text=f"log `{origin}` is trusted by {', '.join(named)}")


def serve(
    folder: FolderArgument,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")] = 8470,
) -> None:
    """Answer submissions over HTTP until interrupted. Put TLS in front of it where others can listen."""
    witness = room.existing(folder)
    try:
        running = server(witness, host=host, port=port, clock=lambda: int(now().timestamp()), say=_say)
    except OSError as problem:
        raise WrongUse(f"`{host}` port {port} cannot be listened at: {problem}", "nothing was answered") from problem
    aside.print(f"witness `{witness.cosigner.name}` answers at {host} port {running.effective_port}", markup=False)
    running.run()


def seen(folder: FolderArgument, json: JsonOption = False) -> None:
    """List what the witness has seen of each ledger, and how many alarms it keeps."""
    found = room.existing(folder).seen()
    answer(
        {"logs": [as_json(one) for one in found]},
        as_json=json,
        text="\n".join(map(_line, found)) or "no log is trusted",
    )


def _line(one: room.Seen) -> str:
    alarms = figures({str(kind): count for kind, count in one.alarms.items()})
    if one.latest is None:
        return f"{one.origin}: nothing cosigned; {alarms}"
    since = datetime.fromtimestamp(one.at, UTC).isoformat()
    return f"{one.origin}: {one.latest.size:,} entries, root {one.latest.root.hex()}, cosigned {since}; {alarms}"


def _say(line: str) -> None:
    print(f"narrowgate: alarm: {line}", file=sys.stderr, flush=True)


def _content(policy: Path) -> bytes:
    try:
        return policy.read_bytes()
    except OSError as problem:
        raise WrongUse(f"`{policy}` cannot be read: {problem.strerror}", "the log was not trusted") from problem
