"""Findings and dispositions: what judging a request comes to.

Rules:
 * Every clause in force gets exactly one finding; undetermined is never satisfied.
 * A disposition follows from findings alone (`adjudication.determination`).
"""

from __future__ import annotations

from enum import Enum


class Finding(Enum):
    """The three values of a clause. In columns: true, false, null."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not satisfied"
    UNDETERMINED = "undetermined"

    @classmethod
    def of(cls, truth: bool | None) -> Finding:
        """The finding that a three-valued truth stands for."""
        if truth is None:
            return cls.UNDETERMINED
        return cls.SATISFIED if truth else cls.NOT_SATISFIED


class Disposition(Enum):
    """What becomes of a request."""

    DISCLOSE = "disclose"
    """Every clause in force is satisfied: the minimum is owed, once two approvers have signed."""
    RETURN = "return"
    """Unworked: it has defects on its face, which the requester is told."""
    DENY = "deny"
    """Barred; the answer is neutral."""
    REFER = "refer"
    """A person must settle it; until then the answer is neutral."""
    HOLD = "hold"
    """A stay is in force; nothing leaves."""


class Answer(Enum):
    """What the requester is told."""

    ANSWERED = "answered"
    RETURNED = "returned"
    NOT_ANSWERED = "not_answered"


class Mode(Enum):
    """In which capacity a batch was judged. Only a run is the real thing."""

    RUN = "run"
    REHEARSAL = "rehearsal"
    """Synthetic register, stays lifted, everything marked."""
    REPLAY = "replay"
    """Judged again under another reading to compare; nothing can come of it."""
