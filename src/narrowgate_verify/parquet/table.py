"""From the bytes of a Parquet file to its rows: footer, column chunks, pages (`parquet.thrift` of Apache Parquet).

Rules:
 * Every column has a value or a missing one for every row; a row group that has more or fewer ends the reading.
 * A column that is not text is named. Nothing is converted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from narrowgate_verify.parquet.compression import unpacked
from narrowgate_verify.parquet.encodings import PLAIN, PLAIN_DICTIONARY, RLE, hybrid, texts
from narrowgate_verify.parquet.thrift import Reader, Struct
from narrowgate_verify.problems import DoesNotVerify, WrongUse
from narrowgate_verify.value import Value

MAGIC, ENCRYPTED = b"PAR1", b"PARE"
_BYTE_ARRAY = 6
_UTF8 = 0
_STRING, _UNKNOWN = 1, 11
_REQUIRED, _OPTIONAL = 0, 1
_DATA, _DICTIONARY, _DATA_2 = 0, 2, 3
_WIDEST = 1000
_MOST_ROWS = 10_000_000

Row = dict[str, str | None]


class Column(Value):
    """A column by its name. Of one without text every value has to be missing."""

    name: str
    optional: bool
    text: bool


class _Page(Value):
    """A page: its kind, its header of that kind, and what lies behind, of `size` bytes once unpacked."""

    kind: int
    header: Struct
    content: bytes
    size: int


def read_texts(content: bytes) -> tuple[list[str], list[Row]]:
    """The names of the columns and the rows of the Parquet file `content`.

    DoesNotVerify says what in it is not sound, WrongUse what this program cannot read.
    """
    footer = _footer(content)
    columns = _columns(_known(footer, 2, list))
    names, rows_stated = [column.name for column in columns], _known(footer, 3, int)
    if len(set(names)) != len(names):
        raise DoesNotVerify("it has a column twice")
    if rows_stated > _MOST_ROWS:
        raise DoesNotVerify(f"it says that it has {rows_stated:,} rows, more than any may have")
    rows: list[Row] = []
    for group in _known(footer, 4, list):
        count, chunks = _known(group, 3, int), _known(group, 1, list)
        if len(chunks) != len(columns) or count > rows_stated:
            raise DoesNotVerify("a group of rows in it lacks a column, or has more rows than the file")
        values = [_chunk(content, chunk, column, count) for chunk, column in zip(chunks, columns, strict=True)]
        rows += [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]
    if len(rows) != rows_stated:
        raise DoesNotVerify("it has more rows than it says, or fewer")
    return names, rows


def _footer(content: bytes) -> Struct:
    if content[-4:] == ENCRYPTED:
        raise WrongUse("it is encrypted")
    size = int.from_bytes(content[-8:-4], "little")
    if content[:4] != MAGIC or content[-4:] != MAGIC or size > len(content) - 12:
        raise DoesNotVerify("it is no whole Parquet file")
    return Reader(content[-8 - size : -8]).struct()


def _columns(schema: Sequence[Struct]) -> list[Column]:
    if not schema or _known(schema[0], 5, int) != len(schema) - 1 or len(schema) > _WIDEST:
        raise DoesNotVerify("its columns are nested, or there are none")
    return [_column(element) for element in schema[1:]]


def _column(element: Struct) -> Column:
    try:
        name = _known(element, 4, bytes).decode()
    except UnicodeDecodeError as error:
        raise DoesNotVerify("the name of a column in it is not UTF-8") from error
    logical, repetition = element.get(10, {}), element.get(3)
    if not isinstance(logical, dict) or element.get(5) or repetition not in (_REQUIRED, _OPTIONAL):
        raise DoesNotVerify(f"its column `{name}` is not text: it holds more than one value in a row")
    says_text = _STRING in logical if logical else element.get(6) == _UTF8
    text = element.get(1) == _BYTE_ARRAY and says_text
    if not text and _UNKNOWN not in logical:
        raise DoesNotVerify(f"its column `{name}` is not text")
    return Column(name, repetition == _OPTIONAL, text)


def _chunk(content: bytes, chunk: Struct, column: Column, count: int) -> list[str | None]:
    """The `count` values of a column in one group of rows."""
    about = _known(chunk, 3, dict)
    if chunk.get(1) or _known(about, 5, int) != count:
        raise DoesNotVerify(f"its column `{column.name}` is elsewhere, or has more values than rows, or fewer")
    if not count:
        return []
    codec = _known(about, 4, int)
    values: list[bytes | None] = []
    dictionary: list[bytes] | None = None
    for page in _pages(content, about):
        if page.kind == _DICTIONARY:
            number, encoding = _known(page.header, 1, int), _known(page.header, 2, int)
            if encoding not in (PLAIN, PLAIN_DICTIONARY):
                raise DoesNotVerify("a dictionary in it is not written as one")
            plain = Reader(unpacked(page.content, codec, page.size))
            dictionary = texts(plain, PLAIN, number, None)
        elif page.kind in (_DATA, _DATA_2):
            if _known(page.header, 1, int) > count - len(values):
                raise DoesNotVerify(f"its column `{column.name}` has more values than rows")
            values += _values(page, codec, column, dictionary)
    if len(values) != count:
        raise DoesNotVerify(f"its column `{column.name}` has {len(values):,} values for {count:,} rows")
    try:
        return [None if value is None else value.decode() for value in values]
    except UnicodeDecodeError as error:
        raise DoesNotVerify(f"a value of its column `{column.name}` is not UTF-8") from error


def _pages(content: bytes, about: Struct) -> Iterator[_Page]:
    """The pages of a column chunk, in their order, the dictionary first."""
    start = _known(about, 9, int)
    if about.get(11):
        start = min(start, _known(about, 11, int))
    end = start + _known(about, 7, int)
    if not 0 < start <= end <= len(content):
        raise DoesNotVerify("the pages of a column are not in it")
    reader = Reader(content, start)
    while reader.place < end:
        header = reader.struct()
        kind = _known(header, 1, int)
        of_kind = {_DATA: 5, _DICTIONARY: 7, _DATA_2: 8}.get(kind)
        size, packed = _known(header, 2, int), _known(header, 3, int)
        yield _Page(kind, {} if of_kind is None else _known(header, of_kind, dict), reader.take(packed), size)
    if reader.place != end:
        raise DoesNotVerify("the pages of a column do not end where it says")


def _values(page: _Page, codec: int, column: Column, dictionary: list[bytes] | None) -> list[bytes | None]:
    """The values of a page of data, the missing ones in their places."""
    count = _known(page.header, 1, int)
    if page.kind == _DATA:
        encoding, body = _known(page.header, 2, int), Reader(unpacked(page.content, codec, page.size))
        present = [1] * count
        if column.optional:
            if _known(page.header, 3, int) != RLE:
                raise WrongUse("what is missing in it is written in a way that is no longer used")
            levels = Reader(body.take(int.from_bytes(body.take(4), "little")))
            present = hybrid(levels, 1, count)
    else:
        encoding, (present, body) = _known(page.header, 4, int), _of_second_kind(page, codec, column, count)
    found = iter(texts(body, encoding, sum(present), dictionary) if column.text else _nothing(present))
    return [next(found) if there else None for there in present]


def _of_second_kind(page: _Page, codec: int, column: Column, count: int) -> tuple[list[int], Reader]:
    """What is present in a page of the second kind of data, and the values behind."""
    length = _known(page.header, 5, int)
    if _known(page.header, 6, int):
        raise DoesNotVerify("a page in it holds more than one value in a row")
    levels, rest = page.content[:length], page.content[length:]
    present = hybrid(Reader(levels), 1, count) if column.optional else [1] * count
    packed = page.header.get(7, True)
    return present, Reader(unpacked(rest, codec if packed and rest else 0, page.size - len(levels)))


def _nothing(present: list[int]) -> list[bytes]:
    if any(present):
        raise DoesNotVerify("a column in it that is not text has values")
    return []


def _known(fields: Any, field: int, kind: type) -> Any:
    """A field of a header, which has to be there and of its type."""
    value = fields.get(field) if isinstance(fields, dict) else None
    if not isinstance(value, kind) or (isinstance(value, int) and value < 0):
        raise DoesNotVerify("a header in it lacks what it must say")
    return value
