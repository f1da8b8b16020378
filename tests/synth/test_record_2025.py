from __future__ import annotations

from pathlib import Path

import pytest

from narrowgate.synth.profiles import AUGUST_2025, SOUND, shares
from narrowgate.synth.record_2025 import ASSUMPTIONS, PUBLIC_RECORD, REQUESTS, assumed

FIGURES = {figure.id: figure.value for figure in PUBLIC_RECORD}
PAGE = Path(__file__).parents[2] / "docs" / "demo.md"


def _weight(*prefixes: str) -> int:
    return sum(profile.weight for profile in AUGUST_2025 if profile.id.startswith(prefixes))


def test_the_kinds_of_request_add_up_to_the_public_record() -> None:
    assert sum(profile.weight for profile in AUGUST_2025) == FIGURES["requests"] == REQUESTS
    assert _weight("tin_") == FIGURES["by_tin"]
    assert _weight("address_") == FIGURES["by_address"]
    assert FIGURES["by_tin"] + FIGURES["by_address"] == FIGURES["disclosed"]
    assert _weight("tin_bad_address") == FIGURES["bad_address"]
    assert sum(p.weight for p in AUGUST_2025 if not p.sound) > FIGURES["one_officer"]
    new = _weight("tin_bad_address", "tin_former_address", "tin_other_address")
    assert abs(new - FIGURES["updated"]) < 500


def test_the_kinds_of_request_take_the_assumed_shares() -> None:
    by_tin = FIGURES["by_tin"]
    assert _weight("tin_other_address") / by_tin == pytest.approx(assumed("address_not_held"), abs=0.0005)
    assert _weight("tin_former_address") / by_tin == pytest.approx(assumed("address_former"), abs=0.0005)
    assert _weight("tin_borrowed", "tin_spouse") / by_tin == pytest.approx(assumed("wrong_person"), abs=0.0001)
    assert _weight("tin_sound", "address_sound") / REQUESTS == pytest.approx(assumed("sound"), abs=0.00001)


@pytest.mark.parametrize("rows", [1, 7, 1_000, 12_800, 1_280_000, 5_120_000])
def test_shares_add_up_to_the_batch_and_follow_each_other(rows: int) -> None:
    for profiles in (AUGUST_2025, SOUND):
        parts = shares(profiles, rows)
        assert sum(part.count for part in parts) == rows
        assert [part.first for part in parts] == [sum(p.count for p in parts[:k]) for k in range(len(parts))]
        assert all(abs(part.count - part.profile.weight * rows / 1_280_000) < 1 for part in parts)


def test_each_figure_has_a_source_and_each_assumption_a_reason() -> None:
    assert all(figure.source for figure in PUBLIC_RECORD)
    assert all(len(assumption.reason) > 40 and 0 < assumption.share < 1 for assumption in ASSUMPTIONS)
    ids = [figure.id for figure in PUBLIC_RECORD] + [assumption.id for assumption in ASSUMPTIONS]
    assert len(set(ids)) == len(ids)


def test_the_page_lists_every_figure_and_every_assumption_with_its_value() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for figure in PUBLIC_RECORD:
        assert f"| `{figure.id}` |" in page
        assert f"{figure.value:,}" in page
    for assumption in ASSUMPTIONS:
        assert f"| `{assumption.id}` | {assumption.share * 100:g} % |" in page
    for profile in (*AUGUST_2025, *SOUND):
        assert f"| `{profile.id}` | {profile.weight:,} |" in page
