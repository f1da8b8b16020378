"""`keys`: say where each key of the gate lies, put new ones in place of old ones, make keys in a module."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.cli.options import HERE, GateOption, JsonOption, desk
from narrowgate.cli.options import gate as gate_at
from narrowgate.cli.printing import answer
from narrowgate.gateway import keys as gate_keys
from narrowgate.gateway.keys import Changed, Key
from narrowgate.store import places
from narrowgate.store.keys import make_in_module
from narrowgate.store.places import CUSTODY, LEDGER, InModule

commands = typer.Typer(help="The keys of the gate.", no_args_is_help=True, rich_markup_mode=None)


class Rotated(StrEnum):
    """Which keys are rotated."""

    LEDGER = "ledger"
    CUSTODY = "custody"


class Compromised(StrEnum):
    """Which keys somebody else may have."""

    LEDGER = "ledger"


class Made(StrEnum):
    """Which key is made in a module."""

    P256 = LEDGER[0]
    ED25519 = LEDGER[1]
    CUSTODY = CUSTODY


KeysOption = Annotated[
    Path | None,
    typer.Option("--keys", help="A file that says which new keys lie in modules.", show_default="fresh keys in files"),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (rotate, compromised, make):
        commands.command()(command)
    commands.command(name="list")(listed)
    app.add_typer(commands, name="keys")


def listed(gate: GateOption = HERE, json: JsonOption = False) -> None:
    """List every key: what for, where, its id, its public half, and since which size of the ledger it is used."""
    found = gate_keys.listed(gate_at(gate))
    answer({"keys": [asdict(key) for key in found]}, as_json=json, text="\n".join(map(_line, found)))


def rotate(
    which: Annotated[Rotated, typer.Argument(help="The ledger's two keys, or the custody key.")],
    keys: KeysOption = None,
    gate: GateOption = HERE,
    json: JsonOption = False,
) -> None:
    """Put new keys in place of the old ones, enter it, and destroy the old ones."""
    if which is Rotated.CUSTODY:
        given = in_modules(keys, (CUSTODY,))
        with desk(gate) as here:
            changed = gate_keys.rotate_custody(here, given.get(CUSTODY))
    else:
        given = in_modules(keys, LEDGER)
        with desk(gate) as here:
            changed = gate_keys.rotate_ledger(here, given)
    _tell(changed, f"the {which.value} keys were rotated", gate, as_json=json)


def compromised(
    which: Annotated[Compromised, typer.Argument(help="The ledger's two keys.")],
    since: Annotated[int, typer.Option("--since", min=0, help="The last size that a witness cosigned; 0 if none did.")],
    keys: KeysOption = None,
    gate: GateOption = HERE,
    json: JsonOption = False,
) -> None:
    """Put new keys in place of ones that somebody else may have, and enter up to which size the old ones count."""
    given = in_modules(keys, LEDGER)
    with desk(gate) as here:
        changed = gate_keys.replace_compromised(here, given, since=since)
    _tell(changed, f"the {which.value} keys were replaced and count up to size {since:,}", gate, as_json=json)


def make(
    name: Annotated[Made, typer.Argument(help="The key to make.")],
    module: Annotated[Path, typer.Option("--module", help="The library of the PKCS#11 module.")],
    token: Annotated[str, typer.Option("--token", help="The label of the token.")],
    label: Annotated[str, typer.Option("--label", help="The label that the key will have.")],
    pin_file: Annotated[
        Path | None, typer.Option("--pin-file", help="A private file with the PIN.", show_default="NARROWGATE_PIN")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Make a key in a module, never to leave it, and print what a file for --keys says of it. No gate is changed."""
    place = InModule(str(module), token, label, None if pin_file is None else str(pin_file.resolve()))
    table = places.as_text(name.value, place)
    make_in_module(name.value, place)
    answer({"key": name.value, "table": table}, as_json=json, text=table)


def in_modules(file: Path | None, names: Iterable[str]) -> dict[str, InModule]:
    """The keys of `names` that `file` says lie in modules; none if there is no file."""
    return {} if file is None else places.given(file, names)


def _line(key: Key) -> str:
    public = "" if key.public is None else f"\n  {key.public}"
    return f"{key.name}: {key.use}; {key.where}; id {key.id}, since size {key.since:,}{public}"


def _tell(changed: Changed, what: str, gate: Path, *, as_json: bool) -> None:
    lines = [f"{what}: {', '.join(changed.before)} gave way to {', '.join(changed.after)} at size {changed.size:,}"]
    if changed.until is not None:
        policy = gate_at(gate).folder.verifier_policy
        lines.append(f"  give {policy} to every witness, and to whoever checks the ledger")
    answer(asdict(changed), as_json=as_json, text="\n".join(lines))
