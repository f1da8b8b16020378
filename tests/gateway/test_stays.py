"""Stays: the agreement ships stayed, and a stay that arrives late still stops what has not left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from narrowgate.errors import Refused
from narrowgate.terms.determination import Mode
from tests.agency import Agency, a_request


def test_as_shipped_every_request_is_held_and_no_register_is_opened(stayed_agency: Agency) -> None:
    outcome = stayed_agency.receives([a_request(1), a_request(2, tax_periods=None)])
    assert outcome.dispositions == {"hold": 2}
    assert outcome.lookups == 0
    assert stayed_agency.outbox == []


def test_nothing_of_a_stayed_run_can_be_released(stayed_agency: Agency) -> None:
    stayed_agency.receives([a_request()])
    for name in ("disclosure-officer", "counsel"):
        stayed_agency.approves(name)
    with pytest.raises(Refused, match="is in force"):
        stayed_agency.releases()
    assert stayed_agency.outbox == []
    assert stayed_agency.kinds()[-1] == "stopped"


def test_a_rehearsal_lifts_the_stays_and_says_so(stayed_agency: Agency) -> None:
    outcome = stayed_agency.receives([a_request()], mode=Mode.REHEARSAL)
    assert outcome.dispositions == {"disclose": 1}
    assert len(outcome.summary["lifted"]) == 2
    assert stayed_agency.kinds() == ["received", "rehearsal"]


def test_real_records_are_not_rehearsed_on(stayed_agency: Agency) -> None:
    stayed_agency.says_real()
    received = stayed_agency.takes_in(stayed_agency.package([a_request()]))
    with pytest.raises(Refused, match="not marked synthetic"):
        stayed_agency.determines("B-1", Mode.REHEARSAL)
    assert received is not None
    assert stayed_agency.kinds() == ["received"]


@pytest.mark.parametrize("mode", [Mode.RUN, Mode.REHEARSAL])
def test_a_stay_between_approval_and_release_stops_the_release(agency: Agency, mode: Mode) -> None:
    agency.receives([a_request()], mode=mode)
    for name in ("disclosure-officer", "counsel"):
        agency.approves(name)
    agency.court_stays()
    with pytest.raises(Refused, match="order-1"):
        agency.releases()
    assert agency.outbox == []
    assert agency.kinds()[-1] == "stopped"


def test_a_stay_takes_effect_at_its_moment_and_not_before(agency: Agency) -> None:
    agency.receives([a_request()])
    for name in ("disclosure-officer", "counsel"):
        agency.approves(name)
    agency.court_stays(effective=agency.clock.now + timedelta(seconds=1))
    agency.clock.move_to(agency.clock.now + timedelta(seconds=1))
    with pytest.raises(Refused):
        agency.releases()
    assert agency.outbox == []


def test_a_stay_that_is_not_yet_effective_stops_nothing(agency: Agency) -> None:
    agency.receives([a_request()])
    for name in ("disclosure-officer", "counsel"):
        agency.approves(name)
    agency.court_stays(effective=agency.clock.now + timedelta(seconds=1))
    assert agency.releases().answered == 1


def test_a_release_that_was_entered_but_not_delivered_is_stopped_by_a_stay_that_came_in_between(
    agency: Agency,
) -> None:
    agency.receives([a_request()])
    for name in ("disclosure-officer", "counsel"):
        agency.approves(name)
    released = agency.releases()
    # As if the process had been killed between the ledger entry and the move to the outbox.
    released.outbox.replace(agency.folder.case("B-1", released.run) / "sealed")
    agency.court_stays()
    with pytest.raises(Refused, match="order-1"):
        agency.releases()
    assert agency.outbox == []
