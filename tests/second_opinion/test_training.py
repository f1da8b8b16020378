"""The model can be trained again by anybody, without the truth, and comes out the same."""

from __future__ import annotations

import json
import shutil
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from narrowgate.errors import WrongUse
from narrowgate.second_opinion.model import MODEL, PROVENANCE, Model, shipped
from narrowgate.second_opinion.settings import ADDRESS
from narrowgate.second_opinion.training import describe, main, train
from narrowgate.synth.august_2025 import rebuild_batch
from narrowgate.synth.population import build_register, truth_folder

NOW = datetime(2025, 8, 7, tzinfo=UTC)
FEW = 400_000
"""Random pairs: enough to see that it works."""


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A register of 3,000 people and a batch about them; what is true of them is gone."""
    folder = tmp_path_factory.mktemp("simulated")
    build_register(folder / "register", people=3_000, seed=7)
    rebuild_batch(folder / "register", folder / "batch", rows=2_000, seed=8, created_at=NOW,
        expires_at=NOW + timedelta(days=90), profile="sound")  # fmt: skip
    (folder / "batch" / "truth.parquet").unlink()
    shutil.rmtree(truth_folder(folder / "register"))
    return folder / "register", folder / "batch" / "requests.parquet"


@pytest.fixture(scope="module")
def trained(simulated: tuple[Path, Path]) -> Model:
    return train(*simulated, random_pairs=FEW)


def test_it_is_trained_without_the_truth_and_twice_the_same(simulated: tuple[Path, Path], trained: Model) -> None:
    assert train(*simulated, random_pairs=FEW).text == trained.text


def test_it_learns_that_what_agrees_speaks_for_one_person(trained: Model) -> None:
    for comparison in trained.comparisons:
        _, best, *_, worst = comparison.levels
        if comparison.name != "suffix":  # among so few there is only one
            assert best.weight > 0 > worst.weight, comparison.name


def test_what_was_never_seen_is_not_taken_for_impossible(trained: Model) -> None:
    levels = [level for comparison in trained.comparisons for level in comparison.levels if level.m is not None]
    assert min(level.u or 0 for level in levels) >= 3 / FEW
    assert min(level.m or 0 for level in levels) > 0


def test_it_has_the_form_of_the_one_that_ships(trained: Model) -> None:
    def form(model: Model) -> object:
        return [(one.name, [(level.label, level.condition) for level in one.levels]) for one in model.comparisons]

    assert form(trained) == form(shipped())
    assert {**trained.settings, "comparisons": 0} == {**shipped().settings, "comparisons": 0}
    assert {level.label for level in trained.comparisons[-1].levels} == {"missing", "held", "the same house", "differs"}
    assert len(ADDRESS) == 3


def test_the_provenance_names_what_it_was_trained_on(simulated: tuple[Path, Path], trained: Model) -> None:
    said = describe(trained, *simulated, on=NOW.date(), made_with=["narrowgate synth register r"])
    assert f'model = "{trained.digest}"' in said
    assert "3000 people, seed 7" in said
    assert 'trained_on = "2025-08-07"' in said


def test_only_simulated_people_are_trained_on(simulated: tuple[Path, Path], tmp_path: Path) -> None:
    register = shutil.copytree(simulated[0], tmp_path / "register")
    described = (register / "register.toml").read_text().replace("synthetic = true", "synthetic = false")
    (register / "register.toml").write_text(described)
    with pytest.raises(WrongUse, match="does not say that its people are synthetic"):
        train(register, simulated[1])


def test_the_command_says_what_is_wrong_and_writes_nothing(
    simulated: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    code = main([str(tmp_path), str(simulated[1]), "--on", "2025-08-07", "--out", str(out)])
    said = capsys.readouterr()
    assert code != 0
    assert said.err.startswith("narrowgate: error: register `")
    assert "narrowgate: hint: " in said.err
    assert not out.exists()


def test_the_command_writes_the_model_and_where_it_comes_from(
    simulated: tuple[Path, Path], trained: Model, tmp_path: Path
) -> None:
    said = ["--on", "2025-08-07", "--out", str(tmp_path), "--random-pairs", str(FEW), "--made-with", "narrowgate synth"]
    assert main([*map(str, simulated), *said]) == 0
    assert Model((tmp_path / MODEL.name).read_text(encoding="utf-8")).digest == trained.digest
    described = tomllib.loads((tmp_path / PROVENANCE.name).read_text(encoding="utf-8"))
    assert (described["model"], described["random_pairs"]) == (trained.digest, FEW)
    assert described["made_with"] == ["narrowgate synth"]


def test_the_text_is_json_of_rounded_numbers(trained: Model) -> None:
    levels = [level for one in json.loads(trained.text)["comparisons"] for level in one["comparison_levels"]]
    numbers = [level[name] for level in levels for name in ("m_probability", "u_probability") if name in level]
    assert len(numbers) == 2 * sum(len(one.levels) - 1 for one in trained.comparisons)
    assert all(float(f"{value:.6g}") == value for value in numbers)
