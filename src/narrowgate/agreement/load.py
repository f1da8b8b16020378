"""Load an agreement from its folder: the text and its blocks, the stays, the digest.

Rules:
 * All or nothing: an agreement with one error is not loaded, and the error names its file and line.
 * What is read is what is digested, and the digest covers every file of the folder, cases and notes included. Only what
   was measured of its rules is neither (`folder.MEASURED`): no figure keeps an agreement from being loaded.
 * Its guarantees are proved before anybody gets to use it (`proof.prove`).
 * Facts and comparisons are code; an agreement that names one that does not exist is refused, never skipped.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from narrowgate.agreement import coherence, statutes
from narrowgate.agreement.blocks import KINDS, blocks
from narrowgate.agreement.build import (
    agreement_days,
    build_agreement,
    build_clause,
    build_evidence,
    build_parameter,
)
from narrowgate.agreement.build_readings import build_question, build_reading
from narrowgate.agreement.build_registry import build_guarantee, build_statute
from narrowgate.agreement.coherence import BEGINS, ENDS, FOREVER
from narrowgate.agreement.folder import decode, digest, read
from narrowgate.agreement.language import ParameterType, parameter_type
from narrowgate.agreement.proof.prove import prove
from narrowgate.agreement.readings import compose
from narrowgate.agreement.stays import FILE as STAYS
from narrowgate.agreement.stays import read_stays
from narrowgate.agreement.table import Table
from narrowgate.errors import AgreementError
from narrowgate.terms.agreement import Agreement, Dated, ParameterValue, Question, Reading
from narrowgate.terms.fact import Fact, Vocabulary

TEXT = "agreement.md"

_WORD, _COLUMN, _FACT, _CITE = (
    re.compile(r"[a-z0-9-]{1,64}"),
    re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}"),
    re.compile(r"[a-z][a-z0-9_]{0,63}"),
    re.compile(r"[0-9A-Za-z][0-9A-Za-z ().:-]{0,63}"),
)
_FORMS = {
    "agreement": _WORD,
    "reading": _WORD,
    "parameter": _FACT,
    "clause": _COLUMN,
    "evidence": _COLUMN,
    "question": _COLUMN,
    "guarantee": _COLUMN,
    "statute": _CITE,
}
"""What an id may be: a word on a command line, a name of the language, a column of a findings table, or a cite."""


def load(folder: Path, *, facts: Vocabulary, comparisons: Vocabulary) -> Agreement:
    """The agreement in `folder`; AgreementError with file and line where anything in it is unsound.

    The same bytes are the same agreement: what a process has loaded and proved once it does not load and prove again.
    """
    files = read(folder)
    for name in (TEXT, STAYS):
        if name not in files:
            raise AgreementError(f"the folder has no `{name}`", file=str(folder))
    return _loaded(folder.name, tuple(files.items()), tuple(facts.items()), tuple(comparisons.items()))


@lru_cache(maxsize=4)
def _loaded(
    folder: str,
    contents: tuple[tuple[str, bytes], ...],
    known: tuple[tuple[str, Fact], ...],
    compared: tuple[tuple[str, Fact], ...],
) -> Agreement:
    """The agreement whose files have these `contents`, in a folder of that name."""
    files, facts, comparisons = dict(contents), dict(known), dict(compared)
    file = f"{folder}/{TEXT}"
    found = _by_kind(blocks(decode(files[TEXT], file=file), file=file), file=file)
    (head,) = found["agreement"].values()
    questions = {name: build_question(block) for name, block in found["question"].items()}
    written = {name: build_reading(block) for name, block in found["reading"].items()}
    registry = {name: build_statute(block) for name, block in found["statute"].items()}
    given = {**_own_days(head), **statutes.lists(registry, begins=agreement_days(head)[0], file=file)}
    parameters = {**given, **_parameters(found["parameter"], facts, comparisons, given)}
    types = _types(parameters, _overrides(questions, written), found["parameter"], head)
    agreement = build_agreement(
        head,
        clauses={name: build_clause(block, facts=facts, parameters=types) for name, block in found["clause"].items()},
        parameters=parameters,
        evidence={
            name: build_evidence(block, comparisons=comparisons, parameters=types)
            for name, block in found["evidence"].items()
        },
        questions=questions,
        readings=compose(written, questions, file=file),
        statutes=registry,
        guarantees={
            name: build_guarantee(block, facts=facts, parameters=types) for name, block in found["guarantee"].items()
        },
        stays=read_stays(decode(files[STAYS], file=f"{folder}/{STAYS}"), file=f"{folder}/{STAYS}"),
        digest=digest(files),
    )
    lines = {name: block.place("id") for name, block in found["parameter"].items()}
    coherence.check(agreement, file=file, line=head.line, at=lines)
    prove(agreement, facts, file=file)
    return agreement


def _by_kind(found: Iterable[Table], *, file: str) -> dict[str, dict[str, Table]]:
    """The blocks by kind and id. Ids become columns, which do not tell `g00` from `G00`; nor does this."""
    kinds: dict[str, dict[str, Table]] = {kind: {} for kind in KINDS}
    for block in found:
        name = _id(block)
        for other in kinds[block.kind].values():
            if name.lower() == other.text("id").lower():
                raise block.refuse(f"the {block.kind} `{name}` stands on line {other.place('id')} already", "id")
        kinds[block.kind][name] = block
    if len(kinds["agreement"]) != 1:
        raise AgreementError(f"there are {len(kinds['agreement'])} agreement blocks; one is needed", file=file)
    return kinds


def _id(block: Table) -> str:
    if "id" not in block.values:
        raise block.refuse(f"{block.kind} has no `id`")
    name = block.text("id")
    if _FORMS[block.kind].fullmatch(name) is None:
        raise block.refuse(f"`{name}` cannot be the id of {block.kind}", "id")
    return name


def _own_days(head: Table) -> dict[str, tuple[Dated, ...]]:
    """The agreement's own days, for its clauses to read."""
    begins, ends = agreement_days(head)
    source = "the agreement block"
    return {
        BEGINS: (Dated(begins, date.min, None, source),),
        ENDS: (Dated(FOREVER if ends is None else ends, date.min, None, source),),
    }


def _parameters(found: Mapping[str, Table], *taken: Container[str]) -> dict[str, tuple[Dated, ...]]:
    """The parameters by name; none may be named like a fact, or like what an agreement has of itself."""
    for name, block in found.items():
        if any(name in names for names in taken):
            raise block.refuse(f"the name `{name}` is taken", "id")
    return {name: build_parameter(block) for name, block in found.items()}


def _overrides(
    questions: Mapping[str, Question], readings: Mapping[str, Reading]
) -> Iterable[Mapping[str, ParameterValue]]:
    """The values that positions and readings put in the place of the agreement's."""
    for question in questions.values():
        for position in question.positions.values():
            yield position.parameters
    for reading in readings.values():
        yield reading.parameters


def _types(
    parameters: Mapping[str, tuple[Dated, ...]],
    overrides: Iterable[Mapping[str, ParameterValue]],
    found: Mapping[str, Table],
    head: Table,
) -> dict[str, ParameterType]:
    """The type of each parameter, which its values share: all days, all readings and positions."""
    types: dict[str, ParameterType] = {}
    every = tuple(overrides)
    for name, values in parameters.items():
        others = [one[name] for one in every if name in one]
        shared = parameter_type([*(dated.value for dated in values), *others])
        if shared is None:
            raise found.get(name, head).refuse(f"the values of `{name}` are not all of one type")
        types[name] = shared
    return types
