"""Open a signed package: who asked, and for what (`spec/package.md`).

Rules:
 * Three entries: the manifest, its signature, and the rows file that the manifest names. A link is never followed.
 * Nothing of the manifest is believed before its signature verifies, and no row before the digest of the rows does.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from narrowgate_verify.adjudication.manifest import Manifest, read_manifest
from narrowgate_verify.adjudication.request import REFERENCE, Request, read_request
from narrowgate_verify.adjudication.rows import read_rows
from narrowgate_verify.adjudication.signature import verify_signature
from narrowgate_verify.problems import DoesNotVerify, WrongUse

MANIFEST, SIGNATURE = "manifest.json", "manifest.p7s"
LARGEST = 4 << 30
"""Bytes that an archive may unpack to."""


@dataclass(frozen=True)
class Package:
    """A package that verified: its manifest with the digest of it, and its requests in their order."""

    manifest: Manifest
    manifest_sha256: str
    requests: tuple[Request, ...]


def open_package(path: Path, *, anchors: Path) -> Package:
    """The package at `path`, a folder or a zip archive; DoesNotVerify says what is wrong with it."""
    try:
        return _open(_entries(path), anchors=anchors)
    except DoesNotVerify as problem:
        raise DoesNotVerify(f"package `{path}`: {problem}") from problem
    except WrongUse as problem:
        raise WrongUse(f"package `{path}`: {problem}") from problem


def _open(entries: Mapping[str, bytes], *, anchors: Path) -> Package:
    if len(entries) != 3 or not {MANIFEST, SIGNATURE} <= entries.keys():
        raise DoesNotVerify(
            f"it holds {', '.join(sorted(entries)) or 'nothing'}, not a manifest, its signature and rows"
        )
    content = entries[MANIFEST]
    manifest = read_manifest(content)
    verify_signature(content, entries[SIGNATURE], anchors=anchors, at=manifest.created_at)
    rows = entries.get(manifest.rows_file)
    if rows is None:
        raise DoesNotVerify(f"the rows file `{manifest.rows_file}` that the manifest names is not in it")
    if sha256(rows).hexdigest() != manifest.rows_sha256:
        raise DoesNotVerify(f"the rows in `{manifest.rows_file}` are not those that were signed")
    return Package(manifest, sha256(content).hexdigest(), _requests(rows, manifest))


def _requests(rows: bytes, manifest: Manifest) -> tuple[Request, ...]:
    requests = tuple(read_request(number, row) for number, row in enumerate(read_rows(rows, manifest.rows_file)))
    if not requests or len(requests) != manifest.rows_count:
        raise DoesNotVerify(f"it has {len(requests):,} rows, and its manifest says {manifest.rows_count:,}")
    references = [one.text("request_ref") or "" for one in requests]
    if len(set(references)) != len(references) or not all(map(REFERENCE.fullmatch, references)):
        raise DoesNotVerify("a request has no reference of its own")
    return requests


def _entries(path: Path) -> dict[str, bytes]:
    """The entries of a folder or an archive, by name."""
    if path.is_symlink() or not path.exists():
        raise WrongUse("it is not there, or a link")
    if path.is_dir():
        return {entry.name: _file(entry) for entry in sorted(path.iterdir())}
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
            if len({one.filename for one in listed}) != len(listed) or sum(one.file_size for one in listed) > LARGEST:
                raise DoesNotVerify("it lists an entry twice, or would unpack to too much")
            return {one.filename: archive.read(one) for one in listed}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DoesNotVerify(f"it is neither a folder nor a whole zip archive: {error}") from error


def _file(entry: Path) -> bytes:
    if entry.is_symlink() or not entry.is_file():
        raise DoesNotVerify(f"`{entry.name}` is not a regular file")
    return entry.read_bytes()
