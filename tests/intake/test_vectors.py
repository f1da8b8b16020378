"""Every vector of `spec/vectors/package` comes to what was written beside it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from narrowgate.formats.codes import Code
from narrowgate.intake import Received
from tests.intake.support import VECTORS, Door

WRITTEN = json.loads((VECTORS / "vectors.json").read_text())
AT = datetime.fromisoformat(WRITTEN["at"])
NOT_IN_A_FILE = {Code.AGREEMENT_OTHER, Code.REPLAY_BATCH, Code.REPLAY_ROWS, Code.ROWS_TOO_MANY}


@pytest.mark.parametrize("vector", WRITTEN["vectors"], ids=lambda vector: vector["vector"])
def test_a_vector_comes_to_what_is_written(vector: dict[str, str], tmp_path: Path) -> None:
    door = Door(tmp_path, VECTORS / "anchors.pem")
    package = VECTORS / f"{vector['vector']}.zip"
    if vector["code"] != "received":
        door.refuses(package, vector["code"], vector["names"], now=AT)
        return
    received = door.receives(package, now=AT)
    assert isinstance(received, Received)
    assert (received.requests, received.layout_errors) == (2, 0)
    assert door.rows(received, "row_no", "request_ref", "tin") == [
        (0, "R-1", "900700001"),
        (1, "R-2", "900700002"),
    ]


def test_there_is_a_vector_for_every_code() -> None:
    shown = {vector["code"] for vector in WRITTEN["vectors"]} - {"received"}
    of_packages = {code for code in Code if not code.startswith("envelope_")}
    assert shown == of_packages - NOT_IN_A_FILE


def test_every_archive_beside_the_vectors_is_one_of_them() -> None:
    assert {path.stem for path in VECTORS.glob("*.zip")} == {one["vector"] for one in WRITTEN["vectors"]}
