"""Fixtures that every area shares, and what is asked of every ledger that a test leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agency import Agency
from tests.interop import stranger

LONGEST = ("spark", "measure", "faults", "synth")
"""The areas whose files take longest: begun first, so that no process is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest areas first; within an area, and among the others, the order stays."""
    items.sort(key=lambda item: next((n for n, area in enumerate(LONGEST) if area in item.path.parts), len(LONGEST)))


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    """A custodian that no court has stayed."""
    return Agency(tmp_path)


@pytest.fixture
def stayed_agency(tmp_path: Path) -> Agency:
    """A custodian under the agreement as it ships."""
    return Agency(tmp_path, stayed=True)


@pytest.fixture(autouse=True)
def a_stranger_accepts_every_ledger(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test, a program that nobody here wrote verifies the ledger of every gate that it left.

    A test that harms a ledger or its policy on purpose is marked `harms_ledger`.
    """
    asked = "tmp_path" in request.fixturenames and not request.node.get_closest_marker("harms_ledger")
    folder: Path | None = request.getfixturevalue("tmp_path") if asked else None
    yield
    for policy in folder.rglob("verify/policy") if folder else ():
        ledger = policy.parent.parent / "ledger"
        if ledger.is_dir():
            stranger.verify(ledger, policy)
