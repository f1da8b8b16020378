"""What binds on a day, under a reading, and while a stay is live."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from narrowgate.agreement.in_force import basis
from narrowgate.agreement.language import evaluate
from narrowgate.agreement.stays import read_stays, stays_in_force
from narrowgate.errors import WrongUse
from narrowgate.terms.agreement import Agreement, StayEffect
from tests.agreement.small import STAYS, load_small, write

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
ONE_DAY = timedelta(days=1)
(STAY,) = read_stays(STAYS, file="stays.toml")


@pytest.fixture
def small(tmp_path: Path) -> Agreement:
    return load_small(write(tmp_path))


def bound(agreement: Agreement, on: date, reading: str | None = None) -> list[str]:
    return [clause.id for clause in basis(agreement, reading, on=on).clauses]


@pytest.mark.parametrize(
    ("on", "clauses"),
    [
        (date(2025, 2, 28), ["C1", "C3"]),
        (date(2025, 3, 1), ["C1", "C2", "C3"]),
        (date(2025, 10, 31), ["C1", "C2", "C3"]),
        (date(2025, 11, 1), ["C1", "C3"]),
    ],
)
def test_a_clause_binds_from_its_first_day_to_its_last(small: Agreement, on: date, clauses: list[str]) -> None:
    assert bound(small, on) == clauses


@pytest.mark.parametrize(("on", "cap"), [(date(2025, 6, 30), 1), (date(2025, 7, 1), 2)])
def test_a_parameter_has_the_value_of_the_day(small: Agreement, on: date, cap: int) -> None:
    assert basis(small, None, on=on).parameters["copies_cap"] == cap


@pytest.mark.parametrize(
    ("on", "in_force"), [(FIRST - ONE_DAY, False), (FIRST, True), (LAST, True), (LAST + ONE_DAY, False)]
)
def test_the_day_after_the_agreement_ends_its_clause_on_that_is_not_satisfied(
    small: Agreement, on: date, in_force: bool
) -> None:
    what_binds = basis(small, None, on=on)
    (clause,) = [clause for clause in what_binds.clauses if clause.id == "C1"]
    assert evaluate(clause.expression, {"judged_on": on}, what_binds.parameters) is in_force


def test_a_reading_binds_its_own_clauses_with_its_own_values_in_the_agreements_order(
    small: Agreement,
) -> None:
    lax = basis(small, "lax", on=date(2025, 5, 1))
    assert [clause.id for clause in lax.clauses] == ["C1", "C3"]
    assert lax.parameters["copies_cap"] == 99
    assert lax.reading.historical
    assert (lax.agreement, lax.digest, lax.releasable) == ("small", small.digest, ("colour",))


def test_without_a_name_the_default_reading_binds(small: Agreement) -> None:
    assert basis(small, None, on=FIRST).reading.id == "strict"


def test_a_reading_that_does_not_exist_is_refused(small: Agreement) -> None:
    with pytest.raises(WrongUse, match="`loose` is no reading of small; it has strict, lax"):
        basis(small, "loose", on=FIRST)


@pytest.mark.parametrize(
    ("at", "live"),
    [
        (datetime(2025, 5, 1, 11, 59, 59, tzinfo=UTC), False),
        (datetime(2025, 5, 1, 12, tzinfo=UTC), True),
        (datetime(2025, 5, 1, 8, tzinfo=timezone(timedelta(hours=-4))), True),
        (datetime(2025, 6, 1, 12, tzinfo=UTC), True),
        (datetime(2025, 6, 1, 12, 0, 1, tzinfo=UTC), False),
    ],
)
def test_a_stay_binds_from_its_moment_to_its_end(at: datetime, live: bool) -> None:
    assert bool(stays_in_force([STAY], at=at)) is live


def test_a_stay_without_an_end_binds_until_it_is_given_one() -> None:
    (endless,) = read_stays(STAYS.replace("ends = 2025-06-01T12:00:00Z\n", ""), file="stays.toml")
    assert stays_in_force([endless], at=datetime(2999, 1, 1, tzinfo=UTC)) == (endless,)


def test_stays_are_named_in_order_of_precedence_and_by_effect() -> None:
    first, frozen = (
        read_stays(STAYS.replace(old, new).replace("S1", name), file="stays.toml")[0]
        for old, new, name in (("precedence = 2", "precedence = 1", "S2"), ("no_release", "freeze_use", "S3"))
    )
    at = datetime(2025, 5, 2, tzinfo=UTC)
    assert stays_in_force([STAY, first, frozen], at=at) == (first, STAY)
    assert stays_in_force([STAY, first, frozen], at=at, effect=StayEffect.FREEZE_USE) == (frozen,)


def test_a_time_without_an_offset_judges_no_stay() -> None:
    with pytest.raises(WrongUse, match="has no offset"):
        stays_in_force([STAY], at=datetime(2025, 5, 2))
