"""The bounds of an agreement's rules as a measurement writes them, and as the check reads them again."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from narrowgate.agreement.folder import MEASURED
from narrowgate.agreement.measured import Bound, read_measured
from narrowgate.agreement.quotes import quotes
from narrowgate.measure.bounds import upper
from narrowgate.measure.bounds_file import written
from narrowgate.measure.evidence import febrl4, flagship
from narrowgate.measure.standing import measured_as, mistaken, standing
from narrowgate.terms.agreement import EvidenceKind

from .hand_made import DAY

AGREEMENT = flagship()
ACCEPTING = {rule.id for rule in AGREEMENT.evidence.values() if rule.kind is EvidenceKind.ACCEPT}


def read(report: dict[str, Any]) -> tuple[Bound, ...]:
    return read_measured({MEASURED: written(report).encode()}, "irs-ice-2025")


def test_every_accepting_rule_of_the_agreement_is_read_as_it_was_counted(report: dict[str, Any]) -> None:
    found = {bound.rule: bound for bound in read(report)}
    assert set(found) == ACCEPTING
    counted = {one["rule"]: one for one in report["rules"] if one["set"] == "hostile" and one["kind"] == "accept"}
    for rule, bound in found.items():
        assert (bound.decisions, bound.wrong) == (counted[rule]["decided"], counted[rule]["wrong"])
        assert bound.upper == (counted[rule]["wrong_rate_upper"] or 1.0)
    assert found["E1"].decisions > 0
    rows = report["sets"][0]
    assert (found["E1"].on.isoformat(), found["E1"].command) == ("2026-11-25", "as in the tests")
    assert (found["E1"].rows.requests, found["E1"].rows.people) == (rows["requests"], rows["register"]["people"])
    assert found["E1"].rows.digests == rows["digests"]
    assert found["E1"].rows.seeds == {}, "what contenders draw is no part of the rows"


def test_what_was_measured_now_is_of_the_rules_as_they_are(report: dict[str, Any]) -> None:
    bounds = read(report)
    assert [quote.stale for quote in quotes(bounds, standing(AGREEMENT, on=DAY))] == [None] * len(ACCEPTING)
    assert list(mistaken(bounds)) == []


def test_rules_that_a_benchmark_brings_are_not_the_agreements(report: dict[str, Any]) -> None:
    brought = {rule.id for rule in febrl4(on=DAY).basis.evidence}
    assert brought <= {one["rule"] for one in report["rules"]}
    assert not brought & {bound.rule for bound in read(report)}
    assert {bound.rows.id for bound in read(report)} == {"hostile"}


def test_a_command_may_hold_whatever_a_path_may(report: dict[str, Any]) -> None:
    odd = copy.deepcopy(report)
    odd["command"] = 'narrowgate bench match --register "C:\\people" --batch café'
    assert read(odd)[0].command == odd["command"]


@pytest.mark.parametrize("change", [{"wrong": 1}, {"decisions": 1}, {"upper": 0.5}], ids=str)
def test_a_figure_that_was_typed_does_not_follow_from_its_counts(change: dict[str, Any]) -> None:
    bound = Bound("E1", None, "strict", 1_000, 0, upper(0, 1_000), None, DAY, "", 3, "f", 7)  # type: ignore[arg-type]
    assert list(mistaken([bound])) == []
    (told,) = mistaken([replace(bound, **change)])
    assert told.startswith("f:7: the bound of `E1` by ")


def test_a_record_of_what_was_done_asks_no_second_opinion() -> None:
    by_list = {under: one.list for (under, _), one in standing(AGREEMENT, on=DAY).items()}
    assert len(set(by_list.values())) == len(by_list) == 3
    ruling = febrl4(on=DAY)
    asked = replace(ruling.basis, reading=replace(ruling.basis.reading, historical=False))
    one, other = measured_as(ruling.basis), measured_as(asked)
    assert [one[rule].wording for rule in one] == [other[rule].wording for rule in one]
    assert all(one[rule].list != other[rule].list for rule in one)
