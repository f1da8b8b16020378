"""Decide whether a checkpoint is one that the policy accepts (`spec/ledger.md`, section 4).

Rules:
 * The origin is the policy's; every required key has signed; no trusted key's signature is bad.
 * A line by a key that the policy does not name counts for nothing, whatever came along with the evidence.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from narrowgate_verify.policy import Key, Policy
from narrowgate_verify.problems import DoesNotVerify

_TEXT = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")
_LINE = re.compile(r"— (?P<name>[^ \n]+) (?P<signed>[A-Za-z0-9+/]+={0,2})")
_LONGEST = 1 << 20


@dataclass(frozen=True)
class Checkpoint:
    """What the log's keys have signed for: this many entries, under this root."""

    size: int
    root: bytes


def accept(note: bytes, policy: Policy, *, file: str) -> Checkpoint:
    """The checkpoint in `note`, if `policy` accepts it; `file` is what to call it if not."""
    text, signatures = _split(note, file)
    stated = _TEXT.fullmatch(text)
    if stated is None:
        raise DoesNotVerify(f"`{file}` does not state an origin, a size and a root")
    if stated["origin"] != policy.origin:
        raise DoesNotVerify(f"`{file}` is of the log `{stated['origin']}`, not of `{policy.origin}`")
    for key in policy.keys:
        _check(key, text.encode(), signatures, file)
    return Checkpoint(int(stated["size"]), _base64(stated["root"], file))


def _check(key: Key, text: bytes, signatures: list[tuple[str, bytes]], file: str) -> None:
    own = [signed[4:] for name, signed in signatures if name == key.name and signed[:4] == key.id]
    if key.required and not own:
        raise DoesNotVerify(f"`{file}` is not signed by the key `{key}`, which the policy requires")
    if not all(key.verify(signature, text) for signature in own):
        raise DoesNotVerify(f"`{file}` bears a signature by the key `{key}` that does not verify")


def _split(note: bytes, file: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text, and name and bytes of each signature line."""
    try:
        whole = note[:_LONGEST].decode()
    except UnicodeDecodeError as error:
        raise DoesNotVerify(f"`{file}` is not UTF-8") from error
    end = whole.rfind("\n\n")
    lines = whole[end + 2 :].split("\n")
    if end < 0 or len(note) > _LONGEST or lines.pop() or not lines:
        raise DoesNotVerify(f"`{file}` is not a signed note")
    if any(character < " " and character != "\n" for character in whole):
        raise DoesNotVerify(f"`{file}` holds a control character")
    return whole[: end + 1], [_signature(line, file) for line in lines]


def _signature(line: str, file: str) -> tuple[str, bytes]:
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise DoesNotVerify(f"`{file}` holds `{line}`, which is not a signature line")
    return parts["name"], _base64(parts["signed"], file)


def _base64(text: str, file: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise DoesNotVerify(f"`{file}` holds `{text}`, which is not base64") from error
    if base64.b64encode(content).decode() != text:
        raise DoesNotVerify(f"`{file}` holds `{text}`, which is a second spelling of other base64")
    return content
