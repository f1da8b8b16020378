"""`check`, `pack`, `receive`: rows before they are sent, the package, and its arrival."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.cli.options import HERE, GateOption, JsonOption, desk, now
from narrowgate.cli.options import gate as gate_at
from narrowgate.cli.printing import answer
from narrowgate.demo.parties import complete
from narrowgate.errors import Refused, WrongUse
from narrowgate.gateway.receive import take_in
from narrowgate.intake import lint
from narrowgate.requester.pack import pack as pack_rows
from narrowgate.requester.pack import read_draft
from narrowgate.terms.refusal import Refusal

RowsArgument = Annotated[Path, typer.Argument(help="Request rows: .csv, .jsonl or .parquet.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(check)
    app.command()(pack)
    app.command()(receive)


def check(rows: RowsArgument, json: JsonOption = False) -> None:
    """Lint request rows before they are sent: the layout alone, as intake will read it. Opens no register."""
    found = lint(rows)
    if isinstance(found, Refusal):
        raise Refused(found.message, found.hint)
    result = {
        "rows": found.requests,
        "layout_errors": found.layout_errors,
        "first": [asdict(error) for error in found.first_errors],
    }
    lines = [
        f"{rows}: {found.requests:,} rows, {found.layout_errors:,} layout errors",
        *map(str, found.first_errors),
    ]
    answer(result, as_json=json, text="\n".join(lines))
    if found.layout_errors:
        raise typer.Exit(1)


def pack(
    rows: RowsArgument,
    manifest: Annotated[Path, typer.Option("--manifest", help="The manifest, or a draft of it.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The package: a folder, or a .zip.")],
    gate: GateOption = HERE,
    certificate: Annotated[Path | None, typer.Option("--certificate", help="PEM certificate of the official.")] = None,
    key: Annotated[Path | None, typer.Option("--key", help="PEM private key of the official.")] = None,
    json: JsonOption = False,
) -> None:
    """Complete a manifest over the rows and sign it. With a gate's demo keys, absent parties are filled in."""
    draft = read_draft(manifest)
    found = lint(rows)
    if isinstance(found, Refusal):
        raise Refused(found.message, found.hint)
    if certificate is None or key is None:
        folder = gate_at(gate).folder
        if not (folder.demo_keys / "official.key").exists():
            raise WrongUse("--certificate and --key are needed: this gate has no demo keys", "nothing was signed")
        certificate, key = folder.demo_keys / "official.pem", folder.demo_keys / "official.key"
        draft = complete(draft, folder, at=now())
    packed = pack_rows(rows, draft, count=found.requests, certificate=certificate, key=key, out=out)
    answer(
        {"package": str(out), "batch_id": packed["batch_id"], "rows": packed["rows"]},
        as_json=json,
        text=f"package `{out}`: batch {packed['batch_id']}, {found.requests:,} rows, signed",
    )


def receive(
    package: Annotated[Path, typer.Argument(help="The package: a folder, or a .zip.")],
    gate: GateOption = HERE,
    json: JsonOption = False,
) -> None:
    """Take a package in, or refuse it; either is entered. No request is judged and no register is opened."""
    with desk(gate) as here:
        outcome = take_in(here, package)
        size = here.book.log.size
    if isinstance(outcome, Refusal):
        raise Refused(outcome.message, outcome.hint)
    result = {
        "batch_id": outcome.manifest.batch_id,
        "requests": outcome.requests,
        "layout_errors": outcome.layout_errors,
        "first": [asdict(error) for error in outcome.first_errors],
        "signer": outcome.signer.subject,
        "ledger": {"size": size},
    }
    lines = [
        f"received {outcome.manifest.batch_id}: {outcome.requests:,} requests signed by {outcome.signer.subject}",
        f"  {outcome.layout_errors:,} layout errors",
        *(f"  {error}" for error in outcome.first_errors),
    ]
    answer(result, as_json=json, text="\n".join(lines))
