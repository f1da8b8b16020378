"""Who counts as right, wrong, found and referred."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from narrowgate.errors import WrongUse
from narrowgate.measure import counts, number_rules, ours
from narrowgate.measure.data_set import DataSet, session_for
from narrowgate.measure.verdict import Verdict
from narrowgate.measure.wrong import wrong_persons

from .hand_made import TRUTH, a_data_set, silent, strict


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    return a_data_set(tmp_path)


@pytest.fixture
def session(data: DataSet) -> Iterator[duckdb.DuckDBPyConnection]:
    with session_for(data.folder, data.register.folder, spill=data.folder / "spill") as opened:
        yield opened


def test_ours_decides_three_rightly_and_refers_one(data: DataSet, session: duckdb.DuckDBPyConnection) -> None:
    found = counts.overall(session, data, ours.decide(data, strict()))
    assert (found.requests, found.counterpart, found.decided, found.wrong) == (7, 6, 3, 0)
    assert (found.possible, found.none, found.matchable, found.right_of_matchable) == (1, 3, 3, 3)
    assert (found.recall, found.recall_of_matchable) == (0.5, 1.0)


def test_another_record_of_the_same_human_being_is_right(data: DataSet, session: duckdb.DuckDBPyConnection) -> None:
    by_kind = counts.by_profile(session, data, ours.decide(data, strict()))
    assert (by_kind["two records"].decided, by_kind["two records"].wrong) == (1, 0)


def test_the_spouse_whose_number_it_was_is_a_wrong_person(data: DataSet, session: duckdb.DuckDBPyConnection) -> None:
    control = _control(data)
    assert counts.overall(session, data, control).wrong == 1
    (mistake,) = wrong_persons(session, data, control)
    assert (mistake["profile"], mistake["rule"]) == ("spouse's number", None)
    assert "Alma" in str(mistake["request"]) and "Bruno" in str(mistake["decided"]) and "Alma" in str(mistake["true"])


def test_whoever_is_decided_upon_where_nobody_was_meant_is_a_wrong_person(
    tmp_path: Path, session: duckdb.DuckDBPyConnection
) -> None:
    data = a_data_set(tmp_path / "b", truth={**TRUTH, "own": {"person_id": None}})
    with session_for(data.folder, data.register.folder, spill=data.folder / "spill") as opened:
        verdict = ours.decide(data, strict())
        found = counts.overall(opened, data, verdict)
        (mistake,) = wrong_persons(opened, data, verdict)
    assert (found.wrong, found.counterpart) == (1, 5)
    assert mistake["true"] is None


def test_a_request_counts_in_every_group_it_belongs_to(data: DataSet, session: duckdb.DuckDBPyConnection) -> None:
    groups = counts.by_subgroup(session, data, _control(data))
    assert {name: (one.requests, one.wrong) for name, one in groups.items()} == {"itin": (3, 1), "joint": (1, 1)}
    assert {name: one.requests for name, one in counts.by_noise(session, data, _control(data)).items()} == {"typo": 1}


def test_each_rule_has_its_own_count_and_bound(data: DataSet, session: duckdb.DuckDBPyConnection) -> None:
    rules = {one.rule: one for one in counts.by_rule(session, data, ours.decide(data, strict()))}
    assert {name: (one.decided, one.wrong) for name, one in rules.items()} == {"E1": (2, 0), "E4": (1, 0)}
    assert rules["E4"].as_json()["wrong_rate_upper"] == pytest.approx(0.95)


def test_why_a_request_was_referred_is_counted(data: DataSet, session: duckdb.DuckDBPyConnection) -> None:
    assert sum(counts.reasons(session, data, ours.decide(data, strict())).values()) == 1


def test_what_was_not_decided_has_no_rate(data: DataSet, session: duckdb.DuckDBPyConnection) -> None:
    nobody = counts.by_profile(session, data, ours.decide(data, strict()))["nobody"].as_json()
    assert (nobody["wrong_rate"], nobody["wrong_rate_upper"], nobody["recall"]) == (None, None, None)


@pytest.mark.parametrize(
    "truth",
    [
        {name: TRUTH[name] for name in list(TRUTH)[1:]},
        {**TRUTH, "somebody else": {"person_id": "p1"}},
    ],
    ids=["a request without a truth", "a truth without a request"],
)
def test_requests_and_truths_that_do_not_pair_stop_the_measurement(tmp_path: Path, truth: object) -> None:
    with pytest.raises(Exception, match=r"rows") as stopped:
        a_data_set(tmp_path, truth=truth)  # type: ignore[arg-type]
    assert type(stopped.value).__name__ in ("WrongUse", "Fault")


def test_a_register_that_may_hold_real_people_is_not_measured_on(tmp_path: Path) -> None:
    data = a_data_set(tmp_path)
    described = tmp_path / "register" / "register.toml"
    described.write_text(described.read_text().replace("synthetic = true", "synthetic = false"))
    from narrowgate.measure.data_set import take_in

    with pytest.raises(WrongUse, match="does not say that its people are synthetic") as refused:
        take_in(tmp_path / "again", id="x", title="", about="", register=tmp_path / "register",
            requests=tmp_path / "requests.parquet", truth=tmp_path / "truth.parquet")  # fmt: skip
    assert refused.value.hint == "nothing was measured"
    assert data.register.synthetic


def _control(data: DataSet) -> Verdict:
    (found,) = [one for one in number_rules.decide(data, silent) if one.id == "tin-name-control"]
    return found
