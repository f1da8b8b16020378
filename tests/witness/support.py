"""Witnesses and ledgers under test: honest ones, copies put back, and copies that grew into another history."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from narrowgate.ledger import Log
from narrowgate.ledger.checkpoint import Checkpoint
from narrowgate.ledger.submission import written_submission
from narrowgate.witness import state
from narrowgate.witness.decision import Outcome
from narrowgate.witness.folder import ALARMS, STATE, Algorithm, Witness, begin, existing, trust
from narrowgate.witness.trusted import log_keys
from narrowgate.witness.web import server
from tests.ledger.support import ORIGIN, SIGNERS, numbered

NOW = 1_764_000_000
VKEYS = [signer.verifier.vkey for signer in SIGNERS]


def a_witness(folder: Path, algorithm: Algorithm = Algorithm.ED25519) -> Witness:
    """A witness that knows the ledger under test and has seen nothing of it."""
    begin(folder, "witness.example/w", algorithm)
    trust(folder, ORIGIN, log_keys(ORIGIN, VKEYS))
    return existing(folder)


def submission(log: Log, old: int) -> bytes:
    """What an honest client sends of `log`."""
    return written_submission(old, log.consistency_proof(old), log.checkpoint)


def submit(witness: Witness, body: bytes, *, at: int = NOW) -> Outcome:
    """The answer alone."""
    return witness.add_checkpoint(body, at=at)[0]


def grown(log: Log, by: int) -> Log:
    """`log` with more numbered entries."""
    log.append(numbered(log.size, log.size + by), expect_size=log.size)
    return log


def other_history(folder: Path, copy: Path, by: int) -> Log:
    """The ledger in `folder` as it is, copied and grown by entries that the original never gets."""
    shutil.copytree(folder, copy)
    log = Log.open(copy, ORIGIN, SIGNERS)
    log.append([b"other %d" % number for number in range(by)], expect_size=log.size)
    return log


def latest(witness: Witness) -> Checkpoint | None:
    """What the witness holds as the latest of the ledger under test."""
    with state.view(witness.folder / STATE) as known:
        found = known.known(ORIGIN, 0)
        return found.latest if found else None


def kept_alarms(witness: Witness) -> list[str]:
    """The names of the alarms on the disk, without the digest."""
    return sorted(path.name.rpartition("-")[0] for path in (witness.folder / ALARMS).glob("*/*"))


@dataclass
class Running:
    """A witness that answers at `url`; `said` is what it told of alarms."""

    url: str
    said: list[str] = field(default_factory=list)


@contextmanager
def running(witness: Witness, at: int = NOW) -> Iterator[Running]:
    """`witness` behind a real server on a free port."""
    here = Running("")
    serving = server(witness, host="127.0.0.1", port=0, clock=lambda: at, say=here.said.append)
    here.url = f"http://127.0.0.1:{serving.effective_port}"
    thread = threading.Thread(target=serving.run)
    thread.start()
    try:
        yield here
    finally:
        serving.trigger.pull_trigger(serving.close)  # in the thread that serves
        thread.join(timeout=10)
        serving.task_dispatcher.shutdown()
