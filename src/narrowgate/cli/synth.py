"""`synth`: simulated registers of any size, and simulated batches about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from narrowgate.cli.options import JsonOption, now
from narrowgate.cli.printing import answer, aside, stations
from narrowgate.synth.august_2025 import rebuild_batch
from narrowgate.synth.hostile import build_hostile
from narrowgate.synth.population import Progress as Told
from narrowgate.synth.population import build_register, truth_folder
from narrowgate.synth.sample import PEOPLE

VALID_FOR = timedelta(days=90)

simulations = typer.Typer(
    help="Simulated registers and batches: nobody in them exists.", no_args_is_help=True, rich_markup_mode=None
)


class BatchProfile(StrEnum):
    """What the requests of a simulated batch are like."""

    CLEAN = "clean"
    RECORD = "record"
    SOUND = "sound"
    HOSTILE = "hostile"


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (register, batch):
        simulations.command()(command)
    app.add_typer(simulations, name="synth")


def register(
    folder: Annotated[Path, typer.Argument(help="A new folder; the truth goes into one beside it.")],
    people: Annotated[int, typer.Option("--people", min=1, help="People in the register.")] = PEOPLE,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same people.")] = 1,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Threads for the engine.")] = 2,
    json: JsonOption = False,
) -> None:
    """Build a register of simulated people, with the hard cases of identity at stated rates."""
    with _counting(quiet=json) as progress:
        build_register(folder, people=people, seed=seed, progress=progress, threads=threads)
    truth = truth_folder(folder)
    answer({"register": str(folder), "truth": str(truth), "people": people, "seed": seed}, as_json=json,
        text=f"register `{folder}` of {people:,} simulated people; what it must not say is in `{truth}`")  # fmt: skip


def batch(
    register: Annotated[Path, typer.Argument(help="A simulated register.")],
    folder: Annotated[Path, typer.Argument(help="Where to put requests, manifest and truth.")],
    profile: Annotated[BatchProfile, typer.Option("--profile", help="What the requests are like.")],
    rows: Annotated[int, typer.Option("--rows", min=1, help="Requests in the batch.")] = 12_800,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same requests.")] = 1,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of the batch.", show_default="today")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Build a batch about a simulated register, with the truth of each request in a file of its own."""
    created = _at_midnight(on.date() if on else now().date())
    with stations("batch", quiet=json) as say:
        say(profile.value)
        if profile is BatchProfile.HOSTILE:
            made = build_hostile(register, folder, rows=rows, seed=seed, created_at=created,
                expires_at=created + VALID_FOR)  # fmt: skip
        else:
            made = rebuild_batch(register, folder, rows=rows, seed=seed, created_at=created,
                expires_at=created + VALID_FOR, profile=profile.value, batch_id=profile.value)  # fmt: skip
    answer({"requests": made.requests, "manifest": made.manifest, "truth": made.truth, "rows": made.rows,
            "officers": made.officers}, as_json=json,
        text=f"{made.rows:,} simulated requests ({profile.value}) by {made.officers:,} officers in `{folder}`; "
             "`truth.parquet` is not for the package")  # fmt: skip


def _at_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


@contextmanager
def _counting(*, quiet: bool) -> Iterator[Told]:
    """Show on standard error how many are written, and how long it still takes."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=aside,
        transient=True,
        disable=quiet or not aside.is_terminal,
    ) as bar:
        task = bar.add_task("people", total=None)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of)
