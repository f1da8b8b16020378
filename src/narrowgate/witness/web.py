"""Answer over HTTP: `POST /add-checkpoint` for logs, `GET /logs` for whoever wants to compare.

Rules:
 * An answer is given only after what follows from it is on the disk.
 * Requests are taken up to a size that any honest one fits into; nothing of a request becomes a path or a query.
 * Nobody is asked who they are: all that decides is signed, and all that is shown is public.
 * An alarm is said on standard error once, when it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import waitress

from narrowgate.ledger.submission import ADD_CHECKPOINT
from narrowgate.witness.decision import Alarm, AlarmKind, Outcome
from narrowgate.witness.folder import Seen, Witness

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LOGS = "/logs"
MOST_BYTES = 128 * 1024
"""Sixteen signatures of the largest kind (tlog-witness asks for that many), a full proof, and room to spare."""

_METHODS = {ADD_CHECKPOINT: "POST", LOGS: "GET"}
_PHRASES = {
    200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
    413: "Content Too Large", 422: "Unprocessable Content",
}  # fmt: skip
_SAYS = {
    AlarmKind.FORK: "signed two histories",
    AlarmKind.UNPROVEN: "signed what was not shown to continue the history known of it",
}

Clock = Callable[[], int]
"""The POSIX time, in whole seconds."""

Say = Callable[[str], None]
"""Where an alarm is told."""


def application(witness: Witness, clock: Clock, say: Say) -> WSGIApplication:
    """The witness as a WSGI application."""

    def answered(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path not in _METHODS:
            return _sent(start, Outcome(404, "there is nothing here\n"))
        if method != _METHODS[path]:
            return _sent(start, Outcome(405, f"use {_METHODS[path]}\n"), ("Allow", _METHODS[path]))
        if path == LOGS:
            return _sent(start, Outcome(200, _logs(witness), "application/json"))
        return _sent(start, _add_checkpoint(witness, environ, clock, say))

    return answered


def server(witness: Witness, *, host: str, port: int, clock: Clock, say: Say) -> Any:
    """A server that listens already; its `run` answers until its `close`. Port 0 takes a free one: `effective_port`."""
    return waitress.create_server(
        application(witness, clock, say),
        host=host,
        port=port,
        ident=None,
        max_request_body_size=MOST_BYTES + 1,  # waitress turns down what reaches it
        max_request_header_size=16 * 1024,
        channel_timeout=30,
    )


def as_json(seen: Seen) -> Mapping[str, object]:
    """What was seen of one log, for a reader who wants to compare: the note is what proves it."""
    latest = seen.latest
    return {
        "origin": seen.origin,
        "size": latest.size if latest else None,
        "root": latest.root.hex() if latest else None,
        "seen_at": datetime.fromtimestamp(seen.at, UTC).isoformat() if latest else None,
        "checkpoint": latest.note if latest else None,
        "alarms": {str(kind): count for kind, count in seen.alarms.items()},
    }


def _add_checkpoint(witness: Witness, environ: WSGIEnvironment, clock: Clock, say: Say) -> Outcome:
    body = environ["wsgi.input"].read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return Outcome(413, f"a request has at most {MOST_BYTES} bytes\n")
    outcome, kept = witness.add_checkpoint(body, at=clock())
    if outcome.alarm is not None and kept is not None:
        say(f"{_told(outcome.alarm)}; kept in `{kept}`")
    return outcome


def _told(alarm: Alarm) -> str:
    signed = alarm.submitted
    return f"{alarm.kind}: the log `{signed.origin}` {_SAYS[alarm.kind]}, at a size of {signed.size}"


def _logs(witness: Witness) -> str:
    listed = {"witness": witness.cosigner.verifier.vkey, "logs": [as_json(seen) for seen in witness.seen()]}
    return json.dumps(listed) + "\n"


def _sent(start: StartResponse, outcome: Outcome, *headers: tuple[str, str]) -> Iterable[bytes]:
    content = outcome.body.encode()
    start(
        f"{outcome.status} {_PHRASES[outcome.status]}",
        [("Content-Type", outcome.content_type), ("Content-Length", str(len(content))), *headers],
    )
    return [content]
