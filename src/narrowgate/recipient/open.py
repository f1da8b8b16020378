"""Open a sealed answer with an officer's own key, and check that the custodian signed it.

Rules:
 * Nothing readable is left on the disk unless the officer asks for a file.
 * An answer that is not sealed to this key, or not signed by the custodian's own certificate, shows nothing: anybody
   under the same authority could seal a forged answer to an officer.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from narrowgate.errors import Fault, Refused
from narrowgate.formats import cms
from narrowgate.formats.cms import fingerprint
from narrowgate.terms.refusal import Refusal


@dataclass(frozen=True)
class Opened:
    """An opened answer: its header (batch, run, licence), and its rows in the order of the batch."""

    header: Mapping[str, object]
    rows: tuple[Mapping[str, object], ...]


def open_answer(sealed: Path, *, certificate: Path, key: Path, anchors: Path, custodian: Path, at: datetime) -> Opened:
    """The answer in `sealed`, if it is sealed to this officer and the custodian signed it."""
    if not sealed.is_file():
        raise Refused(f"there is no sealed answer `{sealed}`", "nothing was opened")
    if not key.is_file():
        raise Refused(f"there is no key `{key}` to open it with", "nothing was opened")
    with tempfile.TemporaryDirectory(prefix="narrowgate-open-") as folder:
        plain = Path(folder) / "answer.jsonl"
        signer = cms.open_sealed(sealed, certificate=certificate, key=key, anchors=anchors, at=at, out=plain)
        if isinstance(signer, Refusal):
            raise Refused(signer.message, "nothing was opened")
        if signer.certificate_sha256 != fingerprint(custodian):
            raise Refused(
                f"`{sealed.name}` is signed by {signer.subject}, who is not the custodian",
                "nothing was opened",
            )
        lines = plain.read_text(encoding="utf-8").splitlines()
    try:
        header, *rows = (json.loads(line) for line in lines)
    except ValueError as problem:
        raise Fault(f"`{sealed}` does not hold an answer: {problem}", "nothing was opened") from problem
    return Opened(header, tuple(rows))
