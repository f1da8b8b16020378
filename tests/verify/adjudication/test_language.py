"""Conditions mean to an inspector what their page says."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowgate_verify.adjudication.agreement import read_agreement
from narrowgate_verify.adjudication.disposition import disposition
from narrowgate_verify.adjudication.kleene import Value, all_of, any_of, negation
from narrowgate_verify.adjudication.language import read_test
from narrowgate_verify.adjudication.reading import Clause, binding
from narrowgate_verify.adjudication.verdict import ALL_FACTS, FINDINGS
from narrowgate_verify.problems import DoesNotVerify

ROOT = Path(__file__).parents[3]
AGREEMENTS = ("irs-ice-2025", "driver-records-2026")
VECTORS: dict[str, Any] = tomllib.loads(
    (ROOT / "spec" / "vectors" / "agreement" / "conditions.toml").read_text(), parse_float=Decimal
)
PARAMETERS = {name: tuple(one) if isinstance(one, list) else one for name, one in VECTORS["parameters"].items()}
TRUTHS = {"true": True, "false": False, "undetermined": None}
KINDS: dict[str, Value] = {
    "integer": 1, "decimal": Decimal("1.5"), "date": date(2025, 1, 1), "text": "a", "boolean": True,
}  # fmt: skip
OF_SOUNDNESS = "a class it can never have"
"""Refused when an agreement is loaded, of what a fact may be; no meaning depends on it."""

truth = st.sampled_from([True, False, None])
truths = st.lists(truth, min_size=1, max_size=5)


def finds(text: str, values: dict[str, Value | None]) -> bool | None:
    test = read_test(text, facts=VECTORS["facts"], parameters=PARAMETERS)
    return test.truth({**dict.fromkeys(VECTORS["facts"]), **values}, PARAMETERS)


@pytest.mark.parametrize("vector", [v for v in VECTORS["condition"] if "truth" in v], ids=lambda vector: vector["text"])
def test_a_condition_comes_to_what_the_specification_says(vector: dict[str, Any]) -> None:
    assert finds(vector["text"], vector.get("facts", {})) is TRUTHS[vector["truth"]]


@pytest.mark.parametrize(
    "vector",
    [v for v in VECTORS["condition"] if v.get("refused", OF_SOUNDNESS) != OF_SOUNDNESS],
    ids=lambda vector: vector["text"],
)
def test_what_is_no_condition_has_no_truth(vector: dict[str, Any]) -> None:
    present = {name: KINDS.get(str(kind), "red") for name, kind in VECTORS["facts"].items()}
    with pytest.raises(DoesNotVerify):
        finds(vector["text"], present)


@pytest.mark.parametrize(
    "text",
    ["(" * 17 + "signed" + ")" * 17, "signed AND " * 200 + "signed", "signed" + " " * 4_000, "", "signed)", "(signed"],
)
def test_a_condition_has_its_bounds(text: str) -> None:
    with pytest.raises(DoesNotVerify):
        finds(text, {"signed": True})


@given(truths)
def test_or_is_and_of_the_negations_negated(parts: list[bool | None]) -> None:
    assert any_of(parts) is negation(all_of([negation(part) for part in parts]))


@given(truths, truths)
def test_and_and_or_do_not_depend_on_order_or_brackets(some: list[bool | None], others: list[bool | None]) -> None:
    for join in (all_of, any_of):
        assert join([*some, *others]) is join([join(others), join(some)])


@given(truth, truth, truth)
def test_each_distributes_over_the_other(a: bool | None, b: bool | None, c: bool | None) -> None:
    assert all_of([a, any_of([b, c])]) is any_of([all_of([a, b]), all_of([a, c])])
    assert any_of([a, all_of([b, c])]) is all_of([any_of([a, b]), any_of([a, c])])


@given(truths, st.integers(0, 4), st.booleans())
def test_what_is_found_with_a_part_missing_stands_whatever_the_part_turns_out_to_be(
    parts: list[bool | None], place: int, known: bool
) -> None:
    without, with_it = list(parts), list(parts)
    without[place % len(parts)], with_it[place % len(parts)] = None, known
    for join in (all_of, any_of):
        assert join(without) in (None, join(with_it))


def cases(name: str) -> list[Any]:
    """The cases of an agreement about one clause or a whole request, with the baseline that they start from."""
    folder = ROOT / "agreements" / name / "cases"
    baseline = tomllib.loads((folder / "baseline.toml").read_text())
    listed = [one for file in sorted(folder.glob("*.toml")) for one in tomllib.loads(file.read_text()).get("case", [])]
    return [pytest.param(name, baseline, one, id=f"{name}: {one['name']}") for one in listed if "evidence" not in one]


def facts_of(baseline: dict[str, Any], case: dict[str, Any]) -> dict[str, Value | None]:
    facts = {**dict.fromkeys(ALL_FACTS), **baseline["facts"], **case.get("facts", {})}
    return {**facts, **dict.fromkeys(case.get("missing", []))}


@pytest.mark.parametrize(("name", "baseline", "case"), [one for name in AGREEMENTS for one in cases(name)])
def test_an_agreements_own_cases_come_to_what_they_say(
    name: str, baseline: dict[str, Any], case: dict[str, Any]
) -> None:
    agreement, values = read_agreement(ROOT / "agreements" / name), facts_of(baseline, case)
    on = case.get("on", baseline["on"])
    default = str(agreement.head["default_reading"])
    if "disposition" in case:
        bound = binding(agreement, case.get("reading", default), on=on, facts=ALL_FACTS)
        findings = {clause.id: clause.test.truth(values, bound.parameters) for clause in bound.clauses}
        first = [findings[clause.id] for clause in bound.clauses if clause.reads != "record"]
        if not all(first):
            findings |= {clause.id: None for clause in bound.clauses if clause.reads == "record"}
        assert disposition(bound.clauses, findings) == case["disposition"]
        return
    block = agreement.blocks["clause"][case["clause"]]
    if block["reads"] == "release":
        return
    parameters = binding(agreement, default, on=on, facts=ALL_FACTS).parameters
    test = read_test(block["test"], facts=ALL_FACTS, parameters=parameters)
    assert FINDINGS[test.truth(values, parameters)] == case["finding"]


def clause(name: str, fact: str, *, face: bool = False) -> Clause:
    return Clause(name, "request", face, read_test(f"{fact} = 0", facts=[fact], parameters=[]))


BOUND = (clause("S", "stays_in_force"), clause("F", "copies", face=True), clause("R", "rest"))


@pytest.mark.parametrize(
    ("stays", "face", "rest", "expected"),
    [
        (False, False, False, "hold"), (None, True, True, "hold"), (True, False, False, "return"),
        (True, None, True, "return"), (True, True, False, "deny"), (True, True, None, "refer"),
        (True, True, True, "disclose"),
    ],
)  # fmt: skip
def test_a_disposition_is_the_first_of_its_page_that_applies(
    stays: bool | None, face: bool | None, rest: bool | None, expected: str
) -> None:
    assert disposition(BOUND, {"S": stays, "F": face, "R": rest}) == expected


def test_where_no_clause_binds_nothing_is_disclosed() -> None:
    assert disposition((), {}) == "refer"
