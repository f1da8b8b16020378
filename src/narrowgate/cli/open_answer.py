"""`open`: an officer opens a sealed answer."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.cli.options import HERE, GateOption, JsonOption, now
from narrowgate.cli.options import gate as gate_at
from narrowgate.cli.printing import answer, figures
from narrowgate.demo import keys as demo
from narrowgate.recipient.open import open_answer


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command(name="open")(open_file)


def open_file(
    file: Annotated[Path, typer.Argument(help="A sealed answer (.cms).")],
    officer: Annotated[str, typer.Option("--as", help="The officer's id on the roster.")],
    gate: GateOption = HERE,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="PEM certificate.", show_default="the demo one")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="PEM key.", show_default="the demo one")] = None,
    anchors: Annotated[
        Path | None, typer.Option("--anchors", help="PEM authorities.", show_default="the gate's")
    ] = None,
    custodian: Annotated[
        Path | None,
        typer.Option("--custodian", help="The custodian's PEM certificate.", show_default="the gate's"),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Open a sealed answer with an officer's key. It opens for that officer and for nobody else."""
    if certificate is None or key is None or anchors is None or custodian is None:
        folder = gate_at(gate).folder
        pair = demo.officer(folder, officer)
        certificate, key = certificate or pair.certificate, key or pair.key
        anchors = anchors or folder.trust / "anchors.pem"
        custodian = custodian or folder.keys / "custodian.pem"
    opened = open_answer(file, certificate=certificate, key=key, anchors=anchors, custodian=custodian, at=now())
    counts = Counter(str(row["answer"]) for row in opened.rows)
    licence = opened.header["licence"]
    lines = [
        f"{file.name}: {len(opened.rows):,} requests, {figures(dict(sorted(counts.items())))}",
        f"  mode {opened.header['mode']} · licence {licence}",
        *(f"  {_line(row)}" for row in opened.rows if row["answer"] == "answered"),
    ]
    answer({"header": opened.header, "counts": counts, "rows": opened.rows}, as_json=json, text="\n".join(lines))


def _line(row: object) -> str:
    """One answered row for a person."""
    assert isinstance(row, dict)
    if row["confirmed"]:
        return f"{row['request_ref']}: the supplied address is confirmed as of {row['as_of']}"
    address = " ".join(str(part) for part in row["mailing_address"].values() if part)
    return f"{row['request_ref']}: {address} as of {row['as_of']}"
