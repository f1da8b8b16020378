"""What ships: a model in Splink's own format that says where it comes from and can be added up by hand."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.metadata import version
from itertools import product
from typing import Any

import pytest

from narrowgate.errors import Fault
from narrowgate.second_opinion.model import MODEL, Model, provenance, shipped
from narrowgate.second_opinion.settings import COUNTRY, settings


def test_the_provenance_is_that_of_the_model_beside_it() -> None:
    said = provenance()
    assert said["model"] == shipped().digest
    assert {"register_digest", "requests_digest", "made_with", "seed"} <= said.keys()
    assert all(command.startswith("narrowgate synth ") for command in said["made_with"])


def test_the_model_was_trained_with_the_versions_that_weigh_by_it() -> None:
    assert [f"{name} {version(name)}" for name in ("splink", "duckdb")] == provenance()["with"][:2]


def test_the_model_compares_what_the_settings_say_and_nothing_else() -> None:
    assert _compared(shipped().settings) == _compared(settings())


def test_no_level_looks_anything_up_beside_the_pair() -> None:
    assert "tf_adjustment" not in shipped().text
    assert "SELECT" not in shipped().text.upper()


def test_of_each_field_the_levels_make_up_all_there_is() -> None:
    for comparison in shipped().comparisons:
        known = comparison.levels[1:]
        assert math.isclose(sum(level.m or 0 for level in known), 1, abs_tol=1e-3), comparison.name
        assert math.isclose(sum(level.u or 0 for level in known), 1, abs_tol=1e-3), comparison.name


def test_the_best_level_speaks_for_and_the_worst_against_and_missing_for_neither() -> None:
    for comparison in shipped().comparisons:
        missing, best, *_, worst = comparison.levels
        assert (missing.weight, missing.number) == (0, -1)
        assert best.weight == max(level.weight for level in comparison.levels) > 0 > worst.weight


def test_a_pair_starts_from_one_in_the_whole_country() -> None:
    assert math.isclose(shipped().start, -math.log2(COUNTRY - 1), abs_tol=1e-6)


def test_no_pair_that_there_can_be_lies_so_near_to_even_odds_that_rounding_moves_it() -> None:
    """Whatever a processor makes of the last digit, the opinion is the same."""
    model = shipped()
    weights = [[level.weight for level in comparison.levels] for comparison in model.comparisons]
    nearest = min(abs(model.start + sum(pair)) for pair in product(*weights))
    assert nearest > 0.0006


def test_no_one_field_is_enough() -> None:
    model = shipped()
    best = sorted(max(level.weight for level in comparison.levels) for comparison in model.comparisons)
    assert model.start + best[-1] < 0


def test_a_level_without_m_or_u_is_a_fault_that_names_it() -> None:
    broken = json.loads(shipped().text)
    del broken["comparisons"][0]["comparison_levels"][1]["u_probability"]
    model = replace(shipped(), text=json.dumps(broken))
    with pytest.raises(Fault, match="no m or u for `tin` at `the same`"):
        _ = model.comparisons


def test_the_digest_is_that_of_the_bytes_that_ship() -> None:
    assert Model(MODEL.read_text(encoding="utf-8")).digest == shipped().digest
    assert Model(shipped().text + " ").digest != shipped().digest


def _compared(model: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (one["output_column_name"],
         [(level["label_for_charts"], level["sql_condition"]) for level in one["comparison_levels"]])
        for one in model["comparisons"]
    ]  # fmt: skip
