"""`verify`, `totals`: check the ledger with the separate verifier, and count what is on it."""

from __future__ import annotations

import json as jsonlib
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.cli.options import HERE, GateOption, JsonOption, check_folder, desk
from narrowgate.cli.options import gate as gate_at
from narrowgate.cli.printing import answer, figures
from narrowgate.errors import Fault
from narrowgate.oversight.totals import totals as totals_of
from narrowgate.store.folder import GateFolder


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(verify)
    app.command()(totals)


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


def totals(
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the totals go (.json).")],
    gate: GateOption = HERE,
    json: JsonOption = False,
) -> None:
    """Count the entries of the ledger by batch, kind and code, for anybody to recount."""
    check_folder(out, "nothing was counted")
    with desk(gate) as here:
        counted = totals_of(here.book.log)
    out.write_text(jsonlib.dumps(counted, indent=1) + "\n", encoding="utf-8")
    answer(
        {"totals": out, "size": counted["size"]},
        as_json=json,
        text=f"totals of {counted['size']:,} entries in {out}\n"
        f"  recount them with: narrowgate-verify totals {out} LEDGER --policy POLICY",
    )


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
