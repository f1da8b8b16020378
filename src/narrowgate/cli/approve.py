"""`approve`, `release`: two people sign, and the answers leave."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.cli.judge import BatchArgument
from narrowgate.cli.options import HERE, GateOption, JsonOption, desk
from narrowgate.cli.printing import answer
from narrowgate.errors import WrongUse
from narrowgate.gateway.approve import approve as approve_run
from narrowgate.gateway.approve import report_defect
from narrowgate.gateway.release import release as release_run
from narrowgate.gateway.runs import find

RunReading = Annotated[
    str | None, typer.Option("--reading", help="The reading of the run meant.", show_default="the latest run")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(approve)
    app.command()(release)


def approve(
    batch: BatchArgument,
    name: Annotated[str, typer.Option("--as", help="The approver's name.")],
    gate: GateOption = HERE,
    reading: RunReading = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="PEM private key of the approver.", show_default="the demo key"),
    ] = None,
    defect: Annotated[
        str | None,
        typer.Option("--defect", help="Report a defect in this request instead; it stops the release."),
    ] = None,
    why: Annotated[str | None, typer.Option("--why", help="What is wrong with it.")] = None,
    json: JsonOption = False,
) -> None:
    """Sign for the latest run of a batch, once a sample of its disclosures was judged again and found clean."""
    with desk(gate) as here:
        run = find(here, batch, reading=reading)
        if defect is not None:
            if why is None:
                raise WrongUse("--defect needs --why", "nothing was entered")
            report_defect(here, run, name=name, request_ref=defect, why=why)
            answer(
                {"run": run.name, "defect": defect, "by": name},
                as_json=json,
                text=f"defect in `{defect}` entered: run {run.name} cannot be released",
            )
            return
        file = key or here.gate.folder.demo_keys / f"{name}.key"
        done = approve_run(here, run, name=name, key=file)
    answer(
        {
            "run": done.run,
            "approver": name,
            "approvals": done.approvals,
            "needed": done.needed,
            "sample": {"drawn": len(done.sample.drawn), "clean": done.sample.clean},
        },
        as_json=json,
        text=(
            f"`{name}` approved run {done.run}: sample of {len(done.sample.drawn):,} judged again, clean\n"
            f"  {done.approvals} of {done.needed} approvals"
        ),
    )


def release(
    batch: BatchArgument, gate: GateOption = HERE, reading: RunReading = None, json: JsonOption = False
) -> None:
    """Seal the answers of an approved run to their officers and let them leave, unless anything forbids it now."""
    with desk(gate) as here:
        done = release_run(here, find(here, batch, reading=reading))
        size = here.book.log.size
    answer(
        {**dataclasses.asdict(done), "ledger": {"size": size}},
        as_json=json,
        text=(
            f"released run {done.run}: {done.answered:,} answered, {done.withheld:,} withheld, "
            f"{len(done.files):,} sealed files in {done.outbox}"
        ),
    )
