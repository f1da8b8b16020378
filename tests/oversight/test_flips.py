"""Which requests flip under another reading, from what was established already: no look-up, no entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrowgate.agreement.in_force import basis
from narrowgate.errors import WrongUse
from narrowgate.gateway.runs import find
from narrowgate.oversight.flips import Flips, flips
from tests.agency import Agency, a_person, a_request, an_address


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    return Agency(tmp_path, people=[a_person()], addresses=[an_address()])


def flipped(agency: Agency, before: str, after: str, out: Path | None = None) -> Flips:
    with agency.desk() as desk:
        pair = (basis(desk.agreement, name, on=desk.at.date()) for name in (before, after))
        return flips(desk, find(desk, "B-1"), *pair, out=out)


def test_a_request_flips_by_the_clause_that_one_reading_binds_and_the_other_does_not(agency: Agency) -> None:
    agency.receives([a_request(1), a_request(2, order_case_no=None)])
    entries = len(agency.entries)
    found = flipped(agency, "strict", "dcc-2026-02-24")
    assert (found.requests, found.flipped) == (2, 1)
    # Nobody was looked up for the second request: what its record says is not known, and nothing finds it out.
    assert found.moves == {("return", "look up"): 1}
    assert found.by_clause == {"G09m": 1}
    assert len(agency.entries) == entries


def test_what_was_looked_up_under_the_same_evidence_is_known(agency: Agency) -> None:
    agency.receives([a_request(1), a_request(2, tax_periods="2022;2023")])
    assert flipped(agency, "strict", "ddc-2026-02-26").flipped == 0
    with agency.desk() as desk:
        case = find(desk, "B-1").case
        assert case.file("match").exists()
    assert flipped(agency, "strict", "as-practised-2025-08").moves[("disclose", "look up")] == 1


def test_flips_are_listed_request_by_request(agency: Agency, tmp_path: Path) -> None:
    agency.receives([a_request(1), a_request(2, order_case_no=None)])
    flipped(agency, "strict", "dcc-2026-02-24", tmp_path / "flips.csv")
    assert (tmp_path / "flips.csv").read_text().splitlines() == ["request_ref,before,after", "R-0002,return,look up"]
    with pytest.raises(WrongUse, match="neither"):
        flipped(agency, "strict", "dcc-2026-02-24", tmp_path / "flips.txt")
