"""`destroy`: destroy what is kept of batches whose time is over. The ledger and every proof of it stay."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from narrowgate.cli.options import HERE, GateOption, JsonOption, desk
from narrowgate.cli.printing import answer
from narrowgate.errors import WrongUse
from narrowgate.gateway.destroy import destroy as destroy_batches
from narrowgate.gateway.destroy import due


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(destroy)


def destroy(
    batch: Annotated[str | None, typer.Argument(help="The batch id.", show_default=False)] = None,
    all_due: Annotated[bool, typer.Option("--due", help="Every batch whose time is over.")] = False,
    gate: GateOption = HERE,
    json: JsonOption = False,
) -> None:
    """Destroy payloads, salts, rows and answers of a batch, by the retention rule in gate.toml."""
    if (batch is None) is not all_due:
        raise WrongUse("name one batch, or say --due", "nothing was destroyed")
    with desk(gate) as here:
        batches = due(here) if batch is None else (here.batch(batch),)
        done = destroy_batches(here, batches)
    lines = [f"{one.batch}: destroyed, entry {one.entry:,}; its receipts verify as before" for one in done]
    answer(
        {"destroyed": [dataclasses.asdict(one) for one in done]},
        as_json=json,
        text="\n".join(lines) or "nothing is due",
    )
