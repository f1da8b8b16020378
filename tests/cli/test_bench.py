"""`bench match` as a script uses it: what it writes, what it prints, and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from narrowgate.agreement.folder import MEASURED
from narrowgate.agreement.measured import read_measured
from narrowgate.cli.app import main
from narrowgate.measure.bounds_file import written
from narrowgate.measure.folder import MARK
from tests.measure.generated import PEOPLE, ROWS, build, plant


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command and reads what it printed."""

    def bench(*arguments: object, status: int) -> dict[str, Any]:
        capsys.readouterr()
        assert main(["bench", "match", *map(str, arguments), "--on", "2026-11-25", "--json"]) == status
        found = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert isinstance(found, dict)
        return found

    return bench


def test_a_planted_wrong_person_is_found_and_falls_short_and_is_in_the_bounds(run: Any, tmp_path: Path) -> None:
    build(tmp_path, people=PEOPLE, rows=ROWS)
    bounds = tmp_path / "measured.toml"
    planted = plant(tmp_path / "batch", tmp_path / "planted")
    printed = run("--set", "hostile", "--register", tmp_path / "register", "--batch", tmp_path / "planted",
        "--folder", tmp_path / "bench", "--sample", 20, "--bounds", bounds, status=1)  # fmt: skip
    assert printed["reached"] is False
    (bar,) = [bar for bar in printed["bars"] if bar["id"] == "no-wrong-person"]
    assert (bar["wanted"], bar["met"]) == ("0", False)
    report = json.loads((tmp_path / "bench" / "match.json").read_text())
    mistakes = report["sets"][0]["wrong_persons"]
    assert len(mistakes) == int(bar["measured"])
    (found,) = [one for one in mistakes if one["request"].startswith(f"{planted},")]
    assert (found["profile"], found["true"]) == ("own", None)
    page = (tmp_path / "bench" / "match.html").read_text()
    assert "✗ missed" in page and planted in page
    assert bounds.read_text() == written(report)
    strict = [one for one in read_measured({MEASURED: bounds.read_bytes()}, "x") if one.under == "strict"]
    assert {one.rule: (one.decisions, one.wrong) for one in strict} == {
        rule["rule"]: (rule["decided"], rule["wrong"]) for rule in report["sets"][0]["rules"]["strict"]
    }
    assert sum(one.wrong for one in strict) == len(mistakes)


def test_a_set_without_bars_is_measured_and_done(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "bench"
    printed = run("--set", "febrl4-unnumbered", "--folder", folder, "--sample", 20, status=0)
    assert printed == {"report": str(folder / "match.json"), "page": str(folder / "match.html"), "reached": True,
        "bars": []}  # fmt: skip
    report = json.loads((folder / "match.json").read_text())
    assert report["command"] == ("narrowgate bench match --set febrl4-unnumbered --people 2000000 --rows 1000000 "
        "--sample 20 --on 2026-11-25")  # fmt: skip
    assert [part["id"] for part in report["sets"]] == ["febrl4-unnumbered"]
    assert sorted(one.name for one in folder.iterdir()) == [MARK, "match.html", "match.json"], "no rows are left"


@pytest.mark.parametrize(
    ("rows", "name", "words"),
    [("febrl4", "measured.toml", "only hostile and statements"), ("hostile", "none/m", "no folder")],
)
def test_bounds_that_cannot_be_written_are_refused_before_anything_is_measured(
    run: Any, tmp_path: Path, rows: str, name: str, words: str
) -> None:
    refused = run("--set", rows, "--folder", tmp_path / "bench", "--bounds", tmp_path / name, status=2)
    assert words in refused["error"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_a_bench_did_not_make_is_left_alone(run: Any, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    refused = run("--folder", tmp_path, status=2)
    assert "was not made by a measurement" in refused["error"]
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


def test_rows_that_lie_in_the_folder_are_not_emptied(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "bench"
    (folder / "work" / "register").mkdir(parents=True)
    (folder / MARK).write_text("")
    refused = run("--folder", folder, "--register", folder / "work" / "register", "--batch", tmp_path, status=2)
    assert "which is emptied first" in refused["error"]
    assert (folder / "work" / "register").is_dir()


def test_what_is_not_installed_is_said_before_anything_is_touched(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "recordlinkage", None)
    refused = run("--folder", tmp_path / "bench", status=2)
    assert refused["error"] == "`recordlinkage` is not installed"
    assert refused["hint"] == "install it with `pip install 'narrowgate[bench]'`; nothing was measured"
    assert not (tmp_path / "bench").exists()


def test_an_unknown_set_is_wrong_use(run: Any, tmp_path: Path) -> None:
    refused = run("--set", "febrl3", "--folder", tmp_path / "bench", status=2)
    assert "`febrl3` is no set" in refused["error"]
    assert not (tmp_path / "bench").exists()


def test_the_program_starts_without_what_only_a_bench_needs() -> None:
    names = {"pandas", "recordlinkage", "pseudopeople"}
    code = f"import sys, narrowgate.cli.app; print(sorted({names!r} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
