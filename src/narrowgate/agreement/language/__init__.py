"""The language of clauses: closed, three-valued, and without functions (`spec/agreement.md`).

Rules:
 * `parse` gives an expression whose names are known and whose types fit, or an AgreementError with its place.
 * `evaluate` is the meaning; `emit` (DuckDB) and `emit_spark` are translations, held to it by differential tests.
"""

from __future__ import annotations

from collections.abc import Mapping

from narrowgate.agreement.language.duckdb import emit
from narrowgate.agreement.language.grammar import structure
from narrowgate.agreement.language.model import evaluate
from narrowgate.agreement.language.names import facts_of, parameters_of
from narrowgate.agreement.language.spark import emit as emit_spark
from narrowgate.agreement.language.spelling import spell
from narrowgate.agreement.language.types import ParameterType, Scope, check, parameter_type, type_of
from narrowgate.agreement.language.words import shortfalls, words
from narrowgate.terms.expression import Expression
from narrowgate.terms.fact import Vocabulary

__all__ = [
    "ParameterType",
    "emit",
    "emit_spark",
    "evaluate",
    "facts_of",
    "parameter_type",
    "parameters_of",
    "parse",
    "shortfalls",
    "spell",
    "type_of",
    "words",
]


def parse(
    text: str, *, vocabulary: Vocabulary, parameters: Mapping[str, ParameterType], file: str, line: int
) -> Expression:
    """The checked expression that `text`, which begins on `line` of `file`, spells."""
    expression = structure(text, facts=vocabulary, parameters=parameters, file=file, line=line)
    check(expression, Scope(vocabulary, parameters, file, line))
    return expression
