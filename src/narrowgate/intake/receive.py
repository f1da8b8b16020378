"""Receive a package: the numbered steps of `spec/package.md`, each of which can end in a refusal.

Rules:
 * Nothing that the manifest says is relied on, and no rows are unpacked, before its signature is verified.
 * A batch is taken once: neither its id nor its rows may come again.
 * What came lies encrypted from its first byte on. The table of requests appears only when every step has passed; after
   a refusal or a fault nothing is left.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

import duckdb

from narrowgate.encrypted import SUFFIX, KeyFor
from narrowgate.files import sync, write_private
from narrowgate.formats.cms import verify_detached
from narrowgate.formats.codes import Code, Halt, answering, shown
from narrowgate.formats.limits import Limits
from narrowgate.formats.manifest import read_manifest
from narrowgate.formats.package import MANIFEST, SIGNATURE, Package, extract_rows, open_package
from narrowgate.formats.rows import TextRows, read_rows
from narrowgate.intake.references import check_references
from narrowgate.intake.table import LayoutError, RequestTable, write_tables
from narrowgate.terms.batch import Manifest, Signer
from narrowgate.terms.refusal import Refusal

Answer = TypeVar("Answer")

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of ours a sender's clock may run."""


class KnownBatches(Protocol):
    """What was received before."""

    def has_batch(self, batch_id: str) -> bool:
        """Whether a batch of this id was received."""

    def has_rows(self, sha256: str) -> bool:
        """Whether rows of this digest were received, under any id."""


@dataclass(frozen=True)
class Received:
    """A batch that was taken in. Its files are below the folder of `request`; `package` holds what came."""

    manifest: Manifest
    signer: Signer
    requests: int
    layout_errors: int
    first_errors: tuple[LayoutError, ...]
    request: Path
    layout_error: Path
    package: Path


@answering
def receive(
    package: Path,
    *,
    session: duckdb.DuckDBPyConnection,
    folder: Path,
    anchors: Path,
    now: datetime,
    known: KnownBatches,
    agreement: str,
    key_for: KeyFor,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Received:
    """Take the package in and write its tables into `folder`, which is private and open to `session`.

    `agreement` is the id of the one agreement that this gate answers under; `key_for` knows the key for what is written
    below `folder`, and so does `session`.
    """
    opened = _or_halt(open_package(package, limits=limits))  # 1
    manifest = _or_halt(read_manifest(opened.manifest))  # 2
    signer = _or_halt(verify_detached(opened.manifest, opened.signature, anchors=anchors, at=now))  # 3
    _check_agreement(manifest, agreement)  # 4
    _check_dates(manifest, now)  # 4
    _check_replay(manifest, known)  # 5
    working = folder / "intake.unfinished"
    try:
        arrived = _unpack(opened, manifest, working / "package", limits, key_for)  # 6
        rows = _or_halt(read_rows(session, arrived, folder=working, limits=limits, key_for=key_for))  # 7
        _check_count(manifest, rows)  # 8
        table = write_tables(session, rows, working, suffix=SUFFIX)  # 9
        check_references(session, table.request)  # 10
        return _hand_over(manifest, signer, table, working, folder)
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _check_agreement(manifest: Manifest, agreement: str) -> None:
    if manifest.agreement != agreement:
        raise Halt(
            Code.AGREEMENT_OTHER,
            f"batch {shown(manifest.batch_id)} is made under {shown(manifest.agreement)}; this gate answers under "
            f"{shown(agreement)}",
        )


def _check_dates(manifest: Manifest, now: datetime) -> None:
    created, expires = manifest.created_at, manifest.expires_at
    if expires <= created:
        raise Halt(Code.DATES_REVERSED, f"`expires_at` {_day(expires)} is not after `created_at` {_day(created)}")
    if created > now + CLOCK_SKEW:
        raise Halt(Code.CREATED_AHEAD, f"`created_at` {_day(created)} is ahead of now, {_day(now)}")
    if now > expires:
        raise Halt(Code.EXPIRED, f"batch {shown(manifest.batch_id)} expired at {_day(expires)}; it is {_day(now)}")


def _check_replay(manifest: Manifest, known: KnownBatches) -> None:
    if known.has_batch(manifest.batch_id):
        raise Halt(Code.REPLAY_BATCH, f"batch {shown(manifest.batch_id)} was received before")
    if known.has_rows(manifest.rows.sha256):
        raise Halt(
            Code.REPLAY_ROWS,
            f"the rows of batch {shown(manifest.batch_id)} were received before under another id",
        )


def _unpack(package: Package, manifest: Manifest, home: Path, limits: Limits, key_for: KeyFor) -> Path:
    """Our own copy of what came, the rows being those that were signed."""
    named = manifest.rows.file
    if package.rows_name != named:
        raise Halt(
            Code.PACKAGE_ENTRIES,
            f"`rows.file` is {shown(named)}; the package holds {shown(package.rows_name)}",
        )
    shutil.rmtree(home.parent, ignore_errors=True)  # left by a run that was killed
    home.parent.mkdir(mode=0o700)
    home.mkdir(mode=0o700)
    write_private(home / MANIFEST, package.manifest)
    write_private(home / SIGNATURE, package.signature)
    arrived = home / f"{named}{SUFFIX}"
    digest = _or_halt(extract_rows(package, arrived, limits=limits, key_for=key_for))
    if digest != manifest.rows.sha256:
        raise Halt(
            Code.ROWS_DIGEST,
            f"`{named}` has the SHA-256 `{digest}`; the manifest signs `{manifest.rows.sha256}`",
        )
    return arrived


def _check_count(manifest: Manifest, rows: TextRows) -> None:
    if manifest.rows.count != rows.count:
        raise Halt(
            Code.ROWS_COUNT,
            f"`rows.count` is {manifest.rows.count:,}; `{manifest.rows.file}` has {rows.count:,}",
        )
    if not rows.count:
        raise Halt(Code.ROWS_COUNT, f"`{manifest.rows.file}` has no rows")


def _hand_over(manifest: Manifest, signer: Signer, table: RequestTable, working: Path, folder: Path) -> Received:
    """Move what is finished out of the working folder, the table of requests last."""
    home = folder / "package"
    shutil.rmtree(home, ignore_errors=True)
    (working / "package").replace(home)
    layout_error = table.layout_error.replace(folder / table.layout_error.name)
    request = table.request.replace(folder / table.request.name)
    sync(folder)
    return Received(
        manifest=manifest,
        signer=signer,
        requests=table.requests,
        layout_errors=table.layout_errors,
        first_errors=table.first_errors,
        request=request,
        layout_error=layout_error,
        package=home,
    )


def _or_halt(answer: Answer | Refusal) -> Answer:
    """The answer, or the refusal as the end of receiving."""
    if isinstance(answer, Refusal):
        raise Halt.of(answer)
    return answer


def _day(moment: datetime) -> str:
    return f"`{moment:%Y-%m-%dT%H:%M:%SZ}`"
