"""One throwaway authority for all tests of intake; a private folder for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.support import Door, make


@pytest.fixture(scope="session")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make.Maker(tmp_path_factory.mktemp("maker"))


@pytest.fixture
def door(tmp_path: Path, maker: Any) -> Door:
    return Door(tmp_path, maker.authority.certificate)
