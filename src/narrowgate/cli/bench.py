"""`bench`: measure the program on simulated people, beside others on the same rows.

Rules:
 * A bar that is missed is exit code 1; the report is written all the same.
 * Nothing here reads a gate, and only registers that say that their people are synthetic are measured on.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.agreement.folder import MEASURED
from narrowgate.cli.options import JsonOption, check_folder, now
from narrowgate.cli.printing import answer, stations
from narrowgate.errors import WrongUse
from narrowgate.files import write_private
from narrowgate.measure import needs
from narrowgate.measure.bounds_file import written
from narrowgate.measure.folder import Folder, fresh, leave
from narrowgate.measure.match import RULED, SETS, Measured, Plan, measure

DEFAULT = Plan()
PEOPLE_PER_REQUEST = 5
"""So many random people, and as many who are close to some request, for each that is compared by no key."""

benchmarks = typer.Typer(
    help="Measurements on simulated people, with the bars they must clear.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    benchmarks.command()(match)
    benchmarks.callback()(_group)
    app.add_typer(benchmarks, name="bench")


def _group() -> None:
    """Measurements on simulated people, with the bars they must clear."""


def match(
    folder: Annotated[Path, typer.Option("--folder", help="Where to put it all; emptied if a bench made it.")] = Path(
        "narrowgate-bench"
    ),
    sets: Annotated[
        list[str] | None, typer.Option("--set", help="A set of rows, of: " + ", ".join(SETS) + ".", show_default="all")
    ] = None,
    people: Annotated[int, typer.Option("--people", min=1000, help="People in the hostile register.")] = DEFAULT.people,
    rows: Annotated[int, typer.Option("--rows", min=100, help="Hostile requests.")] = DEFAULT.rows,
    register: Annotated[Path | None, typer.Option("--register", help="A hostile register made before.")] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="The folder of requests and truth about it.")] = None,
    sample: Annotated[
        int, typer.Option("--sample", min=1, help="Requests of each set that are compared by no key.")
    ] = DEFAULT.asked,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="The day whose agreement counts.", show_default="today"),
    ] = None,
    bounds: Annotated[
        Path | None,
        typer.Option("--bounds", help=f"Also write each rule's bound to this file, the agreement's `{MEASURED}`."),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the rows and what each contender said of them.")] = False,
    json: JsonOption = False,
) -> int:
    """Measure who is taken for whom: the wrong persons, the found and the referred, with bounds, beside others."""
    plan = Plan(sets=tuple(sets or SETS), people=people, rows=rows, register=register, batch=batch,
        asked=sample, among=PEOPLE_PER_REQUEST * sample)  # fmt: skip
    day = on.date() if on else now().date()
    _check_bounds(bounds, plan)
    needs.check()
    into = fresh(folder, reads=[one for one in (register, batch) if one is not None])
    with stations("bench", quiet=json) as say:
        measured = measure(into.work, plan, on=day, command=_command(plan, day), say=say)
        say("report")
        leave(into, measured.report, keep=keep)
        if bounds is not None:
            write_private(bounds, written(measured.report).encode())
    answer(_as_json(measured, into), as_json=json, text=_told(measured, into))
    return 1 if measured.missed else 0


def _check_bounds(bounds: Path | None, plan: Plan) -> None:
    """Wrong use if bounds are asked for that this measurement cannot write."""
    if bounds is None:
        return
    if not set(plan.sets) & set(RULED):
        raise WrongUse(f"only {' and '.join(RULED)} are judged by rules of the agreement", "nothing was measured")
    check_folder(bounds, "nothing was measured")


def _command(plan: Plan, on: date) -> str:
    """The command that measures the same again."""
    made = f"--people {plan.people} --rows {plan.rows}"
    if plan.register is not None:
        made = f"--register {plan.register} --batch {plan.batch}"
    sets = " ".join(f"--set {name}" for name in plan.sets)
    return f"narrowgate bench match {sets} {made} --sample {plan.asked} --on {on.isoformat()}"


def _as_json(measured: Measured, folder: Folder) -> dict[str, object]:
    return {
        "report": str(folder.json),
        "page": str(folder.page),
        "reached": not measured.missed,
        "bars": [bar.as_json() for bar in measured.bars],
    }


def _told(measured: Measured, folder: Folder) -> str:
    return "\n".join((*(bar.line for bar in measured.bars), f"the report: {folder.page} and {folder.json}"))
