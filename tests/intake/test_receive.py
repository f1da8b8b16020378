"""What intake takes in, what it refuses, and that a refusal leaves nothing behind."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tracemalloc
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from narrowgate.encrypted import clear_name, open_file
from narrowgate.errors import Fault
from narrowgate.formats.limits import Limits
from narrowgate.intake import Received, table
from tests.intake.support import Door, key_for, make, rows_of

SECOND = make.SECOND
TEN_MIB = 10 * 2**20


def as_folder(content: bytes, root: Path) -> Path:
    """The folder that a zipped package is made of."""
    folder = root / "requester" / "batch"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def test_a_folder_and_its_zip_come_to_the_same_requests(door: Door, maker: Any, tmp_path: Path) -> None:
    content = maker.package()
    zipped = door.takes(content)
    first = rows_of(door.session, zipped.request, "*")
    received = door.receives(as_folder(content, tmp_path))
    assert isinstance(received, Received)
    assert rows_of(door.session, received.request, "*") == first


def test_what_came_is_kept_beside_the_requests_to_the_byte(door: Door, maker: Any) -> None:
    entries = dict(maker.entries())
    received = door.takes(make.zipped(list(entries.items())))
    kept = {}
    for file in received.package.iterdir():
        with open_file(file, key_for) as opened:
            kept[clear_name(file)] = opened.read()
    assert kept == entries
    assert {file.name for file in door.folder.iterdir()} == {
        "package", "request.parquet.enc", "layout_error.parquet.enc",
    }  # fmt: skip
    for file in (received.request, received.layout_error, *received.package.iterdir()):
        assert file.stat().st_mode & 0o077 == 0


def test_the_signer_is_who_signed_and_not_who_the_manifest_names(door: Door, maker: Any) -> None:
    received = door.takes(maker.package())
    certificate = maker.official.certificate.read_text()
    der = make.x509.load_pem_x509_certificate(certificate.encode()).public_bytes(make.serialization.Encoding.DER)
    assert received.signer.certificate_sha256 == hashlib.sha256(der).hexdigest()
    assert received.signer.subject == "CN=official"


def test_a_batch_id_comes_once(door: Door, maker: Any) -> None:
    door.known.batches.add("B-1")
    door.refuses(maker.package(), "replay_batch", "`B-1`", "before")
    assert door.takes(maker.package(batch_id="B-2")).requests == 2


def test_rows_come_once_under_whatever_id(door: Door, maker: Any) -> None:
    door.known.rows.add(hashlib.sha256(make.csv(make.ROWS)).hexdigest())
    door.refuses(maker.package(batch_id="B-2"), "replay_rows", "`B-2`", "another id")
    assert door.takes(maker.package(make.csv(make.ROWS[:1]), count=1)).requests == 1


def test_a_replay_by_someone_else_is_refused_for_its_signature(door: Door, maker: Any) -> None:
    door.known.batches.add("B-1")
    door.refuses(maker.package(by=maker.stranger()), "signer_untrusted")


def test_a_batch_under_another_agreement_is_refused(door: Door, maker: Any) -> None:
    door.refuses(maker.package(), "agreement_other", "`irs-ice-2025`", "`another`", agreement="another")


@pytest.mark.parametrize(("beyond", "code"), [(-SECOND, None), (0 * SECOND, None), (SECOND, "expired")])
def test_a_batch_expires_after_its_last_second(beyond: timedelta, code: str | None, door: Door, maker: Any) -> None:
    content = maker.package(expires_at=make.NOW.strftime(make.WRITTEN))
    if code is None:
        assert door.takes(content, now=make.NOW + beyond).requests == 2
    else:
        door.refuses(content, code, "`B-1`", now=make.NOW + beyond)


def test_a_certificate_is_judged_when_the_package_comes(door: Door, maker: Any) -> None:
    short = maker.authority.issue("short", ends=make.NOW + make.DAY)
    content = maker.package(by=short)
    assert door.takes(content).requests == 2
    shutil.rmtree(door.folder)
    door.folder.mkdir()
    door.refuses(content, "signer_out_of_date", now=make.NOW + 2 * make.DAY)


def test_nothing_is_unpacked_for_a_signature_that_does_not_hold(
    door: Door, maker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked: list[Path] = []
    station = sys.modules["narrowgate.intake.receive"]
    monkeypatch.setattr(station, "extract_rows", lambda *a, **k: unpacked.append(a[1]))
    door.refuses(maker.package(by=maker.stranger()), "signer_untrusted")
    assert unpacked == []


@pytest.mark.parametrize("what", ["link", "pipe", "folder", "extra"])
def test_a_folder_holds_three_regular_files(what: str, door: Door, maker: Any, tmp_path: Path) -> None:
    folder = as_folder(maker.package(), tmp_path)
    rows = folder / "requests.csv"
    if what != "extra":
        rows.rename(tmp_path / "elsewhere.csv")
    match what:
        case "link":
            rows.symlink_to(tmp_path / "elsewhere.csv")
        case "pipe":
            os.mkfifo(rows)
        case "folder":
            rows.mkdir()
        case "extra":
            (folder / ".DS_Store").write_bytes(b"")
    door.refuses(folder, "package_entries", ".DS_Store" if what == "extra" else "not a regular file")


def test_a_package_is_not_reached_through_a_link(door: Door, maker: Any, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(as_folder(maker.package(), tmp_path))
    door.refuses(link, "package_unreadable", "symbolic link")
    door.refuses(tmp_path / "absent", "package_unreadable", "`absent`")


def test_an_archive_of_many_entries_is_refused_before_its_list_is_read(door: Door, maker: Any) -> None:
    many = [(f"{number:05}.csv", b"") for number in range(2_000)]
    door.refuses(make.zipped([*maker.entries(), *many]), "package_too_large", "2,003 entries")


def test_a_zip64_archive_is_refused(door: Door, maker: Any) -> None:
    good = maker.package()
    locator = b"PK\x06\x07" + bytes(16)
    door.refuses(good[:-22] + locator + good[-22:], "package_unreadable", "zip64")


def test_an_entry_that_declares_less_than_it_holds_stops_at_what_it_declares(door: Door, maker: Any) -> None:
    content = bytearray(make.zipped(maker.entries(), zipfile.ZIP_DEFLATED))
    size = len(dict(maker.entries())["requests.csv"])
    last = content.rfind(b"PK\x01\x02")
    content[last + 24 : last + 28] = (size - 100).to_bytes(4, "little")
    door.refuses(bytes(content), "package_unreadable", "requests.csv")


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_ten_megabytes_in_one_field_are_refused_without_being_held(form: str, door: Door, maker: Any) -> None:
    rows = [make.ROW, {**make.ROW, "request_ref": "R-2", "reason": "x" * TEN_MIB}]
    write = {"csv": make.csv, "jsonl": make.json_lines, "parquet": make.parquet}[form]
    package = door.package(maker.package(write(rows), file=f"requests.{form}"))
    tracemalloc.start()
    try:
        door.refuses(package, "field_too_large", "row 2, column `reason`", "65,536")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 10_000_000  # a few blocks and one record, not the ten megabytes several times over


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_more_rows_than_the_limit_are_refused(form: str, door: Door, maker: Any) -> None:
    write = {"csv": make.csv, "jsonl": make.json_lines, "parquet": make.parquet}[form]
    content = maker.package(write(make.ROWS), file=f"requests.{form}")
    door.refuses(content, "rows_too_many", limits=Limits(rows=1))
    assert door.takes(content, limits=Limits(rows=2)).requests == 2


def test_a_batch_of_one_reference_throughout_is_refused_with_the_first_rows_named(door: Door, maker: Any) -> None:
    rows = [make.ROW] * 1_000
    refusal = door.refuses(maker.package(make.csv(rows), count=1_000), "request_ref_repeated")
    assert "`R-1` in 1,000 rows (1, 2, 3, …)" in refusal.message


def test_references_are_compared_without_the_white_space_around_them(door: Door, maker: Any) -> None:
    rows = [make.ROW, {**make.ROW, "request_ref": "R-1 "}]
    door.refuses(maker.package(make.csv(rows)), "request_ref_repeated", "(1, 2)")


def test_only_the_first_few_unsound_references_are_named(door: Door, maker: Any) -> None:
    rows = [{**make.ROW, "request_ref": f"R {number}"} for number in range(9)]
    refusal = door.refuses(maker.package(make.csv(rows), count=9), "request_ref_form", "9 rows are")
    assert "`R 2`" in refusal.message
    assert "`R 3`" not in refusal.message


def test_what_a_killed_run_left_is_cleared_away(door: Door, maker: Any) -> None:
    left = door.folder / "intake.unfinished"
    left.mkdir()
    (left / "request.parquet.enc").write_bytes(b"half")
    assert door.takes(maker.package()).requests == 2
    assert not left.exists()


def test_a_fault_leaves_nothing_behind_either(door: Door, maker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose_a_row(*arguments: Any, **named: Any) -> int:
        raise Fault("station wrote 1 rows to `request.parquet` where 2 were received")

    monkeypatch.setattr(table, "write", lose_a_row)
    with pytest.raises(Fault, match="where 2 were received"):
        door.receives(door.package(maker.package()))
    door.holds_nothing()


def test_a_disk_that_cannot_be_written_is_a_fault_that_leaves_nothing(
    door: Door, maker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "_request_query", lambda view: f"SELECT error('no space left') FROM {view}")
    with pytest.raises(Fault, match="could not write the requests"):
        door.receives(door.package(maker.package()))
    door.holds_nothing()


def test_requests_keep_the_order_of_their_file(door: Door, maker: Any) -> None:
    rows = [{"request_ref": f"R-{number}", "zip": "x" if number % 7 else "98103"} for number in range(20_000)]
    for form, write in (("csv", make.csv), ("jsonl", make.json_lines), ("parquet", make.parquet)):
        received = door.takes(maker.package(write(rows), count=len(rows), file=f"requests.{form}"))
        found = rows_of(door.session, received.request, "row_no", "request_ref")
        assert found == [(number, f"R-{number}") for number in range(20_000)]
        wrong = rows_of(door.session, received.layout_error, "row_no", "request_ref")
        assert wrong == [(number, f"R-{number}") for number in range(20_000) if number % 7]


def test_a_case_folder_with_a_quote_in_its_name_is_just_a_folder(tmp_path: Path, maker: Any) -> None:
    root = tmp_path / "it's here"
    root.mkdir()
    assert Door(root, maker.authority.certificate).takes(maker.package()).requests == 2
