"""The Parquet files of a table: found, checked, and named together by one digest.

Rules:
 * Every file is checked for its columns and types before any row is read; the Fault names what does not fit.
 * Files may lie in `column=value` folders. A value that is a column of the table becomes that column, in the
   column's own type: `zip=02134` stays text. Any other is a matter of storage and is not seen.
 * The digest covers `register.toml` and each file's path, size and Parquet footer, not its pages: it tells
   registers apart and notices a file that was rewritten; it does not prove that no byte was altered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from narrowgate.engine.literal import identifier, text_list
from narrowgate.errors import Fault

_MAGIC = b"PAR1"
_TAIL = 8
"""A Parquet file ends with its footer, the footer's length in four bytes, and the magic."""


@dataclass(frozen=True)
class Files:
    """The files of one table, how many rows each has by its footer, and the columns that only their folders give.

    The largest comes first. The engine takes the first for what all are like, and of two relations it keeps the smaller
    in memory: it must never take a register for that.
    """

    paths: tuple[Path, ...]
    rows: tuple[int, ...]
    folders: frozenset[str]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(self.rows)


def find(folder: Path, name: str, columns: Mapping[str, str]) -> Files:
    """The files of the table `name` in `folder`, each checked against `columns`."""
    single, many = folder / f"{name}.parquet", folder / name
    if single.is_file() and many.is_dir():
        raise Fault(f"register `{folder}` has both `{name}.parquet` and a folder `{name}`")
    found = (single,) if single.is_file() else tuple(sorted(many.rglob("*.parquet")))
    if not found:
        raise Fault(f"register `{folder}` has no table `{name}`")
    folders = {file: _folder_columns(file, many) for file in found}
    rows = {file: _check(file, folders[file], columns) for file in found}
    if len(set(folders.values())) > 1:
        raise Fault(f"register `{folder}`: the files of `{name}` are not partitioned alike")
    paths = tuple(sorted(found, key=lambda file: -rows[file]))
    return Files(paths, tuple(rows[file] for file in paths), folders[paths[0]])


def _folder_columns(file: Path, root: Path) -> frozenset[str]:
    """The columns that the folders between `root` and `file` are named by."""
    if root not in file.parents:
        return frozenset()
    return frozenset(part.split("=", 1)[0] for part in file.relative_to(root).parts[:-1] if "=" in part)


def _check(file: Path, folders: frozenset[str], columns: Mapping[str, str]) -> int:
    """How many rows `file` has, once every column is there with its type, in it or by its folders."""
    try:
        footer = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise Fault(f"`{file}` is not a Parquet file that can be read: {error}") from error
    with footer:
        schema, rows = footer.schema_arrow, footer.metadata.num_rows
    for column, wanted in columns.items():
        if column in folders:
            continue
        if column not in schema.names:
            raise Fault(f"`{file}` has no column `{column}`")
        if not _fits(schema.field(column).type, wanted):
            raise Fault(f"`{file}`: column `{column}` is `{schema.field(column).type}`, it must be {wanted}")
    return int(rows)


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


def relation(files: Files, columns: Mapping[str, str]) -> str:
    """The table as it stands in a FROM clause: exactly its columns, each in its own type."""
    paths = text_list(str(file) for file in files.paths)
    hive = "true" if files.folders else "false"
    listed = ", ".join(f"CAST({identifier(column)} AS {type_}) AS {column}" for column, type_ in columns.items())
    # Without `hive_types_autocast = false` a folder `zip=02134` would be read as the number 2134.
    source = f"read_parquet({paths}, hive_partitioning = {hive}, hive_types_autocast = false)"
    return f"(SELECT {listed} FROM {source})"


def digest(folder: Path, description: Path, files: Iterable[Path]) -> str:
    """Hex SHA-256 over the description, then for each file in order of its path: path, size, footer."""
    parts = [description.read_bytes()]
    for file in sorted(files, key=lambda file: file.relative_to(folder).as_posix()):
        parts += [file.relative_to(folder).as_posix().encode(), str(file.stat().st_size).encode(), _footer(file)]
    return digest_of(parts)


def digest_of(parts: Iterable[bytes]) -> str:
    """Hex SHA-256 over parts, each with its length before it, so that no two lists of parts read the same."""
    sum_ = hashlib.sha256()
    for part in parts:
        sum_.update(len(part).to_bytes(8, "big"))
        sum_.update(part)
    return sum_.hexdigest()


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
