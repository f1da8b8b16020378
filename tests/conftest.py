"""Fixtures that every area shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agency import Agency


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    """A custodian that no court has stayed."""
    return Agency(tmp_path)


@pytest.fixture
def stayed_agency(tmp_path: Path) -> Agency:
    """A custodian under the agreement as it ships."""
    return Agency(tmp_path, stayed=True)
