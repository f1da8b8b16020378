"""`receipt`, `receipts`: the proof that a determination is on the ledger, for a court, the person, or the requester."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.cli.judge import BatchArgument
from narrowgate.cli.options import HERE, GateOption, JsonOption, check_folder, desk
from narrowgate.cli.printing import answer
from narrowgate.files import whole_and_private, write_private
from narrowgate.gateway.receipts import Party, receipt_of_batch
from narrowgate.gateway.receipts import receipt as receipt_of
from narrowgate.gateway.receipts import receipts as receipts_of
from narrowgate.gateway.runs import find

ReadingOption = Annotated[
    str | None, typer.Option("--reading", help="The reading of the run meant.", show_default="the latest run")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(receipt)
    app.command()(receipts)


def receipt(
    batch: BatchArgument,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the receipt goes (.json).")],
    request_ref: Annotated[
        str | None, typer.Argument(help="The requester's reference; without one, that the batch was received.")
    ] = None,
    party: Annotated[Party, typer.Option("--as", help="For whom: what may be seen of it.")] = Party.COURT,
    gate: GateOption = HERE,
    reading: ReadingOption = None,
    json: JsonOption = False,
) -> None:
    """Write the receipt for one determination, or for a whole batch that was received."""
    check_folder(out, "no receipt was written")
    with desk(gate) as here:
        if request_ref is None:
            index, made = receipt_of_batch(here, here.batch(batch))
        else:
            index, made = receipt_of(here, find(here, batch, reading=reading), request_ref, party)
        seen = here.overseen.standing().waiting_since is None
    write_private(out, made.encode() + b"\n")
    answer(
        {"receipt": out, "index": index, "seen_by_overseers": seen},
        as_json=json,
        text=f"receipt {out}: entry {index:,}\n  read it with: narrowgate-verify receipt {out} --policy POLICY --words"
        + ("" if seen else "\n  too few overseers have seen the ledger as it is: make it again once they have"),
    )


def receipts(
    batch: BatchArgument,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the receipts go (.jsonl), one on each line.")],
    gate: GateOption = HERE,
    reading: ReadingOption = None,
    json: JsonOption = False,
) -> None:
    """Write the receipts for all requests of a batch, as a court may see them."""
    check_folder(out, "no receipt was written")
    with desk(gate) as here:
        count = _write_lines(out, receipts_of(here, find(here, batch, reading=reading)))
    answer({"receipts": out, "count": count}, as_json=json, text=f"{count:,} receipts in {out}")


def _write_lines(out: Path, lines: Iterable[str]) -> int:
    """Write `lines` to `out`, private, all of them or none; how many there were."""
    count = 0
    with whole_and_private(out) as file:
        for line in lines:
            file.write(line.encode() + b"\n")
            count += 1
    return count
