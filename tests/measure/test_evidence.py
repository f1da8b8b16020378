"""Which rules are measured, and that each rule of the agreement comes to a figure of its own."""

from __future__ import annotations

from typing import Any

from narrowgate.measure.evidence import febrl4, flagship, rulings
from narrowgate.measure.rule_bounds import bounds
from narrowgate.terms.agreement import EvidenceKind

from .hand_made import DAY

AGREEMENT = flagship()
FOUND = rulings(AGREEMENT, on=DAY)


def test_the_default_reading_stands_first_and_its_clauses_are_left_out() -> None:
    assert FOUND[0].id == AGREEMENT.default_reading
    assert all(one.basis.clauses == () for one in FOUND)


def test_readings_with_the_same_rules_are_measured_once() -> None:
    lists = [tuple(rule.id for rule in one.basis.evidence) for one in FOUND]
    assert len(set(lists)) == len(lists)
    stands_for = {one.id for one in FOUND} | {name for one in FOUND for name in one.also}
    assert set(AGREEMENT.readings) <= stands_for


def test_every_rule_of_the_agreement_is_in_some_list() -> None:
    assert {rule.id for one in FOUND for rule in one.basis.evidence} == set(AGREEMENT.evidence)


def test_each_rule_that_accepts_has_one_entry_for_each_set_and_a_bound_where_it_decided() -> None:
    counted = {"rule": "E1", "decided": 10, "wrong": 0, "wrong_rate": 0.0, "wrong_rate_lower": 0.0,
               "wrong_rate_upper": 0.25}  # fmt: skip
    part: dict[str, Any] = {"id": "hostile", "rules": {one.id: [counted] if one is FOUND[0] else [] for one in FOUND}}
    entries = bounds({"hostile": FOUND}, [part])
    assert len(entries) == len(AGREEMENT.evidence)
    by_rule = {one["rule"]: one for one in entries}
    assert by_rule["E1"]["wrong_rate_upper"] == 0.25 and by_rule["E1"]["under"] == AGREEMENT.default_reading
    assert (by_rule["E2"]["decided"], by_rule["E2"]["wrong_rate_upper"]) == (0, None)
    assert "decided" not in by_rule["X1"] and by_rule["X1"]["kind"] == "contradict"


def test_the_rules_for_febrl4_accept_and_do_nothing_else() -> None:
    evidence = febrl4(on=DAY).basis.evidence
    assert {rule.kind for rule in evidence} == {EvidenceKind.ACCEPT}
    assert not {rule.id for rule in evidence} & set(AGREEMENT.evidence)
