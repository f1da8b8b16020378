"""Encrypted files are read as the page says, by vectors that were not made by the program."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from narrowgate.encrypted import open_file, size
from narrowgate.errors import Fault

VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "encrypted"
LISTED: dict[str, Any] = json.loads((VECTORS / "vectors.json").read_text())


@pytest.mark.parametrize("vector", LISTED["files"], ids=lambda vector: vector["file"])
def test_every_vector_is_read_or_refused_as_it_says(vector: dict[str, Any]) -> None:
    file, key = VECTORS / vector["file"], bytes.fromhex(LISTED["key"])
    if vector["holds"] is None:
        with pytest.raises(Fault), open_file(file, lambda _: key) as opened:
            opened.read()
        return
    with open_file(file, lambda _: key) as opened:
        content = opened.read()
    assert {"bytes": len(content), "sha256": sha256(content).hexdigest()} == vector["holds"]
    assert size(file) == len(content)


def test_the_vectors_are_made_again_to_the_byte(tmp_path: Path) -> None:
    shutil.copy(VECTORS / "make.py", tmp_path)
    subprocess.run([sys.executable, tmp_path / "make.py"], check=True)
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert made == {name: (VECTORS / name).read_bytes() for name in made}
    assert {file.name for file in VECTORS.iterdir()} == {*made, "README.md"}
