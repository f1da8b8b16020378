"""Write and read one entry of the ledger (`spec/entry.md`).

Rules:
 * An entry says that something of a known kind happened, when and to which batch, and commits to a payload
   that is kept elsewhere. The payload can be destroyed; the entry stays.
 * An entry holds no personal data: every text in it is an identifier without spaces, a code, a date or a
   digest, and no detail has the form of a taxpayer number. Prose and names have no place to stand.
 * An entry is its RFC 8785 bytes. Whatever has another form is not an entry.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from narrowgate.errors import Fault
from narrowgate.files import SHA256
from narrowgate.formats.canonical import canonical
from narrowgate.formats.manifest import IDENTIFIER
from narrowgate.terms.determination import Disposition

VERSION = 1
SALT_SIZE = 32
LARGEST_ENTRY = 0xFFFF
LARGEST_INTEGER = 2**53 - 1

KINDS: Mapping[str, str] = {
    "opened": "the ledger was begun",
    "configuration": "an agreement, a key or a setting was changed",
    "received": "a package was accepted as a batch",
    "rejected": "a package was not accepted",
    "determination": "one request was determined; the code is the disposition",
    "rehearsal": "one request was determined against a synthetic register; the code is the disposition",
    "replay": "a batch was judged again to compare, and nothing can come of it",
    "look": "a person looked at a referred request to settle it",
    "approval": "an approver signed for a run",
    "defect": "an approver found a defect in the sample of a run",
    "release": "sealed answers left the gate",
    "rehearsed_release": "sealed answers of a rehearsal were written",
    "stopped": "a release was asked for and did not happen",
    "stay": "a stay was entered, changed or ended",
    "destruction": "payloads and salts of a batch were destroyed",
}
"""The closed list of what can happen, in the order in which a batch meets it."""

DETERMINING = frozenset({"determination", "rehearsal"})

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}")
_TAXPAYER_NUMBER = re.compile(r"\d{3}-?\d{2}-?\d{4}")
_KEYS = frozenset({"at", "batch", "code", "commitment", "kind", "v"})


def commitment(salt: bytes, payload: bytes) -> str:
    """Hex SHA-256(salt || payload), which names a payload without saying anything about it.

    The salt has 32 bytes, always: if its length could vary, bytes could move between it and the payload.
    """
    if len(salt) != SALT_SIZE:
        raise Fault(f"a salt has {SALT_SIZE} bytes, not {len(salt)}")
    return sha256(salt + payload).hexdigest()


@dataclass(frozen=True)
class Entry:
    """One entry. `at` is UTC to the second, `2025-06-27T14:00:00Z`; `batch` is None if it concerns none."""

    kind: str
    batch: str | None
    code: str
    at: str
    commitment: str
    detail: Mapping[str, Any] | None = None

    def to_bytes(self) -> bytes:
        """The canonical bytes; a Fault if this is not an entry."""
        for problem in _problems(self):
            raise Fault(f"not a ledger entry: {problem}", "nothing was added to the ledger")
        content: dict[str, Any] = {
            "v": VERSION,
            "kind": self.kind,
            "batch": self.batch,
            "code": self.code,
            "at": self.at,
            "commitment": self.commitment,
        }
        if self.detail is not None:
            content["detail"] = dict(self.detail)
        written = canonical(content)
        if len(written) > LARGEST_ENTRY:
            raise Fault(f"not a ledger entry: it has {len(written)} bytes", "nothing was added to the ledger")
        return written

    @classmethod
    def from_bytes(cls, written: bytes) -> Entry:
        """Read an entry; a Fault unless it is written exactly as `to_bytes` writes it."""
        try:
            content = json.loads(written)
        except (ValueError, RecursionError) as error:
            raise Fault(f"not a ledger entry: {error}") from error
        if not isinstance(content, dict) or content.keys() - {"detail"} != _KEYS:
            raise Fault("not a ledger entry: it has other keys than an entry has")
        if type(content["v"]) is not int or content["v"] != VERSION:
            raise Fault(f"not a ledger entry of version {VERSION}, but of `{content['v']}`")
        if "detail" in content and not isinstance(content["detail"], dict):
            raise Fault("not a ledger entry: `detail` is no object")
        entry = cls(**{key: value for key, value in content.items() if key != "v"})
        if entry.to_bytes() != written:
            raise Fault("not a ledger entry: it is not in RFC 8785 form")
        return entry


def _problems(entry: Entry) -> Iterator[str]:
    """What keeps the values of `entry` from being those of an entry."""
    if not isinstance(entry.kind, str) or entry.kind not in KINDS:
        yield f"there is no kind `{entry.kind}`"
    if entry.batch is not None and not _matches(IDENTIFIER, entry.batch):
        yield f"`{entry.batch}` is not the id of a batch"
    if not _matches(_CODE, entry.code):
        yield f"`{entry.code}` is not a code"
    if entry.kind in DETERMINING and entry.code not in {each.value for each in Disposition}:
        yield f"`{entry.code}` is not a disposition"
    if not _matches(_MOMENT, entry.at) or not _exists(entry.at):
        yield f"`{entry.at}` is not a moment in UTC"
    if not _matches(SHA256, entry.commitment):
        yield "its commitment is not a hex SHA-256"
    for name, value in (entry.detail or {}).items():
        if not _matches(_NAME, name) or not _is_detail(value):
            yield f"detail `{name}` is neither a number, a truth nor an identifier"


def _is_detail(value: object) -> bool:
    """Whether `value` is a plain one, a list of plain ones or an object of plain ones."""
    if isinstance(value, Mapping):
        return all(_matches(_TOKEN, name) and _is_plain(each) for name, each in value.items())
    if isinstance(value, list | tuple):
        return all(_is_plain(each) for each in value)
    return _is_plain(value)


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return _matches(_TOKEN, value) and not _matches(_TAXPAYER_NUMBER, value)
    if isinstance(value, int):
        return abs(value) <= LARGEST_INTEGER
    return value is None


def _matches(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and value.isascii() and form.fullmatch(value) is not None


def _exists(moment: str) -> bool:
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return False
    return True
