"""An encrypted file is read whole, from any place, with its key; a changed one is not read at all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowgate.encrypted import (
    CHUNK,
    HEADER,
    TAG,
    Reader,
    clear_name,
    create_file,
    decrypt,
    encrypt,
    is_encrypted,
    no_keys,
    open_file,
    size,
)
from narrowgate.engine.parquet import relation, write
from narrowgate.engine.session import open_session, problems_of_files
from narrowgate.errors import Fault

KEY, OTHER = bytes(range(32)), bytes(32)
EDGES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5)


def content(length: int) -> bytes:
    return bytes(number * 7 % 251 for number in range(length))


def made(file: Path, length: int, key: bytes = KEY) -> Path:
    with create_file(file, lambda _: key) as opened:
        opened.write(content(length))
    return file


def read(file: Path, key: bytes = KEY) -> bytes:
    with open_file(file, lambda _: key) as opened:
        return opened.read()


@pytest.mark.parametrize("length", EDGES)
def test_what_was_written_is_read_and_its_size_is_known(tmp_path: Path, length: int) -> None:
    file = made(tmp_path / "x.enc", length)
    assert read(file) == content(length)
    assert size(file) == length
    assert file.stat().st_mode & 0o077 == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(st.integers(0, CHUNK + 9), max_size=5), at=st.integers(0, 4 * CHUNK), length=st.integers(0, CHUNK)
)
def test_any_place_of_a_file_written_in_any_pieces_is_read(
    tmp_path: Path, pieces: list[int], at: int, length: int
) -> None:
    file, whole = tmp_path / "x.enc", content(sum(pieces))
    with create_file(file, lambda _: KEY) as opened:
        place = 0
        for piece in pieces:
            opened.write(whole[place : place + piece])
            place += piece
    with Reader(file, KEY) as reader:
        reader.seek(at)
        assert reader.read(length) == whole[at : at + length]


@pytest.mark.parametrize("length", EDGES)
def test_no_byte_of_a_file_can_be_changed_unseen(tmp_path: Path, length: int) -> None:
    file = made(tmp_path / "x.enc", length)
    whole = file.read_bytes()
    for place in sorted({0, HEADER - 1, HEADER, len(whole) // 2, len(whole) - TAG, len(whole) - 1}):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Fault):
            read(file)


def test_a_file_that_was_cut_off_joined_or_put_in_another_order_is_not_read(tmp_path: Path) -> None:
    file = made(tmp_path / "x.enc", 3 * CHUNK)
    whole = file.read_bytes()
    head, chunks = whole[:HEADER], [whole[HEADER + n * (CHUNK + TAG) :][: CHUNK + TAG] for n in range(3)]
    other = made(tmp_path / "y.enc", 3 * CHUNK).read_bytes()
    for wrong in (
        head + chunks[0] + chunks[1],
        head + chunks[1] + chunks[0] + chunks[2],
        head + chunks[0] + chunks[2],
        whole + chunks[2],
        whole[:-1],
        whole + b"\x00",
        whole[:HEADER],
        b"",
        other[:HEADER] + whole[HEADER:],
        head + other[HEADER:],
    ):
        file.write_bytes(wrong)
        with pytest.raises(Fault):
            read(file)


def test_another_key_reads_nothing(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="changed, or encrypted with another key"):
        read(made(tmp_path / "x.enc", 10), OTHER)


def test_two_files_of_the_same_content_and_key_have_no_block_in_common(tmp_path: Path) -> None:
    one, other = (made(tmp_path / name, CHUNK).read_bytes()[HEADER - 32 :] for name in ("x.enc", "y.enc"))
    assert not {one[n : n + 16] for n in range(0, len(one), 16)} & {other[n : n + 16] for n in range(0, len(other), 16)}


def test_a_writer_that_was_killed_leaves_nothing_that_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "x.enc"
    opened = create_file(file, lambda _: KEY)
    opened.write(content(2 * CHUNK))
    opened._file.flush()  # type: ignore[attr-defined]
    for_sale = file.read_bytes()
    opened.close()
    file.write_bytes(for_sale)
    with pytest.raises(Fault):
        read(file)


def test_the_name_says_whether_a_file_is_encrypted(tmp_path: Path) -> None:
    assert [is_encrypted(Path(name)) for name in ("a.parquet.enc", "a.parquet.enc.unfinished", "a.enc.parquet")] == [
        True, True, False,
    ]  # fmt: skip
    assert clear_name(Path("a.csv.enc")) == "a.csv"
    plain = tmp_path / "a.txt"
    plain.write_bytes(b"plain")
    with open_file(plain, no_keys) as opened:
        assert opened.read() == b"plain"


def test_a_few_bytes_are_kept_the_same_way() -> None:
    kept = encrypt(b"payload", KEY)
    assert decrypt(kept, KEY, name="it") == b"payload"
    assert encrypt(b"payload", KEY) != kept
    for wrong, key in ((kept[:-1] + bytes([kept[-1] ^ 1]), KEY), (kept, OTHER), (b"", KEY)):
        with pytest.raises(Fault, match="it was changed"):
            decrypt(wrong, key, name="it")


def test_the_engine_writes_and_reads_encrypted_tables_in_several_threads(tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet.enc"
    with open_session(
        directories=[tmp_path], temp_directory=tmp_path / "passing", threads=4, key_for=lambda _: KEY
    ) as session:
        write(session, "SELECT i, 'Alma ' || i AS name FROM range(400000) AS t(i)", file, expect=400_000)
        counted = session.execute(f"SELECT count(*), sum(i), max(length(name)) FROM {relation(file)}").fetchall()
    assert counted == [(400_000, 79_999_800_000, 11)]
    assert b"PAR1" not in file.read_bytes()
    with open_file(file, lambda _: KEY) as opened:
        assert pyarrow.parquet.read_table(opened).num_rows == 400_000


def test_a_table_that_was_changed_is_a_fault_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet.enc"
    with open_session(directories=[tmp_path], temp_directory=tmp_path / "passing", key_for=lambda _: KEY) as session:
        write(session, "SELECT i FROM range(100000) AS t(i)", file)
        whole = bytearray(file.read_bytes())
        whole[HEADER + 100] ^= 1
        file.write_bytes(whole)
        with pytest.raises(Fault, match=r"rows\.parquet\.enc` was changed"), problems_of_files(session):
            session.execute(f"SELECT sum(i) FROM {relation(file)}").fetchall()


def test_an_encrypted_file_outside_the_named_folders_is_not_reached(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    secret = made(outside / "x.parquet.enc", 10)
    with open_session(directories=[inside], temp_directory=inside / "passing", key_for=lambda _: KEY) as session:
        for query in (f"FROM {relation(secret)}", f"COPY (SELECT 1) TO 'encrypted://{outside}/y.parquet.enc'"):
            with pytest.raises(duckdb.PermissionException):
                session.execute(query).fetchall()
    assert sorted(file.name for file in outside.iterdir()) == ["x.parquet.enc"]


def test_what_passes_through_a_session_cannot_be_read_by_the_next(tmp_path: Path) -> None:
    file = tmp_path / "passing" / "x.parquet.enc"
    with open_session(directories=[], temp_directory=tmp_path / "passing") as session:
        write(session, "SELECT 1 AS i", file)
        assert session.execute(f"FROM {relation(file)}").fetchall() == [(1,)]
    with (
        open_session(directories=[], temp_directory=tmp_path / "passing") as session,
        pytest.raises(Fault, match="another key"),
        problems_of_files(session),
    ):
        session.execute(f"FROM {relation(file)}").fetchall()


def test_arrow_reads_a_large_table_in_its_threads_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet.enc"
    pairs = (f"hash(i * {n}) AS c{n}, md5(CAST(i * {n} AS VARCHAR)) AS t{n}" for n in range(6))
    with open_session(directories=[tmp_path], temp_directory=tmp_path / "passing", key_for=lambda _: KEY) as session:
        write(session, f"SELECT i, {', '.join(pairs)} FROM range(300000) AS t(i)", file)
        expected = session.execute(f"SELECT sum(c1), max(t2), min(t5) FROM {relation(file)}").fetchall()
        for _ in range(3):
            with open_file(file, lambda _: KEY) as opened, pyarrow.parquet.ParquetFile(opened) as reader:
                session.register("rows", pyarrow.Table.from_batches(reader.iter_batches(batch_size=32_768)))
            assert session.execute("SELECT sum(c1), max(t2), min(t5) FROM rows").fetchall() == expected
