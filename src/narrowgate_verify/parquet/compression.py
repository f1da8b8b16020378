"""Unpack a page of Parquet: as it is, snappy, gzip, LZ4, or zstd by the program of that name.

Rules:
 * A page says how large it is unpacked, and never becomes larger than that.
 * What a copy refers back to has to be there.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
import zlib
from contextlib import suppress
from typing import IO

from narrowgate_verify.parquet.thrift import Reader
from narrowgate_verify.problems import DoesNotVerify, WrongUse

_OTHERS = {3: "LZO", 4: "Brotli", 5: "the LZ4 of Hadoop"}
_SPOILT = "a page in it cannot be unpacked"
_LONG = 15
"""In LZ4, a length that goes on in the next byte."""


def unpacked(content: bytes, codec: int, size: int) -> bytes:
    """The `size` bytes that `content` holds, packed by `codec` (CompressionCodec of `parquet.thrift`).

    DoesNotVerify if it holds others; WrongUse if nothing here can unpack them.
    """
    if codec in _OTHERS:
        raise WrongUse(f"it is packed with {_OTHERS[codec]}, which this program does not unpack")
    if codec not in _UNPACK:
        raise DoesNotVerify(f"it is packed with {codec}, which is no codec")
    whole = _UNPACK[codec](content, size)
    if len(whole) != size:
        raise DoesNotVerify(f"{_SPOILT}: it says that it has {size:,} bytes")
    return whole


def _as_it_is(content: bytes, _: int) -> bytes:
    return content


def _gzip(content: bytes, size: int) -> bytes:
    whole = b""
    while content:
        member = zlib.decompressobj(wbits=31)
        try:
            whole += member.decompress(content, size - len(whole) + 1)
        except zlib.error as error:
            raise DoesNotVerify(f"{_SPOILT}: {error}") from error
        if not member.eof or len(whole) > size:
            raise DoesNotVerify(_SPOILT)
        content = member.unused_data
    return whole


def _zstd(content: bytes, size: int) -> bytes:
    program = shutil.which("zstd")
    if program is None:
        raise WrongUse("it is packed with zstd: install the program `zstd`, with which it is unpacked")
    with subprocess.Popen(
        [program, "-dcq"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        feeding = threading.Thread(target=_feed, args=(running.stdin, content))
        feeding.start()
        whole = running.stdout.read(size + 1)
        running.stdout.close()  # what is left over is not read: the program ends for want of a reader
        feeding.join()
    if running.returncode and len(whole) <= size:
        raise DoesNotVerify(_SPOILT)
    return whole


def _feed(program: IO[bytes], content: bytes) -> None:
    with suppress(BrokenPipeError), program:
        program.write(content)


def _snappy(content: bytes, size: int) -> bytes:
    """The raw format of snappy (`format_description.txt`): literals, and copies of what came before."""
    reader = Reader(content)
    if reader.varint() != size:
        raise DoesNotVerify(_SPOILT)
    whole = bytearray()
    while reader.place < len(content) and len(whole) <= size:
        tag = reader.take(1)[0]
        kind, rest = tag & 3, tag >> 2
        if kind == 0:
            more = max(0, rest - 59)  # 60 to 63: the length is in 1 to 4 bytes
            whole += reader.take((_number(reader, more) if more else rest) + 1)
        elif kind == 1:
            _copy(whole, (tag >> 5 << 8) | reader.take(1)[0], (rest & 7) + 4)
        else:
            _copy(whole, _number(reader, 2 if kind == 2 else 4), rest + 1)
    return bytes(whole)


def _lz4(content: bytes, size: int) -> bytes:
    """A block of LZ4 ("LZ4 Block Format Description" of its project): literals and a copy by turns, literals last."""
    reader = Reader(content)
    whole = bytearray()
    while reader.place < len(content) and len(whole) <= size:
        token = reader.take(1)[0]
        whole += reader.take(_length(reader, token >> 4))
        if reader.place < len(content):
            distance = _number(reader, 2)
            _copy(whole, distance, _length(reader, token & 15) + 4)
    return bytes(whole)


def _length(reader: Reader, length: int) -> int:
    if length == _LONG:
        while (more := reader.take(1)[0]) == 255:
            length += more
        length += more
    return length


def _number(reader: Reader, size: int) -> int:
    return int.from_bytes(reader.take(size), "little")


def _copy(whole: bytearray, distance: int, length: int) -> None:
    """Put `length` bytes behind, from `distance` before the end: also those that are only now put there."""
    if not 1 <= distance <= len(whole):
        raise DoesNotVerify(_SPOILT)
    start = len(whole) - distance
    pattern = whole[start : start + length]
    whole += (pattern * (length // len(pattern) + 1))[:length]


_UNPACK = {0: _as_it_is, 1: _snappy, 2: _gzip, 6: _zstd, 7: _lz4}
