"""Decide by the rules of evidence which one person a request asks about, if it is beyond doubt.

Rules:
 * A match is exactly one person whom a rule accepts and none contradicts, with nobody else accepted and no
   other rival. What falls short of that is possible; where nobody is accepted there is none.
 * A rule holds only if it is true. Undetermined accepts nobody.
 * Whoever has died, has no id, or was found by a key that too many people share is never more than possible.
 * Nothing is weighed: no rule counts for more than another, and no number of rules for more than one.
"""

from __future__ import annotations

from narrowgate.agreement.language import emit, facts_of, parameters_of
from narrowgate.engine.literal import text_literal
from narrowgate.second_opinion import shipped
from narrowgate.terms.agreement import Basis, Evidence, EvidenceKind

TWO_PEOPLE, RIVAL, CONTRADICTION = "two people", "rival", "contradiction"
DECEASED, NO_ID, CROWDED = "deceased", "no id", "crowded"
"""Why a match is only possible; stands where the accepting rule of a match would."""


LAST_KNOWN = frozenset({"address_current", "last_known_period", "last_known_period_stated", "last_known_kind"})
"""The facts for which the last known address of a match is read before a release."""


def reads_current(basis: Basis) -> bool:
    """Whether any rule asks if the address is the last known one."""
    return any("address_is_current" in facts_of(rule.expression) for rule in basis.evidence)


def reads_last_known(basis: Basis) -> bool:
    """Whether any clause asks for the last known address, or if the one that agrees is it."""
    return any(LAST_KNOWN & facts_of(clause.expression) for clause in basis.clauses)


def decided_by(basis: Basis) -> tuple[object, ...]:
    """All of `basis` that decides what matching hands on of a request."""
    rules = tuple((rule.id, rule.kind, rule.expression) for rule in basis.evidence)
    named = sorted({name for rule in basis.evidence for name in parameters_of(rule.expression)})
    values = tuple((name, basis.parameters[name]) for name in named)
    return rules, values, reads_last_known(basis), second_opinion(basis)


def second_opinion(basis: Basis) -> str | None:
    """The digest of the model that is asked for a second opinion; None if none is."""
    return shipped().digest if asks_second_opinion(basis) else None


def asks_second_opinion(basis: Basis) -> bool:
    """Whether a match has to stand up to a second opinion.

    A record that rests on no other reading says itself how persons were told apart. An argument about the law that
    rests on one tells them apart as that one does.
    """
    return not basis.reading.historical or basis.reading.otherwise is not None


def judged(comparisons: str, basis: Basis) -> str:
    """A query for what the rules say of each pair.

    Columns: row_no, candidate, rule (the first that accepts, or missing), contradicted, rival, agreeing (how
    many identifiers beyond the name), confirmed (the address), deceased.
    """
    return f"""
    SELECT row_no, candidate, {_first(basis, EvidenceKind.ACCEPT)} AS rule,
           {_any(basis, EvidenceKind.CONTRADICT)} AS contradicted,
           {_any(basis, EvidenceKind.RIVAL)} AS rival,
           CAST(tin = 'exact' AS INTEGER) + CAST(birth_date = 'exact' AS INTEGER)
               + CAST(address = 'exact' AS INTEGER) AS agreeing,
           address = 'exact' AS confirmed, deceased
    FROM {comparisons}"""


def decided(judged_pairs: str) -> str:
    """A query with one row per request.

    Columns: row_no, match_outcome, match_rule, and of the person accepted, with a meaning only for a match:
    candidate, agreeing, confirmed. Reads the tables `request`,
    `candidate` and `crowded`.
    """
    return f"""
    WITH counted AS (
        SELECT row_no, count(*) FILTER (rule IS NOT NULL) AS accepted,
               count(*) FILTER (rule IS NOT NULL OR rival) AS close,
               max(candidate) FILTER (rule IS NOT NULL) AS candidate,
               max(rule) FILTER (rule IS NOT NULL) AS rule,
               bool_or(contradicted) FILTER (rule IS NOT NULL) AS contradicted,
               bool_or(deceased) FILTER (rule IS NOT NULL) AS deceased,
               max(agreeing) FILTER (rule IS NOT NULL) AS agreeing,
               bool_or(confirmed) FILTER (rule IS NOT NULL) AS confirmed
        FROM ({judged_pairs})
        GROUP BY row_no
    ), reasoned AS (
        SELECT r.row_no, d.candidate, d.rule, d.agreeing, d.confirmed, coalesce(d.accepted, 0) = 0 AS nobody,
               CASE WHEN x.row_no IS NOT NULL THEN {text_literal(CROWDED)}
                    WHEN d.accepted > 1 THEN {text_literal(TWO_PEOPLE)}
                    WHEN d.close > 1 THEN {text_literal(RIVAL)}
                    WHEN d.contradicted THEN {text_literal(CONTRADICTION)}
                    WHEN d.deceased THEN {text_literal(DECEASED)}
                    WHEN c.candidate IS NOT NULL AND c.person_id IS NULL THEN {text_literal(NO_ID)}
               END AS doubt
        FROM request AS r
        LEFT JOIN counted AS d USING (row_no)
        LEFT JOIN crowded AS x USING (row_no)
        LEFT JOIN candidate AS c ON c.candidate = d.candidate
    )
    SELECT row_no, candidate, agreeing, confirmed,
           CASE WHEN doubt = {text_literal(CROWDED)} THEN 'possible' WHEN nobody THEN 'none'
                WHEN doubt IS NOT NULL THEN 'possible' ELSE 'match' END AS match_outcome,
           CASE WHEN match_outcome = 'none' THEN NULL ELSE coalesce(doubt, rule) END AS match_rule
    FROM reasoned"""


def _rules(basis: Basis, kind: EvidenceKind) -> tuple[Evidence, ...]:
    return tuple(rule for rule in basis.evidence if rule.kind is kind)


def _first(basis: Basis, kind: EvidenceKind) -> str:
    """The id of the first rule of `kind`, in the reading's order, that is true; missing if none is."""
    cases = " ".join(
        f"WHEN {emit(rule.expression, basis.parameters)} THEN {text_literal(rule.id)}" for rule in _rules(basis, kind)
    )
    return f"CASE {cases} END" if cases else "CAST(NULL AS VARCHAR)"


def _any(basis: Basis, kind: EvidenceKind) -> str:
    """Whether any rule of `kind` is true of the pair; undetermined is not true."""
    tests = [f"coalesce({emit(rule.expression, basis.parameters)}, FALSE)" for rule in _rules(basis, kind)]
    return f"({' OR '.join(tests)})" if tests else "FALSE"
