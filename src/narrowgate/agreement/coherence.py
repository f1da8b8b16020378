"""Check that the parts of an agreement fit together, once each of them is sound.

Rules:
 * A name that points at nothing, and a part at which nothing points, are both refused: the second is how a
   clause falls out of a reading unnoticed.
 * Every parameter has a value on every day of the agreement, and the program's own duties have theirs.
 * Every reading asks, on every day, whether the agreement is in force.
 * A reading that asks about the record says what evidence decides, and only such a one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from narrowgate.agreement.language import parameters_of
from narrowgate.agreement.statutes import ACCEPTED, CRIMINAL
from narrowgate.errors import AgreementError
from narrowgate.terms.agreement import Agreement, Dated, EvidenceKind, Position, Reading
from narrowgate.terms.fact import Reads

BEGINS, ENDS = "agreement_begins", "agreement_ends"
"""Parameters that every agreement has of itself: its own days."""
FOREVER = date.max
"""The value of `agreement_ends` for an agreement without an end."""

DUTIES = ("sample_size", "answer_valid_days", "destroy_within_days")
"""Numbers that no condition reads and every release needs: how many disclosures are judged again first, for
how many days an answer may be used, and within how many it is destroyed."""


def check(agreement: Agreement, *, file: str, line: int, at: Mapping[str, int]) -> None:
    """Raise AgreementError unless the parts of `agreement`, whose own block is on `line`, fit together.

    `at` has the line of each parameter that stands in a block of its own.
    """
    _check_default(agreement, file=file, line=line)
    _check_duties(agreement, file=file, line=line, at=at)
    for name, values in agreement.parameters.items():
        _check_days(name, values, agreement, file=file, line=at.get(name, line))
    for question in agreement.questions.values():
        for position in question.positions.values():
            _check_names(f"the position `{position.id}` on `{question.id}`", position, agreement, file=file)
    for reading in agreement.readings.values():
        _check_names(f"the reading `{reading.id}`", reading, agreement, file=file)
        _check_reach(reading, agreement, file=file)
    _check_use(agreement, file=file, line=line, at=at)


def _check_default(agreement: Agreement, *, file: str, line: int) -> None:
    default = agreement.readings.get(agreement.default_reading)
    if default is None:
        raise AgreementError(f"there is no reading `{agreement.default_reading}`", file=file, line=line)
    if default.historical:
        raise AgreementError(f"the default reading `{default.id}` only records what was done", file=file, line=line)


def _check_duties(agreement: Agreement, *, file: str, line: int, at: Mapping[str, int]) -> None:
    """The program's duties have their numbers, at least 1, which no reading makes smaller."""
    for name in DUTIES:
        values = [dated.value for dated in agreement.parameters.get(name, ())]
        if not values or not all(type(value) is int and value >= 1 for value in values):
            raise AgreementError(
                f"the parameter `{name}` must be a whole number above 0", file=file, line=at.get(name, line)
            )
        for reading in agreement.readings.values():
            if name in reading.parameters:
                raise AgreementError(f"`{name}` is not for a reading to set", file=file, line=reading.line)


def _check_days(name: str, values: tuple[Dated, ...], agreement: Agreement, *, file: str, line: int) -> None:
    """A parameter's values follow one another without a gap from the agreement's first day to its last."""
    expected = agreement.begins
    for dated in values:
        if dated.begins > expected:
            raise AgreementError(f"`{name}` has no value on {expected}", file=file, line=line)
        if dated.ends is None or dated.ends == date.max:
            return
        expected = max(expected, dated.ends + timedelta(days=1))
    if agreement.ends is None or expected <= agreement.ends:
        raise AgreementError(f"`{name}` has no value on {expected}", file=file, line=line)


def _check_names(who: str, part: Reading | Position, agreement: Agreement, *, file: str) -> None:
    for kind, names, known in (
        ("clause", part.binds, agreement.clauses.keys()),
        ("evidence rule", part.evidence, agreement.evidence.keys()),
        ("parameter", tuple(part.parameters), agreement.parameters.keys() - {BEGINS, ENDS}),
    ):
        for name in names:
            if name not in known:
                raise AgreementError(
                    f"{who} names the {kind} `{name}`, which does not exist", file=file, line=part.line
                )


def _check_reach(reading: Reading, agreement: Agreement, *, file: str) -> None:
    """A reading asks about the agreement's own days, and accepts evidence exactly if it reads the record."""
    bound = [agreement.clauses[name] for name in reading.binds]
    lasting = [one for one in bound if one.begins is None and one.ends is None and one.reads is not Reads.RELEASE]
    asked = {name for clause in lasting for name in parameters_of(clause.expression)}
    if not {BEGINS, ENDS} <= asked:
        raise AgreementError(
            f"no lasting clause of the reading `{reading.id}` reads `{BEGINS}` and `{ENDS}`",
            file=file,
            line=reading.line,
        )
    record = any(clause.reads is Reads.RECORD for clause in bound)
    accepts = any(agreement.evidence[name].kind is EvidenceKind.ACCEPT for name in reading.evidence)
    if record != accepts:
        raise AgreementError(
            f"the reading `{reading.id}` binds clauses that read the record, and accepts no evidence"
            if record
            else f"the reading `{reading.id}` accepts evidence, and binds no clause that reads the record",
            file=file,
            line=reading.line,
        )


def _check_use(agreement: Agreement, *, file: str, line: int, at: Mapping[str, int]) -> None:
    """Every clause and evidence rule stands in some reading, every parameter in some condition."""
    parts = _parts(agreement)
    expressions = [clause.expression for clause in agreement.clauses.values()]
    expressions += [rule.expression for rule in agreement.evidence.values()]
    read = {name for expression in expressions for name in parameters_of(expression)}
    _none_left(
        ((clause.id, clause.line) for clause in agreement.clauses.values()),
        {name for part in parts for name in part.binds},
        "no reading or position binds the clause",
        file,
    )
    _none_left(
        ((rule.id, rule.line) for rule in agreement.evidence.values()),
        {name for part in parts for name in part.evidence},
        "no reading or position names the evidence rule",
        file,
    )
    _none_left(
        ((name, at.get(name, line)) for name in agreement.parameters if name not in (*DUTIES, ACCEPTED, CRIMINAL)),
        read,
        "no clause or rule reads the parameter",
        file,
    )


def _parts(agreement: Agreement) -> tuple[Reading | Position, ...]:
    """Everything that binds clauses: readings, and positions that some later reading may take."""
    positions = (one for question in agreement.questions.values() for one in question.positions.values())
    return (*agreement.readings.values(), *positions)


def _none_left(parts: Iterable[tuple[str, int]], used: set[str], message: str, file: str) -> None:
    for name, line in parts:
        if name not in used:
            raise AgreementError(f"{message} `{name}`", file=file, line=line)
