"""For which referred requests somebody may be looked at, by the model of the clause language and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from narrowgate.review.referred import Determined, refuse_look, stands
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.determination import Disposition
from narrowgate.terms.fact import Reads
from tests.matching.asking import reading

POSSIBLE = Determined("R-1", 0, Disposition.REFER, "possible", "second opinion")
BASIS = reading("strict")
KNOWN = BatchFacts(**dict.fromkeys(BatchFacts.__dataclass_fields__))  # type: ignore[arg-type]


def test_a_possible_match_that_is_referred_and_stands_may_be_looked_at() -> None:
    assert refuse_look(POSSIBLE, stands=True) is None


@pytest.mark.parametrize(
    ("determined", "today", "code"),
    [
        (replace(POSSIBLE, outcome=None, reason=None, disposition=Disposition.RETURN), True, "did_not_stand"),
        (replace(POSSIBLE, outcome=None, reason=None, disposition=Disposition.HOLD), True, "did_not_stand"),
        (replace(POSSIBLE, outcome=None, reason=None), True, "did_not_stand"),
        (POSSIBLE, False, "stands_no_longer"),
        *((replace(POSSIBLE, disposition=one), True, "not_referred") for one in Disposition if one.value != "refer"),
        (replace(POSSIBLE, outcome="match", reason="E1"), True, "not_possible"),
        (replace(POSSIBLE, outcome="none", reason=None), True, "not_possible"),
    ],
)
def test_nobody_is_looked_at_for_any_other(determined: Determined, today: bool, code: str) -> None:
    refusal = refuse_look(determined, stands=today)
    assert refusal is not None
    assert (refusal.code, refusal.hint) == (code, "no record was looked up")


def test_a_request_of_which_nothing_is_known_does_not_stand() -> None:
    assert BASIS.that_read(Reads.BATCH, Reads.REQUEST)
    assert not stands({}, KNOWN, BASIS)


def test_where_no_clause_asks_anything_no_request_stands() -> None:
    assert not stands({}, KNOWN, replace(BASIS, clauses=()))


def test_a_clause_on_the_record_has_no_part_in_it() -> None:
    (in_force,) = [one for one in BASIS.clauses if "agreement_begins" in one.test]
    record = BASIS.that_read(Reads.RECORD)
    today = replace(KNOWN, judged_on=date(2025, 8, 7), requested_on=date(2025, 8, 7))
    assert record
    assert stands({}, today, replace(BASIS, clauses=(in_force, *record)))
    assert not stands({}, replace(today, judged_on=date(2024, 1, 1)), replace(BASIS, clauses=(in_force, *record)))
