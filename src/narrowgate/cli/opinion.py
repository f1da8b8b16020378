"""`opinion`: the second opinion's pages, for an officer who settles a referred request and for whoever asks what it is.

Rules:
 * To look at a referred request is to look somebody up: who looks gives their name (`gateway.look`).
 * A page is readable by its owner only. What is printed says how many people are on it and nothing of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from narrowgate.accounting.book import timestamp
from narrowgate.cli.judge import BatchArgument
from narrowgate.cli.options import HERE, GateOption, JsonOption, check_folder, desk
from narrowgate.cli.printing import answer, stations
from narrowgate.cli.show import RunReading
from narrowgate.errors import WrongUse
from narrowgate.files import write_private
from narrowgate.gateway.look import look
from narrowgate.gateway.runs import find
from narrowgate.review.referred import InDoubt
from narrowgate.second_opinion import shipped
from narrowgate.second_opinion.charts import match_weights, of_request

OutOption = Annotated[Path, typer.Option("-o", "--out", help="The file: .html.")]

opinions = typer.Typer(
    help="The second opinion on a referred request, for the officer who settles it.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    opinions.command()(request)
    opinions.command()(model)
    app.add_typer(opinions, name="opinion")


def request(
    batch: BatchArgument,
    request_ref: Annotated[str, typer.Argument(help="One request of it, which was referred.")],
    name: Annotated[str, typer.Option("--as", help="Who looks: an approver of this gate.")],
    out: OutOption,
    gate: GateOption = HERE,
    reading: RunReading = None,
    json: JsonOption = False,
) -> None:
    """Look up who is in doubt for a referred request, and write how the second opinion weighs each of them."""
    _check_out(out)
    with desk(gate) as here, stations("opinion", quiet=json) as say:
        run = find(here, batch, reading=reading)
        looked = look(here, run, request_ref, by=name, progress=say)
    reason, found, entry = str(looked.asked.reason), looked.found, looked.entry
    said = (
        f"Request {request_ref} of batch {batch} is a possible match, for the reason: {reason}. Run {run.name}.",
        _shown(found),
        f"Looked at by {name}, {timestamp(here.at)}; ledger entry {entry:,}.",
    )
    title = f"Second opinion on request {request_ref}"
    write_private(out, of_request(shipped(), title, said, found.people).encode())
    answer(
        {"file": out, "request_ref": request_ref, "run": run.name, "reason": reason, "people": len(found.people),
            "not_shown": found.more, "ledger_index": entry},
        as_json=json,
        text=f"{len(found.people)} in doubt, for the reason: {reason}; in {out}\n"
        f"  looked at by `{name}`: ledger entry {entry:,}",
    )  # fmt: skip


def model(out: OutOption, json: JsonOption = False) -> None:
    """Write what the second opinion weighs: every level of every field, with its bits. No gate is read."""
    _check_out(out)
    held = shipped()
    write_private(out, match_weights(held).encode())
    answer({"file": out, "model": held.digest}, as_json=json, text=f"what the second opinion weighs, in {out}")


def _check_out(out: Path) -> None:
    if out.suffix != ".html":
        raise WrongUse(f"`{out}` is not a .html", "nothing was written; no record was looked up")
    check_folder(out, "nothing was written; no record was looked up")


def _shown(found: InDoubt) -> str:
    more = f" {found.more:,} more are in doubt and are not shown." if found.more else ""
    return (
        "Shown is whom a rule of evidence accepts or calls a rival and, if the second opinion referred the request, "
        f"whom it holds likely; nobody else who was compared.{more}"
    )
