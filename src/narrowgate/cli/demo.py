"""`demo`: the whole product in one run, on simulated people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from narrowgate.cli.options import JsonOption
from narrowgate.cli.printing import answer, people, stations
from narrowgate.cli.verify import verified
from narrowgate.demo.story import Judged, Told, tell
from narrowgate.store.folder import GateFolder
from narrowgate.synth.record_2025 import ASSUMPTIONS, PUBLIC_RECORD

PATHS = {"T1": "TIN matching", "T2": "address matching"}
MOST_CLAUSES = 8
DISPOSITIONS = ("disclose", "return", "deny", "refer", "hold")


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(demo)


def demo(
    rows: Annotated[int, typer.Option("--rows", min=100, help="Requests in the batch.")] = 12_800,
    register_people: Annotated[
        int | None,
        typer.Option("--register-people", min=1000, help="People in the register.", show_default="the sample"),
    ] = None,
    folder: Annotated[Path, typer.Option("--folder", help="Where to put it all; emptied if a demo made it.")] = Path(
        "narrowgate-demo"
    ),
    json: JsonOption = False,
) -> None:
    """Rebuild the August 2025 batch about simulated people, judge it four times, and release what is owed."""
    with stations("demo", quiet=json) as say:
        told = tell(folder, rows=rows, people=register_people, say=say)
    gate = GateFolder((folder / "gate").resolve())
    checked = verified(gate, gate.verifier_policy)
    if not json:
        _print(told, checked)
        return
    answer(_as_json(told, checked), as_json=True, text="")


def _as_json(told: Told, checked: dict[str, object]) -> dict[str, object]:
    return {
        "as_shipped": _judged(told.as_shipped),
        "strict": _judged(told.strict),
        "as_practised": _judged(told.as_practised),
        "flips": told.comparison.flips,
        "findable": told.findable,
        "released": told.released.answered,
        "withheld": told.released.withheld,
        "officer": told.officer,
        "stranger": told.stranger,
        "register": {"people": told.people, "addresses": told.addresses},
        "assumptions": {one.id: one.share for one in ASSUMPTIONS},
        "ledger": {"size": checked["size"], "root": checked["root"], "verified": checked["verified"]},
    }


def _judged(judged: Judged) -> dict[str, object]:
    return {
        "requests": judged.summary["requests"],
        "dispositions": judged.summary["dispositions"],
        "wrong_persons": judged.wrong_persons,
        "seconds": judged.seconds,
        "looked_up": judged.summary["looked_up"],
        "determination_digest": judged.summary["determination_digest"],
    }


def _print(told: Told, checked: dict[str, object]) -> None:
    """One screen: what was judged, what came of it, what would have come of it in 2025, and that it can be checked."""
    scale = 1_280_000 / told.batch.rows
    people.print(
        f"[bold]Every person here is simulated[/bold] (pseudopeople): {told.people:,} people, "
        f"{told.addresses:,} addresses.\n"
        f"The August 2025 batch, rebuilt at 1:{scale:,.0f}: {told.batch.rows:,} requests, with the defects on the "
        f"public record ({len(PUBLIC_RECORD)} figures)\nand {len(ASSUMPTIONS)} proportions that are assumptions; "
        "docs/demo.md lists each with its source or its reason.\n"
    )
    people.print(_runs(told))
    _print_comparison(told)
    opened = sum(1 for row in told.opened.rows if row["answer"] == "answered")
    people.print(
        f"[bold]Two approvers signed; released in rehearsal:[/bold] {told.released.answered:,} answered, "
        f"{len(told.released.files):,} sealed files.\n"
        f"  officer {told.officer} opens his: {opened} of {len(told.opened.rows)} answered\n"
        f"  a stranger tries: {told.stranger}\n",
        markup=True,
    )
    word = "verified" if checked["verified"] else f"NOT verified: {checked['problem']}"
    people.print(
        f"[bold]The ledger, checked by a separate program:[/bold] {word}, {checked['size']:,} entries, "
        f"root {checked['root']}\n\nLook around: narrowgate show {told.batch.batch_id} --gate {told.folder}/gate"
    )


def _runs(told: Told) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("judged")
    for name in (*DISPOSITIONS, "wrong", "seconds"):
        table.add_column(name, justify="right")
    for title, judged in (
        ("as shipped (stayed)", told.as_shipped),
        ("rehearsed, strict", told.strict),
        ("as practised, Aug 2025", told.as_practised),
    ):
        counts = judged.summary["dispositions"]
        assert isinstance(counts, dict)
        table.add_row(
            title,
            *(f"{counts.get(name, 0):,}" for name in DISPOSITIONS),
            f"{judged.wrong_persons:,}",
            f"{judged.seconds:.1f}",
        )
    return table


def _print_comparison(told: Told) -> None:
    """What was disclosed then and would not be now, clause by clause; then how much the careful way still finds."""
    found = told.comparison
    by_rule = " and ".join(f"{count:,} by {PATHS.get(rule, rule)}" for rule, count in found.by_rule.items())
    people.print(
        f"\n[bold]Of the {found.disclosed_before:,} disclosed as practised[/bold], {by_rule}, "
        f"{told.as_practised.wrong_persons:,} went to the wrong person.\n"
        f"{found.disclosed_in_both:,} of them would be disclosed under strict. The others fail:"
    )
    for clause, count in sorted(found.flips.items(), key=lambda pair: -pair[1])[:MOST_CLAUSES]:
        people.print(f"  {count:>5,}  {clause:<5} {told.titles.get(clause, '')}")
    if len(found.flips) > MOST_CLAUSES:
        people.print(f"         and {len(found.flips) - MOST_CLAUSES} more clauses (--json has all)")
    people.print(
        f"Under strict {told.strict.summary['looked_up']:,} requests stand; {told.findable:,} of them are about "
        f"somebody in the register,\nand {told.strict.right_persons:,} of those were found beyond doubt.\n"
    )
