"""Read the signed cover of a batch (`spec/manifest.md`).

Rules:
 * One form only: RFC 8785 bytes, no unknown key, no key twice, no number but whole ones.
 * A value of the wrong type or form is named by its path, such as `officers[3].role`.
 * An attestation that is absent stays absent: nothing is filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from narrowgate.files import SHA256
from narrowgate.formats.canonical import canonical
from narrowgate.formats.codes import Code, Halt, answering, shown
from narrowgate.terms.batch import Attestations, Manifest, Officer, Official, RowsFile

FORMAT = "narrowgate-batch/1"
LONGEST_TEXT = 1000

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
OFFICER_ID = re.compile(r"[A-Za-z0-9._/-]{1,64}")
ROWS_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.(csv|jsonl|parquet)")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
KEYS = (
    "format",
    "batch_id",
    "agreement",
    "requester",
    "officers",
    "attestations",
    "created_at",
    "expires_at",
    "rows",
)
ATTESTATIONS = ("active_criminal_investigation", "sole_use", "safeguards", "true_and_correct")


@answering
def read_manifest(data: bytes) -> Manifest:
    """The manifest that `data` states, or the refusal that names the first thing wrong with it."""
    value = _json(data)
    manifest = _manifest(value)
    if canonical(value) != data:
        raise Halt(Code.MANIFEST_NOT_CANONICAL, "`manifest.json` is not in RFC 8785 form")
    return manifest


@answering
def read_again(data: bytes) -> Manifest:
    """The manifest that `data` states, where these very bytes were read as sound before: their form is not proved anew.

    Writing a roster of tens of thousands once more to compare it takes longer than reading it.
    """
    return _manifest(_json(data))


def _json(data: bytes) -> Any:
    """The JSON value of `data`, read as strictly as JSON allows."""
    try:
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number
        )
    except UnicodeDecodeError as error:
        raise Halt(Code.MANIFEST_UNREADABLE, f"`manifest.json` is not UTF-8 at byte {error.start + 1}") from error
    except (ValueError, RecursionError) as error:
        raise Halt(Code.MANIFEST_UNREADABLE, f"`manifest.json` is not JSON: {error}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key twice would let two readers see two manifests."""
    whole = dict(pairs)
    if len(whole) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Halt(Code.MANIFEST_FORM, f"`manifest.json` has the key {shown(twice)} twice")
    return whole


def _no_number(text: str) -> NoReturn:
    raise Halt(Code.MANIFEST_FORM, f"`manifest.json` holds {shown(text)}: only whole numbers are used")


def _manifest(value: Any) -> Manifest:
    top = _object(
        value,
        "",
        required=KEYS,
        optional=("storage_id",),
    )
    if top["format"] != FORMAT:
        raise Halt(Code.MANIFEST_FORM, f"`format` is {shown(top['format'])}, not `{FORMAT}`")
    requester = _object(top["requester"], "requester", required=("agency", "official"))
    official = _object(requester["official"], "requester.official", required=("name", "office"))
    rows = _object(top["rows"], "rows", required=("file", "sha256", "count"))
    return Manifest(
        batch_id=_text(top["batch_id"], "batch_id", IDENTIFIER),
        agreement=_text(top["agreement"], "agreement", IDENTIFIER),
        agency=_text(requester["agency"], "requester.agency"),
        official=Official(
            name=_text(official["name"], "requester.official.name"),
            office=_text(official["office"], "requester.official.office"),
        ),
        officers=_officers(top["officers"]),
        attestations=_attestations(top["attestations"]),
        storage_id=None if top.get("storage_id") is None else _text(top["storage_id"], "storage_id"),
        created_at=_instant(top["created_at"], "created_at"),
        expires_at=_instant(top["expires_at"], "expires_at"),
        rows=RowsFile(
            file=_text(rows["file"], "rows.file", ROWS_NAME),
            sha256=_text(rows["sha256"], "rows.sha256", SHA256),
            count=_count(rows["count"], "rows.count"),
        ),
    )


def _officers(value: Any) -> tuple[Officer, ...]:
    if not isinstance(value, list):
        raise _wrong("officers", value, "a list")
    officers = tuple(_officer(member, f"officers[{place}]") for place, member in enumerate(value))
    seen: dict[str, int] = {}
    for place, officer in enumerate(officers):
        first = seen.setdefault(officer.id, place)
        if first != place:
            raise Halt(
                Code.MANIFEST_FORM,
                f"`officers[{place}].id` is {shown(officer.id)}, as is `officers[{first}].id`",
            )
    return officers


def _officer(value: Any, path: str) -> Officer:
    officer = _object(value, path, required=("id", "name", "unit", "role"), optional=("certificate_sha256",))
    certificate = officer.get("certificate_sha256")
    return Officer(
        id=_text(officer["id"], f"{path}.id", OFFICER_ID),
        name=_text(officer["name"], f"{path}.name"),
        unit=_text(officer["unit"], f"{path}.unit"),
        role=_text(officer["role"], f"{path}.role"),
        certificate_sha256=None if certificate is None else _text(certificate, f"{path}.certificate_sha256", SHA256),
    )


def _attestations(value: Any) -> Attestations:
    stated = _object(value, "attestations", required=(), optional=ATTESTATIONS)
    for name, answer in stated.items():
        if answer is not None and not isinstance(answer, bool):
            raise _wrong(f"attestations.{name}", answer, "true or false")
    return Attestations(**{name: stated.get(name) for name in ATTESTATIONS})


def _object(value: Any, path: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """`value` as an object with every required key and no key that nobody reads."""
    if not isinstance(value, dict):
        raise _wrong(path or "manifest.json", value, "an object")
    inside = f"{path}." if path else ""
    for key in value:
        if key not in required and key not in optional:
            raise Halt(Code.MANIFEST_FORM, f"{shown(inside + key)} is not a key of a manifest")
    for key in required:
        if key not in value:
            raise Halt(Code.MANIFEST_FORM, f"`{inside}{key}` is absent")
    return value


def _text(value: Any, path: str, form: re.Pattern[str] | None = None) -> str:
    """`value` as printable text, of the given form if there is one."""
    if not isinstance(value, str):
        raise _wrong(path, value, "text")
    if form is not None and not form.fullmatch(value):
        raise Halt(Code.MANIFEST_FORM, f"`{path}` is {shown(value)}, which does not have its form")
    if not value.strip() or len(value) > LONGEST_TEXT or not value.isprintable():
        raise Halt(
            Code.MANIFEST_FORM,
            f"`{path}` is {shown(value)}, not 1 to {LONGEST_TEXT} printable characters",
        )
    return value


def _count(value: Any, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(path, value, "a whole number")
    if not 0 <= value < 2**53:  # beyond it RFC 8785 has no form for a number
        raise Halt(Code.MANIFEST_FORM, f"`{path}` is {shown(value)}, which is not a number of rows")
    return value


def _instant(value: Any, path: str) -> datetime:
    text = _text(value, path)
    if INSTANT.fullmatch(text):
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            pass
    raise Halt(Code.MANIFEST_FORM, f"`{path}` is {shown(value)}, not a time such as `2025-06-27T14:00:00Z`")


def _wrong(path: str, value: Any, expected: str) -> Halt:
    return Halt(Code.MANIFEST_FORM, f"`{path}` is {shown(json.dumps(value))}, not {expected}")
