"""The keys of what lies at rest in a gate: one for each batch, all under the custodian's (`spec/encrypted-file.md`).

Rules:
 * A batch has a key of its own, drawn when its package arrives. It lies beside the package, wrapped by the custodian's
   key (RFC 3394), and moves with it. Everything that is kept of the batch is encrypted with it.
 * Whoever removes that one file has destroyed all of it, wherever copies of the rest may be.
 * A key is never a default, is never printed, and is drawn by the randomness that the door passes in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from narrowgate.encrypted import KEY_SIZE, decrypt, encrypt
from narrowgate.errors import Fault, Refused
from narrowgate.files import write_private
from narrowgate.store.folder import BATCH_KEY, GateFolder

FORMAT = "narrowgate-batch-key/1"
Random = Callable[[int], bytes]
"""So many fresh random bytes."""


class CustodyKey(Protocol):
    """The custodian's key: in a file, or in a module that it never leaves."""

    @property
    def id(self) -> str:
        """Its name: hex, says nothing about the key."""
        ...

    def wrap(self, key: bytes) -> bytes:
        """`key`, of 32 bytes, as it may be written down (RFC 3394)."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key that was wrapped; a Fault if this is not the key that wrapped it."""
        ...


class KeyInFile:
    """A custodian's key in memory, read from a private file."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def read(cls, file: Path) -> KeyInFile:
        """The key in `file`: 64 hexadecimal digits."""
        try:
            key = bytes.fromhex(file.read_text("ascii").strip())
        except (OSError, ValueError) as problem:
            raise Fault(f"custody key `{file}` cannot be used: {problem}") from problem
        if len(key) != KEY_SIZE:
            raise Fault(f"custody key `{file}` has {len(key)} bytes, not {KEY_SIZE}")
        return cls(key)

    @property
    def id(self) -> str:
        return sha256(b"narrowgate custody key\n" + self._key).hexdigest()[:16]

    def wrap(self, key: bytes) -> bytes:
        return aes_key_wrap(self._key, key)

    def unwrap(self, wrapped: bytes) -> bytes:
        try:
            return aes_key_unwrap(self._key, wrapped)
        except (InvalidUnwrap, ValueError) as problem:
            raise Fault(f"a key was not wrapped by custody key `{self.id}`", "nothing was read with it") from problem


class Custody:
    """What is kept in one gate, with the keys to it."""

    def __init__(self, folder: GateFolder, custodian: CustodyKey) -> None:
        self._folder = folder
        self.custodian = custodian
        self._known: dict[Path, bytes] = {}

    def check(self) -> None:
        """See that the custodian's key is the one that this gate was made with; a Fault if it is another."""
        self._key(self._folder.key_of(None))

    def begin(self, home: Path, random: Random) -> None:
        """Draw the key of what will be kept in `home`."""
        write_key(home / BATCH_KEY, random(KEY_SIZE), self.custodian)

    def key_for(self, path: Path) -> bytes:
        """The key of the encrypted file at `path`; refused if it was destroyed, a Fault if there never was one."""
        home = self._folder.home_of(path)
        if home is None:
            raise Fault(f"nothing is kept encrypted at `{path}`", "nothing was read or written there")
        return self._key(home / BATCH_KEY)

    def has_key(self, batch: str | None) -> bool:
        """Whether there is a key to what is kept of `batch`: not before it came, nor after it was destroyed."""
        return self._folder.key_of(batch).is_file()

    def keep(self, content: bytes, *, batch: str | None) -> bytes:
        """`content` as the database may hold it: encrypted with the key of `batch`, or the gate's own for None."""
        return encrypt(content, self._key(self._folder.key_of(batch)))

    def show(self, kept: bytes, *, batch: str | None, name: str) -> bytes:
        """What `keep` made `kept` of; a Fault that calls it `name` if it was changed."""
        return decrypt(kept, self._key(self._folder.key_of(batch)), name=name)

    def _key(self, file: Path) -> bytes:
        if not file.is_file():
            self._known.pop(file, None)
            raise Refused(
                f"there is no key `{file}`: what it opened was destroyed", "the ledger says when; nothing was read"
            )
        if file not in self._known:
            self._known[file] = read_key(file, self.custodian)
        return self._known[file]


def write_key(file: Path, key: bytes, custodian: CustodyKey) -> None:
    """Write `key` down, wrapped."""
    written = {"format": FORMAT, "under": custodian.id, "wrapped": custodian.wrap(key).hex()}
    write_private(file, json.dumps(written).encode())


def read_key(file: Path, custodian: CustodyKey) -> bytes:
    """The key that is written down in `file`."""
    try:
        written = json.loads(file.read_bytes())
        form, under, wrapped = written["format"], str(written["under"]), bytes.fromhex(written["wrapped"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Fault(f"`{file}` does not hold a wrapped key: {problem}", "restore it from a copy") from problem
    if form != FORMAT or under != custodian.id:
        raise Fault(
            f"`{file}` is wrapped by custody key `{under}`, and this gate has `{custodian.id}`",
            "restore the key or the file from a copy of the same moment",
        )
    return custodian.unwrap(wrapped)
