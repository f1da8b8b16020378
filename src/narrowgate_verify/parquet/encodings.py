"""Decode the values of a page: plain, by a dictionary, or by differences ("Parquet encoding definitions").

Rules:
 * A decoder gives just as many values as the page says that it has, or ends the reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from narrowgate_verify.parquet.thrift import Reader
from narrowgate_verify.problems import DoesNotVerify, WrongUse

PLAIN, PLAIN_DICTIONARY, RLE, DELTA_LENGTHS, DELTA_BYTES, RLE_DICTIONARY = 0, 2, 3, 6, 7, 8
_WIDEST = 64


def texts(reader: Reader, encoding: int, count: int, dictionary: Sequence[bytes] | None) -> list[bytes]:
    """The next `count` byte strings, written by `encoding` (Encoding of `parquet.thrift`)."""
    if encoding == PLAIN:
        return [reader.take(int.from_bytes(reader.take(4), "little")) for _ in range(count)]
    if encoding in (PLAIN_DICTIONARY, RLE_DICTIONARY):
        return _looked_up(reader, count, dictionary)
    if encoding == DELTA_LENGTHS:
        return [reader.take(length) for length in _differences(reader, count)]
    if encoding == DELTA_BYTES:
        return _continued(reader, count)
    raise WrongUse(f"a page in it is written with the encoding {encoding}, which this program does not read")


def hybrid(reader: Reader, width: int, count: int) -> list[int]:
    """The next `count` numbers of `width` bits, in runs of one number or packed by eights."""
    if width > _WIDEST:
        raise DoesNotVerify(f"a number in it would have {width} bits")
    numbers: list[int] = []
    while len(numbers) < count:
        head = reader.varint()
        if head & 1:
            numbers += _packed(reader.take((head >> 1) * width), width, min(8 * (head >> 1), count - len(numbers)))
        elif head:
            number = int.from_bytes(reader.take((width + 7) // 8), "little")
            numbers += [number] * min(head >> 1, count - len(numbers))
        else:
            raise DoesNotVerify("a run in it has no number")
    return numbers


def _packed(content: bytes, width: int, count: int) -> list[int]:
    """The first `count` numbers of `width` bits, the lowest bits first."""
    if not width:
        return [0] * count
    numbers: list[int] = []
    mask = (1 << width) - 1
    for start in range(0, len(content), width):  # eight numbers have as many bytes as one has bits
        bits = int.from_bytes(content[start : start + width], "little")
        numbers += [(bits >> shift) & mask for shift in range(0, 8 * width, width)]
    return numbers[:count]


def _looked_up(reader: Reader, count: int, dictionary: Sequence[bytes] | None) -> list[bytes]:
    if dictionary is None:
        raise DoesNotVerify("a page in it refers to a dictionary that is not there")
    if not count:
        return []
    places = hybrid(reader, reader.take(1)[0], count)
    if max(places) >= len(dictionary):
        raise DoesNotVerify("a page in it refers beyond its dictionary")
    return [dictionary[place] for place in places]


def _continued(reader: Reader, count: int) -> list[bytes]:
    """Values that begin as the one before them does: how far, then how each goes on."""
    shared = _differences(reader, count)
    endings = texts(reader, DELTA_LENGTHS, count, None)
    values: list[bytes] = []
    before = b""
    for length, ending in zip(shared, endings, strict=True):
        if not 0 <= length <= len(before):
            raise DoesNotVerify("a value in it would begin with more than the one before it has")
        before = before[:length] + ending
        values.append(before)
    return values


def _differences(reader: Reader, count: int) -> list[int]:
    """`count` numbers, each written as the difference from the one before, in blocks of miniblocks."""
    size, parts, stated, first = reader.varint(), reader.varint(), reader.varint(), reader.zigzag()
    if stated != count or not parts or size % (8 * parts) or not size:
        raise DoesNotVerify(f"a page in it has {stated:,} differences, and {count:,} values")
    steps: list[int] = []
    while len(steps) < count - 1:
        least = reader.zigzag()
        for width in reader.take(parts):
            if len(steps) >= count - 1:
                break
            if width > _WIDEST:
                raise DoesNotVerify(f"a number in it would have {width} bits")
            needed = min(size // parts, count - 1 - len(steps))
            steps += [least + step for step in _packed(reader.take(size // parts * width // 8), width, needed)]
    return list(accumulate([first, *steps])) if count else []
