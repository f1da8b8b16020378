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

STANDARD = ["--policy", "policy"]
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
        assert answer.get("root") is None
        assert answer.get("size") is None
        assert answer.get("receipts") is None


def test_there_are_vectors_that_verify_and_for_each_exit_code_some_that_do_not() -> None:
    codes = [vector["exit"] for vector in LISTED]
    assert {0, 1, 2} == set(codes)
    assert len({vector["name"] for vector in LISTED}) == len(LISTED) >= 160


def test_the_script_makes_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, VECTORS / "make.py", tmp_path], check=True)
    made = content(tmp_path)
    kept = {name: found for name, found in content(VECTORS).items() if is_made(name)}
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def is_made(name: str) -> bool:
    """Whether the script makes that file, rather than being one of its own or one that `keep.py` made once."""
    return not name.startswith(("kept/", "__pycache__/")) and not name.endswith((".py", "README.md"))


def test_what_was_made_once_is_of_the_ledgers_that_are_made_each_time() -> None:
    cosigned = next(each for each in LISTED if each["name"] == "cosigned-by-ml-dsa")
    stamped = next(each for each in LISTED if each["name"] == "timestamped")
    assert (cosigned["exit"], stamped["exit"]) == (0, 0)
    assert (VECTORS / "kept" / "good-3-by-w3").read_text() in (VECTORS / "cosigned-by-ml-dsa/checkpoint").read_text()


LEDGERS = {v["arguments"][1] for v in LISTED if v["arguments"][0] == "ledger" and v["arguments"][2:] == STANDARD}


@pytest.mark.parametrize("name", sorted(LEDGERS))
def test_the_log_does_not_grow_where_the_verifier_finds_the_edge_wrong(name: str) -> None:
    """The gateway's own reader checks the edge on opening; entries have no meaning for it."""
    lines = (VECTORS / "policy").read_text().splitlines()
    keys = [Verifier.from_vkey(line.split()[1]) for line in lines if line.startswith("log ")]
    edge_is_wrong = name.startswith(
        ("checkpoint-", "tile-missing", "tile-torn", "tile-too", "tile-altered", "tile-above")
    )
    try:
        Log.open(VECTORS / name, keys[0].name, verifiers=keys)
    except Fault:
        assert edge_is_wrong
    else:
        assert not edge_is_wrong
