"""Go's library for transparency logs, written by others, accepts and refuses what the verifier does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.interop import stranger
from tests.ledger.support import VECTORS

pytestmark = pytest.mark.skipif(not stranger.available(), reason="needs golang-go and golang-golang-x-mod-dev")

LEDGERS = [each for each in json.loads((VECTORS / "vectors.json").read_text()) if each["arguments"][0] == "ledger"]
BEYOND_IT = {
    # What only our own pages ask for, and a general program cannot know.
    "checkpoint-second-spelling": "it takes either spelling",
    "cosignature-without-a-moment": "it counts a cosignature of the moment 0",
    "cosigned-by-ml-dsa": "it knows no ML-DSA",
    "cosigned-by-groups": "it knows no ML-DSA",
}


def judged(*arguments: str) -> int:
    return stranger.run(*arguments, cwd=VECTORS).returncode


def is_for_it(vector: dict[str, Any]) -> bool:
    """Whether a vector is about notes, trees and quorums, which are everybody's."""
    ours = ("entry-", "policy-", "timestamp", "tile-earlier-", "bundle-earlier-", "odd-")
    return not vector["name"].startswith(ours) and vector["name"] not in BEYOND_IT


@pytest.mark.parametrize("vector", [each for each in LEDGERS if is_for_it(each)], ids=lambda vector: vector["name"])
def test_a_ledger_is_judged_as_the_verifier_judges_it(vector: dict[str, Any]) -> None:
    _, folder, *policy = vector["arguments"]
    found = stranger.run(policy[1], folder, cwd=VECTORS)
    assert (found.returncode == 0) is (vector["exit"] == 0), found.stderr


def test_an_entry_that_was_altered_is_found() -> None:
    assert judged("policy", "entry-altered") == 1


def test_growth_is_accepted_and_a_second_history_refused() -> None:
    assert judged("policy", "good-260", "good-3/checkpoint") == 0
    assert judged("policy", "forked-4", "forked/checkpoint") == 0
    assert judged("policy", "forked-4", "good-3/checkpoint") == 1
    assert judged("policy", "good-3", "good-260/checkpoint") == 1


@pytest.mark.parametrize("name", ["good.tlog-proof", "good.json", "of-the-requester.json", "closed.json"])
def test_a_receipt_is_accepted_in_either_form(name: str) -> None:
    assert judged("policy", "good-260", "good-3/checkpoint", f"receipt/{name}") == 0


@pytest.mark.parametrize(
    "name",
    ["other-index.tlog-proof", "path-short.tlog-proof", "path-altered.tlog-proof", "no-entry.tlog-proof",
     "of-another-ledger.tlog-proof", "payload-altered.json"],
)  # fmt: skip
def test_a_receipt_that_proves_nothing_is_refused(name: str) -> None:
    assert judged("policy", "good-260", "good-3/checkpoint", f"receipt/{name}") == 1


def test_a_ledger_that_it_does_not_accept_fails_in_its_words() -> None:
    stranger.verify(VECTORS / "good-260", VECTORS / "policy")
    with pytest.raises(AssertionError, match="has not signed"):
        stranger.verify(VECTORS / "checkpoint-one-signature", VECTORS / "policy")


def test_what_it_is_not_asked_is_known_to_the_vectors() -> None:
    assert BEYOND_IT.keys() <= {vector["name"] for vector in LEDGERS}


def test_it_is_built_beside_its_source_and_once() -> None:
    built = stranger.program()
    assert built.parent == Path(stranger.__file__).parent / "__pycache__"
    before = built.stat().st_mtime_ns
    stranger.program.cache_clear()
    assert stranger.program().stat().st_mtime_ns == before
