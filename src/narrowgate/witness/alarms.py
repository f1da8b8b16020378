"""Keep what speaks against a log where an overseer finds it: the two signed notes, in files that are never changed.

Rules:
 * An alarm is a folder `<kind>-<size>-<digest>` with `held.note`, `submitted.note` and `about.json`: whole, or not.
 * The same checkpoint is kept once per kind, whoever submits it again and however often.
 * Of each kind at most a hundred per log are kept: nobody but the log can make another, and a hundred say it all.
"""

from __future__ import annotations

import base64
import json
import tempfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from narrowgate.files import file_name, sync, write_private
from narrowgate.witness.decision import Alarm, AlarmKind

MOST = 100
"""How many alarms of one kind are kept for one log."""

FORMAT = "narrowgate-witness-alarm/1"


def keep(folder: Path, alarm: Alarm, *, at: int) -> Path | None:
    """Where `alarm` was put below `folder` at POSIX time `at`; None if it was kept before, or too many are."""
    place = _of_log(folder, alarm.submitted.origin)
    kept = place / _name(alarm)
    if kept.exists() or _count(place, alarm.kind) >= MOST:
        return None
    place.mkdir(mode=0o700, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=place))
    write_private(unfinished / "about.json", _about(alarm, at))
    write_private(unfinished / "submitted.note", alarm.submitted.note.encode())
    if alarm.held is not None:
        write_private(unfinished / "held.note", alarm.held.note.encode())
    unfinished.rename(kept)
    sync(place)
    return kept


def counts(folder: Path, origin: str) -> dict[AlarmKind, int]:
    """How many alarms of each kind are kept for the log `origin`."""
    return {kind: _count(_of_log(folder, origin), kind) for kind in AlarmKind}


def _count(place: Path, kind: AlarmKind) -> int:
    return sum(1 for _ in place.glob(f"{kind}-*"))


def _of_log(folder: Path, origin: str) -> Path:
    """A log's own folder: readable, and its own however long or strange the name."""
    return folder / f"{file_name(origin)[:100]}-{sha256(origin.encode()).hexdigest()[:8]}"


def _name(alarm: Alarm) -> str:
    digest = sha256(alarm.submitted.root).hexdigest()[:16]
    return f"{alarm.kind}-{alarm.submitted.size}-{digest}"


def _about(alarm: Alarm, at: int) -> bytes:
    about = {
        "format": FORMAT,
        "kind": alarm.kind,
        "origin": alarm.submitted.origin,
        "at": datetime.fromtimestamp(at, UTC).isoformat(),
        "held_size": None if alarm.held is None else alarm.held.size,
        "submitted_size": alarm.submitted.size,
        "proof": [base64.b64encode(each).decode() for each in alarm.proof],
    }
    return json.dumps(about, indent=2).encode() + b"\n"
