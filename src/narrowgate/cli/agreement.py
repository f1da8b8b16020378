"""`agreement`: check an agreement, try its cases, explain a clause, compare two readings, and begin another one.

Rules:
 * A bound that is stale is a note: the rules bind as they are written, measured or not. One that does not follow from
   its counts is a shortcoming.
 * Nothing here reads a record. `diff --batch` works on what was determined before, and enters nothing.
 * An agreement is named by its folder, or by its name if it ships with the program.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from narrowgate.adjudication.facts import VOCABULARY as FACTS
from narrowgate.agreement import report, skeleton
from narrowgate.agreement.difference import Difference, differences
from narrowgate.agreement.elements import coverage as coverage_page
from narrowgate.agreement.elements import elements
from narrowgate.agreement.explanation import Explanation, explain_condition
from narrowgate.agreement.folder import read
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.load import load
from narrowgate.agreement.measured import read_measured
from narrowgate.agreement.quotes import Quote, in_words, lapsed, quotes
from narrowgate.agreement.shipped import shipped
from narrowgate.cli.options import GateOption, JsonOption, desk, now
from narrowgate.cli.printing import answer
from narrowgate.errors import WrongUse
from narrowgate.gateway.desk import Desk
from narrowgate.gateway.runs import Run, find
from narrowgate.matching.comparison import VOCABULARY as COMPARISONS
from narrowgate.matching.search import blind
from narrowgate.measure.standing import mistaken, standing
from narrowgate.oversight.flips import Flips, flips
from narrowgate.terms.agreement import Agreement, Basis, Clause, Evidence

FLAGSHIP = "irs-ice-2025"
NO_GATE = Path()
Named = Annotated[
    str, typer.Argument(help="The agreement: a folder, or one that ships with the program.", metavar="[AGREEMENT]")
]
Under = Annotated[str, typer.Option("--agreement", "-a", help="The agreement: a folder, or one that ships.")]

agreements = typer.Typer(help="The agreement as law that runs.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (check, test, explain, diff, new, coverage):
        agreements.command()(command)
    app.add_typer(agreements, name="agreement")


def check(agreement: Named = FLAGSHIP, json: JsonOption = False) -> int:
    """Check language, types, cites, dates, guarantees, cases on both sides, bounds, and what cannot be meant."""
    found = report.check(folder_of(agreement), facts=FACTS, comparisons=COMPARISONS)
    held, quoted = found.agreement, _quotes(agreement, found.agreement)
    counts = {
        "clauses": len(held.clauses), "evidence": len(held.evidence), "parameters": len(held.parameters),
        "questions": len(held.questions), "readings": len(held.readings), "guarantees": len(held.guarantees),
        "cases": found.cases, "bounds": sum(quote.stale is None for quote in quoted),
    }  # fmt: skip
    shortcomings = [*found.shortcomings, *_blind(held), *mistaken(quote.bound for quote in quoted)]
    notices = [*found.notices, *lapsed(held, quoted)]
    lines = [*shortcomings, *(f"note: {notice}" for notice in notices)]
    lines.append(
        f"{held.id}: {'falls short' if shortcomings else 'sound'}; "
        + ", ".join(f"{count} {name}" for name, count in counts.items())
    )
    result = {
        "agreement": held.id, "digest": held.digest, "sound": not shortcomings, **counts,
        "shortcomings": shortcomings, "notices": notices,
    }  # fmt: skip
    answer(result, as_json=json, text="\n".join(lines))
    return 1 if shortcomings else 0


def _quotes(name: str, held: Agreement) -> tuple[Quote, ...]:
    """What was measured of the rules of the agreement `held`, which `name` means, as of today."""
    folder = folder_of(name)
    bounds = read_measured(read(folder), folder.name)
    return quotes(bounds, standing(held, on=now().date()))


def _blind(held: Agreement) -> list[str]:
    """The rules of evidence that may be true of somebody whom no key surely finds, as shortcomings."""
    parameters = {name: values[-1].value for name, values in held.parameters.items()}
    return [
        f"line {held.evidence[rule].line}: `{rule}` may be true of somebody whom no key finds: "
        + ", ".join(f"{fact} = '{level}'" for fact, level in way.items())
        for rule, way in blind(held.evidence.values(), parameters).items()
    ]


def test(agreement: Named = FLAGSHIP, json: JsonOption = False) -> int:
    """Try every case, and whether the cases notice each small change to a condition."""
    found = report.test(folder_of(agreement), facts=FACTS, comparisons=COMPARISONS)
    wrong = [
        f"{one.case.file}:{one.case.line}: `{one.case.condition}`, {one.case.name}: {one.finding.value}, "
        f"not {one.case.finding.value}"
        for one in found.wrong
    ] + [
        f"{whole.file}:{whole.line}: {whole.name}: {came_to.value}, not {whole.disposition.value}"
        for whole, came_to in found.wrong_wholes
    ]
    unnoticed = [f"line {one.line}: `{one.condition}` as `{one.mutant}`" for one in found.score.survivors]
    lines = [
        *wrong,
        *(f"no case notices {one}" for one in unnoticed),
        f"{found.cases} cases, {found.cases - len(wrong)} as stated; "
        f"{found.score.tried} changes tried, {found.score.share:.1%} noticed",
    ]
    result = {
        "agreement": found.agreement.id, "cases": found.cases, "wrong": wrong, "changes": found.score.tried,
        "noticed": found.score.share, "unnoticed": unnoticed,
    }  # fmt: skip
    answer(result, as_json=json, text="\n".join(lines))
    return 0 if found.passed else 1


def explain(
    clause: Annotated[str, typer.Argument(help="A clause, an evidence rule or a guarantee.")],
    agreement: Under = FLAGSHIP,
    json: JsonOption = False,
) -> None:
    """Explain one clause: its law, its plain words, the facts it reads, who binds it, its history, its bound."""
    held = loaded(agreement)
    found = explain_condition(held, clause, on=now().date(), vocabulary={**FACTS, **COMPARISONS},
        quotes=_quotes(agreement, held))  # fmt: skip
    answer(_explanation(found), as_json=json, text=_told(found))


def diff(
    before: Annotated[str, typer.Argument(help="A reading; or AGREEMENT:READING, or an agreement.")],
    after: Annotated[str, typer.Argument(help="The other one.")],
    agreement: Under = FLAGSHIP,
    batch: Annotated[str | None, typer.Option("--batch", help="Also say which requests of it flip.")] = None,
    gate: GateOption = NO_GATE,
    listed: Annotated[Path | None, typer.Option("--list", help="Write the flips to this .csv or .parquet.")] = None,
    json: JsonOption = False,
) -> None:
    """Compare two readings or agreements; with a batch, say which of its requests come to something else."""
    if listed is not None and batch is None:
        raise WrongUse("`--list` needs `--batch`", "nothing was written")
    if batch is None:
        found = differences(_basis(before, agreement), _basis(after, agreement))
        answer({"differences": [_difference(one) for one in found]}, as_json=json, text=_compared(found))
        return
    with desk(gate) as here:
        run = _run(here, batch, before)
        pair = tuple(basis(here.agreement, name, on=here.at.date()) for name in (before, after))
        found = differences(*pair)
        flipped = flips(here, run, *pair, out=listed)
    result = {"differences": [_difference(one) for one in found], "batch": batch, "run": run.name, **flipped.as_json()}
    answer(result, as_json=json, text=f"{_compared(found)}\n{_flipped(flipped, before, after)}")


def new(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    name: Annotated[str | None, typer.Option("--id", help="Its id.", show_default="the folder's name")] = None,
    json: JsonOption = False,
) -> None:
    """Write a skeleton of another agreement that passes `check`."""
    files = skeleton.write_skeleton(folder, name=name or folder.name, today=now().date())
    text = f"{len(files)} files in {folder}; `narrowgate agreement check {folder}` passes, and nothing can be released"
    answer({"folder": folder, "files": files}, as_json=json, text=text)


def coverage(agreement: Named = FLAGSHIP, json: JsonOption = False) -> None:
    """Print what the law asks for with the clauses that ask for it, as a page."""
    folder = folder_of(agreement)
    held = loaded(agreement)
    found = elements(read(folder), folder.name)
    rows = [{"part": one.part, "cite": one.cite, "asks": one.asks, "clauses": one.clauses} for one in found]
    answer({"agreement": held.id, "elements": rows}, as_json=json, text=coverage_page(held, found).rstrip("\n"))


def _run(here: Desk, batch: str, reading: str) -> Run:
    """The latest run of a batch under `reading`, whose matches are of use; else the latest there is."""
    try:
        return find(here, batch, reading=reading)
    except WrongUse:
        return find(here, batch)


def folder_of(name: str) -> Path:
    """The folder that `name` means: a path, or an agreement that ships."""
    path = Path(name)
    return path if path.is_dir() else shipped(name)


def loaded(name: str) -> Agreement:
    """The agreement that `name` means."""
    return load(folder_of(name), facts=FACTS, comparisons=COMPARISONS)


def _basis(name: str, agreement: str) -> Basis:
    """What binds under `name`: a reading of `agreement`, or AGREEMENT or AGREEMENT:READING."""
    folder, colon, reading = name.rpartition(":")
    if colon:
        return basis(loaded(folder), reading, on=now().date())
    held = loaded(agreement)
    if name in held.readings:
        return basis(held, name, on=now().date())
    return basis(loaded(name), None, on=now().date())


def _explanation(found: Explanation) -> dict[str, object]:
    condition = found.condition
    return {
        "id": condition.id,
        "title": _title(found),
        "cites": condition.cites,
        "test": condition.test,
        "words": found.words,
        "why": condition.why,
        "facts": [
            {"name": fact.name, "type": fact.type.value, "unit": fact.unit, "doc": fact.doc} for fact in found.facts
        ],
        "readings": found.readings,
        "positions": [{"question": one, "position": two, "title": title} for one, two, title in found.positions],
        "history": [
            {"parameter": name, "value": one.value, "begins": one.begins, "ends": one.ends, "source": one.source}
            for name, one in found.history
        ],
        "statutes": [
            {"cite": one.cite, "kind": one.kind, "accepted": one.accepted, "needs": one.needs, "why": one.why}
            for one in found.statutes
        ],
        "measured": [_measured(quote) for quote in found.quotes],
    }


def _measured(quote: Quote) -> dict[str, object]:
    bound = quote.bound
    return {
        "rows": dataclasses.asdict(bound.rows), "under": bound.under, "decisions": bound.decisions,
        "wrong": bound.wrong, "upper": bound.upper, "on": bound.on, "command": bound.command, "stale": quote.stale,
    }  # fmt: skip


def _title(found: Explanation) -> str:
    return found.condition.why if isinstance(found.condition, Evidence) else found.condition.title


def _told(found: Explanation) -> str:
    condition = found.condition
    lines = [f"{condition.id} · {_title(found)}", "  law"]
    lines += [f"    {cite}" for cite in condition.cites]
    lines += ["  in plain words", f"    {found.words}", "  as it is judged"]
    lines += [f"    {line}" for line in condition.test.strip().splitlines()]
    lines += ["  why", f"    {condition.why}", "  facts"]
    lines += [
        f"    {fact.name} ({fact.type.value}{', ' + fact.unit if fact.unit else ''}): {fact.doc}"
        for fact in found.facts
    ]
    if isinstance(condition, Clause):
        told = f"the requester is told: {condition.told}" if condition.face else "the requester is not told"
        lines += ["  reads", f"    {condition.reads.value}; {told}"]
    if isinstance(condition, Evidence):
        lines += ["  measured bound", *(f"    {line}" for line in in_words(condition, found.quotes))]
    lines += ["  readings", f"    {', '.join(found.readings) or 'none'}"]
    lines += [f"    comes with {question} {position}: {title}" for question, position, title in found.positions]
    if found.history:
        lines.append("  history")
    for name, one in found.history:
        value = ", ".join(map(str, one.value)) if isinstance(one.value, tuple) else one.value
        until = "" if one.ends is None else f" until {one.ends}"
        lines.append(f"    {name} = {value}, from {one.begins}{until} ({one.source})")
    for statute in found.statutes:
        state = "accepted" if statute.accepted else "refused"
        lines.append(f"    {statute.cite}: {statute.kind.value}, {state}; {statute.why}")
    return "\n".join(lines)


def _difference(one: Difference) -> dict[str, object]:
    return {"kind": one.kind, "id": one.id, "title": one.title, "before": one.before, "after": one.after}


def _compared(found: tuple[Difference, ...]) -> str:
    if not found:
        return "nothing differs"
    lines = []
    for one in found:
        lines.append(f"{one.kind} {one.id} · {one.title}")
        lines.append(f"  before: {one.before or 'does not bind'}")
        lines.append(f"  after:  {one.after or 'does not bind'}")
    return "\n".join(lines)


def _flipped(found: Flips, before: str, after: str) -> str:
    lines = [f"{found.flipped:,} of {found.requests:,} requests come to something else"]
    lines += [
        f"  {count:>9,}  {one} under {before}, {other} under {after}" for (one, other), count in found.moves.items()
    ]
    if found.by_clause:
        lines.append("of these, clauses that are satisfied on one side and not on the other, or bind on one side only:")
        lines += [f"  {count:>9,}  {clause}" for clause, count in found.by_clause.items()]
    return "\n".join(lines)
