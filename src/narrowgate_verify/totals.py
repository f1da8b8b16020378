"""Decide whether published totals are those of the ledger (`spec/totals.md`).

Rules:
 * Totals are of the first `size` entries, whatever was added since. That these are the beginning of the ledger that
   was signed is proved from its tiles; then they are counted again, every one.
 * The rows are complete, sorted and without zeros: there is one text for one ledger, and a row left out is named as
   surely as one that is wrong.
"""

from __future__ import annotations

from collections import Counter, deque
from pathlib import Path
from typing import Any

from narrowgate_verify import entry, merkle
from narrowgate_verify.checkpoint import Checkpoint, accept
from narrowgate_verify.document import json_object
from narrowgate_verify.growth import begins_with
from narrowgate_verify.ledger import bundles
from narrowgate_verify.policy import Policy
from narrowgate_verify.problems import DoesNotVerify
from narrowgate_verify.stamps import check_stamps, stamps_in
from narrowgate_verify.tiles import ENTRIES, WIDTH, Files, name
from narrowgate_verify.value import Value

FORMAT = "narrowgate-totals/1"
_MEMBERS = {"format", "origin", "size", "root", "totals"}

Row = tuple[str | None, str, str]
"""Batch or None, kind and code."""


class Totals(Value):
    """What a file of totals states."""

    origin: str
    size: int
    root: bytes
    rows: dict[Row, int]


def verify_totals(content: bytes, folder: Path, policy: Policy) -> tuple[Totals, Checkpoint]:
    """The totals in `content` and the present checkpoint, if the ledger in `folder` has these totals."""
    stated = read_totals(content)
    if stated.origin != policy.origin:
        raise DoesNotVerify(f"the totals are of the log `{stated.origin}`, not of `{policy.origin}`")
    files = Files(folder)
    present = accept(files.checkpoint(), policy, file="checkpoint")
    if present.size < stated.size:
        raise DoesNotVerify(f"the totals are of {stated.size} entries, and the ledger holds {present.size}")
    if not begins_with(files, stated.size, stated.root, present):
        raise DoesNotVerify(f"the ledger does not have the root that the totals state for {stated.size} entries")
    check_stamps(stamps_in(folder, present.size), present, policy)
    _compare(stated.rows, _counted(files, stated, present.size))
    return stated, present


def read_totals(content: bytes) -> Totals:
    """What a file of totals states; DoesNotVerify says what keeps it from being one."""
    found = json_object(content, "the file of totals")
    if found.keys() != _MEMBERS or found["format"] != FORMAT:
        raise DoesNotVerify(f"the file of totals is not of the format `{FORMAT}`")
    if not isinstance(found["origin"], str) or not _is_count(found["size"], least=0):
        raise DoesNotVerify("the file of totals does not state an origin and a size")
    if not isinstance(found["totals"], list):
        raise DoesNotVerify("`totals` is not a list")
    return Totals(found["origin"], found["size"], _root(found["root"]), _rows(found["totals"]))


def _rows(listed: list[Any]) -> dict[Row, int]:
    rows: dict[Row, int] = {}
    for number, each in enumerate(listed, 1):
        if not isinstance(each, dict) or each.keys() != {"batch", "kind", "code", "entries"}:
            raise DoesNotVerify(f"row {number} of the totals does not have batch, kind, code and entries")
        row = each["batch"], each["kind"], each["code"]
        if not isinstance(row[0], str | None) or not all(isinstance(text, str) for text in row[1:]):
            raise DoesNotVerify(f"row {number} of the totals has a name that is not a text")
        if not _is_count(each["entries"], least=1):
            raise DoesNotVerify(f"row {number} of the totals has `{each['entries']}` entries, not 1 or more")
        if rows and _order(row) <= _order(next(reversed(rows))):
            raise DoesNotVerify(f"row {number} of the totals is not in order, or stands there twice")
        rows[row] = each["entries"]
    return rows


def _counted(files: Files, stated: Totals, present: int) -> Counter[Row]:
    """The entries of each row among those that were hashed into the stated root."""
    counts: Counter[tuple[bytes | None, bytes, bytes]] = Counter()
    edge = merkle.Edge()
    for index, width in bundles(stated.size):
        entries = files.entries(index, min(WIDTH, present - index * WIDTH))[:width]
        counts.update(_entries(entries, index))
        deque(edge.add(merkle.leaves(entries)), maxlen=0)
    if edge.root() != stated.root:
        raise DoesNotVerify(f"the first {stated.size} entries do not hash to the root that was signed for them")
    return Counter({_row(*each): number for each, number in counts.items()})


def _row(batch: bytes | None, kind: bytes, code: bytes) -> Row:
    return None if batch is None else batch.decode(), kind.decode(), code.decode()


def _entries(entries: list[bytes], index: int) -> list[tuple[bytes | None, bytes, bytes]]:
    found: list[tuple[bytes | None, bytes, bytes]] = []
    try:
        for each in entries:
            found.append(entry.counted(each))
    except entry.NotAnEntry as problem:
        place = f"entry {index * WIDTH + len(found)} in `{name(ENTRIES, index, len(entries))}`"
        raise DoesNotVerify(f"{place} {problem}") from problem
    return found


def _compare(stated: dict[Row, int], counted: Counter[Row]) -> None:
    for row in sorted(stated.keys() | counted.keys(), key=_order):
        if stated.get(row, 0) != counted[row]:
            batch, kind, code = row
            of = f"{kind} `{code}` " + (f"of batch `{batch}`" if batch is not None else "of no batch")
            raise DoesNotVerify(f"{of}: the totals say {stated.get(row, 0)}, the ledger holds {counted[row]}")


def _order(row: Row) -> tuple[bool, str, str, str]:
    batch, kind, code = row
    return batch is not None, batch or "", kind, code


def _is_count(value: object, *, least: int) -> bool:
    return type(value) is int and least <= value < 2**53


def _root(text: object) -> bytes:
    if not isinstance(text, str) or len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise DoesNotVerify("the file of totals does not state a root in hex")
    return bytes.fromhex(text)
