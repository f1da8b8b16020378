"""A witness that answers, and a ledger for it to see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from narrowgate.ledger import Log
from narrowgate.witness.folder import Witness
from tests.ledger.support import a_log
from tests.witness.support import Running, a_witness, running


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """A witness that knows the ledger and has seen nothing of it."""
    return a_witness(tmp_path / "witness")


@pytest.fixture
def here(witness: Witness) -> Iterator[Running]:
    """That witness, answering."""
    with running(witness) as serving:
        yield serving


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """A ledger of five entries."""
    return a_log(tmp_path / "log", 5)
