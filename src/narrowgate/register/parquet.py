"""Open a register that is a folder of Parquet files, and say what it is.

Rules:
 * Every file is checked for its columns and types before any row is read; the Fault names what does not fit.
 * Files may lie in `column=value` folders. A value that is a column of the table becomes that column, in the
   column's own type: `zip=02134` stays text. Any other is a matter of storage and is not seen.
 * The digest covers `register.toml` and each file's path, size and Parquet footer, not its pages: it tells
   registers apart and notices a file that was rewritten; it does not prove that no byte was altered.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from narrowgate.engine.literal import identifier, text_list
from narrowgate.errors import Fault
from narrowgate.register import questions
from narrowgate.register.protocol import ADDRESS_COLUMNS, PERSON_COLUMNS
from narrowgate.register.questions import Keys

_MAGIC = b"PAR1"
_CHANGED = "records were looked up; nothing was disclosed"
_TAIL = 8
"""A Parquet file ends with its footer, the footer's length in four bytes, and the magic."""


@dataclass(frozen=True)
class ParquetRegister:
    """A register in a folder of Parquet files; `person` and `address` stand in a FROM clause."""

    folder: Path
    name: str
    as_of: date
    synthetic: bool
    digest: str
    person: str
    address: str

    def addresses_at(self, session: duckdb.DuckDBPyConnection, places: str) -> str:
        kinds = [kind for (kind,) in session.execute(f"SELECT DISTINCT kind FROM {places} ORDER BY kind").fetchall()]
        if "unzipped" in kinds and not self._any_without_zip(session):
            kinds.remove("unzipped")
        asked = [questions.addresses_at(self.address, f"(FROM {places} WHERE kind = '{kind}')", kind) for kind in kinds]
        return f"({' UNION ALL '.join(asked) or questions.NOWHERE})"

    def _any_without_zip(self, session: duckdb.DuckDBPyConnection) -> bool:
        found = session.execute(f"SELECT 1 FROM {self.address} WHERE {questions.without_zip()} LIMIT 1").fetchone()
        return found is not None

    def people_met(self, session: duckdb.DuckDBPyConnection, asked: Keys) -> str:
        return f"({questions.people_met(self.person, asked)})"

    def addresses_of(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        return f"({questions.rows_of(self.address, people)})"

    def people(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        return f"({questions.rows_of(self.person, people)})"

    def unchanged(self) -> None:
        try:
            now = open_register(self.folder).digest
        except Fault as problem:
            raise Fault(f"register `{self.name}` changed while it was read: {problem}", _CHANGED) from problem
        if now != self.digest:
            raise Fault(f"register `{self.name}` changed while it was read", _CHANGED)


@dataclass(frozen=True)
class _Table:
    """The files of one table; `partitions` are the columns that only their folders give."""

    files: tuple[Path, ...]
    partitions: frozenset[str]


def open_register(folder: Path) -> ParquetRegister:
    """The register in `folder` (`spec/register.md`); a Fault names the file and column that do not fit."""
    folder = folder.resolve()
    description = folder / "register.toml"
    if not description.is_file():
        raise Fault(f"register `{folder}` has no `register.toml`")
    name, as_of, synthetic = _describe(description)
    person = _table(folder, "person", PERSON_COLUMNS)
    address = _table(folder, "address", ADDRESS_COLUMNS)
    return ParquetRegister(
        folder=folder,
        name=name,
        as_of=as_of,
        synthetic=synthetic,
        digest=_digest(folder, description, (*person.files, *address.files)),
        person=_relation(person, PERSON_COLUMNS),
        address=_relation(address, ADDRESS_COLUMNS),
    )


def _describe(file: Path) -> tuple[str, date, bool]:
    """Name, day and mark from `register.toml`."""
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Fault(f"`{file}` cannot be read: {error}") from error
    name, as_of, synthetic = read.get("name"), read.get("as_of"), read.get("synthetic")
    if isinstance(as_of, str):
        try:
            as_of = date.fromisoformat(as_of)
        except ValueError as error:
            raise Fault(f"`{file}`: `as_of` is `{as_of}`, which is not a date") from error
    if not isinstance(name, str) or not name:
        raise Fault(f"`{file}`: `name` must be a text, it is `{name}`")
    if type(as_of) is not date:
        raise Fault(f"`{file}`: `as_of` must be a date, it is `{as_of}`")
    if not isinstance(synthetic, bool):
        raise Fault(f"`{file}`: `synthetic` must be true or false, it is `{synthetic}`")
    return name, as_of, synthetic


def _table(folder: Path, name: str, columns: Mapping[str, str]) -> _Table:
    """The files of the table `name`, each checked against `columns`."""
    single, many = folder / f"{name}.parquet", folder / name
    if single.is_file() and many.is_dir():
        raise Fault(f"register `{folder}` has both `{name}.parquet` and a folder `{name}`")
    files = (single,) if single.is_file() else tuple(sorted(many.rglob("*.parquet")))
    if not files:
        raise Fault(f"register `{folder}` has no table `{name}`")
    only_folders = {_check(file, _folder_columns(file, many), columns) for file in files}
    if len(only_folders) > 1:
        raise Fault(f"register `{folder}`: the files of `{name}` are not partitioned alike")
    return _Table(files, only_folders.pop())


def _folder_columns(file: Path, root: Path) -> frozenset[str]:
    """The columns that the folders between `root` and `file` are named by."""
    if root not in file.parents:
        return frozenset()
    return frozenset(part.split("=", 1)[0] for part in file.relative_to(root).parts[:-1] if "=" in part)


def _check(file: Path, folders: frozenset[str], columns: Mapping[str, str]) -> frozenset[str]:
    """The columns of `file` that only its folders give, once every column is there with its type."""
    try:
        footer = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise Fault(f"`{file}` is not a Parquet file that can be read: {error}") from error
    with footer:
        schema = footer.schema_arrow
    for column, wanted in columns.items():
        if column in folders:
            continue
        if column not in schema.names:
            raise Fault(f"`{file}` has no column `{column}`")
        if not _fits(schema.field(column).type, wanted):
            raise Fault(f"`{file}`: column `{column}` is `{schema.field(column).type}`, it must be {wanted}")
    return folders


def _fits(found: pa.DataType, wanted: str) -> bool:
    """Whether a stored type can be read as the column's type without changing any value."""
    if pa.types.is_dictionary(found):
        found = found.value_type
    if wanted == "VARCHAR":
        return bool(pa.types.is_string(found) or pa.types.is_large_string(found) or pa.types.is_null(found))
    if wanted == "INTEGER":
        return bool(pa.types.is_integer(found))
    if wanted == "DATE":
        return bool(pa.types.is_date(found))
    return bool(pa.types.is_boolean(found))


def _relation(table: _Table, columns: Mapping[str, str]) -> str:
    """The table as it stands in a FROM clause: exactly its columns, each in its own type."""
    files = text_list(str(file) for file in table.files)
    hive = "true" if table.partitions else "false"
    listed = ", ".join(f"CAST({identifier(column)} AS {type_}) AS {column}" for column, type_ in columns.items())
    # Without `hive_types_autocast = false` a folder `zip=02134` would be read as the number 2134.
    source = f"read_parquet({files}, hive_partitioning = {hive}, hive_types_autocast = false)"
    return f"(SELECT {listed} FROM {source})"


def _digest(folder: Path, description: Path, files: tuple[Path, ...]) -> str:
    """Hex SHA-256 over the description, then for each file in order of its path: path, size, footer."""
    sum_ = hashlib.sha256()
    _add(sum_, description.read_bytes())
    for file in sorted(files, key=lambda file: file.relative_to(folder).as_posix()):
        _add(sum_, file.relative_to(folder).as_posix().encode())
        _add(sum_, str(file.stat().st_size).encode())
        _add(sum_, _footer(file))
    return sum_.hexdigest()


def _add(sum_: hashlib._Hash, part: bytes) -> None:
    """Take in one part with its length before it, so that no two lists of parts read the same."""
    sum_.update(len(part).to_bytes(8, "big"))
    sum_.update(part)


def _footer(file: Path) -> bytes:
    """The bytes of the Parquet footer of `file`."""
    with file.open("rb") as opened:
        opened.seek(-_TAIL, 2)
        tail = opened.read(_TAIL)
        if tail[4:] != _MAGIC:
            raise Fault(f"`{file}` does not end as a Parquet file does")
        length = int.from_bytes(tail[:4], "little")
        opened.seek(-_TAIL - length, 2)
        return opened.read(length)
