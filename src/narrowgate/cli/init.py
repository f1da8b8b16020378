"""`init`: make a gate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from narrowgate.cli.keys import in_modules
from narrowgate.cli.options import HERE, GateOption, JsonOption, now
from narrowgate.cli.printing import answer
from narrowgate.demo import keys as demo
from narrowgate.errors import WrongUse
from narrowgate.setup import Custodian, Issuer, make_gate
from narrowgate.store.places import CUSTODY, LEDGER
from narrowgate.store.settings import LEAST_RETAINED, RETAINED


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(init)


def init(
    register: Annotated[Path, typer.Option("--register", help="The register directory (spec/register.md).")],
    gate: GateOption = HERE,
    agreement: Annotated[
        str, typer.Option("--agreement", help="The id of a shipped agreement, or the folder of one.")
    ] = "irs-ice-2025",
    demo_keys: Annotated[
        bool, typer.Option("--demo-keys", help="Throwaway keys for everyone; synthetic registers only.")
    ] = False,
    anchors: Annotated[
        Path | None, typer.Option("--anchors", help="PEM file of the authorities whose certificates count.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option("--custodian-certificate", help="PEM certificate that signs answers.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--custodian-key", help="File with its private key in PEM, or a `pkcs11:` URI.")
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(
            "--keys", help="A file that says which keys lie in PKCS#11 modules.", show_default="all in fresh files"
        ),
    ] = None,
    memory_limit: Annotated[str, typer.Option("--memory-limit", help="Memory for the engine.")] = "2GB",
    threads: Annotated[int, typer.Option("--threads", min=1, help="Threads for the engine.")] = 2,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that share the register's files.")] = 1,
    retain_days: Annotated[
        int, typer.Option("--retain-days", min=LEAST_RETAINED, help="How long what is kept of a batch is kept.")
    ] = RETAINED,
    json: JsonOption = False,
) -> None:
    """Make a gate over a register: its folders, its ledger, and the agreement it answers under."""
    made = make_gate(
        gate,
        register=register,
        agreement=agreement,
        custodian=_custodian(demo_keys, anchors, certificate, key),
        memory_limit=memory_limit,
        threads=threads,
        workers=workers,
        in_modules=in_modules(keys, (*LEDGER, CUSTODY)),
        retain_days=retain_days,
    )
    lines = [
        f"gate `{gate}` guards register `{made['register']}` under agreement `{made['agreement']}`",
        f"  ledger {made['origin']}; give {made['verifier_policy']} to whoever will check it",
    ]
    if demo_keys:
        lines.append(f"  demo keys for the official and the approvers {', '.join(made['approvers'])}")
    answer(made, as_json=json, text="\n".join(lines))


def _custodian(demo_keys: bool, anchors: Path | None, certificate: Path | None, key: Path | None) -> Custodian | Issuer:
    """The custodian's own files, or the demo's issuer; never both, and never neither."""
    own = (anchors, certificate, key)
    if demo_keys and not any(own):
        return demo.issuer(now())
    if anchors is not None and certificate is not None and key is not None and not demo_keys:
        return Custodian(anchors, certificate, key)
    raise WrongUse(
        "a gate needs --anchors, --custodian-certificate and --custodian-key, or --demo-keys alone",
        "no gate was made; no record was looked up",
    )
