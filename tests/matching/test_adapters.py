"""What comes of a request does not depend on where the records are: one register, kept in every way, one result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from narrowgate.gateway.determine import judge, judgement
from narrowgate.measure.evidence import febrl4
from narrowgate.register import ParquetRegister
from narrowgate.store.case import Case
from narrowgate.terms.determination import Mode
from tests.agency import Agency, a_request
from tests.agency import a_person as a_taxpayer
from tests.agency import an_address as a_home
from tests.matching.asking import DAY, ask_of, asking_for_current, reading
from tests.register.hard import a_hard_town
from tests.register.kinds import KEPT, Kept, in_one_file, in_postgresql, with_two_workers

SEED = 4


@pytest.mark.parametrize(
    ("kept", "name"), [(in_postgresql, "as-practised-2025-08"), *((kept, "strict") for kept in KEPT[1:])]
)
def test_a_batch_has_one_result_wherever_the_register_is(tmp_path: Path, kept: Kept, name: str) -> None:
    people, homes, requests = a_hard_town(SEED)
    under = asking_for_current(name)
    one = ask_of(in_one_file(tmp_path / "one", people, homes), tmp_path / "a", requests, under=under)
    other = ask_of(kept(tmp_path / "other", people, homes), tmp_path / "b", requests, under=under)
    assert other.rows == one.rows
    assert other.lookup.pairs == one.lookup.pairs
    outcomes = [row["match_outcome"] for row in one.rows]
    assert {outcome: outcomes.count(outcome) > 2 for outcome in ("match", "possible", "none")} == {
        "match": True, "possible": True, "none": True,
    }  # fmt: skip


@pytest.mark.parametrize("kept", [with_two_workers, in_postgresql])
def test_a_batch_has_one_result_by_the_widest_keys_too(tmp_path: Path, kept: Kept) -> None:
    people, homes, requests = a_hard_town(SEED)
    under = febrl4(on=DAY).basis
    one = ask_of(in_one_file(tmp_path / "one", people, homes), tmp_path / "a", requests, under=under)
    other = ask_of(kept(tmp_path / "other", people, homes), tmp_path / "b", requests, under=under)
    assert other.rows == one.rows
    assert other.lookup.pairs == one.lookup.pairs
    narrower = ask_of(in_one_file(tmp_path / "narrower", people, homes), tmp_path / "c", requests, under=reading())
    assert one.lookup.pairs > narrower.lookup.pairs > 0


def test_a_batch_in_parts_is_answered_by_the_server_from_one_snapshot(tmp_path: Path) -> None:
    people, homes, requests = a_hard_town(SEED + 1)
    one = ask_of(in_one_file(tmp_path / "one", people, homes), tmp_path / "a", requests, under=reading())
    register = in_postgresql(tmp_path / "other", people, homes)
    assert ask_of(register, tmp_path / "b", requests, under=reading(), at_once=len(requests) // 3).rows == one.rows


def test_the_whole_route_comes_to_one_determination_digest(tmp_path: Path) -> None:
    people = [a_taxpayer(n, impairment=n == 3) for n in range(1, 6)]
    people += [a_taxpayer(6, first_name="Ålma"), a_taxpayer(7, last_name="Quintero-Vale")]
    homes = [a_home(n, **_own(n)) for n in range(1, 5)]
    homes += [a_home(6, zip=None, **_own(6)), a_home(7, zip="98103-0001", **_own(7)), a_home(1, **_own(6))]
    agency = Agency(tmp_path, people, homes)
    rows = [a_request(n, **_own(n)) for n in range(1, 9)]
    rows += [a_request(9, tin=None, birth_date=None), a_request(10, last_name=None), a_request(11, tax_periods=None)]
    agency.takes_in(agency.package(rows))
    digests, outcomes = {}, {}
    with agency.desk() as desk:
        batch = desk.batch("B-1")
        judged = judgement(desk, batch, Mode.RUN, None)
        for kept in (in_one_file, with_two_workers, in_postgresql):
            register = kept(tmp_path / kept.__name__, people, homes)
            case = Case(desk.gate.folder.make(desk.gate.folder.case(batch.id, kept.__name__)))
            on = replace(judged, register=cast(ParquetRegister, register))
            summary = judge(desk, on, case, lambda _: None)
            digests[kept.__name__] = summary["determination_digest"]
            outcomes[kept.__name__] = summary["dispositions"]
            assert summary["register_digest"] == register.digest
    assert len(set(digests.values())) == 1, outcomes
    assert outcomes["in_postgresql"]["disclose"] > 2
    assert len(outcomes["in_postgresql"]) > 2


def _own(number: int) -> dict[str, str]:
    """A street of one's own: who has the same name at one's address may be the one who is meant."""
    return {"street": f"{number}1501 Interlake Ave N"}
