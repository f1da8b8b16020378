"""Turn the blocks of an agreement into its values, each checked where it stands.

Rules:
 * A block's keys are closed: one that nobody reads is refused, as is one that is missing.
 * Prose for people is folded to one line; a test keeps its lines, so that an error can name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import TypeVar

from narrowgate.agreement.language import ParameterType, facts_of, parse
from narrowgate.agreement.table import Table
from narrowgate.terms.agreement import (
    Agreement,
    Clause,
    Dated,
    Evidence,
    EvidenceKind,
    Guarantee,
    ParameterValue,
    Question,
    Reading,
    Statute,
    Stay,
)
from narrowgate.terms.expression import Expression
from narrowgate.terms.fact import Reads, Vocabulary

KNOWN: tuple[Reads, ...] = (Reads.BATCH, Reads.REQUEST, Reads.RECORD)
"""What is known of a request, from what is known first to what is known last."""

TOLD = (Reads.BATCH, Reads.REQUEST)
"""What the requester can see for itself."""

Word = TypeVar("Word", bound=Enum)


def build_agreement(
    head: Table,
    *,
    clauses: Mapping[str, Clause],
    parameters: Mapping[str, tuple[Dated, ...]],
    evidence: Mapping[str, Evidence],
    questions: Mapping[str, Question],
    readings: Mapping[str, Reading],
    statutes: Mapping[str, Statute],
    guarantees: Mapping[str, Guarantee],
    stays: tuple[Stay, ...],
    digest: str,
) -> Agreement:
    """The agreement that the block `head` names, with its parts."""
    begins, ends = agreement_days(head)
    return Agreement(
        id=head.text("id"),
        title=head.prose("title"),
        custodian=head.prose("custodian"),
        requester=head.prose("requester"),
        authority=head.texts("authority"),
        releasable=head.texts("releasable"),
        begins=begins,
        ends=ends,
        default_reading=head.text("default_reading"),
        clauses=clauses,
        parameters=parameters,
        evidence=evidence,
        questions=questions,
        readings=readings,
        statutes=statutes,
        guarantees=guarantees,
        stays=stays,
        digest=digest,
    )


def agreement_days(head: Table) -> tuple[date, date | None]:
    """The first day of the agreement, and the last where one is set."""
    head.only(
        needs=(
            "id",
            "title",
            "custodian",
            "requester",
            "authority",
            "releasable",
            "begins",
            "default_reading",
        ),
        may=("ends",),
    )
    _, ends = build_days(head)
    return head.day("begins"), ends


def build_parameter(block: Table) -> tuple[Dated, ...]:
    """The dated values of a parameter, in order of their days, none of which overlap."""
    block.only(needs=("id", "value"))
    tables = block.tables("value")
    if not tables:
        raise block.refuse("the parameter has no [[value]]")
    dated = sorted(((build_dated(table), table) for table in tables), key=lambda pair: pair[0].begins)
    for (before, _), (after, table) in pairwise(dated):
        if before.ends is None or before.ends >= after.begins:
            raise table.refuse(f"on {after.begins} two values of `{block.text('id')}` are in force", "begins")
    return tuple(value for value, _ in dated)


def build_dated(table: Table) -> Dated:
    """One value with its days and its source."""
    table.only(needs=("value", "begins", "source"), may=("ends",))
    _, ends = build_days(table)
    return Dated(table.parameter_value("value"), table.day("begins"), ends, table.prose("source"))


def build_clause(block: Table, *, facts: Vocabulary, parameters: Mapping[str, ParameterType]) -> Clause:
    """A clause whose test reads nothing that is not at hand when it is judged."""
    block.only(needs=("id", "title", "cites", "reads", "face", "test", "why"), may=("told", "begins", "ends"))
    reads = build_word(block, "reads", Reads, tuple(Reads))
    face = block.flag("face")
    if face and reads not in TOLD:
        raise block.refuse(f"what the {reads.value} says may never be told to the requester", "face")
    if face and "told" not in block.values:
        raise block.refuse("a clause the requester may be told of has no `told`: say what to fix")
    if not face and "told" in block.values:
        raise block.refuse("a clause the requester is not told of has a `told`", "told")
    expression = build_test(block, vocabulary=facts, parameters=parameters)
    for name in sorted(facts_of(expression)):
        if facts[name].reads not in _at_hand(reads):
            raise block.refuse(
                f"the clause reads the {reads.value}, and `{name}` is of the {facts[name].reads.value}",
                "test",
            )
    begins, ends = build_days(block)
    return Clause(
        id=block.text("id"),
        title=block.prose("title"),
        cites=block.texts("cites"),
        reads=reads,
        test=block.text("test"),
        expression=expression,
        face=face,
        told=block.prose_or_none("told") or "",
        why=block.prose("why"),
        begins=begins,
        ends=ends,
        line=block.line,
    )


def _at_hand(reads: Reads) -> tuple[Reads, ...]:
    """Whose facts are known to a clause: at the release those of the batch, for it has no one request."""
    if reads is Reads.RELEASE:
        return (Reads.BATCH, Reads.RELEASE)
    return KNOWN[: KNOWN.index(reads) + 1]


def build_evidence(block: Table, *, comparisons: Vocabulary, parameters: Mapping[str, ParameterType]) -> Evidence:
    """An evidence rule over the comparison of a request with one person."""
    block.only(needs=("id", "kind", "cites", "test", "why"))
    return Evidence(
        id=block.text("id"),
        kind=build_word(block, "kind", EvidenceKind, tuple(EvidenceKind)),
        cites=block.texts("cites"),
        test=block.text("test"),
        expression=build_test(block, vocabulary=comparisons, parameters=parameters),
        why=block.prose("why"),
        line=block.line,
    )


def build_overrides(block: Table) -> dict[str, ParameterValue]:
    """The values that a reading or a position puts in the place of the agreement's."""
    if "parameters" not in block.values:
        return {}
    table = block.table("parameters")
    return {name: table.parameter_value(name) for name in table.values}


def build_ids(block: Table, key: str) -> tuple[str, ...]:
    """A list of ids that may be left out."""
    return block.texts(key, empty=True) if key in block.values else ()


def build_test(block: Table, *, vocabulary: Vocabulary, parameters: Mapping[str, ParameterType]) -> Expression:
    """The condition under `test`, which must ask about a fact: what is always true proves nothing."""
    line = block.place("test")
    expression = parse(block.text("test"), vocabulary=vocabulary, parameters=parameters, file=block.file, line=line)
    if not facts_of(expression):
        raise block.refuse("the test reads no fact, so it always comes to the same", "test")
    return expression


def build_days(block: Table) -> tuple[date | None, date | None]:
    """`begins` and `ends`, in that order in time."""
    begins, ends = block.day_or_none("begins"), block.day_or_none("ends")
    if begins is not None and ends is not None and ends < begins:
        raise block.refuse(f"it ends on {ends}, before it begins on {begins}", "ends")
    return begins, ends


def build_word(block: Table, key: str, kind: type[Word], allowed: tuple[Word, ...]) -> Word:
    """The member of `kind` that the text under `key` names."""
    words = {str(member.value): member for member in allowed}
    text = block.text(key)
    if text not in words:
        raise block.refuse(f"`{text}` is no `{key}` of {block.kind}; write one of {', '.join(words)}", key)
    return words[text]
