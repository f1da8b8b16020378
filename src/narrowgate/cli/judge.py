"""`run`, `rehearse`, `replay`: determine a batch, for real, in rehearsal, or again under another reading."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.cli.options import (
    HERE,
    Engine,
    EngineOption,
    GateOption,
    JsonOption,
    MasterOption,
    ReadingOption,
    desk,
)
from narrowgate.cli.printing import answer, figures, stations
from narrowgate.gateway.desk import Desk
from narrowgate.gateway.determine import determine
from narrowgate.gateway.runs import find
from narrowgate.oversight.replay import replay as replay_batch
from narrowgate.terms.determination import Mode

BatchArgument = Annotated[str, typer.Argument(help="The batch id.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(run)
    app.command()(rehearse)
    app.command()(replay)


def run(
    batch: BatchArgument,
    gate: GateOption = HERE,
    reading: ReadingOption = None,
    engine: EngineOption = Engine.DUCKDB,
    master: MasterOption = None,
    json: JsonOption = False,
) -> None:
    """Determine a batch: the real thing, stays apply."""
    with desk(gate, engine, master) as here:
        _determine(here, batch, Mode.RUN, reading, json)


def rehearse(
    batch: BatchArgument,
    gate: GateOption = HERE,
    reading: ReadingOption = None,
    engine: EngineOption = Engine.DUCKDB,
    master: MasterOption = None,
    json: JsonOption = False,
) -> None:
    """Determine a batch of simulated people with the stays lifted; everything is marked as a rehearsal."""
    with desk(gate, engine, master) as here:
        _determine(here, batch, Mode.REHEARSAL, reading, json)


def replay(
    batch: BatchArgument,
    reading: Annotated[str, typer.Option("--reading", help="The reading to judge the batch under again.")],
    gate: GateOption = HERE,
    of: Annotated[str | None, typer.Option("--of", help="The reading of the run to compare with.")] = None,
    listed: Annotated[Path | None, typer.Option("--list", help="Write the flips to this .csv or .parquet.")] = None,
    engine: EngineOption = Engine.DUCKDB,
    master: MasterOption = None,
    json: JsonOption = False,
) -> None:
    """Judge a batch again under another reading and count what would be otherwise. Nothing can come of it."""
    with desk(gate, engine, master) as here, stations(f"replay {batch}", quiet=json) as progress:
        earlier = find(here, batch, reading=of)
        summary, found = replay_batch(here, earlier, reading=reading, progress=progress, out=listed)
    lines = [
        f"{batch} judged again under {reading}: {figures(summary['dispositions'])}",
        f"disclosed under {earlier.reading}: {found.disclosed_before:,} · now {found.disclosed_now:,}"
        f" · in both {found.disclosed_in_both:,}; {found.determined_otherwise:,} requests come to something else",
        *(f"  {clause:<5} fails for {count:,} that were disclosed" for clause, count in found.flips.items()),
    ]
    answer(
        {**summary, "compared_with": earlier.name, **dataclasses.asdict(found)},
        as_json=json,
        text="\n".join(lines),
    )


def _determine(here: Desk, batch: str, mode: Mode, reading: str | None, json: bool) -> None:
    with stations(f"{mode.value} {batch}", quiet=json) as progress:
        summary = determine(here, batch, mode=mode, reading=reading, progress=progress)
    answer(summary, as_json=json, text=told(summary))


def told(summary: dict[str, object]) -> str:
    """The summary of a run in a few lines."""
    clauses, ledger, seconds = summary["by_clause"], summary["ledger"], summary["seconds"]
    assert isinstance(clauses, dict) and isinstance(ledger, dict) and isinstance(seconds, dict)
    lifted, stays = summary["lifted"], summary["stays"]
    assert isinstance(lifted, list) and isinstance(stays, list)
    lines = [
        f"{summary['mode']} of {summary['batch_id']} under {summary['reading']}: {summary['requests']:,} requests",
        f"  {figures(summary['dispositions'])}",
    ]
    if stays:
        lines.append(f"  stayed by {', '.join(stays)}: nothing can leave")
    if lifted:
        lines.append(f"  rehearsal: lifted {', '.join(lifted)}")
    lines += [
        f"  {clause:<5} not satisfied {counts['not_satisfied']:>9,} · undetermined {counts['undetermined']:>9,}"
        for clause, counts in clauses.items()
        if counts["not_satisfied"] or counts["undetermined"]
    ]
    lines += [
        f"  register opened for {summary['looked_up']:,} requests",
        f"  ledger {ledger['size']:,} entries, root {ledger['root'][:16]}…",
        f"  {sum(seconds.values()):.1f} s, peak {summary['peak_rss_mb']:,} MB · run {summary['run']}",
    ]
    return "\n".join(lines)
