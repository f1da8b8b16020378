"""Compose a reading: what is uncontested, and what comes with each position that it takes.

Rules:
 * A reading takes a position on every contested question. Where whoever it is from took none that is established,
   the reading it names under `otherwise` stands in, and the question stays marked as left open.
 * Only a record of what was done may leave a question unanswered or take a position that is not offered.
 * Two parts of one reading never give one parameter two values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from narrowgate.errors import AgreementError
from narrowgate.terms.agreement import ParameterValue, Position, Question, Reading


def compose(written: Mapping[str, Reading], questions: Mapping[str, Question], *, file: str) -> dict[str, Reading]:
    """The readings as they stand in their blocks, each with all that its positions bring."""
    return {name: _whole(reading, written, questions, file) for name, reading in written.items()}


def _whole(reading: Reading, written: Mapping[str, Reading], questions: Mapping[str, Question], file: str) -> Reading:
    basis = _basis(reading, written, file)
    positions = {**(basis.positions if basis else {}), **reading.positions}
    taken = _taken(reading, positions, questions, file)
    left_open = questions.keys() - reading.positions.keys()
    if left_open and basis is None and not reading.historical:
        names = ", ".join(name for name in questions if name in left_open)
        raise _refuse(reading, f"takes no position on {names}, and names no reading `otherwise`", file)
    return replace(
        reading,
        binds=_joined((basis.binds if basis else ()), reading.binds, *(one.binds for one in taken.values())),
        evidence=_joined(
            (basis.evidence if basis else ()), reading.evidence, *(one.evidence for one in taken.values())
        ),
        parameters=_values(reading, basis, taken, file),
        positions=positions,
        left_open=frozenset(left_open),
    )


def _basis(reading: Reading, written: Mapping[str, Reading], file: str) -> Reading | None:
    """The reading, whole in itself, that answers what this one leaves open."""
    if reading.otherwise is None:
        return None
    found = written.get(reading.otherwise)
    if found is None:
        raise _refuse(reading, f"names the reading `{reading.otherwise}`, which does not exist", file)
    if found.otherwise is not None or found.historical:
        raise _refuse(reading, f"rests on `{found.id}`, which answers not everything itself or is historical", file)
    return found


def _taken(
    reading: Reading, positions: Mapping[str, str], questions: Mapping[str, Question], file: str
) -> dict[str, Position]:
    """The positions by question, in the order of the questions."""
    for name in positions:
        if name not in questions:
            raise _refuse(reading, f"takes a position on `{name}`, which is no question", file)
    taken: dict[str, Position] = {}
    for name, question in questions.items():
        if name not in positions:
            continue
        position = question.positions.get(positions[name])
        if position is None:
            raise _refuse(reading, f"takes the position `{positions[name]}` on `{name}`, which does not exist", file)
        if position.not_offered and not reading.historical:
            raise _refuse(reading, f"takes `{position.id}` on `{name}`, which is not offered", file)
        taken[name] = position
    return taken


def _values(
    reading: Reading, basis: Reading | None, taken: Mapping[str, Position], file: str
) -> dict[str, ParameterValue]:
    """The parameters that the parts set; AgreementError where two of them differ."""
    values: dict[str, ParameterValue] = {**(basis.parameters if basis else {}), **reading.parameters}
    for question, position in taken.items():
        for name, value in position.parameters.items():
            if values.get(name, value) != value:
                raise _refuse(reading, f"gives `{name}` two values, one of them by `{question}`", file)
            values[name] = value
    return values


def _joined(*lists: tuple[str, ...]) -> tuple[str, ...]:
    """Every id of `lists` once, in order."""
    return tuple(dict.fromkeys(_every(lists)))


def _every(lists: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    for one in lists:
        yield from one


def _refuse(reading: Reading, message: str, file: str) -> AgreementError:
    return AgreementError(f"the reading `{reading.id}` {message}", file=file, line=reading.line)
