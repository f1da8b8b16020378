"""From what facts and matches of a batch are made, as one digest each: the same digest, the same hand-over.

Rules:
 * Everything that can change the hand-over is in it, the engine and the code included; the requests themselves are not,
   because only runs of one batch are compared.
 * What no part of the hand-over depends on is not in it: facts know nothing of the reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import date

from narrowgate import __version__
from narrowgate.adjudication.facts.earlier import Earlier
from narrowgate.engine.session import engine_name
from narrowgate.forms import VERSION as FORMS
from narrowgate.matching import decided_by
from narrowgate.terms.agreement import Basis
from narrowgate.terms.batch import Officer


def facts(
    *,
    requested_on: date,
    roster: Sequence[Officer],
    certificates: Collection[str],
    releasable: Sequence[str],
    earlier: Sequence[Earlier],
) -> str:
    """The digest of what facts are made from, besides the requests."""
    return _digest(requested_on, tuple(roster), sorted(certificates), tuple(releasable), tuple(earlier))


def matches(*, register_digest: str, engine: str, basis: Basis) -> str:
    """The digest of what a request that stands is matched by; `engine` is what read the register."""
    return _digest(register_digest, engine, FORMS, *decided_by(basis))


def _digest(*parts: object) -> str:
    """All of `parts` are frozen values, whose written form says all of them."""
    return hashlib.sha256(repr((engine_name(), __version__, parts)).encode()).hexdigest()
