"""Judge one submitted checkpoint by what is known of its log: cosign it, turn it down, or keep it as evidence.

C2SP tlog-witness; the steps are numbered as in `spec/witness.md`, section 3.

Rules:
 * Nothing here reads the clock, the disk or the network: they arrive as arguments, and what follows is a value.
 * What is cosigned continues everything cosigned before. What cannot be shown to is not cosigned.
 * Only what nobody but the log could have made is called a fork. Everything that is submitted is public, so anybody may
   submit an old checkpoint again, or a good one with a bad proof.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from narrowgate.errors import Fault
from narrowgate.ledger import merkle
from narrowgate.ledger.checkpoint import Checkpoint
from narrowgate.ledger.cosignature import Cosigner
from narrowgate.ledger.note import signed_by
from narrowgate.ledger.submission import Submission, read_submission
from narrowgate.witness.trusted import LogKey, signing_for

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


class AlarmKind(StrEnum):
    """A fork is proved by the log's own signatures. What is unproven was signed, and not shown to continue."""

    FORK = "fork"
    UNPROVEN = "unproven"


@dataclass(frozen=True)
class Known:
    """What a witness knows of one log. `at` is the POSIX time of its latest cosignature, 0 before the first.

    `same_size` is the checkpoint that it cosigned at the size now asked about, if it did.
    """

    keys: tuple[LogKey, ...]
    latest: Checkpoint | None = None
    at: int = 0
    same_size: Checkpoint | None = None

    @property
    def size(self) -> int:
        """The largest size cosigned, 0 before the first."""
        return self.latest.size if self.latest else 0

    @property
    def root(self) -> bytes:
        """The root at that size."""
        return self.latest.root if self.latest else merkle.EMPTY_ROOT


@dataclass(frozen=True)
class Alarm:
    """What speaks against a log: what it signed before (None: nothing) and what it signed now, with the proof sent."""

    kind: AlarmKind
    held: Checkpoint | None
    submitted: Checkpoint
    proof: tuple[bytes, ...]


@dataclass(frozen=True)
class Outcome:
    """The answer over HTTP, and what must be on the disk before it is given.

    That is a checkpoint, if it was `cosigned`, with the POSIX time `at` of its cosignature; or an alarm.
    """

    status: int
    body: str
    content_type: str = TEXT
    cosigned: Checkpoint | None = None
    at: int = 0
    alarm: Alarm | None = None


Look = Callable[[str, int], Known | None]
"""(origin, size) -> what is known of that log, and of that size; None if the log is not trusted."""


def decide(body: bytes, look: Look, cosigner: Cosigner, at: int) -> Outcome:
    """What becomes of the add-checkpoint request `body` at POSIX time `at`."""
    try:
        request = read_submission(body)  # step 1
    except Fault as problem:
        return Outcome(400, f"{problem.message}\n")
    stated = request.checkpoint
    known = look(stated.origin, stated.size)
    if known is None:  # step 2
        return Outcome(404, f"the log `{stated.origin}` is not one that this witness knows\n")
    try:
        signed = _signed(stated, known)  # step 3
    except Fault as problem:
        return Outcome(403, f"{problem.message}\n")
    if request.old > signed.size:  # step 4
        return Outcome(400, f"the old size {request.old} is larger than the size {signed.size}\n")
    return _compared(request, signed, known) or _cosigned(signed, known, cosigner, at)


def _signed(stated: Checkpoint, known: Known) -> Checkpoint:
    """The checkpoint with the lines of the log's own keys alone; a Fault unless all of them have signed."""
    keys = signing_for(known.keys, stated.size)
    if not keys:
        raise Fault(f"no trusted key signs for a size of {stated.size}")
    return Checkpoint(stated.origin, stated.size, stated.root, signed_by(stated.note, keys))


def _compared(request: Submission, signed: Checkpoint, known: Known) -> Outcome | None:
    """Why the checkpoint is not cosigned, if it does not continue what is known."""
    other = _other_root(signed, known)
    if other:  # step 5
        alarm = Alarm(AlarmKind.FORK, known.same_size, signed, request.proof)
        return Outcome(409, f"{known.size}\n", SIZE, alarm=alarm)
    if request.old != known.size:  # step 6
        return Outcome(409, f"{known.size}\n", SIZE)
    if not merkle.continues(known.size, known.root, signed.size, signed.root, request.proof):  # step 7
        return Outcome(422, "the consistency proof does not verify\n", alarm=_unproven(request, signed, known))
    return None


def _other_root(signed: Checkpoint, known: Known) -> bool:
    """Whether another root is known for this very size. Nothing is known of a size between those cosigned."""
    if signed.size == 0:
        return signed.root != merkle.EMPTY_ROOT
    return known.same_size is not None and known.same_size.root != signed.root


def _unproven(request: Submission, signed: Checkpoint, known: Known) -> Alarm | None:
    """What a proof that does not verify says about the log: a fork if it leads to the new root and not to the old.

    None if there was nothing to prove: no earlier checkpoint, or this very one with a proof too many.
    """
    if known.size in {0, signed.size}:
        return None
    roots = merkle.roots_of_proof(known.size, known.root, signed.size, request.proof)
    proved = roots is not None and roots[1] == signed.root
    return Alarm(AlarmKind.FORK if proved else AlarmKind.UNPROVEN, known.latest, signed, request.proof)


def _cosigned(signed: Checkpoint, known: Known, cosigner: Cosigner, at: int) -> Outcome:
    """Step 8. A clock that was set back must not date the larger tree before the smaller."""
    at = max(at, known.at)
    return Outcome(200, cosigner.cosign(signed.note, at), cosigned=signed, at=at)
