"""Open DuckDB so that it can do the work and nothing else.

Rules:
 * Only the named directories can be read or written; no extension is installed, loaded or downloaded.
 * Spill files are encrypted, or there are none: an engine without a cipher that may write stops instead of spilling,
   and says how much memory it was given. DuckDB 2.0.0 as installed from PyPI is such an engine.
 * Files whose name says that they are encrypted are written and read so, by the keys that the session was given
   (`encryption`). For those in its temporary directory it has a key that nobody else has and that ends with it.
 * The configuration is locked before the session is handed out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

import duckdb

from narrowgate.encrypted import KEY_SIZE, KeyFor, no_keys
from narrowgate.engine.encryption import EncryptedFiles, folder_url
from narrowgate.engine.literal import text_list, text_literal
from narrowgate.errors import Fault

NO_CIPHER = "crypto module"
"""What DuckDB says when it would have to write an encrypted file and cannot."""
OF_A_GATE = "raise memory_limit in gate.toml and give the same command again; nothing was released"

_files: WeakKeyDictionary[duckdb.DuckDBPyConnection, EncryptedFiles] = WeakKeyDictionary()


def engine_name() -> str:
    """Name and version of the engine, as every determination records it."""
    return f"duckdb {duckdb.__version__}"


def open_session(
    *,
    directories: Iterable[Path],
    temp_directory: Path,
    memory_limit: str = "1GB",
    threads: int = 2,
    key_for: KeyFor = no_keys,
) -> duckdb.DuckDBPyConnection:
    """A locked-down in-memory session that reads and writes only below `directories` and `temp_directory`.

    `key_for` knows the keys of encrypted files in `directories`. Those in `temp_directory` have a key that is drawn for
    this session.
    """
    temp_directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    folders = [*directories, temp_directory]
    allowed = text_list([*(f"{path.resolve()}/" for path in folders), *map(folder_url, folders)])
    session = duckdb.connect(":memory:")
    files = EncryptedFiles(key_for, passing=temp_directory.resolve(), passing_key=os.urandom(KEY_SIZE))
    session.register_filesystem(files)
    _files[session] = files
    for statement in (
        f"SET threads = {int(threads)}",
        f"SET memory_limit = {text_literal(memory_limit)}",
        f"SET temp_directory = {text_literal(str(temp_directory.resolve()))}",
        "SET temp_file_encryption = true",
        "SET preserve_insertion_order = true",
        # Or the engine draws a bar on standard output, where a script expects one JSON object.
        "SET enable_progress_bar = false",
        "SET TimeZone = 'UTC'",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET allow_community_extensions = false",
        f"SET allowed_directories = {allowed}",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        session.execute(statement)
    return session


def passing_key(session: duckdb.DuckDBPyConnection) -> bytes:
    """The key of the encrypted files in the temporary directory of `session`."""
    return _files[session].passing_key


@contextmanager
def problems_of_files(session: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Say it as what it is if the work within fails by an encrypted file: changed, or without its key."""
    try:
        yield
    except duckdb.Error as problem:
        found = _files[session].problem
        if found is not None:
            raise found from problem
        raise


def needs_memory(problem: duckdb.Error) -> bool:
    """Whether `problem` is that the engine was given too little memory."""
    return isinstance(problem, duckdb.OutOfMemoryException) or NO_CIPHER in str(problem)


@contextmanager
def within_memory(memory_limit: str, hint: str = OF_A_GATE) -> Iterator[None]:
    """Say it as a Fault with `hint` if the work within needs more memory than `memory_limit`."""
    try:
        yield
    except duckdb.Error as problem:
        if needs_memory(problem):
            raise Fault(f"the engine needs more memory than `{memory_limit}`", hint) from problem
        raise
