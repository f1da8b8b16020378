"""Read the rows file of a package as text (`spec/requests.md`, "Files").

Rules:
 * CSV, JSON Lines and Parquet are read, as strictly as their page puts it.
 * Every value is a text or missing. Nothing is guessed, converted or left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from narrowgate_verify.adjudication.request import COLUMNS
from narrowgate_verify.document import json_object
from narrowgate_verify.parquet import read_texts
from narrowgate_verify.problems import DoesNotVerify, WrongUse

Row = Mapping[str, str | None]

LARGEST = 65_536
"""Bytes of UTF-8 in one value."""
_VALUE = re.compile(r'(?:"((?:[^"]|"")*+)"|([^",\r\n]*+))(,|\r\n|\n|\Z)')
"""One value of CSV, quoted or bare, and what ends it."""


def read_rows(content: bytes, file: str) -> list[Row]:
    """The rows of the file named `file`, in its order; DoesNotVerify says which one is not sound."""
    kinds: dict[str, Callable[[bytes, str], list[Row]]] = {"csv": _csv, "jsonl": _json_lines, "parquet": _parquet}
    kind = file.rpartition(".")[2]
    if kind not in kinds:
        raise WrongUse(f"`{file}` is neither `.csv`, `.jsonl` nor `.parquet`")
    try:
        rows = kinds[kind](content, file)
    except UnicodeDecodeError as error:
        raise DoesNotVerify(f"`{file}` is not UTF-8") from error
    for number, row in enumerate(rows, 1):
        _check_values(row.values(), f"row {number:,} of `{file}`")
    return rows


def _csv(content: bytes, file: str) -> list[Row]:
    header, *records = _records(content.decode().removeprefix("\ufeff"), file)
    _check_columns(header, file)
    for number, record in enumerate(records, 1):
        if len(record) != len(header):
            raise DoesNotVerify(f"row {number:,} of `{file}` has {len(record)} values, and the header {len(header)}")
    return [dict(zip(header, record, strict=True)) for record in records]


def _records(text: str, file: str) -> Iterator[list[str]]:
    """The records of CSV, the header first; every line ends as the header's does."""
    place, line_end = 0, None
    number = 0
    record: list[str] = []
    while place < len(text) or record or not number:
        value = _VALUE.match(text, place)
        if value is None or (value[3] in {"\n", "\r\n"} and line_end not in {None, value[3]}):
            raise DoesNotVerify(
                f"row {number:,} of `{file}` is not CSV as RFC 4180 has it, from `{text[place:][:20]}` on"
            )
        record.append(value[2] if value[1] is None else value[1].replace('""', '"'))
        place = value.end()
        if value[3] == ",":
            continue
        if len(record) == 1 and not value[0].strip("\r\n"):
            raise DoesNotVerify(f"row {number:,} of `{file}` is a blank line")
        line_end = line_end or value[3]
        yield record
        record, number = [], number + 1


def _json_lines(content: bytes, file: str) -> list[Row]:
    lines = content.decode().removesuffix("\n").split("\n")
    rows = [_object(line, f"row {number:,} of `{file}`") for number, line in enumerate(lines, 1)]
    _check_columns(dict.fromkeys(name for row in rows for name in row), file)
    return rows


def _parquet(content: bytes, file: str) -> list[Row]:
    try:
        columns, rows = read_texts(content)
    except DoesNotVerify as problem:
        raise DoesNotVerify(f"`{file}`: {problem}") from problem
    except WrongUse as problem:
        raise WrongUse(f"`{file}`: {problem}") from problem
    _check_columns(columns, file)
    return list(rows)


def _object(line: str, what: str) -> Row:
    found = json_object(line.encode(), what)
    for name, value in found.items():
        if value is not None and not isinstance(value, str):
            raise DoesNotVerify(f"{what} has {json.dumps(value)} under `{name}`, which is neither text nor null")
    return found


def _check_columns(columns: Iterable[str], file: str) -> None:
    named = list(columns)
    for name in named:
        if name not in COLUMNS:
            raise DoesNotVerify(f"`{file}` has the column `{name}`, which the page of rows does not know")
    if len(set(named)) != len(named) or "request_ref" not in named:
        raise DoesNotVerify(f"`{file}` has a column twice, or no `request_ref`")


def _check_values(values: Iterable[str | None], what: str) -> None:
    for value in values:
        try:
            size = len((value or "").encode())
        except UnicodeEncodeError as error:
            raise DoesNotVerify(f"{what} holds half of a pair of surrogates") from error
        if size > LARGEST or "\0" in (value or ""):
            raise DoesNotVerify(f"{what} has a value of over {LARGEST:,} bytes, or one with a NUL")
