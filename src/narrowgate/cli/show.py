"""`show`, `export`: what a gate holds, what was determined of a batch or of one request, and all of it as a file."""

from __future__ import annotations

import json as jsonlib
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.accounting.book import timestamp
from narrowgate.cli.determination import officer_json, officer_text, requester_json, requester_text
from narrowgate.cli.judge import BatchArgument
from narrowgate.cli.options import HERE, GateOption, JsonOption, desk
from narrowgate.cli.printing import answer, figures
from narrowgate.gateway.desk import Desk
from narrowgate.gateway.runs import basis_of, find
from narrowgate.oversight.explain import Explained, explain, facts_of_batch
from narrowgate.oversight.export import export as export_run
from narrowgate.oversight.listing import check_kind

RunReading = Annotated[
    str | None, typer.Option("--reading", help="The reading of the run meant.", show_default="the latest run")
]
exports = typer.Typer(help="Write what was determined to a file.", no_args_is_help=True, rich_markup_mode=None)


class Viewer(Enum):
    """For whom a determination is shown."""

    OFFICER = "officer"
    REQUESTER = "requester"


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(show)
    exports.command()(determinations)
    app.add_typer(exports, name="export")


def show(
    batch: Annotated[str | None, typer.Argument(help="A batch id; without one, all batches.")] = None,
    request_ref: Annotated[str | None, typer.Argument(help="One request of it.")] = None,
    gate: GateOption = HERE,
    reading: RunReading = None,
    viewer: Annotated[Viewer, typer.Option("--as", help="Who looks: all of it, or what the requester may know.")] = (
        Viewer.OFFICER
    ),
    json: JsonOption = False,
) -> None:
    """Show the batches of a gate, the runs of one, or one determination with its facts and findings."""
    with desk(gate) as here:
        if batch is None:
            _show_gate(here, json)
        elif request_ref is None:
            _show_batch(here, batch, json)
        else:
            found = _explained(here, batch, request_ref, reading)
            if viewer is Viewer.REQUESTER:
                answer(requester_json(found), as_json=json, text=requester_text(found))
            else:
                answer(officer_json(found), as_json=json, text=officer_text(found))


def _explained(here: Desk, batch: str, request_ref: str, reading: str | None) -> Explained:
    """One determination of the run meant, with the facts of its batch as they count for that run."""
    run = find(here, batch, reading=reading)
    known = facts_of_batch(here, run)
    released = here.gate.database.one("SELECT run FROM release WHERE run = ?", run.name) is not None
    with here.session(run.case.folder) as session:
        return explain(session, run, basis_of(here, run), here.agreement, known, request_ref, released=released)


def determinations(
    batch: BatchArgument,
    out: Annotated[Path, typer.Option("-o", "--out", help="The file: .parquet or .csv.")],
    gate: GateOption = HERE,
    reading: RunReading = None,
    json: JsonOption = False,
) -> None:
    """Write the determinations of a run to a file, one row per request."""
    with desk(gate) as here:
        check_kind(out)
        run = find(here, batch, reading=reading)
        with here.session(run.case.folder, out.parent) as session:
            rows = export_run(session, run, out)
    answer(
        {"file": out, "rows": rows, "run": run.name, "reading": run.reading},
        as_json=json,
        text=f"{rows:,} determinations of run {run.name} in {out}",
    )


def _show_gate(here: Desk, json: bool) -> None:
    batches = [dict(row) for row in here.gate.database.all("SELECT batch_id, requests, received_at FROM batch")]
    stays = [stay.id for stay in here.stays()]
    result = {
        "agreement": here.agreement.id,
        "readings": list(here.agreement.readings),
        "stays": stays,
        "batches": batches,
        "ledger": {"size": here.book.log.size, "root": here.book.log.root.hex()},
        "at": timestamp(here.at),
    }
    lines = [
        f"agreement {here.agreement.id}, readings {', '.join(here.agreement.readings)}",
        f"stays in force: {', '.join(stays) or 'none'}",
        f"ledger {here.book.log.size:,} entries, root {here.book.log.root.hex()}",
        *(f"batch {one['batch_id']}: {one['requests']:,} requests, received {one['received_at']}" for one in batches),
    ]
    answer(result, as_json=json, text="\n".join(lines))


def _show_batch(here: Desk, batch: str, json: bool) -> None:
    received = here.batch(batch)
    database = here.gate.database
    runs = [
        {
            "run": row["run"],
            "mode": row["mode"],
            "reading": row["reading"],
            "determined_at": row["determined_at"],
            "dispositions": jsonlib.loads(row["summary"])["dispositions"],
            "approvals": [
                one["approver"] for one in database.all("SELECT approver FROM approval WHERE run = ?", row["run"])
            ],
            "released": database.one("SELECT released_at FROM release WHERE run = ?", row["run"]) is not None,
        }
        for row in database.all("SELECT * FROM run WHERE batch_id = ? ORDER BY rowid", batch)
    ]
    result = {
        "batch_id": batch,
        "requests": received.requests,
        "received_at": received.received_at,
        "runs": runs,
    }
    lines = [f"batch {batch}: {received.requests:,} requests, received {received.received_at}"]
    for run in runs:
        lines.append(f"  {run['run']}: {figures(run['dispositions'])}")
        state = "released" if run["released"] else "not released"
        lines.append(f"    approved by {', '.join(run['approvals']) or 'nobody'}; {state}")
    answer(result, as_json=json, text="\n".join(lines))
