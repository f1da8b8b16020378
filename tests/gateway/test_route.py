"""The route, end to end: what a request comes to, and what did not happen on the way."""

from __future__ import annotations

import pytest

from tests.agency import Agency, a_person, a_request, an_address


def test_a_request_that_stands_about_exactly_one_person_is_disclosed(agency: Agency) -> None:
    outcome = agency.receives([a_request()])
    assert outcome.dispositions == {"disclose": 1}
    assert outcome.lookups == 1
    assert agency.outbox == []
    assert agency.kinds() == ["received", "determination"]


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ({"last_name": None}, "G05"),
        ({"street": "Failed to Provide"}, "G06"),
        ({"street": None, "city": None, "state": None}, "G06"),
        ({"tax_periods": None}, "G07"),
        ({"statute": "8 USC 1229a"}, "G08"),
        ({"order_case_no": None}, "G09m"),
        ({"order_ground": "1182(a)(6)(A)(i)"}, "G09b"),
        ({"order_final_on": "2025-12-02"}, "G09c"),  # 90 days before the request
        ({"court_final_on": "2025-01-14"}, "G09e"),
        ({"relief_pending": "yes"}, "G09d"),
        ({"matter_id": None}, "G10"),
        ({"matter_opened_on": "2026-03-03"}, "G10"),
        ({"reason": "relevant"}, "G11a"),
        ({"engaged_officers": "O-1;O-9"}, None),  # the roster of the package lists both
        ({"requested_fields": "mailing_address;wages"}, "G14"),
        ({"birth_date": "17/05/1984"}, "G04"),
    ],
)
def test_each_defect_on_the_face_returns_the_request_and_opens_no_register(
    agency: Agency, change: dict[str, str | None], clause: str | None
) -> None:
    outcome = agency.receives([a_request(**change)])
    if clause is None:
        assert outcome.dispositions == {"disclose": 1}
        return
    assert outcome.dispositions == {"return": 1}
    assert outcome.fails(clause) == 1
    assert outcome.lookups == 0
    assert agency.outbox == []


def test_the_91st_day_stands_where_the_90th_does_not(agency: Agency) -> None:
    outcome = agency.receives([a_request(order_final_on="2025-12-01")])
    assert outcome.dispositions == {"disclose": 1}


def test_every_request_of_a_mixed_batch_ends_in_one_determination_and_one_entry(agency: Agency) -> None:
    rows = [
        a_request(1),
        a_request(2, tax_periods=None),
        a_request(3, tin="900999999", birth_date="1970-01-01"),
    ]
    outcome = agency.receives(rows)
    assert sum(outcome.dispositions.values()) == len(rows)
    assert agency.kinds().count("determination") == len(rows)


def test_nobody_found_is_denied(agency: Agency) -> None:
    outcome = agency.receives([a_request(tin="900999999", first_name="Otilia", birth_date="1970-01-01")])
    assert outcome.dispositions == {"deny": 1}
    assert outcome.lookups == 1


def test_two_who_may_be_meant_are_referred_and_neither_is_named(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    twins = [a_person(1), a_person(2)]
    agency = Agency(tmp_path_factory.mktemp("twins"), people=twins, addresses=[an_address(1), an_address(2)])
    outcome = agency.receives([a_request(1, tin=None)])
    assert outcome.dispositions == {"refer": 1}
    assert agency.outbox == []


@pytest.mark.parametrize("marker", ["impairment", "identity_theft"])
def test_a_marked_record_is_never_disclosed(tmp_path_factory: pytest.TempPathFactory, marker: str) -> None:
    agency = Agency(tmp_path_factory.mktemp(marker), people=[a_person(1, **{marker: True})])
    outcome = agency.receives([a_request()])
    assert "disclose" not in outcome.dispositions


def test_the_same_batch_determined_again_is_the_same_run_and_enters_nothing(agency: Agency) -> None:
    first = agency.receives([a_request()])
    entries = len(agency.entries)
    again = agency.determines("B-1")
    assert again.summary["determination_digest"] == first.summary["determination_digest"]
    assert again.summary["repeated"] is True
    assert len(agency.entries) == entries


def test_an_address_that_the_custodian_never_held_is_not_confirmed_by_a_number(agency: Agency) -> None:
    outcome = agency.receives([a_request(street="77 Nowhere Ln")])
    assert "disclose" not in outcome.dispositions


def test_a_lapsed_safeguard_review_returns_nothing_and_discloses_nothing(agency: Agency) -> None:
    file = agency.folder.trust / "safeguards.toml"
    file.write_text(file.read_text().replace("open_findings = 0", "open_findings = 1"))
    outcome = agency.receives([a_request()])
    assert outcome.dispositions == {"deny": 1}
    assert outcome.lookups == 0


def test_the_order_of_entries_does_not_tell_which_is_whose(agency: Agency) -> None:
    rows = [
        a_request(number, engaged_officers=f"O-{number % 4}", tax_periods=None if number > 20 else "2024")
        for number in range(1, 41)
    ]
    agency.receives(rows)
    codes = [entry["code"] for entry in agency.entries if entry["kind"] == "determination"]
    assert codes.count("return") == 20
    assert codes[20:] != ["return"] * 20
