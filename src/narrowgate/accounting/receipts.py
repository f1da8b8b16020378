"""Receipts: the proof that one determination is on the ledger, with what opens its commitment.

Rules:
 * A receipt proves without any personal data. Payload and salt are separate: who gets them can see what was
   determined.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet

from narrowgate.accounting.book import ENTRY_COLUMN
from narrowgate.errors import Fault, WrongUse
from narrowgate.formats.receipt import Receipt, receipt_to_text
from narrowgate.ledger.log import Log


@dataclass(frozen=True)
class Proof:
    """A receipt as text, the payload and the salt of its commitment, and the index of its entry."""

    proof: bytes
    payload: bytes
    salt: bytes
    index: int


def receipt_for(log: Log, *, determination: Path, entries: Path, first_entry: int, request_ref: str) -> Proof:
    """The receipt for the determination of `request_ref` in a run whose first entry is `first_entry`."""
    row_no = _row_no(determination, request_ref)
    place = pyarrow.parquet.read_table(entries, columns=["row_no"])["row_no"].index(row_no).as_py()
    rows = _where("row_no", row_no, entries, ["salt", "payload", ENTRY_COLUMN])
    index = first_entry + place
    entry = next(log.entries(index, index + 1))
    if len(rows) != 1 or rows[0][ENTRY_COLUMN] != entry:
        raise Fault(f"entry {index} of the ledger is not the one that the case of `{request_ref}` holds")
    receipt = Receipt(index, log.inclusion_proof(index), log.checkpoint, entry)
    return Proof(receipt_to_text(receipt).encode(), rows[0]["payload"].encode(), rows[0]["salt"], index)


def _row_no(determination: Path, request_ref: str) -> int:
    rows = _where("request_ref", request_ref, determination, ["row_no"])
    if len(rows) != 1:
        raise WrongUse(f"the batch has no request `{request_ref}`", "no record was looked up")
    return int(rows[0]["row_no"])


def _where(column: str, value: object, file: Path, columns: list[str]) -> list[dict[str, Any]]:
    """The rows of a hand-over file that have `value` in `column`."""
    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(
        file, columns=columns, filters=[(column, "==", value)]
    ).to_pylist()
    return rows
