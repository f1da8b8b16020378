"""A bar is reached or missed by the counts, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from narrowgate.measure.bars import Bar, Counts, bars
from narrowgate.measure.counts import Count

OURS = Count(requests=1_000_000, counterpart=930_000, decided=760_000, wrong=0, possible=60_000, none=180_000,
    matchable=780_000, right_of_matchable=755_000)  # fmt: skip
CONTROL = replace(OURS, wrong=30_000)
SOUND = Counts(OURS, {"twin": replace(OURS, requests=900, decided=300)}, CONTROL)
FEBRL4 = Counts(Count(5_000, 5_000, 4_960, 0, 10, 30, None, None), {}, None)


def test_all_are_reached_by_what_is_wanted() -> None:
    found = bars({"hostile": SOUND, "febrl4": FEBRL4})
    assert [bar.id for bar in found if not bar.met] == []
    assert len(found) == 7


@pytest.mark.parametrize(
    ("counts", "missed"),
    [
        (replace(SOUND, ours=replace(OURS, wrong=1)), {"no-wrong-person", "wrong-rate-bound"}),
        (replace(SOUND, ours=replace(OURS, decided=740_000)), {"wrong-rate-bound"}),
        (replace(SOUND, control=replace(CONTROL, wrong=99)), {"fewer-than-2025"}),
        (replace(SOUND, ours=replace(OURS, right_of_matchable=701_999)), {"recall"}),
        (replace(SOUND, ours=replace(OURS, matchable=None, right_of_matchable=None)), {"recall"}),
        (replace(SOUND, subgroups={"twin": replace(OURS, wrong=1)}), {"no-wrong-person-in-a-subgroup"}),
        (replace(SOUND, subgroups={}), {"no-wrong-person-in-a-subgroup"}),
    ],
)
def test_one_thing_amiss_misses_its_bar(counts: Counts, missed: set[str]) -> None:
    assert {bar.id for bar in bars({"hostile": counts}) if not bar.met} == missed


@pytest.mark.parametrize(
    ("changed", "missed"), [({"wrong": 1}, "febrl4-precision"), ({"decided": 4_949}, "febrl4-recall")]
)
def test_febrl4_has_bars_of_its_own(changed: dict[str, int], missed: str) -> None:
    found = bars({"febrl4": replace(FEBRL4, ours=replace(FEBRL4.ours, **changed))})  # type: ignore[arg-type]
    assert [bar.id for bar in found if not bar.met] == [missed]


def test_the_bound_of_a_small_group_is_told_not_hidden() -> None:
    (told,) = [bar for bar in bars({"hostile": SOUND}) if bar.id == "no-wrong-person-in-a-subgroup"]
    assert told.measured == ("0 in each of 1; the widest bound is that of `twin`, 9,940 per million of 300 decisions")


def test_a_set_that_was_not_measured_has_no_bars() -> None:
    assert bars({"statements": SOUND}) == ()


def test_a_bar_is_one_line_for_people() -> None:
    assert Bar("x", "wrong persons", "0", "1", met=False).line == "missed: wrong persons: 1 (wanted: 0)"
