"""Read a JSON Lines file strictly, before the engine reads it more kindly.

Rules:
 * UTF-8, one object on each line, no blank line; each key a known column, once at most; values text or null.
 * A number is refused, not turned into text: `02139` written as a number has already lost its nought.
 * Memory is bounded by one line, whatever the file holds.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from narrowgate.encrypted import KeyFor, clear_name, open_file
from narrowgate.formats.codes import Code, Halt, shown
from narrowgate.formats.columns import KNOWN, check_columns
from narrowgate.formats.csv_scan import Scanned, longest_record
from narrowgate.formats.limits import Limits

KEY = re.compile(rb'"(\w+)"\s*:\s*"')


class _Twice(ValueError):  # noqa: N818
    """A key that stands twice in one object."""


def scan_json_lines(path: Path, *, limits: Limits, key_for: KeyFor) -> Scanned:
    """The columns and the number of rows of a JSON Lines file; halts at the first that is not sound."""
    columns: dict[str, None] = {}
    count, name = 0, clear_name(path)
    longest = longest_record(limits)
    with open_file(path, key_for) as file:
        while line := file.readline(longest + 1):
            count += 1
            if count > limits.rows:
                raise Halt(Code.ROWS_TOO_MANY, f"`{name}` has over {limits.rows:,} rows")
            if len(line) > longest:
                raise _too_large(count, _last_key(line), limits)
            columns.update(dict.fromkeys(_row(line, count, limits)))
    if not count:
        raise Halt(Code.ROWS_UNREADABLE, f"`{name}` is empty")
    check_columns(name, columns)
    return Scanned(tuple(columns), count)


def _row(line: bytes, row: int, limits: Limits) -> dict[str, Any]:
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise Halt(Code.ROWS_UNREADABLE, f"row {row:,} is not UTF-8 at byte {error.start + 1}") from error
    except _Twice as twice:
        raise Halt(Code.ROWS_COLUMNS, f"row {row:,} has the column {shown(twice)} twice") from twice
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", error)
        raise Halt(Code.ROWS_UNREADABLE, f"row {row:,} is not a JSON object on one line: {reason}") from error
    if not isinstance(value, dict):
        raise Halt(Code.ROWS_UNREADABLE, f"row {row:,} is not a JSON object")
    if not value.keys() <= KNOWN:
        unknown = next(key for key in value if key not in KNOWN)
        raise Halt(Code.ROWS_COLUMNS, f"row {row:,} has the unknown column {shown(unknown)}")
    for column, text in value.items():
        if text is not None:
            _check_text(text, row, column, limits)
    return value


def _check_text(text: Any, row: int, column: str, limits: Limits) -> None:
    if not isinstance(text, str):
        raise Halt(Code.ROWS_TYPES, f"row {row:,}, column `{column}` is {shown(json.dumps(text))}, which is not text")
    if text.isascii():
        size = len(text)
    else:
        try:
            size = len(text.encode("utf-8"))
        except UnicodeEncodeError as error:
            raise Halt(
                Code.ROWS_UNREADABLE, f"row {row:,}, column `{column}` holds half of a surrogate pair"
            ) from error
    if size > limits.field:
        raise _too_large(row, column, limits)
    if "\x00" in text:
        raise Halt(Code.ROWS_UNREADABLE, f"row {row:,}, column `{column}`: the value holds a NUL")


def _too_large(row: int, column: str, limits: Limits) -> Halt:
    return Halt(Code.FIELD_TOO_LARGE, f"row {row:,}, column {shown(column)}: the value is over {limits.field:,} bytes")


def _last_key(line: bytes) -> str:
    """The key whose value a line that is too long was in the middle of."""
    keys = KEY.findall(line)
    return keys[-1].decode("utf-8", "replace") if keys else "?"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key twice would let two readers see two rows."""
    whole = dict(pairs)
    if len(whole) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return whole
