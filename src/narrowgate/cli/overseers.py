"""`overseers`: name those who see the ledger from outside, and show who has seen what."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.accounting.opened import open_book
from narrowgate.cli.options import HERE, GateOption, JsonOption, desk, now
from narrowgate.cli.options import gate as gate_at
from narrowgate.cli.printing import answer
from narrowgate.gateway.overseen import Overseen
from narrowgate.gateway.overseers import name_overseers
from narrowgate.terms.refusal import Refusal
from narrowgate.witnessing.standing import Seen, Standing

overseers = typer.Typer(
    help="Those who see the ledger from outside: witnesses and timestamp authorities.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    overseers.command()(name)
    overseers.command()(show)
    app.add_typer(overseers, name="overseers")


def name(
    file: Annotated[Path, typer.Argument(help="Who oversees (.toml, docs/overseers.md).")],
    gate: GateOption = HERE,
    json: JsonOption = False,
) -> None:
    """Name the overseers of the ledger, in place of those named before, and publish them in the policy."""
    with desk(gate) as here:
        named = name_overseers(here, file)
        policy = here.gate.folder.verifier_policy
    names = [one.name for one in named.witnesses] + [one.name for one in named.authorities]
    answer(
        {"overseers": names, "policy": policy},
        as_json=json,
        text=f"overseen by {', '.join(names) or 'nobody'}; give {policy} to whoever will check",
    )


def show(gate: GateOption = HERE, json: JsonOption = False) -> None:
    """Ask every overseer to see the ledger as it is, and show who has seen what. Enters nothing."""
    opened = gate_at(gate)
    with opened.folder.locked():
        book = open_book(opened, os.urandom)
        overseen = Overseen(book, opened.folder.ledger, opened.database, opened.trust.overseers, at=now())
        overseen.ask()
        standing, refusal = overseen.standing(), overseen.refusal()
    answer(_json(standing, refusal), as_json=json, text=_text(standing, refusal))
    if standing.alarms or refusal is not None:
        raise typer.Exit(1)


def _json(standing: Standing, stopped: Refusal | None) -> dict[str, object]:
    return {
        "size": standing.size,
        "covered": standing.covered,
        "waiting_since": standing.waiting_since,
        "release_stopped": stopped is not None or bool(standing.alarms),
        "why": None if stopped is None else stopped.message,
        "overseers": [dataclasses.asdict(one) for one in standing.seen],
    }


def _text(standing: Standing, stopped: Refusal | None) -> str:
    lines = [f"the ledger holds {standing.size:,} entries"]
    lines += [_line(one, standing.size) for one in standing.seen] or ["  nobody oversees it from outside"]
    if standing.waiting_since is not None:
        lines.append(
            f"entries from {standing.covered:,} on have waited since {standing.waiting_since:%Y-%m-%d %H:%M:%SZ}"
        )
    if standing.alarms:
        lines.append("an alarm stands: nothing is entered and nothing leaves")
    elif stopped is not None:
        lines.append(f"release is stopped: {stopped.message}")
    return "\n".join(lines)


def _line(one: Seen, size: int) -> str:
    """One overseer: what it has seen, and how it stands with it."""
    if one.size is None or one.at is None:
        seen = "has seen nothing yet"
    else:
        behind = "all" if one.size == size else f"{one.size:,} of {size:,}"
        seen = f"has seen {behind}, at {one.at:%Y-%m-%d %H:%M:%SZ}"
    remarks = [f"silent: {one.silence}"] if one.silence is not None else []
    remarks += [f"ALARM: {one.alarm}"] if one.alarm is not None else []
    return "; ".join([f"  {one.kind.value} {one.name} {seen}", *remarks])
