"""The verifier judges every vector as it should, and the vectors are what their script makes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from narrowgate.errors import Fault
from narrowgate.ledger import Log, Verifier
from narrowgate_verify.__main__ import main
from tests.ledger.support import VECTORS, content

LISTED = json.loads((VECTORS / "vectors.json").read_text())


@pytest.mark.parametrize("vector", LISTED, ids=[vector["name"] for vector in LISTED])
def test_a_vector_is_judged_as_it_should_be(
    vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(VECTORS)
    code = main([*vector["arguments"], "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert code == vector["exit"]
    assert answer["verified"] is (code == 0)
    if code == 0:
        assert answer["problem"] is None
    else:
        assert vector["names"] in answer["problem"]
        assert answer["root"] is None
        assert answer["size"] is None


def test_there_are_vectors_that_verify_and_for_each_exit_code_some_that_do_not() -> None:
    codes = [vector["exit"] for vector in LISTED]
    assert {0, 1, 2} == set(codes)
    assert len({vector["name"] for vector in LISTED}) == len(LISTED) >= 60


def test_the_script_makes_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, VECTORS / "make.py", tmp_path], check=True)
    made, kept = content(tmp_path), content(VECTORS)
    for name in ("make.py", "README.md"):
        kept.pop(name)
    kept = {name: found for name, found in kept.items() if "__pycache__" not in name}
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


@pytest.mark.parametrize("name", sorted({v["arguments"][1] for v in LISTED if v["arguments"][0] == "ledger"}))
def test_the_log_does_not_grow_where_the_verifier_finds_the_edge_wrong(name: str) -> None:
    """The gateway's own reader checks the edge on opening; entries have no meaning for it."""
    lines = (VECTORS / "policy").read_text().splitlines()
    keys = [Verifier.from_vkey(line.split()[1]) for line in lines if line.startswith("key ")]
    edge_is_wrong = name.startswith(
        ("checkpoint-", "tile-missing", "tile-torn", "tile-too", "tile-altered", "tile-above")
    )
    try:
        Log.open(VECTORS / name, keys[0].name, verifiers=keys)
    except Fault:
        assert edge_is_wrong
    else:
        assert not edge_is_wrong
