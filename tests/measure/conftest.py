"""A hostile set of rows as small as its generator can make one, and what was measured on it and on FEBRL4, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from narrowgate.measure.match import Measured, Plan, measure

from .generated import PEOPLE, ROWS, build
from .hand_made import DAY, silent

Measure = Callable[..., Measured]


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `register` and `batch`."""
    folder = tmp_path_factory.mktemp("hostile")
    build(folder, people=PEOPLE, rows=ROWS)
    return folder


@pytest.fixture(scope="session")
def measured(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """Both sets, by all contenders."""
    plan = Plan(
        sets=("hostile", "febrl4"), register=hostile / "register", batch=hostile / "batch", asked=150, among=500
    )
    return measure(tmp_path_factory.mktemp("measured"), plan, on=DAY, command="as in the tests", say=silent)


@pytest.fixture(scope="session")
def report(measured: Measured) -> dict[str, Any]:
    """The report as it is read from JSON."""
    found = json.loads(json.dumps(measured.report))
    assert isinstance(found, dict)
    return found
