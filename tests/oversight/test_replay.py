"""A replay comes to what a run of its own would come to, and does nothing again that a reading cannot change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from narrowgate.errors import Fault, WrongUse
from narrowgate.gateway.runs import Run, find
from narrowgate.oversight.replay import Comparison, replay
from narrowgate.terms.determination import Mode
from tests.agency import Agency, a_person, a_request, an_address

WHO = ({"first_name": "Alma"}, {"first_name": "Berta"}, {"first_name": "Celia"})
WHERE = ({"street": "1501 Interlake Ave N"}, {"street": "22 Oak St"}, {"street": "3 Elm Rd"})


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    """Three people who cannot be taken for each other."""
    return Agency(
        tmp_path,
        people=[a_person(number, **who) for number, who in enumerate(WHO, start=1)],
        addresses=[an_address(number, **where) for number, where in enumerate(WHERE, start=1)],
    )


def about(number: int, **changes: Any) -> dict[str, Any]:
    return a_request(number, **{**WHO[number - 1], **WHERE[number - 1], **changes})


def replayed(
    agency: Agency, reading: str, *, of: str = "strict", out: Path | None = None
) -> tuple[dict[str, Any], Comparison]:
    with agency.desk() as desk:
        run = find(desk, "B-1", reading=of)
        return replay(desk, run, reading=reading, progress=lambda _: None, out=out)


def on_its_own(agency: Agency, rows: list[dict[str, Any]], reading: str, root: Path) -> str:
    """The digest of the same batch rehearsed under `reading` at a gate that has never seen it."""
    other = Agency(root, people=agency.people, addresses=agency.addresses, clock=agency.clock)
    other.takes_in(other.package(rows))
    return str(other.determines("B-1", Mode.REHEARSAL, reading).summary["determination_digest"])


ROWS = [about(1), about(2, order_case_no=None), about(3, tax_periods=None)]
READINGS = ("ddc-2026-02-26", "dcc-2026-02-24", "government-2026", "as-practised-2025-08")


@pytest.mark.parametrize("reading", READINGS)
def test_a_replay_comes_to_what_a_run_of_its_own_comes_to(agency: Agency, tmp_path: Path, reading: str) -> None:
    agency.receives(ROWS, Mode.REHEARSAL)
    summary, _ = replayed(agency, reading)
    assert summary["determination_digest"] == on_its_own(agency, ROWS, reading, tmp_path / "own")


@pytest.mark.parametrize(
    ("reading", "looked_up"),
    [
        # The same clauses and the same evidence: who was looked up stays looked up.
        ("ddc-2026-02-26", 0),
        # The case number of the order is not asked for: the second request stands now, and it alone is looked up.
        ("dcc-2026-02-24", 1),
        # Nor by an argument about the law, which tells persons apart as the reading does that it rests on.
        ("government-2026", 1),
        # Other evidence: what one person is by it was never established, for nobody.
        ("as-practised-2025-08", 3),
    ],
)
def test_nobody_is_looked_up_again_by_the_same_evidence(agency: Agency, reading: str, looked_up: int) -> None:
    agency.receives(ROWS, Mode.REHEARSAL)
    assert replayed(agency, reading)[0]["looked_up"] == looked_up


def test_a_register_that_changed_is_looked_into_again(agency: Agency) -> None:
    agency.receives(ROWS, Mode.REHEARSAL)
    file = agency.register / "register.toml"
    file.write_text(file.read_text().replace("2026-03-01", "2026-03-02"))
    assert replayed(agency, "ddc-2026-02-26")[0]["looked_up"] == 1


def test_what_the_custodian_trusts_now_counts_in_a_replay(agency: Agency) -> None:
    agency.receives(ROWS, Mode.REHEARSAL)
    for certificate in (agency.folder.trust / "officers").glob("*.pem"):
        certificate.unlink()
    summary, compared = replayed(agency, "ddc-2026-02-26")
    assert summary["dispositions"] == {"return": 3}
    assert compared.flips["G12a"] == 1


@pytest.mark.parametrize("handed_on", ["facts", "match"])
def test_a_hand_over_that_changed_is_not_taken_over(agency: Agency, handed_on: str) -> None:
    agency.receives(ROWS, Mode.REHEARSAL)
    with agency.desk() as desk:
        file = find(desk, "B-1").case.file(handed_on)
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(Fault, match="is not the one that station"):
        replayed(agency, "ddc-2026-02-26")


def test_a_replay_changes_nothing_in_the_run_it_is_compared_with(agency: Agency) -> None:
    agency.receives(ROWS, Mode.REHEARSAL)

    def contents(run: Run) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in run.case.folder.iterdir()}

    with agency.desk() as desk:
        before = contents(find(desk, "B-1"))
    for reading in READINGS:
        replayed(agency, reading)
    with agency.desk() as desk:
        assert contents(find(desk, "B-1")) == before
    assert agency.outbox == []
    assert agency.kinds()[-4:] == ["replay"] * 4


def test_what_is_determined_otherwise_is_listed_with_its_clauses(agency: Agency, tmp_path: Path) -> None:
    agency.receives(ROWS, Mode.REHEARSAL)
    _, compared = replayed(agency, "dcc-2026-02-24", out=tmp_path / "flips.csv")
    assert compared.determined_otherwise == 1
    assert (tmp_path / "flips.csv").read_text().splitlines() == [
        "request_ref,before,after,not_satisfied,undetermined",
        'R-0002,return,disclose,"",""',
    ]


@pytest.mark.parametrize(("name", "words"), [("flips.txt", "neither"), ("nowhere/flips.csv", "no folder")])
def test_a_list_that_cannot_be_written_is_refused_before_anything_is_done(
    agency: Agency, tmp_path: Path, name: str, words: str
) -> None:
    agency.receives(ROWS, Mode.REHEARSAL)
    entries = len(agency.entries)
    with pytest.raises(WrongUse, match=words):
        replayed(agency, "dcc-2026-02-24", out=tmp_path / name)
    assert len(agency.entries) == entries
