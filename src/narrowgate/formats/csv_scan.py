"""Read a CSV file as strictly as RFC 4180 puts it, before the engine reads it more kindly.

Rules:
 * UTF-8 (a byte order mark is skipped), a header, commas, `""` inside a quoted value, one kind of line end.
 * Every record has as many values as the header; no blank lines, no stray quote marks, no NUL.
 * Whole blocks are checked at once; only a block in which something is wrong is walked value by value, to
   name the row and the column. Memory is bounded by one block and one record, whatever the file holds.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from narrowgate.encrypted import KeyFor, clear_name, open_file
from narrowgate.formats.codes import Code, Halt, shown
from narrowgate.formats.columns import check_columns
from narrowgate.formats.limits import MIB, Limits

BLOCK = MIB
BOM = b"\xef\xbb\xbf"
FIRST, LAST = itemgetter(slice(0, 1)), itemgetter(slice(-1, None))
NOT_SEPARATORS = bytes(byte for byte in range(256) if byte not in b",\n")
BEFORE_QUOTE = {b"", b",", b"\n"}
AFTER_QUOTE = {b"", b",", b"\r", b"\n"}
"""What may stand beside a quoted value: nothing, between the two quote marks of a doubled one."""
QUOTED = re.compile(rb'"(?:[^"]++|"")*+"')
UNQUOTED = re.compile(rb'[^",\r\n]*+')


@dataclass(frozen=True)
class Scanned:
    """What a sound file holds: its columns in their order, its data rows, how lines end."""

    columns: tuple[str, ...]
    count: int
    line_end: str = "\n"
    breaks_in_values: bool = False
    """Whether a quoted value runs over a line end, so that the file cannot be split at line ends."""


@dataclass(frozen=True)
class Records:
    """What one block of whole records holds."""

    count: int
    breaks_in_values: bool


def longest_record(limits: Limits) -> int:
    """Bytes beyond which one record must hold a value over the limit: 25 of them, every byte doubled."""
    return 25 * (2 * limits.field + 4)


def scan_csv(path: Path, *, limits: Limits, key_for: KeyFor) -> Scanned:
    """The columns and the number of rows of a CSV file; halts at the first that is not sound."""
    count, breaks, name = 0, False, clear_name(path)
    with open_file(path, key_for) as file:
        columns, line_end, rest = _header(file, name)
        check_columns(name, columns)
        for block in _blocks(file, rest, limits):
            records = _quickly(block, len(columns), line_end) or _walk(block, columns, line_end, count, limits)
            count += records.count
            breaks |= records.breaks_in_values
            if count > limits.rows:
                raise Halt(Code.ROWS_TOO_MANY, f"`{name}` has over {limits.rows:,} rows")
    return Scanned(columns, count, line_end.decode(), breaks)


def _header(file: BinaryIO, name: str) -> tuple[tuple[str, ...], bytes, bytes]:
    """The column names, the line end, and what was read beyond the header."""
    start = file.read(BLOCK).removeprefix(BOM)
    if not start:
        raise Halt(Code.ROWS_UNREADABLE, f"`{name}` is empty: not even a header")
    line, end, rest = start.partition(b"\n")
    line_end = b"\r\n" if line.endswith(b"\r") and end else b"\n"
    line = line.removesuffix(b"\r") if end else line
    try:
        text = line.decode("utf-8")
        (names,) = csv.reader([text], strict=True)
    except (UnicodeDecodeError, ValueError, csv.Error) as error:
        raise Halt(Code.ROWS_UNREADABLE, f"the header of `{name}` is not UTF-8 CSV: {error}") from error
    return tuple(names), line_end, rest


def _blocks(file: BinaryIO, rest: bytes, limits: Limits) -> Iterator[bytes]:
    """The file in pieces of whole records. The last may lack its line end, or be a record that never ends."""
    while True:
        more = file.read(BLOCK)
        rest += more
        end = _last_record_end(rest) if more else len(rest)
        if end:
            yield rest[:end]
            rest = rest[end:]
        if not more:
            return
        if len(rest) > longest_record(limits):
            yield rest
            return


def _last_record_end(data: bytes) -> int:
    """Where the last whole record of `data` ends: after a line end outside quote marks; else 0."""
    odd = data.count(b'"') % 2
    end = len(data)
    while (line_end := data.rfind(b"\n", 0, end)) >= 0:
        odd ^= data.count(b'"', line_end, end) % 2
        if not odd:
            return line_end + 1
        end = line_end
    return 0


def _quickly(block: bytes, columns: int, line_end: bytes) -> Records | None:
    """The records of a block that is plainly sound, found without walking it; None leaves it to the walk."""
    pieces = block.split(b'"')  # outside quote marks at even places, inside them at odd ones
    if columns == 1 or len(pieces) % 2 == 0 or b"\x00" in block or not _is_utf8(block):
        return None
    parts = pieces[::2]
    if not (set(map(LAST, parts[:-1])) <= BEFORE_QUOTE and set(map(FIRST, parts[1:])) <= AFTER_QUOTE):
        return None
    outside = b"".join(parts)
    ends, returns = outside.count(b"\n"), outside.count(b"\r")
    if returns != (ends if line_end == b"\r\n" else 0) or (returns and outside.count(b"\r\n") != returns):
        return None
    record = b"," * (columns - 1)
    whole = (record + b"\n") * ends
    separators = outside.translate(None, NOT_SEPARATORS)
    open_ended = not block.endswith(b"\n")
    if separators != (whole + record if open_ended else whole):
        return None
    return Records(ends + open_ended, breaks_in_values=block.count(b"\n") != ends)


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _walk(block: bytes, columns: tuple[str, ...], line_end: bytes, rows_before: int, limits: Limits) -> Records:
    """Walk a block value by value; halts with the row and the column of the first thing that is wrong."""
    position, row, column = 0, rows_before + 1, 0
    while position < len(block) or column:
        here = _place(row, column, columns)
        quoted = block.startswith(b'"', position)
        value = (QUOTED if quoted else UNQUOTED).match(block, position)
        end = len(block) if value is None else value.end()
        _check_value(block[position:end], here, limits)
        if value is None:
            raise Halt(Code.ROWS_UNREADABLE, f"{here}: a quote mark is opened and never closed")
        position = end
        if block.startswith(b",", position):
            position, column = position + 1, column + 1
        elif block.startswith(line_end, position) or position == len(block):
            _check_end(row, column, columns, blank=not value[0])
            position, row, column = position + len(line_end), row + 1, 0
        elif block[position] in b"\r\n":
            raise Halt(Code.ROWS_UNREADABLE, f"{here}: the line ends otherwise than the header's line does")
        elif quoted:
            raise Halt(Code.ROWS_UNREADABLE, f"{here}: text after the closing quote mark")
        else:
            raise Halt(Code.ROWS_UNREADABLE, f"{here}: a quote mark inside a value that is not quoted")
    return Records(row - rows_before - 1, breaks_in_values=True)


def _place(row: int, column: int, columns: tuple[str, ...]) -> str:
    if column < len(columns):
        return f"row {row:,}, column `{columns[column]}`"
    raise Halt(Code.ROWS_UNREADABLE, f"row {row:,} has more than the {len(columns)} values that the header names")


def _check_end(row: int, column: int, columns: tuple[str, ...], *, blank: bool) -> None:
    if blank and not column:
        raise Halt(Code.ROWS_UNREADABLE, f"row {row:,} is a blank line")
    if column + 1 < len(columns):
        raise Halt(
            Code.ROWS_UNREADABLE,
            f"row {row:,} has {column + 1} of the {len(columns)} values that the header names",
        )


def _check_value(value: bytes, here: str, limits: Limits) -> None:
    if len(value) > 2 * limits.field + 2 or len(value.replace(b'""', b'"').strip(b'"')) > limits.field:
        raise Halt(Code.FIELD_TOO_LARGE, f"{here}: the value is over {limits.field:,} bytes")
    if b"\x00" in value:
        raise Halt(Code.ROWS_UNREADABLE, f"{here}: the value holds a NUL")
    try:
        value.decode("utf-8")
    except UnicodeDecodeError as error:
        clip = value[max(0, error.start - 20) : error.start + 20].decode("latin-1")
        raise Halt(Code.ROWS_UNREADABLE, f"{here}: the value {shown(clip)} is not UTF-8") from error
