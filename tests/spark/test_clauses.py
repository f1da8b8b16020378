"""A real Spark comes to what the model comes to, and its findings are those of the session, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowgate.adjudication.judges import on_cluster
from narrowgate.agreement.language import emit_spark, evaluate
from narrowgate.engine.spark import Spark, open_spark
from narrowgate.errors import Fault
from narrowgate.terms.expression import Expression, Value
from narrowgate.terms.fact import Type
from tests.adjudication.test_findings import FOUND, judged, on_record
from tests.agreement.budget import examples
from tests.agreement.expressions import VALUES, conditions, rows
from tests.agreement.vocabulary import FACTS
from tests.spark.running import IN_ONE_PROCESS

ARROW = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.DECIMAL: pa.decimal128(38, 9),
    Type.DATE: pa.date32(),
    Type.BOOLEAN: pa.bool_(),
}
SCHEMA = pa.schema([("row_no", pa.int64()), *((name, ARROW[fact.type]) for name, fact in FACTS.items())])


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    with open_spark(IN_ONE_PROCESS) as opened:
        yield opened


@settings(
    max_examples=examples(6), deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow,
        HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
@given(expressions=st.lists(conditions(), min_size=15, max_size=30), given_=st.lists(rows(), min_size=20, max_size=40))
def test_spark_comes_to_what_the_model_comes_to(
    spark: Spark, expressions: list[Expression], given_: list[dict[str, Value | None]]
) -> None:
    facts = pa.Table.from_pylist([{"row_no": number, **row} for number, row in enumerate(given_)], SCHEMA)
    asked = ", ".join(f"{emit_spark(one, VALUES)} AS c{number}" for number, one in enumerate(expressions))
    found = spark.ask(f"SELECT row_no, {asked} FROM facts", {"facts": facts}).sort_by("row_no").drop(["row_no"])
    said = [list(row.values()) for row in found.to_pylist()]
    assert said == [[evaluate(one, row, VALUES) for one in expressions] for row in given_]


def test_findings_on_requests_are_those_of_the_session(spark: Spark, tmp_path: Path) -> None:
    assert judged(tmp_path, judge=on_cluster(spark)) == judged(tmp_path)


def test_findings_on_the_record_are_those_of_the_session(spark: Spark, tmp_path: Path) -> None:
    matched = [FOUND | {"row_no": 4, "impairment": True}, FOUND | {"row_no": 0, "deceased": None}]
    assert on_record(tmp_path, matched, judge=on_cluster(spark)) == on_record(tmp_path, matched)


def test_nothing_but_facts_that_clauses_name_goes_to_the_cluster(spark: Spark, tmp_path: Path) -> None:
    given_: list[str] = []

    class Watched(Spark):
        def ask(self, query: str, given: dict[str, pa.Table]) -> pa.Table:  # type: ignore[override]
            given_.extend(given["facts"].column_names)
            return super().ask(query, given)

    on_record(tmp_path, [FOUND | {"row_no": 4}], judge=on_cluster(Watched(spark.session, spark.name)))
    assert "impairment" in given_
    assert not {"person_id", "reason", "street"} & set(given_)


def test_what_was_given_is_gone_when_the_question_is_answered(spark: Spark) -> None:
    spark.ask("SELECT a FROM facts", {"facts": pa.table({"a": [1]})})
    with pytest.raises(Fault, match="facts"):
        spark.ask("SELECT a FROM facts", {})


def test_a_value_that_does_not_fit_is_a_fault_and_not_missing(spark: Spark) -> None:
    with pytest.raises(Fault, match="CAST_INVALID_INPUT") as fault:
        spark.ask("SELECT CAST(t AS INT) FROM given", {"given": pa.table({"t": ["x"]})})
    assert fault.value.hint.endswith("nothing was disclosed")
