"""`verify`, `receipt`: check the ledger with the separate verifier, and hand out a proof of one determination."""

from __future__ import annotations

import json as jsonlib
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.accounting.receipts import receipt_for
from narrowgate.cli.judge import BatchArgument
from narrowgate.cli.options import HERE, GateOption, JsonOption, desk
from narrowgate.cli.options import gate as gate_at
from narrowgate.cli.printing import answer, figures
from narrowgate.errors import Fault
from narrowgate.files import write_private
from narrowgate.gateway.determine import STAGED
from narrowgate.gateway.runs import find
from narrowgate.store.folder import GateFolder


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(verify)
    app.command()(receipt)


def verify(
    gate: GateOption = HERE,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Your own copy of the policy.", show_default="the gate's")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check the whole ledger with `narrowgate_verify`, a separate program that shares no code with this one."""
    folder = gate_at(gate).folder
    found = verified(folder, policy or folder.verifier_policy)
    text = (
        f"ledger verified: {found['size']:,} entries ({figures(found['kinds'])}), root {found['root']}"
        if found["verified"]
        else f"the ledger does not verify: {found['problem']}"
    )
    answer(found, as_json=json, text=text)
    if not found["verified"]:
        raise typer.Exit(1)


def verified(folder: GateFolder, policy: Path) -> dict[str, object]:
    """What the separate verifier says of the ledger in `folder`, checked by `policy`."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "narrowgate_verify",
            "ledger",
            str(folder.ledger),
            "--policy",
            str(policy),
            "--json",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        found = jsonlib.loads(done.stdout)
    except ValueError as problem:
        raise Fault(f"the verifier said nothing that can be read: {done.stderr.strip()}") from problem
    assert isinstance(found, dict)
    return found


def receipt(
    batch: BatchArgument,
    request_ref: Annotated[str, typer.Argument(help="The requester's reference.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the receipt goes (.tlog-proof).")],
    gate: GateOption = HERE,
    reading: Annotated[str | None, typer.Option("--reading", help="The reading of the run meant.")] = None,
    json: JsonOption = False,
) -> None:
    """Write a receipt for one determination, with the payload and the salt that open its commitment beside it."""
    with desk(gate) as here:
        run = find(here, batch, reading=reading)
        made = receipt_for(
            here.book.log,
            determination=run.case.file("determination"),
            entries=run.case.file(STAGED),
            first_entry=run.first_entry,
            request_ref=request_ref,
        )
    payload, salt = out.with_suffix(".payload.json"), out.with_suffix(".salt")
    write_private(out, made.proof)
    write_private(payload, made.payload)
    write_private(salt, made.salt.hex().encode())
    answer(
        {"receipt": out, "payload": payload, "salt": salt, "index": made.index},
        as_json=json,
        text=(
            f"receipt {out}: entry {made.index:,}\n  check it with: python -m narrowgate_verify receipt {out} "
            f"--policy POLICY --payload {payload} --salt $(cat {salt})"
        ),
    )
