"""Decide whether the bytes of a leaf are an entry (`spec/entry.md`).

Rules:
 * An entry has one spelling. Since no value in it needs an escape, one expression tells the whole spelling;
   only the inside of `detail` is read as JSON and written again to compare.
 * What an entry may not hold (a name, prose, a taxpayer number) it is not believed to hold by mistake.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from hashlib import sha256
from typing import Any

from narrowgate_verify.value import Value

KINDS = (
    "opened",
    "configuration",
    "received",
    "rejected",
    "determination",
    "rehearsal",
    "replay",
    "look",
    "approval",
    "defect",
    "release",
    "rehearsed_release",
    "stopped",
    "stay",
    "destruction",
)
_NAMED = {kind.encode(): kind for kind in KINDS}
_DETERMINING = {b"determination", b"rehearsal"}
_DISPOSITIONS = {b"disclose", b"return", b"deny", b"refer", b"hold"}
_KEYS = {"at", "batch", "code", "commitment", "kind", "v"}
_ENTRY = re.compile(
    rb'\{"at":"(?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)"'
    rb',"batch":(?:null|"(?P<batch>[A-Za-z0-9][A-Za-z0-9._-]{0,63})")'
    rb',"code":"(?P<code>[A-Za-z0-9][A-Za-z0-9._-]{0,63})"'
    rb',"commitment":"(?P<commitment>[0-9a-f]{64})"'
    rb'(?:,"detail":(?P<detail>\{.*\}))?'
    rb',"kind":"(?P<kind>' + "|".join(KINDS).encode() + rb')"'
    rb',"v":1\}'
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}")
_TAXPAYER_NUMBER = re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}")


class NotAnEntry(ValueError):  # noqa: N818 - a finding
    """Why the bytes are no entry, as the end of a sentence that begins with its place."""


class Entry(Value):
    """What an entry says: its kind, the batch or None, the code, the moment, and a hex SHA-256."""

    kind: str
    batch: str | None
    code: str
    at: str
    commitment: str

    @property
    def determines(self) -> bool:
        """Whether this is about one request; then the code is a disposition."""
        return self.kind.encode() in _DETERMINING

    def commits_to(self, salt: bytes, payload: bytes) -> bool:
        """Whether the entry was made over `payload` with `salt`, which has 32 bytes."""
        return len(salt) == 32 and sha256(salt + payload).hexdigest() == self.commitment


def read(written: bytes) -> Entry:
    """The entry that `written` is; NotAnEntry with the reason if it is none."""
    name, batch, code, at, commitment = _parts(written)
    return Entry(_NAMED[name], batch.decode() if batch else None, code.decode(), at.decode(), commitment.decode())


def kind(written: bytes) -> str:
    """The kind of the entry `written`; NotAnEntry with the reason if it is none."""
    return _NAMED[_parts(written)[0]]


def counted(written: bytes) -> tuple[bytes | None, bytes, bytes]:
    """Batch, kind and code of the entry `written`, as its bytes have them: a whole ledger is counted so."""
    name, batch, code, *_ = _parts(written)
    return batch, name, code


def _parts(written: bytes) -> tuple[bytes, bytes | None, bytes, bytes, bytes]:
    """Kind, batch, code, moment and commitment of the entry `written`."""
    parts = _ENTRY.fullmatch(written)
    if parts is None:
        raise NotAnEntry(_reason(written))
    at, batch, code, commitment, detail, name = parts.groups()
    if name in _DETERMINING and code not in _DISPOSITIONS:
        raise NotAnEntry(f"has the code `{code.decode()}`, which is not a disposition")
    if not _exists(at):
        raise NotAnEntry(f"is of `{at.decode()}`, which is not a moment")
    if detail is not None:
        _check_detail(detail)
    return name, batch, code, at, commitment


@lru_cache(maxsize=4096)
def _exists(moment: bytes) -> bool:
    """Whether the calendar has `moment`, which is of the form of one."""
    year, month, day = int(moment[:4]), int(moment[5:7]), int(moment[8:10])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    in_calendar = year >= 1 and 1 <= month <= 12 and 1 <= day <= days[month - 1]
    return in_calendar and moment[11:13] < b"24" and moment[14:16] < b"60" and moment[17:19] < b"60"


def _check_detail(written: bytes) -> None:
    detail = _json(written)
    for name, value in detail.items():
        if not _NAME.fullmatch(name) or not _allowed(value):
            raise NotAnEntry(f"has a detail `{name}` that is neither a number, a truth nor an identifier")
    # Every text is ASCII without escapes and every number an integer: sorted keys suffice for RFC 8785.
    if json.dumps(detail, sort_keys=True, separators=(",", ":")).encode() != written:
        raise NotAnEntry("is not in RFC 8785 form")


def _allowed(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_TOKEN.fullmatch(name) and _plain(each) for name, each in value.items())
    return all(map(_plain, value)) if isinstance(value, list) else _plain(value)


def _plain(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_TOKEN.fullmatch(value)) and not _TAXPAYER_NUMBER.fullmatch(value)
    return value is None or (isinstance(value, int) and abs(value) < 2**53)


def _json(written: bytes) -> dict[str, Any]:
    try:
        content = json.loads(written.decode())
    except (ValueError, RecursionError) as error:
        raise NotAnEntry("is not JSON") from error
    if not isinstance(content, dict):
        raise NotAnEntry("is not a JSON object")
    return content


def _reason(written: bytes) -> str:
    """Why `written` is not spelt like an entry, as far as that can be said."""
    try:
        content = _json(written)
    except NotAnEntry as problem:
        return str(problem)
    if content.keys() - {"detail"} != _KEYS:
        unlike = sorted((content.keys() - {"detail"}) ^ _KEYS)
        return f"lacks, or has beyond those of an entry, the keys {unlike}"
    if content["kind"] not in KINDS:
        return f"has the unknown kind `{content['kind']}`"
    if content["v"] != 1:
        return f"has the unknown version `{content['v']}`"
    spelt = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if spelt.encode(errors="surrogatepass") != written:
        return "is not in RFC 8785 form"
    return "has a value that is not of the form an entry allows"
