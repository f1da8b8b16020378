"""`stay`: enter an order that stops release, list those in force, and enter that one has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from narrowgate.accounting.stays import as_json, enter_stay, entered, known
from narrowgate.cli.options import HERE, GateOption, JsonOption, desk
from narrowgate.cli.printing import answer
from narrowgate.errors import Refused, WrongUse
from narrowgate.terms.agreement import Stay, StayEffect

stays = typer.Typer(help="Orders that stop release.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (add, lift):
        stays.command()(command)
    stays.command(name="list")(listed)
    app.add_typer(stays, name="stay")


def add(
    stay_id: Annotated[str, typer.Argument(help="A name for the stay, unique at this gate.")],
    forum: Annotated[str, typer.Option("--forum", help="The court or body that ordered it.")],
    docket: Annotated[str, typer.Option("--docket", help="Its docket number.")],
    source: Annotated[str, typer.Option("--source", help="Where the order can be read.")],
    caption: Annotated[str, typer.Option("--caption", help="The caption of the case.")] = "",
    effective: Annotated[
        str | None,
        typer.Option("--effective", help="From when, e.g. 2025-11-21T00:00:00Z.", show_default="now"),
    ] = None,
    effect: Annotated[
        StayEffect, typer.Option("--effect", help="What it forbids or commands.")
    ] = StayEffect.NO_RELEASE,
    gate: GateOption = HERE,
    json: JsonOption = False,
) -> None:
    """Enter a stay. It stops every release that has not left, whatever was approved."""
    with desk(gate) as here:
        if stay_id in {stay.id for stay in known(here.book, here.agreement.stays)}:
            raise WrongUse(f"there is a stay `{stay_id}` already", "nothing was entered")
        stay = Stay(
            id=stay_id,
            forum=forum,
            docket=docket,
            caption=caption,
            effective=here.at if effective is None else _moment(effective),
            ends=None,
            effect=effect,
            scope="the whole agreement",
            source=source,
            precedence=0,
        )
        enter_stay(here.book, stay, code="entered", at=here.at)
    answer(as_json(stay), as_json=json, text=f"stay `{stay_id}` is in force from {stay.effective.isoformat()}")


def lift(
    stay_id: Annotated[str, typer.Argument(help="The stay that has ended.")],
    order: Annotated[str, typer.Option("--order", help="The order that ended it.")],
    gate: GateOption = HERE,
    json: JsonOption = False,
) -> None:
    """Enter that a stay which was entered at this gate has ended. Those of the agreement end in its own stays.toml."""
    with desk(gate) as here:
        found = {stay.id: stay for stay in entered(here.book)}.get(stay_id)
        if found is None:
            raise Refused(
                f"stay `{stay_id}` was not entered at this gate",
                "a stay of the agreement ends in its stays.toml, with the order that ended it; nothing was entered",
            )
        ended = replace(found, ends=here.at, source=f"{found.source}; ended by {order}")
        enter_stay(here.book, ended, code="ended", at=here.at)
    answer(as_json(ended), as_json=json, text=f"stay `{stay_id}` ended at {here.at.isoformat()}")


def listed(gate: GateOption = HERE, json: JsonOption = False) -> None:
    """List every stay, of the agreement and of the gate, and which of them are in force."""
    with desk(gate) as here:
        everything = known(here.book, here.agreement.stays)
        live = {stay.id for stay in here.stays()}
    answer(
        {"stays": [{**as_json(stay), "in_force": stay.id in live} for stay in everything]},
        as_json=json,
        text="\n".join(
            f"{stay.id}: {stay.forum} {stay.docket}, {stay.effect.value} from {stay.effective.date()}"
            f" — {'in force' if stay.id in live else 'not in force'}"
            for stay in everything
        )
        or "no stays",
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise WrongUse(f"`{text}` is not a moment such as 2025-11-21T00:00:00Z", "nothing was entered") from problem
    if moment.tzinfo is None:
        raise WrongUse(f"`{text}` has no time zone", "end it in `Z`; nothing was entered")
    return moment
