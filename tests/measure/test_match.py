"""The whole measurement on small sets: what it says of itself, what it finds, and that it finds it again."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from narrowgate.errors import WrongUse
from narrowgate.files import digest
from narrowgate.measure.evidence import flagship
from narrowgate.measure.match import SETS, Measured, Plan, measure
from narrowgate.register import open_register

from .hand_made import DAY, silent

CONTENDERS = {
    "strict", "as-practised-2025-08", "strict-P19B", "tin", "tin-name-control", "tin-ssa", "name-address", "splink-0.9",
    "splink-0.99", "splink-0.999", "splink-0.9999", "splink-0.99999", "recordlinkage",
}  # fmt: skip


def test_all_contenders_judge_the_same_requests(report: dict[str, Any]) -> None:
    hostile, febrl4 = report["sets"]
    assert {one["id"] for one in hostile["contenders"]} == CONTENDERS
    assert {one["id"] for one in febrl4["contenders"]} == CONTENDERS - {"strict", "as-practised-2025-08",
        "strict-P19B"} | {"febrl4"}  # fmt: skip
    for part in report["sets"]:
        for one in part["contenders"]:
            assert one["requests"] == (one["sample"] or part["requests"])
            assert one["decided"] + one["possible"] + one["none"] == one["requests"]
            assert one["right"] + one["wrong"] == one["decided"]


def test_the_hostile_rows_lead_others_astray(report: dict[str, Any]) -> None:
    by_id = {one["id"]: one for one in report["sets"][0]["contenders"]}
    assert by_id["strict"]["wrong"] <= 1
    for name in ("tin", "tin-name-control", "splink-0.99", "recordlinkage"):
        assert by_id[name]["wrong"] > 10, f"{name} takes nobody for somebody else: the rows are not hostile"


def test_febrl4_is_decided_without_a_wrong_person(report: dict[str, Any]) -> None:
    febrl4 = report["sets"][1]
    (ours,) = [one for one in febrl4["contenders"] if one["id"] == "febrl4"]
    assert (febrl4["requests"], ours["counterpart"], ours["wrong"]) == (5000, 5000, 0)
    assert ours["recall"] >= 0.99
    assert [bar["met"] for bar in report["bars"] if bar["id"].startswith("febrl4")] == [True, True]
    assert febrl4["blind_spots"]["missed"] == {}, "a rule may be true of somebody whom no key finds"


def test_peers_find_in_febrl4_what_they_are_known_to_find(report: dict[str, Any]) -> None:
    by_id = {one["id"]: one for one in report["sets"][1]["contenders"]}
    for name in ("splink-0.9", "recordlinkage"):
        assert by_id[name]["wrong"] == 0
        assert by_id[name]["recall"] > 0.98


def test_the_report_says_what_it_was_made_from(report: dict[str, Any], hostile: Path) -> None:
    assert report["versions"]["splink"] == version("splink")
    assert report["agreement"] == {"id": "irs-ice-2025", "digest": flagship().digest}
    assert (report["measured_on"], report["command"], report["confidence"]) == ("2026-11-25", "as in the tests", 0.95)
    rows = report["sets"][0]
    assert rows["digests"] == {
        "register": open_register(hostile / "register").digest,
        "requests": digest(hostile / "batch" / "requests.parquet"),
        "truth": digest(hostile / "batch" / "truth.parquet"),
    }
    assert set(rows["seeds"]) == {"splink", "recordlinkage"} and rows["blind_spots"]["seed"]


def test_every_group_has_its_count_its_bound_and_its_gap(report: dict[str, Any]) -> None:
    part = report["sets"][0]
    groups = part["subgroups"]["strict"]
    assert {"twin", "two surnames", "same-name household"} <= set(groups)
    assert set(part["recall_gaps"]) == set(groups) == set(part["subgroups"]["tin-name-control"])
    everybody = part["contenders"][0]["recall"]
    for name, one in groups.items():
        assert (one["wrong_rate_upper"] is None) == (one["decided"] == 0)
        if one["recall"] is not None:
            assert part["recall_gaps"][name]["recall"] == pytest.approx(one["recall"] - everybody)


def test_measured_again_it_is_the_same_to_the_byte(measured: Measured, hostile: Path, tmp_path: Path) -> None:
    plan = Plan(sets=("hostile",), register=hostile / "register", batch=hostile / "batch", asked=150, among=500)
    again = measure(tmp_path, plan, on=DAY, command="as in the tests", say=silent)
    sets: Any = measured.report["sets"]
    assert json.dumps(again.report["sets"]) == json.dumps(sets[:1])


@pytest.mark.parametrize("sets", [(), ("febrl3",), ("hostile", "febrl3")])
def test_a_set_that_there_is_not_is_wrong_use(sets: tuple[str, ...]) -> None:
    with pytest.raises(WrongUse, match="is no set") as refused:
        Plan(sets=sets)
    assert refused.value.hint == "nothing was measured"


def test_a_batch_without_its_register_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="together"):
        Plan(sets=SETS, batch=tmp_path)
