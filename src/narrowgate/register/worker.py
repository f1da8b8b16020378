"""One worker: a process that answers one question of its share of a register's files, and ends.

Rules:
 * Its job is one line of JSON on standard input; what it says is one line on standard output: how many rows it wrote,
   or what went wrong. The answer is a Parquet file, whole or not there.
 * It reads the register and the folder that it was given, and nothing else; its session is locked down like any other.
 * When standard input is closed, whoever asked is gone, and so is the worker.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import duckdb

from narrowgate.engine.parquet import relation, write
from narrowgate.engine.session import open_session, within_memory
from narrowgate.errors import Fault, NarrowgateError
from narrowgate.register import parquet_files
from narrowgate.register.parquet import CHANGED
from narrowgate.register.parquet_files import Files
from narrowgate.register.protocol import ADDRESS_COLUMNS, PERSON_COLUMNS
from narrowgate.register.questions import Keys
from narrowgate.register.tables import Tables


def main() -> int:
    """Do the job that stands on standard input; the exit code."""
    told = sys.stdin.readline()
    if not told:
        return Fault.exit_code
    threading.Thread(target=_end_with_who_asked, daemon=True).start()
    try:
        said: dict[str, object] = {"rows": answer(json.loads(told))}
        code = 0
    except NarrowgateError as problem:
        said, code = {"message": problem.message, "hint": problem.hint}, problem.exit_code
    print(json.dumps(said), flush=True)
    return code


def answer(job: dict[str, Any]) -> int:
    """Write the answer of one share to the file that `job` names; how many rows it has."""
    memory, out = str(job["memory_limit"]), Path(job["out"])
    session = open_session(
        directories=[Path(job["register"]), Path(job["folder"])],
        temp_directory=Path(job["spill"]),
        memory_limit=memory,
        threads=int(job["threads"]),
        key_for=lambda _: bytes.fromhex(job["key"]),
    )
    try:
        with within_memory(memory, "give the engine more memory or have fewer workers; nothing was disclosed"):
            for name, file in job["asked"].items():
                session.execute(f"CREATE TEMP TABLE asked_{name} AS FROM {relation(Path(file))}")
            return write(session, f"FROM {_question(session, job)}", out)
    except duckdb.Error as problem:
        raise Fault(f"the register cannot be read: {problem}", CHANGED) from problem
    finally:
        session.close()


def _question(session: duckdb.DuckDBPyConnection, job: dict[str, Any]) -> str:
    """The answer to the question of `job`, as it stands in a FROM clause."""
    paths = tuple(Path(path) for path in job["paths"])
    files = Files(paths, (), frozenset(job["folders"]))
    tables = Tables(
        person=parquet_files.relation(files, PERSON_COLUMNS), address=parquet_files.relation(files, ADDRESS_COLUMNS)
    )
    match job["question"]:
        case "addresses_at":
            return tables.addresses_at(session, "asked_places")
        case "people_met":
            return tables.people_met(session, Keys(**{name: f"asked_{name}" for name in job["asked"]}))
        case "addresses_of":
            return tables.addresses_of(session, "asked_people")
        case _:
            return tables.people(session, "asked_people")


def _end_with_who_asked() -> None:
    """End the process at once when standard input is closed."""
    # Not by way of `sys.stdin`, whose lock this thread would hold when the process ends of itself.
    while os.read(0, 1):
        pass
    os._exit(Fault.exit_code)


if __name__ == "__main__":
    sys.exit(main())
