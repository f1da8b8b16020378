"""A witness behind a real server, as C2SP tlog-witness has it, and as somebody with a browser sees it."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from narrowgate.ledger import Log
from narrowgate.ledger.cosignature import with_lines
from narrowgate.witness.folder import Witness
from narrowgate.witness.web import MOST_BYTES
from tests.ledger.support import ORIGIN
from tests.witness.support import (
    NOW,
    Running,
    grown,
    kept_alarms,
    latest,
    other_history,
    submission,
)


def ask(here: Running, method: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of one answer."""
    connection = HTTPConnection(urlsplit(here.url).netloc, timeout=10)
    try:
        connection.request(method, path, body, {"Connection": "close"})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()
    finally:
        connection.close()


def test_a_checkpoint_is_submitted_and_its_cosignature_comes_back(here: Running, witness: Witness, log: Log) -> None:
    status, headers, text = ask(here, "POST", "/add-checkpoint", submission(log, 0))
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert witness.cosigner.verifier.cosigned_at(with_lines(log.checkpoint, text)) == NOW
    assert here.said == []


def test_a_conflict_bears_the_size_in_its_own_type(here: Running, log: Log) -> None:
    ask(here, "POST", "/add-checkpoint", submission(log, 0))
    status, headers, text = ask(here, "POST", "/add-checkpoint", submission(log, 2))
    assert (status, headers["Content-Type"], text) == (409, "text/x.tlog.size", "5\n")


def test_a_fork_is_told_once_and_names_where_it_is_kept(
    here: Running, witness: Witness, log: Log, tmp_path: Path
) -> None:
    fork = other_history(tmp_path / "log", tmp_path / "fork", 4)
    ask(here, "POST", "/add-checkpoint", submission(grown(log, 1), 0))
    for _ in range(3):
        assert ask(here, "POST", "/add-checkpoint", submission(fork, 6))[0] == 422
    assert len(here.said) == 1
    assert here.said[0].startswith(f"fork: the log `{ORIGIN}` signed two histories, at a size of 9; kept in `")
    assert kept_alarms(witness) == ["fork-9"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405), ("PUT", "/add-checkpoint", 405), ("POST", "/logs", 405),
        ("DELETE", "/logs", 405), ("GET", "/", 404), ("POST", "/", 404), ("POST", "/add-checkpoint/", 404),
        ("GET", "/../witness.db", 404), ("GET", "/key.pem", 404), ("POST", "/add-tree-head", 404),
    ],
)  # fmt: skip
def test_what_is_not_asked_for_in_this_way_is_not_answered(here: Running, method: str, path: str, status: int) -> None:
    answered, headers, _ = ask(here, method, path, b"")
    assert answered == status
    assert headers.get("Allow") == ({"/logs": "GET", "/add-checkpoint": "POST"}.get(path) if status == 405 else None)


def test_a_body_of_the_largest_size_is_read_and_a_larger_one_is_not(here: Running, witness: Witness) -> None:
    assert ask(here, "POST", "/add-checkpoint", b"x" * MOST_BYTES)[0] == 400
    assert ask(here, "POST", "/add-checkpoint", b"x" * (MOST_BYTES + 1))[0] == 413
    assert latest(witness) is None


def test_a_submission_without_a_body_is_400(here: Running) -> None:
    assert ask(here, "POST", "/add-checkpoint")[0] == 400


def test_what_was_seen_is_there_for_whoever_wants_to_compare(here: Running, witness: Witness, log: Log) -> None:
    before = json.loads(ask(here, "GET", "/logs")[2])
    ask(here, "POST", "/add-checkpoint", submission(log, 0))
    status, headers, text = ask(here, "GET", "/logs")
    none = {"fork": 0, "unproven": 0}
    empty = {"size": None, "root": None, "seen_at": None, "checkpoint": None}
    assert before == {
        "witness": witness.cosigner.verifier.vkey,
        "logs": [{"origin": ORIGIN, **empty, "alarms": none}],
    }
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(text)["logs"] == [
        {
            "origin": ORIGIN,
            "size": 5,
            "root": log.root.hex(),
            "seen_at": "2025-11-24T16:00:00+00:00",
            "checkpoint": log.checkpoint,
            "alarms": none,
        }
    ]


def test_the_server_says_neither_its_name_nor_what_went_wrong_inside(
    here: Running, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on /a/private/place")

    monkeypatch.setattr("narrowgate.witness.state.State.record", full)
    status, headers, text = ask(here, "POST", "/add-checkpoint", submission(log, 0))
    assert status == 500
    assert "private" not in text
    assert "narrowgate" not in json.dumps(headers)
