"""Files that are not what they say they are stop a batch with a Fault, and so does a worker that does not finish."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from narrowgate.engine.session import open_session
from narrowgate.errors import Fault, WrongUse
from narrowgate.register import Register, worker
from narrowgate.register.open import open_register
from narrowgate.register.outside import part_of
from narrowgate.register.parquet_files import Files
from narrowgate.register.workers import shared
from tests.matching.asking import a_request, ask_of
from tests.postgresql import a_register_in_postgresql
from tests.register.kinds import several_files
from tests.register.shelf import DESCRIPTION, PERSON_SCHEMA, a_partitioned_register, a_person, a_register, an_address

PEOPLE = [a_person(f"p{n}", tin=f"{900700000 + n}") for n in range(6)]
HOMES = [an_address(f"p{n}") for n in range(6)]
REQUESTS = [a_request(tin="900700001")]


def says(folder: Path, **counts: object) -> Path:
    """The register in `folder`, which says how many rows it has."""
    told = "".join(f"{key} = {value}\n" for key, value in counts.items())
    (folder / "register.toml").write_text(DESCRIPTION + told, encoding="utf-8")
    return folder


def test_a_register_that_says_how_many_rows_it_has_has_so_many(tmp_path: Path) -> None:
    folder = says(several_files(tmp_path / "r", PEOPLE, HOMES), people=6, addresses=6)
    assert open_register(folder).name == "simulated people"
    (folder / "address" / "part-1.parquet").unlink()
    with pytest.raises(Fault, match="has `3` rows in its files of `address`, and says `6`"):
        open_register(folder)
    with pytest.raises(Fault, match="has `6` rows in its files of `person`, and says `0`"):
        open_register(says(folder, people=0))


@pytest.mark.parametrize("said", ["-1", "1.5", "true", '"6"'])
def test_how_many_rows_it_has_is_a_number(tmp_path: Path, said: str) -> None:
    with pytest.raises(Fault, match="`people` must be a number of rows"):
        open_register(says(a_register(tmp_path, PEOPLE, HOMES), people=said))


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("peeple = 6", "unknown key `peeple`"),
        ('password = "x"', "has a key `password`"),
        ('kind = "oracle"', "`kind` is `oracle`, it must be one of parquet, postgresql"),
    ],
)
def test_a_key_that_means_nothing_is_a_fault(tmp_path: Path, line: str, wrong: str) -> None:
    folder = a_register(tmp_path, PEOPLE, HOMES)
    (folder / "register.toml").write_text(DESCRIPTION + line + "\n", encoding="utf-8")
    with pytest.raises(Fault, match=wrong):
        open_register(folder)


def test_a_file_that_was_cut_off_is_named(tmp_path: Path) -> None:
    folder = several_files(tmp_path / "r", PEOPLE, HOMES)
    file = folder / "person" / "part-1.parquet"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(Fault, match=r"part-1\.parquet` is not a Parquet file"):
        open_register(folder)


def test_files_that_are_not_partitioned_alike_are_no_table(tmp_path: Path) -> None:
    folder = a_partitioned_register(tmp_path / "r", PEOPLE, HOMES, person_by="tin_type", address_by="zip")
    pq.write_table(pa.Table.from_pylist(PEOPLE, PERSON_SCHEMA), folder / "person" / "loose.parquet")
    with pytest.raises(Fault, match="the files of `person` are not partitioned alike"):
        open_register(folder)


def _rewritten(file: Path) -> None:
    pq.write_table(pq.read_table(file).slice(1), file)


def _gone(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("change", [_rewritten, _gone])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_changed_while_it_was_read_is_noticed(
    tmp_path: Path, change: Callable[[Path], None], workers: int
) -> None:
    folder = several_files(tmp_path / "r", PEOPLE, HOMES)
    register = open_register(folder, workers=workers)
    change(folder / "address" / "part-0.parquet")
    with pytest.raises(Fault, match="changed while it was read"):
        register.unchanged()


def test_two_people_with_one_id_stop_a_batch_of_workers_too(tmp_path: Path) -> None:
    folder = several_files(tmp_path / "r", [*PEOPLE, a_person("p1", tin="900700001")], HOMES)
    with pytest.raises(Fault, match="has `2` persons with the id `p1`"):
        ask_of(open_register(folder, workers=2), tmp_path, REQUESTS)  # type: ignore[arg-type]


def test_addresses_of_nobody_are_nobody(tmp_path: Path) -> None:
    asked = [a_request(tin=None, birth_date=None)]
    for workers in (1, 2):
        folder = several_files(tmp_path / f"r{workers}", PEOPLE[:1], [an_address("nobody"), an_address(None)])
        (row,) = ask_of(open_register(folder, workers=workers), tmp_path / str(workers), asked).rows  # type: ignore[arg-type]
        assert row["match_outcome"] == "none"


def test_a_worker_whose_file_cannot_be_read_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    folder = several_files(tmp_path / "r", PEOPLE, HOMES)
    register = open_register(folder, workers=2)
    _gone(folder / "person" / "part-1.parquet")
    with pytest.raises(Fault, match="worker 2 of 2: the register cannot be read") as told:
        _ask(register, tmp_path)
    assert "nothing was disclosed" in told.value.hint
    assert _left(tmp_path) == []
    assert list(_workers()) == []


def test_a_worker_that_is_killed_stops_the_batch_and_leaves_nobody_behind(tmp_path: Path) -> None:
    register = open_register(several_files(tmp_path / "r", PEOPLE, HOMES), workers=2)
    killed: list[int] = []

    def kill_one() -> None:
        until = time.monotonic() + 20
        while not killed and time.monotonic() < until:
            for pid in _workers():
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                return

    killer = threading.Thread(target=kill_one)
    killer.start()
    with pytest.raises(Fault, match=r"worker [12] of 2 was ended by signal 9"):
        _ask(register, tmp_path)
    killer.join()
    assert killed
    assert _left(tmp_path) == []
    assert list(_workers()) == []


def test_a_worker_ends_with_whoever_asked(tmp_path: Path) -> None:
    """Its standard input closes when they are gone. Here it is busy: it waits for somebody to read its answer."""
    folder = several_files(tmp_path / "r", PEOPLE, HOMES)
    pq.write_table(pa.table({"person_id": ["p1"]}), tmp_path / "people.parquet")
    os.mkfifo(tmp_path / "answer.parquet.unfinished")
    job = {
        "question": "people", "paths": [str(file) for file in (folder / "person").iterdir()], "folders": [],
        "asked": {"people": str(tmp_path / "people.parquet")}, "out": str(tmp_path / "answer.parquet"),
        "register": str(folder), "folder": str(tmp_path), "spill": str(tmp_path / "spill"), "memory_limit": "100MB",
        "threads": 1,
    }  # fmt: skip
    started = subprocess.Popen(
        [sys.executable, "-P", worker.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert started.stdin is not None
    started.stdin.write(json.dumps(job) + "\n")
    started.stdin.flush()
    with pytest.raises(subprocess.TimeoutExpired):
        started.wait(2)
    started.stdin.close()
    assert started.wait(10) == Fault.exit_code


def test_each_file_is_one_workers_and_the_work_is_shared_out() -> None:
    paths = tuple(Path(f"part-{n}.parquet") for n in range(7))
    files = Files(paths, (5, 90, 0, 40, 30, 0, 20), frozenset({"zip"}))
    for workers in range(1, 10):
        shares = shared(files, workers)
        assert len(shares) == min(workers, 7)
        assert sorted(path for share in shares for path in share.paths) == list(paths)
        assert all(share.paths and share.folders == files.folders for share in shares)
    assert sorted(share.count for share in shared(files, 2)) == [90, 95]


@pytest.mark.parametrize(("parts", "memory", "threads"), [(1, "512MiB", 4), (2, "256MiB", 2), (8, "64MiB", 1)])
def test_memory_and_threads_are_divided_among_workers(tmp_path: Path, parts: int, memory: str, threads: int) -> None:
    session = open_session(directories=[], temp_directory=tmp_path, memory_limit="512MiB", threads=4)
    worker = part_of(session, parts)
    assert worker == {"memory_limit": f"{int(memory[:-3]) * 1024}KiB", "threads": threads}
    for setting, value in worker.items():
        duckdb.connect().execute(f"SET {setting} = '{value}'")  # the engine takes them


def test_a_worker_that_needs_more_memory_than_its_part_says_so(tmp_path: Path) -> None:
    people = [a_person(f"p{n}", last_name="X" * 500 + str(n)) for n in range(20_000)]
    register = open_register(several_files(tmp_path / "r", people, []), workers=2)
    session = open_session(directories=[tmp_path], temp_directory=tmp_path / "spill", memory_limit="12MB")
    session.execute("CREATE TEMP TABLE everybody AS SELECT 'p' || i AS person_id FROM range(20000) AS t(i)")
    with pytest.raises(Fault, match=r"worker 1 of 2: the engine needs more memory than `[0-9]+KiB`"):
        register.people(session, "everybody")
    session.close()


def test_a_server_is_not_shared_out(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="served by PostgreSQL"):
        open_register(a_register_in_postgresql(tmp_path, [], []), workers=2)


def _ask(register: Register, folder: Path) -> None:
    session = open_session(directories=[folder], temp_directory=folder / "spill")
    try:
        register.people(session, "(SELECT 'p1' AS person_id)")
    finally:
        session.close()


def _left(folder: Path) -> list[Path]:
    """What lies in the working folder of the session."""
    return list((folder / "spill").iterdir())


def _workers() -> Iterator[int]:
    """The worker processes of this process."""
    for entry in Path("/proc").iterdir():
        try:
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if entry.name.isdigit() and int(status[1]) == os.getpid() and worker.__file__.encode() in command:
            yield int(entry.name)
