"""Measure the matching station and its peers on the same rows, and put all figures into one report.

Rules:
 * Every figure of the report is counted from verdicts and truths on the disk; none is carried over from elsewhere.
 * The report names versions, seeds, digests and the command. Its day is given: nothing here reads the clock.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from narrowgate.engine.session import engine_name
from narrowgate.errors import WrongUse
from narrowgate.forms import VERSION as FORMS
from narrowgate.measure import febrl, hostile, needs
from narrowgate.measure import statements as wage_statements
from narrowgate.measure.bars import Bar, Counts, bars
from narrowgate.measure.bounds import CONFIDENCE
from narrowgate.measure.data_set import DataSet
from narrowgate.measure.evidence import Ruling, febrl4, flagship, rulings
from narrowgate.measure.one_set import measured
from narrowgate.measure.rule_bounds import bounds

FORMAT = "narrowgate-match-report/1"
RULED = ("hostile", "statements")
"""The sets that are judged by rules of the agreement; the others bring rules of their own."""
SETS = (*RULED, "febrl4", "febrl4-unnumbered")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What to measure: which sets, how large the hostile one is or where it lies, and how much to look at blindly."""

    sets: Sequence[str] = SETS
    people: int = 2_000_000
    rows: int = 1_000_000
    register: Path | None = None
    batch: Path | None = None
    asked: int = 2_000
    among: int = 10_000

    def __post_init__(self) -> None:
        unknown = [name for name in self.sets if name not in SETS]
        if unknown or not self.sets:
            raise WrongUse(f"`{', '.join(unknown)}` is no set; there are {', '.join(SETS)}", "nothing was measured")
        if (self.register is None) != (self.batch is None):
            raise WrongUse("a register and a batch are given together or not at all", "nothing was measured")


@dataclass(frozen=True)
class Measured:
    """The report as it is written to JSON, and its bars."""

    report: dict[str, object]
    bars: tuple[Bar, ...]

    @property
    def missed(self) -> tuple[Bar, ...]:
        """The bars that were not reached."""
        return tuple(bar for bar in self.bars if not bar.met)


def measure(folder: Path, plan: Plan, *, on: date, command: str, say: Say) -> Measured:
    """Measure what `plan` says under the agreement of the day `on`, working in `folder`; `say` is told each step."""
    agreement = flagship()
    under = {"hostile": rulings(agreement, on=on), "statements": rulings(agreement, on=on),
        "febrl4": (febrl4(on=on),), "febrl4-unnumbered": (febrl4(on=on),)}  # fmt: skip
    parts: list[dict[str, object]] = []
    counted: dict[str, Counts] = {}
    for name in [one for one in SETS if one in plan.sets]:
        part, counted[name] = _part(folder.resolve() / name, name, plan, under[name], partial(_told, say, name))
        parts.append(part)
    reached = bars(counted)
    report: dict[str, object] = {
        "format": FORMAT,
        "measured_on": on.isoformat(),
        "command": command,
        "versions": {**needs.versions(), "python": platform.python_version()},
        "engine": engine_name(),
        "forms": FORMS,
        "agreement": {"id": agreement.id, "digest": agreement.digest},
        "confidence": CONFIDENCE,
        "bars": [bar.as_json() for bar in reached],
        "rules": bounds(under, parts),
        "sets": parts,
    }
    return Measured(report, reached)


def _told(say: Say, name: str, step: str) -> None:
    say(f"{name}: {step}")


def _part(folder: Path, name: str, plan: Plan, under: Sequence[Ruling], say: Say) -> tuple[dict[str, object], Counts]:
    say("rows")
    return measured(_rows(folder, name, plan), under, asked=plan.asked, among=plan.among, say=say)


def _rows(folder: Path, name: str, plan: Plan) -> DataSet:
    if name == "statements":
        return wage_statements.make(folder)
    if name != "hostile":
        return febrl.make(folder, numbered=name == "febrl4")
    if plan.register is not None and plan.batch is not None:
        return hostile.read(folder, register=plan.register, batch=plan.batch)
    return hostile.make(folder, people=plan.people, rows=plan.rows)
