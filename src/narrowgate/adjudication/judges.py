"""Who finds on clauses: the session itself, or a cluster. Both say the same of every request.

Rules:
 * A judge is given rows with their facts, and hands back for each its `row_no` and one boolean column per clause, in
   the order of the rows.
 * To a cluster goes nothing but `row_no` and the facts that a clause names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import duckdb

from narrowgate.adjudication.facts import VOCABULARY
from narrowgate.agreement.language import emit, emit_spark, facts_of
from narrowgate.agreement.language.duckdb import TYPES
from narrowgate.engine.literal import identifier
from narrowgate.engine.spark import Spark
from narrowgate.terms.agreement import Clause, ParameterValue

Judge = Callable[[duckdb.DuckDBPyConnection, str, Sequence[Clause], Mapping[str, ParameterValue]], str]
"""Of a session, a query for rows, clauses and their parameters makes a query for the findings."""


def in_session(
    session: duckdb.DuckDBPyConnection, rows: str, clauses: Sequence[Clause], parameters: Mapping[str, ParameterValue]
) -> str:
    """The findings as the session works them out."""
    found = "".join(f", {emit(clause.expression, parameters)} AS {identifier(clause.id)}" for clause in clauses)
    return f"SELECT row_no{found} FROM ({rows})"


def on_cluster(spark: Spark) -> Judge:
    """A judge that has the findings worked out by `spark`."""

    def judge(
        session: duckdb.DuckDBPyConnection,
        rows: str,
        clauses: Sequence[Clause],
        parameters: Mapping[str, ParameterValue],
    ) -> str:
        named = sorted(frozenset().union(*(facts_of(clause.expression) for clause in clauses)))
        typed = "".join(f", CAST({identifier(name)} AS {TYPES[VOCABULARY[name].type]}) AS {identifier(name)}"
            for name in named)  # fmt: skip
        session.complete()  # what was asked before, and not read to its end, would be in the way
        facts = session.sql(f"SELECT row_no{typed} FROM ({rows})").to_arrow_table()
        found = "".join(f", {emit_spark(clause.expression, parameters)} AS `{clause.id}`" for clause in clauses)
        findings = spark.ask(f"SELECT row_no{found} FROM facts", {"facts": facts}).sort_by("row_no")
        session.register("findings", findings)
        return "FROM findings"

    return judge
