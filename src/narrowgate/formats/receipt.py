"""Write and read receipts: a C2SP tlog-proof that one entry is in the ledger, and the document that opens the entry to
a person (`spec/receipt.md`).

Rules:
 * A receipt stands alone: index, audit path and signed checkpoint, and as extra data the entry itself.
 * A document encloses the receipt word for word, with what its holder may see of what the entry commits to.
 * Reading one believes nothing. Whether it proves anything is decided by `narrowgate_verify`, with keys named
   beforehand; so this module hashes nothing and verifies nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii

from narrowgate.errors import WrongUse

FIRST_LINE = "c2sp.org/tlog-proof@v1"
DOCUMENT = "narrowgate-receipt/1"
HASH_SIZE = 32
LONGEST_PATH = 64


@dataclass(frozen=True)
class Receipt:
    """A claim: at `index` is the entry whose `path`, its sibling first, leads to the root of `checkpoint`."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    entry: bytes | None = None


@dataclass(frozen=True)
class Opening:
    """What opens an entry: its payload with the salt, and of a determination the grounds with theirs if shown."""

    payload: str
    salt: bytes
    grounds: str | None = None
    grounds_salt: bytes | None = None


class Documents:
    """Writes documents to one checkpoint, for entries made under one document, which all of them repeat.

    `stamps` are the timestamps of the checkpoint, as the document holds them; None if there are none.
    """

    def __init__(
        self, checkpoint: str, *, under: str | None = None, stamps: Mapping[str, object] | None = None
    ) -> None:
        self._tail = _escaped("\n" + checkpoint) + '"'
        self._same = ("" if stamps is None else f',"stamps":{json.dumps(stamps)}') + (
            "" if under is None else f',"under":"{_escaped(under)}"'
        )

    def one(self, index: int, entry: bytes, path: str, opening: Opening) -> str:
        """The document of the entry at `index`, as one line of JSON; `path` is the audit path as lines of base64."""
        head = _head(index, entry, path)
        return (
            f'{{"format":"{DOCUMENT}"{_grounds(opening)},"payload":"{_escaped(opening.payload)}"'
            f',"proof":"{_escaped(head)}{self._tail},"salt":"{opening.salt.hex()}"{self._same}}}'
        )


def _grounds(opening: Opening) -> str:
    if opening.grounds is None or opening.grounds_salt is None:
        return ""
    return f',"grounds":"{_escaped(opening.grounds)}","grounds_salt":"{opening.grounds_salt.hex()}"'


def _escaped(text: str) -> str:
    """`text` as it stands in a JSON string."""
    return encode_basestring_ascii(text)[1:-1]


def receipt_to_text(receipt: Receipt) -> str:
    """The `.tlog-proof` text of `receipt`."""
    path = "".join(f"{_encoded(each)}\n" for each in receipt.path)
    return f"{_head(receipt.index, receipt.entry, path)}\n{receipt.checkpoint}"


def _head(index: int, entry: bytes | None, path: str) -> str:
    """A `.tlog-proof` up to the empty line; `path` is the audit path as lines of base64."""
    extra = "" if entry is None else f"extra {_encoded(entry)}\n"
    return f"{FIRST_LINE}\n{extra}index {index}\n{path}"


def receipt_from_text(text: str) -> Receipt:
    """Read a `.tlog-proof`; wrong use if it is not one."""
    head, gap, checkpoint = text.partition("\n\n")
    first, *lines = head.split("\n")
    if first != FIRST_LINE or not gap or not lines:
        raise WrongUse(f"not a receipt: it should begin with `{FIRST_LINE}`")
    entry = _decoded(lines.pop(0).removeprefix("extra ")) if lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise WrongUse("not a receipt: it does not say which entry it is for")
    path = tuple(_decoded(line) for line in lines[1:])
    if len(path) > LONGEST_PATH or any(len(each) != HASH_SIZE for each in path):
        raise WrongUse("not a receipt: its audit path is not one of SHA-256 hashes")
    return Receipt(_index(lines[0].removeprefix("index ")), path, checkpoint, entry)


def _index(text: str) -> int:
    if len(text) > 19 or not (text.isascii() and text.isdigit()) or str(int(text)) != text:
        raise WrongUse(f"not a receipt: `{text}` is not an index")
    return int(text)


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WrongUse(f"not a receipt: `{text}` is not base64") from error
    if _encoded(content) != text:
        raise WrongUse(f"not a receipt: `{text}` is not base64 as it is written")
    return content
