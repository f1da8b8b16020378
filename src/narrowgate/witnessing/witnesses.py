"""Ask a witness to cosign the ledger's checkpoint, and tell what its answer means (`spec/witness.md`, section 5).

Rules:
 * A cosignature counts once it verifies by the key that was named beforehand. Nothing else of an answer is believed.
 * A witness that knows more of this ledger than the ledger does, or other things of it, is an alarm and never a retry.
 * Nothing leaves but checkpoint and proof: hashes and signatures, which are public.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from narrowgate.errors import Fault
from narrowgate.ledger.checkpoint import read_size
from narrowgate.ledger.cosignature import CosignerKey
from narrowgate.ledger.log import Log
from narrowgate.ledger.note import split
from narrowgate.ledger.submission import ADD_CHECKPOINT, written_submission
from narrowgate.witnessing.exchange import Response, Unreachable, checked_address, post


@dataclass(frozen=True)
class Cosigned:
    """`line` is the latest cosignature by the key asked for, verified; made at POSIX time `at`."""

    line: str
    at: int


@dataclass(frozen=True)
class Behind:
    """The witness cosigned this ledger at `size`, which it does not reach: it was put back from an old copy."""

    size: int


@dataclass(frozen=True)
class Forked:
    """The witness knows another history of this ledger."""

    reason: str


Answer = Cosigned | Behind | Forked | Unreachable


def submit(url: str, key: CosignerKey, log: Log, *, old: int, timeout: float) -> Answer:
    """Ask the witness at `url` to cosign the present checkpoint of `log`, which it last cosigned at size `old`.

    All of it takes at most `timeout` seconds. A ledger that does not reach `old` asks from where it is: a witness that
    holds more says so. Wrong use if `url` is not one of HTTP or HTTPS.
    """
    address = checked_address(url, "a witness").rstrip("/") + ADD_CHECKPOINT
    until = time.monotonic() + timeout
    old = min(old, log.size)
    response = _post(address, log, old, until)
    if isinstance(response, Response) and response.status == 409:
        held = _size(response)
        if held is None or held == old or held > log.size:
            return _conflict(held, old, log)
        old, response = held, _post(address, log, held, until)
    return response if isinstance(response, Unreachable) else _meaning(response, key, log, old)


def _meaning(response: Response, key: CosignerKey, log: Log, old: int) -> Answer:
    """What the answer to a submission from `old` means."""
    if response.status == 200:
        return _cosigned(response.text, key, log)
    if response.status == 409:
        return _conflict(_size(response), old, log)
    if response.status == 422:
        return Forked(f"the witness cosigned {old} entries that do not begin the {log.size} of this ledger")
    said = response.text.partition("\n")[0][:200]
    return Unreachable(f"the witness answered {response.status}: `{said}`")


def _conflict(held: int | None, old: int, log: Log) -> Answer:
    """What it means that the witness holds `held` entries, and not the `old` ones that it was told."""
    if held is None:
        return Unreachable("the witness answered 409 without a size")
    if held > log.size:
        return Behind(held)
    if held == old == log.size:
        return Forked(f"the witness cosigned another ledger of {held} entries")
    return Unreachable(f"the witness answered 409 and a size of {held}, as if it had not been asked from {old}")


def _cosigned(body: str, key: CosignerKey, log: Log) -> Cosigned | Unreachable:
    """The latest line of `body` by `key`, over the text of the checkpoint; lines by other keys are passed over."""
    blank = split(log.checkpoint)[0] + "\n"
    try:
        lines = [f"{line}\n" for line in body.removesuffix("\n").split("\n")]
        own = [(at, line) for line in lines if (at := key.cosigned_at(blank + line)) is not None]
    except Fault as problem:
        return Unreachable(f"the witness answered what is no cosignature: {problem.message}")
    if not own:
        return Unreachable(f"the witness did not cosign with the key `{key.name}+{key.key_id.hex()}`")
    at, line = max(own)
    return Cosigned(line, at)


def _size(response: Response) -> int | None:
    """The size that a 409 states; None if it states none."""
    try:
        return read_size(response.text.removesuffix("\n"))
    except Fault:
        return None


def _post(address: str, log: Log, old: int, until: float) -> Response | Unreachable:
    """What the witness says to a submission from `old`, if it says it before the moment `until`."""
    body = written_submission(old, log.consistency_proof(old), log.checkpoint)
    return post(address, body, "text/plain; charset=utf-8", who="the witness", until=until)
