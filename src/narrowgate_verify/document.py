"""Read a receipt document: a proof with what opens its commitment, as one JSON object (`spec/receipt.md`).

Rules:
 * Every member is known and has its one type. A member that this program does not know would be read by people and
   checked by nobody.
 * No name stands twice in an object: two readers would take two meanings from one text.
 * A payload and what it was made under are canonical JSON, to the byte.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from narrowgate_verify.encoding import base64_bytes
from narrowgate_verify.problems import DoesNotVerify
from narrowgate_verify.value import Value

if TYPE_CHECKING:
    from narrowgate_verify.stamps import Stamps

FORMAT = "narrowgate-receipt/1"
_MEMBERS = {"format", "proof", "payload", "salt", "grounds", "grounds_salt", "under", "stamps"}


class Document(Value):
    """The parts of a receipt document. What is opened stands with its salt, or both are None."""

    proof: bytes
    payload: bytes | None = None
    salt: bytes | None = None
    grounds: bytes | None = None
    grounds_salt: bytes | None = None
    under: bytes | None = None
    stamps: Stamps | None = None


def is_document(receipt: bytes) -> bool:
    """Whether `receipt` is a document; a bare proof begins otherwise."""
    return receipt[:1] == b"{"


def read_document(receipt: bytes) -> Document:
    """The parts of `receipt`; DoesNotVerify says what keeps it from being a document."""
    found = json_object(receipt, "the receipt")
    for name in found.keys() - _MEMBERS:
        raise DoesNotVerify(f"the receipt has a member `{name}`, which this program does not know")
    if found.get("format") != FORMAT:
        raise DoesNotVerify(f"the receipt is of the format `{found.get('format')}`, not `{FORMAT}`")
    payload, salt = _salted(found, "payload", "salt")
    grounds, grounds_salt = _salted(found, "grounds", "grounds_salt")
    under = _text(found, "under") if "under" in found else None
    if payload is None and (grounds is not None or under is not None):
        raise DoesNotVerify("the receipt has `grounds` or `under` without the payload that would name them")
    stamps = _stamps(found["stamps"]) if "stamps" in found else None
    return Document(_text(found, "proof"), payload, salt, grounds, grounds_salt, under, stamps)


def _salted(found: dict[str, Any], name: str, salt: str) -> tuple[bytes | None, bytes | None]:
    """What is opened with a salt, and the salt: both or neither, since one says nothing alone."""
    if (name in found) != (salt in found):
        raise DoesNotVerify(f"the receipt has only one of `{name}` and `{salt}`, which say nothing alone")
    return (_text(found, name), _hex(found, salt)) if name in found else (None, None)


def json_object(content: bytes, what: str) -> dict[str, Any]:
    """The JSON object in `content`; DoesNotVerify with `what` it is if it is none."""
    try:
        found = json.loads(content.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise DoesNotVerify(f"{what} is not JSON, or has a name twice in one object") from error
    if not isinstance(found, dict):
        raise DoesNotVerify(f"{what} is not a JSON object")
    return found


def canonical_object(content: bytes, what: str) -> dict[str, Any]:
    """The JSON object in `content`, which must be spelt as RFC 8785 spells it.

    Of the numbers that page allows, only integers are used here: their spelling is the same everywhere.
    """
    found = json_object(content, what)
    spelt = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if spelt.encode(errors="surrogatepass") != content:
        raise DoesNotVerify(f"{what} is not in RFC 8785 form")
    return found


def _stamps(found: object) -> Stamps:
    from narrowgate_verify.stamps import Stamps  # noqa: PLC0415 - few receipts bring any

    if not isinstance(found, dict) or found.keys() != {"checkpoint", "tokens"}:
        raise DoesNotVerify("`stamps` in the receipt does not have the members `checkpoint` and `tokens`")
    tokens = found["tokens"]
    if not isinstance(tokens, dict):
        raise DoesNotVerify("`tokens` in the receipt is not an object")
    return Stamps(_text(found, "checkpoint"), tuple((name, _token(tokens, name)) for name in sorted(tokens)))


def _token(tokens: dict[str, Any], name: str) -> bytes:
    try:
        return base64_bytes(_text(tokens, name).decode())
    except ValueError as error:
        raise DoesNotVerify(f"the timestamp of `{name}` in the receipt is not base64 as it is written") from error


def _text(found: dict[str, Any], name: str) -> bytes:
    value = found.get(name)
    if not isinstance(value, str):
        raise DoesNotVerify(f"`{name}` in the receipt is not a text")
    return value.encode(errors="surrogatepass")


def _hex(found: dict[str, Any], name: str) -> bytes:
    text = _text(found, name)
    try:
        content = bytes.fromhex(text.decode())
    except ValueError:
        content = b""
    if content.hex().encode() != text:
        raise DoesNotVerify(f"`{name}` in the receipt is not hex as it is written")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found
