"""What each contender says of requests whose outcome is known beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrowgate.measure import febrl, number_rules, ours, record_linkage, splink_peer
from narrowgate.measure.data_set import DataSet
from narrowgate.measure.verdict import Verdict
from tests.register.shelf import an_address

from .hand_made import CARLA, REQUESTS, TRUTH, a_data_set, said, silent, strict

P1, P2, P3 = ("match", "p1"), ("match", "p2"), ("match", "p3")
NONE, POSSIBLE = ("none", None), ("possible", None)


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    return a_data_set(tmp_path)


def test_by_number_alone_whoever_has_the_number_is_taken(data: DataSet) -> None:
    assert said(data, _rule(data, "tin")) == {
        "own": P1, "spouse's number": P2, "another address": P1, "without number": NONE, "one letter off": P1,
        "nobody": NONE, "two records": P3,
    }  # fmt: skip


def test_four_letters_of_the_last_name_do_not_tell_spouses_apart(data: DataSet) -> None:
    found = said(data, _rule(data, "tin-name-control"))
    assert found["spouse's number"] == P2
    assert found == said(data, _rule(data, "tin"))


def test_the_rule_of_the_administration_asks_for_the_first_name_too(data: DataSet) -> None:
    found = said(data, _rule(data, "tin-ssa"))
    assert (found["own"], found["one letter off"], found["spouse's number"]) == (P1, P1, NONE)


def test_by_name_and_address_the_number_does_not_count(data: DataSet) -> None:
    assert said(data, _rule(data, "name-address")) == {
        "own": P1, "spouse's number": P1, "another address": NONE, "without number": P1, "one letter off": NONE,
        "nobody": NONE, "two records": P3,
    }  # fmt: skip


def test_the_station_decides_by_its_rules_and_by_nothing_else(data: DataSet) -> None:
    assert said(data, ours.decide(data, strict())) == {
        "own": P1, "spouse's number": POSSIBLE, "another address": NONE, "without number": P1, "one letter off": NONE,
        "nobody": NONE, "two records": P3,
    }  # fmt: skip


def test_two_people_who_satisfy_a_rule_are_no_decision(tmp_path: Path) -> None:
    requests = {"one of two": {"first_name": "Carla", "last_name": "Mendez", "street": "7 Elm St"}}
    at_home = [an_address(one, street="7 Elm St") for one in ("p3", "p4")]
    namesakes = [CARLA, {**CARLA, "person_id": "p4", "tin": "900700004"}]
    both = a_data_set(tmp_path, requests=requests, truth={"one of two": {"person_id": "p3"}}, people=namesakes,
        addresses=at_home)  # fmt: skip
    assert said(both, _rule(both, "name-address")) == {"one of two": POSSIBLE}


def test_every_contender_says_something_of_every_request(data: DataSet) -> None:
    for verdict in [ours.decide(data, strict()), *number_rules.decide(data, silent)]:
        assert set(said(data, verdict)) == set(REQUESTS)


def test_whatever_the_truth_says_the_verdicts_are_the_same(tmp_path: Path) -> None:
    """Nobody learns from the truth: a false one changes no byte of any verdict."""
    false = {name: {**TRUTH[name], "person_id": "p2", "matchable": True, "subgroups": ["x"]} for name in TRUTH}
    told, misled = a_data_set(tmp_path / "a"), a_data_set(tmp_path / "b", truth=false)
    for decide in (_ours, _numbers):
        assert [file.read_bytes() for file in decide(told)] == [file.read_bytes() for file in decide(misled)]


def test_peers_that_learn_have_no_way_to_the_truth(tmp_path: Path) -> None:
    """They are given a data set whose file of truth is not there."""
    data = febrl.make(tmp_path)
    data.truth.unlink()
    (tmp_path / "stated.parquet").unlink()
    found = [*splink_peer.decide(data), record_linkage.decide(data)]
    assert len(found) == len(splink_peer.THRESHOLDS) + 1
    assert all(one.file.is_file() for one in found)


def _rule(data: DataSet, name: str) -> Verdict:
    (found,) = [one for one in number_rules.decide(data, silent) if one.id == name]
    return found


def _ours(data: DataSet) -> list[Path]:
    return [ours.decide(data, strict()).file]


def _numbers(data: DataSet) -> list[Path]:
    return [one.file for one in number_rules.decide(data, silent)]
