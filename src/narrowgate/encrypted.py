"""Files at rest that nobody can read without their key, from any place in them (`spec/encrypted-file.md`).

Rules:
 * A file whose name ends in `.enc` is encrypted, and no other is: who is given its path needs to know nothing else.
 * Each file has a key of its own, made from the key of its batch and a salt that is drawn when it is written.
 * It is cut into chunks, each encrypted and authenticated by AES-256-GCM under its number and whether it is the last:
   a chunk that was changed, moved, left out or cut off is found when it is read, and nothing of it is handed out
   (the construction is STREAM: Hoang, Reyhanitabar, Rogaway, Vizar, CRYPTO 2015).
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from narrowgate.errors import Fault
from narrowgate.files import create_private, naming

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

SUFFIX = ".enc"
PROTOCOL = "encrypted"
KEY_SIZE = 32
MAGIC = b"narrowgate-encrypted/1\n"
SALT_SIZE = 32
HEADER = len(MAGIC) + SALT_SIZE
CHUNK = 1 << 16
TAG = 16
_HINT = "restore it from a copy; what was in it was not used"

KeyFor = Callable[[Path], bytes]
"""The key of 32 bytes for a file, by its path; a Fault if there is none, or none any more."""


def no_keys(path: Path) -> bytes:
    """What is given to whoever reads files in clear alone."""
    raise Fault(f"there is no key for `{path}`", "nothing of it was read")


def is_encrypted(path: Path) -> bool:
    """Whether the file of that name is an encrypted one, under its own name or an unfinished one."""
    return path.suffix == SUFFIX or path.suffixes[-2:] == [SUFFIX, ".unfinished"]


def clear_name(path: Path) -> str:
    """The name of the file at `path` as it would be in clear."""
    return path.name.removesuffix(SUFFIX)


def url(path: Path) -> str:
    """How the engine is told of the file at `path`: an encrypted one is reached by a protocol of its own."""
    return f"{PROTOCOL}://{path.resolve()}" if is_encrypted(path) else str(path.resolve())


def beside(path: Path, name: str) -> str:
    """`name` for a file that is encrypted if the one at `path` is."""
    return name + SUFFIX if is_encrypted(path) else name


def open_file(path: Path, key_for: KeyFor) -> BinaryIO:
    """The file at `path`, to be read in clear."""
    if not is_encrypted(path):
        return path.open("rb")
    return cast(BinaryIO, io.BufferedReader(Reader(path, key_for(path)), CHUNK))


def create_file(path: Path, key_for: KeyFor) -> BinaryIO:
    """A new file at `path`, private, to be written in clear. It is whole once it is closed without an error."""
    if is_encrypted(path):
        return cast(BinaryIO, Writer(path, key_for(path)))
    return create_private(path)


def encrypt(content: bytes, key: bytes) -> bytes:
    """A few bytes, encrypted as a file of one chunk is, without its first line."""
    salt = os.urandom(SALT_SIZE)
    return salt + _cipher(key, salt).encrypt(_nonce(0, last=True), content, None)


def decrypt(stored: bytes, key: bytes, *, name: str) -> bytes:
    """What `encrypt` made `stored` of; a Fault that calls it `name` if it was changed, or the key is another."""
    try:
        return _cipher(key, stored[:SALT_SIZE]).decrypt(_nonce(0, last=True), stored[SALT_SIZE:], None)
    except InvalidTag as problem:
        raise Fault(f"{name} was changed, or encrypted with another key", _HINT) from problem


def size(path: Path) -> int:
    """How many bytes an encrypted file holds in clear."""
    return _clear_size(path.stat().st_size, path)


class Reader(io.RawIOBase):
    """An encrypted file, read from any place."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._place = 0
        try:
            self.size = _clear_size(os.fstat(self._file).st_size, path)
            header = os.pread(self._file, HEADER, 0)
            if not header.startswith(MAGIC):
                raise Fault(f"`{path}` is not an encrypted file", _HINT)
        except BaseException:
            os.close(self._file)
            raise
        self._last = max(0, self.size - 1) // CHUNK
        self._cipher = _cipher(key, header[len(MAGIC) :])

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.move_to(offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.tell(), os.SEEK_END: self.size}[whence])
        return self.tell()

    def tell(self) -> int:
        return self._place

    def move_to(self, place: int) -> None:
        """Read from `place` next."""
        self._place = place

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        content = self.read(len(view))
        view[: len(content)] = content
        return len(content)

    def read(self, length: int | None = -1) -> bytes:
        """Up to `length` bytes from where it is; fewer only at the end of the file."""
        place = self.tell()
        left = max(0, self.size - place)
        length = left if length is None or length < 0 else min(length, left)
        if not length:
            return b"" if self.size else self._clear(0, 0)  # nothing is in it, and that is authenticated too
        first, last = place // CHUNK, (place + length - 1) // CHUNK
        self.move_to(place + length)
        return self._clear(first, last)[place - first * CHUNK :][:length]

    def close(self) -> None:
        if not self.closed:
            os.close(self._file)
        super().close()

    def _clear(self, first: int, last: int) -> bytes:
        """Chunks first..last in clear."""
        wide = CHUNK + TAG
        stored = os.pread(self._file, (last - first + 1) * wide, HEADER + first * wide)
        chunks = []
        for number in range(first, last + 1):
            chunk = stored[(number - first) * wide :][:wide]
            try:
                chunks.append(self._cipher.decrypt(_nonce(number, last=number == self._last), chunk, None))
            except InvalidTag as problem:
                raise Fault(f"`{self._path}` was changed, or encrypted with another key", _HINT) from problem
        return b"".join(chunks)


class Writer(io.RawIOBase):
    """A new encrypted file, private to its owner. Closing it writes the last chunk; without that it is none."""

    def __init__(self, path: Path, key: bytes) -> None:
        salt = os.urandom(SALT_SIZE)
        self._cipher = _cipher(key, salt)
        self._number = 0
        self._written = 0
        self._pending = bytearray()
        self._path = path
        self._file = create_private(path)
        self._file.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._written

    def write(self, content: ReadableBuffer) -> int:
        """Take in all of `content`. What makes a chunk, and is not the end, goes to the disk."""
        self._pending += content
        length = memoryview(content).nbytes
        self._written += length
        whole = max(0, len(self._pending) - 1) // CHUNK * CHUNK  # the last chunk is known by its end alone
        view = bytes(self._pending[:whole])
        for place in range(0, whole, CHUNK):
            self._put(view[place : place + CHUNK], last=False)
        del self._pending[:whole]
        return length

    def close(self) -> None:
        if self.closed:
            return
        try:
            self._put(bytes(self._pending), last=True)
        finally:
            with naming(self._path):
                self._file.close()
            super().close()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        with naming(self._path):
            self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, None))
        self._number += 1


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    """The cipher of one file."""
    if len(key) != KEY_SIZE:
        raise Fault(f"a key has {KEY_SIZE} bytes, not {len(key)}")
    return AESGCM(HKDF(SHA256(), KEY_SIZE, salt, MAGIC).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _clear_size(stored: int, path: Path) -> int:
    """The size in clear of a file that has `stored` bytes; a Fault if no file has so many."""
    whole, rest = divmod(stored - HEADER, CHUNK + TAG)
    if stored < HEADER + TAG or 0 < rest < TAG or (rest == TAG and whole):
        raise Fault(f"`{path}` is cut off, or is not an encrypted file", _HINT)
    return whole * CHUNK + max(0, rest - TAG)
