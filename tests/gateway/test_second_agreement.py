"""An agreement of another kind goes the same route: nothing in the program belongs to one statute."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrowgate.terms.refusal import Refusal
from tests.agency import Agency, a_person, a_request, an_address

OFFICE = "Director of the Federal Office of Identity Crimes"
EMPTY = (
    "tax_periods",
    "order_case_no",
    "order_ground",
    "order_final_on",
    "relief_pending",
    "street",
    "city",
    "state",
    "zip",
)


@pytest.fixture
def motor_vehicles(tmp_path: Path) -> Agency:
    """The department, with two drivers, and the director registered as official."""
    department = Agency(
        tmp_path, people=[a_person(1), a_person(2, first_name="Bruno")], addresses=[an_address(1), an_address(2)],
        agreement="driver-records-2026",
    )  # fmt: skip
    officials = department.folder.trust / "officials.toml"
    officials.write_text(officials.read_text().replace("Secretary of Homeland Security", OFFICE))
    return department


def a_driver(number: int = 1, **changes: str | None) -> dict[str, str | None]:
    """A request about a driver: no address, no period, no order, and a statute of the schedule."""
    return a_request(number, **{**dict.fromkeys(EMPTY), "statute": "18 USC 1028A", **changes})


def asks(department: Agency, rows: list[dict[str, str | None]]) -> dict[str, int]:
    official = {"agency": "FOIC", "official": {"name": "the director", "office": OFFICE}}
    return department.receives(rows, requester=official).dispositions


def test_a_driver_is_disclosed_to_the_named_officer_once_two_have_signed(motor_vehicles: Agency) -> None:
    assert asks(motor_vehicles, [a_driver()]) == {"disclose": 1}
    motor_vehicles.approves("disclosure-officer")
    motor_vehicles.approves("counsel")
    released = motor_vehicles.releases()
    assert released.answered == 1
    (answer,) = [file for file in motor_vehicles.outbox if "O-1" in file.name]
    (row,) = motor_vehicles.opens(answer, "O-1").rows
    assert row["mailing_address"]["street"] == "1501 Interlake Ave N"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"statute": "8 USC 1253(a)(1)(A)"}, {"return": 1}),
        ({"statute": "8 USC 1229a"}, {"return": 1}),
        ({"requested_fields": "mailing_address;photograph"}, {"return": 1}),
        ({"birth_date": "1984-05-18"}, {"deny": 1}),
        ({"tin": "900799999"}, {"deny": 1}),
        ({"middle_name": "Q"}, {"refer": 1}),
    ],
)
def test_what_falls_short_of_this_agreement_discloses_nothing(
    motor_vehicles: Agency, change: dict[str, str | None], expected: dict[str, int]
) -> None:
    assert asks(motor_vehicles, [a_driver(**change)]) == expected
    assert motor_vehicles.outbox == []


def test_a_batch_under_another_agreement_is_refused_at_the_door(motor_vehicles: Agency) -> None:
    refused = motor_vehicles.takes_in(motor_vehicles.package([a_driver()], agreement="irs-ice-2025"))
    assert isinstance(refused, Refusal)
