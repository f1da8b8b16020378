"""Receipts: the proof that one determination is on the ledger, with what opens it to whoever may see it.

Rules:
 * A receipt is written from the case and checked against the ledger: an entry that differs is a fault, and no receipt.
 * Payload and grounds open apart. What the requester may be told is in the one, who was found and why in the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet

from narrowgate.accounting.book import ENTRY_COLUMN, ROWS_AT_ONCE
from narrowgate.encrypted import KeyFor, open_file
from narrowgate.errors import Fault, WrongUse
from narrowgate.formats.receipt import Documents, Opening
from narrowgate.ledger.log import Log

OPENING = ("salt", "payload", "grounds_salt", "grounds", ENTRY_COLUMN)


@dataclass(frozen=True)
class Entries:
    """The entries of a run: the hand-over that holds them, in their order, and the index of the first on the ledger."""

    file: Path
    first: int
    count: int


@dataclass(frozen=True)
class Opened:
    """One entry of a run at `index`, with what opens it."""

    index: int
    entry: bytes
    opening: Opening


def opened(log: Log, entries: Entries, *, determination: Path, request_ref: str, key_for: KeyFor) -> Opened:
    """The determination of `request_ref`; wrong use if there is none, a Fault if the ledger says otherwise."""
    found = _where("request_ref", request_ref, determination, ["row_no"], key_for)
    if len(found) != 1:
        raise WrongUse(f"the batch has no request `{request_ref}`", "no record was looked up")
    with open_file(entries.file, key_for) as file:
        numbers = pyarrow.parquet.read_table(file, columns=["row_no"])["row_no"]
    index = entries.first + numbers.index(found[0]["row_no"]).as_py()
    (row,) = _where("row_no", found[0]["row_no"], entries.file, list(OPENING), key_for)
    _check(row[ENTRY_COLUMN], next(log.entries(index, index + 1)), index)
    return Opened(index, row[ENTRY_COLUMN], _opening(row))


def all_opened(log: Log, entries: Entries, *, key_for: KeyFor) -> Iterator[Opened]:
    """Every determination of a run, in the order of the ledger."""
    on_ledger = log.entries(entries.first, entries.first + entries.count)
    index = entries.first
    with open_file(entries.file, key_for) as file, pyarrow.parquet.ParquetFile(file) as reader:
        for batch in reader.iter_batches(batch_size=ROWS_AT_ONCE, columns=list(OPENING)):
            columns = (batch.column(name).to_pylist() for name in OPENING)
            for salt, payload, grounds_salt, grounds, kept in zip(*columns, strict=True):
                entry = next(on_ledger)
                _check(kept, entry, index)
                yield Opened(index, entry, Opening(payload, salt, grounds, grounds_salt))
                index += 1


def document(log: Log, documents: Documents, one: Opened) -> str:
    """The receipt document of one entry."""
    return documents.one(one.index, one.entry, next(log.audit_paths(one.index, one.index + 1)), one.opening)


def all_documents(log: Log, documents: Documents, entries: Entries, *, key_for: KeyFor) -> Iterator[str]:
    """The receipt document of every determination of a run, in the order of the ledger, each on one line."""
    paths = log.audit_paths(entries.first, entries.first + entries.count)
    for one, path in zip(all_opened(log, entries, key_for=key_for), paths, strict=True):
        yield documents.one(one.index, one.entry, path, one.opening)


def _check(kept: bytes, entry: bytes, index: int) -> None:
    if kept != entry:
        raise Fault(f"entry {index} of the ledger is not the one that the case holds", "restore the case from a copy")


def _opening(row: dict[str, Any]) -> Opening:
    return Opening(row["payload"], row["salt"], row["grounds"], row["grounds_salt"])


def _where(column: str, value: object, file: Path, columns: list[str], key_for: KeyFor) -> list[dict[str, Any]]:
    """The rows of a hand-over file that have `value` in `column`."""
    with open_file(file, key_for) as opened_file:
        rows: list[dict[str, Any]] = pyarrow.parquet.read_table(
            opened_file, columns=columns, filters=[(column, "==", value)]
        ).to_pylist()
    return rows
