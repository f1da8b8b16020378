"""An agreement's own cases: for each clause and evidence rule, facts on either side of its edge, and whole requests.

Rules:
 * A case starts from the sound facts of `baseline.toml` and moves what it names: one thing at a time.
 * Every fact that the condition reads has a value in the case or is named as missing; none is just forgotten.
 * A case that names what does not exist, or a value that its fact can never have, is refused with its place.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from narrowgate.agreement.build import build_word
from narrowgate.agreement.disposition import disposition
from narrowgate.agreement.folder import decode, read
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.language import evaluate, facts_of, type_of
from narrowgate.agreement.table import Table, read_table
from narrowgate.errors import AgreementError
from narrowgate.terms.agreement import Agreement, Clause, Evidence, ParameterValue
from narrowgate.terms.determination import Disposition, Finding
from narrowgate.terms.expression import Value
from narrowgate.terms.fact import Vocabulary

FOLDER = "cases"
BASELINE = "baseline.toml"

Row = Mapping[str, Value | None]


@dataclass(frozen=True)
class Case:
    """One condition, the facts it is given, the day it is judged on, and the finding it must come to."""

    condition: str
    name: str
    on: date
    row: Row
    finding: Finding
    file: str
    line: int


@dataclass(frozen=True)
class Whole:
    """One whole request: the facts it is given, the reading it is judged under, and what it must come to."""

    name: str
    on: date
    row: Row
    reading: str | None
    disposition: Disposition
    file: str
    line: int


@dataclass(frozen=True)
class Found:
    """The cases of a folder: of single conditions, and of whole requests."""

    cases: tuple[Case, ...]
    wholes: tuple[Whole, ...]


@dataclass(frozen=True)
class Outcome:
    """What a case came to."""

    case: Case
    finding: Finding

    @property
    def as_expected(self) -> bool:
        """Whether the finding is the one that the case states."""
        return self.finding is self.case.finding


def cases(folder: Path, *, facts: Vocabulary, comparisons: Vocabulary) -> Found:
    """Every case in the `cases` folder of the agreement in `folder`."""
    tables = {
        name: read_table(decode(content, file=name), kind="a file of cases", file=f"{folder.name}/{name}", line=1)
        for name, content in read(folder).items()
        if posixpath.dirname(name) == FOLDER and name.endswith(".toml")
    }
    baseline = tables.pop(f"{FOLDER}/{BASELINE}", None)
    if baseline is None:
        raise AgreementError(f"the folder has no `{FOLDER}/{BASELINE}`", file=str(folder))
    baseline.only(needs=("on", "facts", "comparisons"))
    on = baseline.day("on")
    sound = {
        "clause": _row(baseline.table("facts"), facts),
        "evidence": _row(baseline.table("comparisons"), comparisons),
    }
    vocabularies = {"clause": facts, "evidence": comparisons}
    found, wholes = list[Case](), list[Whole]()
    for table in tables.values():
        table.only(needs=("case",))
        for entry in table.tables("case"):
            if "disposition" in entry.values:
                wholes.append(_whole(entry, facts, sound["clause"], on))
                continue
            kind = "clause" if "clause" in entry.values else "evidence"
            found.append(_case(entry, kind, vocabularies[kind], sound[kind], on))
    return Found(tuple(found), tuple(wholes))


def _case(table: Table, kind: str, vocabulary: Vocabulary, sound: Row, on: date) -> Case:
    table.only(needs=(kind, "name", "finding"), may=("facts", "missing", "on"))
    return Case(
        condition=table.text(kind),
        name=table.prose("name"),
        on=table.day("on") if "on" in table.values else on,
        row=_moved(table, vocabulary, sound),
        finding=build_word(table, "finding", Finding, tuple(Finding)),
        file=table.file,
        line=table.line,
    )


def _whole(table: Table, vocabulary: Vocabulary, sound: Row, on: date) -> Whole:
    table.only(needs=("disposition", "name"), may=("facts", "missing", "on", "reading"))
    return Whole(
        name=table.prose("name"),
        on=table.day("on") if "on" in table.values else on,
        row=_moved(table, vocabulary, sound),
        reading=table.text("reading") if "reading" in table.values else None,
        disposition=build_word(table, "disposition", Disposition, tuple(Disposition)),
        file=table.file,
        line=table.line,
    )


def _moved(table: Table, vocabulary: Vocabulary, sound: Row) -> Row:
    """The sound facts, with those that a case moves or names as missing."""
    moved = _row(table.table("facts"), vocabulary) if "facts" in table.values else {}
    missing = table.texts("missing") if "missing" in table.values else ()
    for name in missing:
        if name not in vocabulary:
            raise table.refuse(f"`{name}` is no fact", "missing")
    return {**sound, **moved, **dict.fromkeys(missing)}


def _row(table: Table, vocabulary: Vocabulary) -> Row:
    """The facts that a table gives, each of its fact's type and classes."""
    row: dict[str, Value] = {}
    for name in table.values:
        if name not in vocabulary:
            raise table.refuse(f"`{name}` is no fact", name)
        value = table.parameter_value(name)
        if isinstance(value, tuple) or type_of(value) is not vocabulary[name].type:
            raise table.refuse(f"`{name}` is {vocabulary[name].type.value}", name)
        if vocabulary[name].values and value not in vocabulary[name].values:
            raise table.refuse(f"`{name}` is never `{value}`", name)
        row[name] = value
    return row


def run_cases(agreement: Agreement, found: Iterable[Case], *, reading: str | None = None) -> tuple[Outcome, ...]:
    """What each case comes to by the model, with the parameters of its day under `reading`."""
    return tuple(Outcome(case, _judge(agreement, case, reading)) for case in found)


def _judge(agreement: Agreement, case: Case, reading: str | None) -> Finding:
    expression = condition(agreement, case).expression
    for name in sorted(facts_of(expression)):
        if name not in case.row:
            raise AgreementError(
                f"`{case.condition}` reads `{name}`, which the case neither gives nor names as missing",
                file=case.file,
                line=case.line,
            )
    return Finding.of(evaluate(expression, case.row, parameters_of_case(agreement, case, reading)))


def judge_whole(agreement: Agreement, case: Whole) -> Disposition:
    """What a whole request comes to by the model, under the reading of its case."""
    bound = basis(agreement, case.reading, on=case.on)
    findings = {
        clause.id: Finding.of(evaluate(clause.expression, _complete(clause, case), bound.parameters))
        for clause in bound.judged
    }
    return disposition(bound.judged, findings)


def _complete(clause: Clause, case: Whole) -> Row:
    """The facts of `case`, which must give or name each one that `clause` reads."""
    for name in sorted(facts_of(clause.expression)):
        if name not in case.row:
            raise AgreementError(
                f"`{clause.id}` reads `{name}`, which the baseline lacks", file=case.file, line=case.line
            )
    return case.row


def condition(agreement: Agreement, case: Case) -> Clause | Evidence:
    """The clause or evidence rule that a case is about."""
    found = agreement.clauses.get(case.condition) or agreement.evidence.get(case.condition)
    if found is None:
        raise AgreementError(f"there is no clause or evidence rule `{case.condition}`", file=case.file, line=case.line)
    return found


def parameters_of_case(agreement: Agreement, case: Case, reading: str | None) -> Mapping[str, ParameterValue]:
    """The parameters that bind on the day of a case."""
    return basis(agreement, reading, on=case.on).parameters
