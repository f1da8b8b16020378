"""`narrowgate synth`: registers and batches of simulated people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from narrowgate.cli.app import main


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synth") / "register"
    assert main(["synth", "register", str(folder), "--people", "120000", "--seed", "5", "--json"]) == 0
    return folder


def _printed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(result, dict)
    return result


def test_a_register_has_the_people_that_were_asked_for_and_says_where_its_truth_is(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert duckdb.execute(f"SELECT count(*) FROM '{register}/person/*.parquet'").fetchall() == [(120_000,)]
    capsys.readouterr()
    assert main(["synth", "register", str(tmp_path / "small"), "--people", "50"]) == 0
    told = capsys.readouterr().out
    assert "of 50 simulated people" in told
    assert str(tmp_path / "small-truth") in told
    assert (tmp_path / "small-truth").is_dir()


@pytest.mark.parametrize("profile", ["clean", "record", "sound", "hostile"])
def test_a_batch_of_each_profile_is_whole(
    profile: str, register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(register), str(tmp_path), "--profile", profile, "--rows", "2000", "--on", "2026-03-02"]
    assert main(["synth", "batch", *arguments, "--json"]) == 0
    made = _printed(capsys)
    assert made["rows"] == 2_000
    ((rows, latest),) = duckdb.execute(f"SELECT count(*), max(order_final_on) FROM '{made['requests']}'").fetchall()
    assert rows == 2_000
    assert latest < "2026-03-02"
    assert duckdb.execute(f"SELECT count(*) FROM '{made['truth']}'").fetchall() == [(2_000,)]
    assert json.loads(Path(made["manifest"]).read_text())["created_at"].startswith("2026-03-02")


def test_a_clean_batch_is_about_people_of_the_register_and_writes_them_right(register: Path, tmp_path: Path) -> None:
    arguments = [str(register), str(tmp_path), "--profile", "clean", "--rows", "500", "--on", "2026-03-02"]
    assert main(["synth", "batch", *arguments]) == 0
    wrong = duckdb.execute(f"""SELECT count(*) FROM '{tmp_path}/requests.parquet' r
        JOIN '{tmp_path}/truth.parquet' t USING (request_ref)
        LEFT JOIN '{register}/person/*.parquet' p ON p.person_id = t.person_id
        WHERE p.person_id IS NULL OR upper(r.last_name) IS DISTINCT FROM upper(p.last_name)
            OR replace(r.tin, '-', '') <> p.tin OR r.birth_date::DATE <> p.birth_date""").fetchall()
    assert wrong == [(0,)]


def test_wrong_use_is_said_in_one_line_and_writes_nothing(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["synth", "register", str(register)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert main(["synth", "batch", str(register), str(tmp_path / "b"), "--profile", "kind"]) == 2
    assert not (tmp_path / "b").exists()
    assert main(["synth", "batch", str(register), str(tmp_path / "b"), "--profile", "hostile", "--rows", "200000"]) == 2
    assert "has `120000` people" in capsys.readouterr().err
    assert not (tmp_path / "b" / "requests.parquet").exists()
