"""Read, make and destroy the gate's keys, wherever they lie (`places`).

Rules:
 * A key is handed on as something that signs or wraps, never as bytes.
 * A key is of the kind that its name says, and its file is private, or it is not used.
 * What replaces a key is durable before what it replaces is destroyed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from narrowgate.encrypted import KEY_SIZE
from narrowgate.errors import Fault, WrongUse
from narrowgate.files import sync, write_private
from narrowgate.store import places
from narrowgate.store.custody import CustodyKey, KeyInFile, Random
from narrowgate.store.folder import GateFolder
from narrowgate.store.places import CUSTODY, LEDGER, InFile, InModule, Place

if TYPE_CHECKING:
    from types import ModuleType

PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class SigningKey(Protocol):
    """Something that signs: a key in a file, or one that never leaves its module."""

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, text: bytes) -> bytes:
        """The bare signature over `text`: 64 bytes for Ed25519, DER for ECDSA with SHA-256."""
        ...


@dataclass(frozen=True)
class FileSigningKey:
    """A signing key in memory, read from a private file."""

    private_key: PrivateKey = field(repr=False)

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return self.private_key.public_key()

    def sign(self, text: bytes) -> bytes:
        """The bare signature over `text`."""
        if isinstance(self.private_key, ed25519.Ed25519PrivateKey):
            return self.private_key.sign(text)
        return self.private_key.sign(text, ec.ECDSA(hashes.SHA256()))


class PresentCustodyKey:
    """The custody key that `keys.toml` names when it is first used: under the gate's lock, where nobody replaces it."""

    def __init__(self, folder: GateFolder) -> None:
        self._folder = folder
        self._read: CustodyKey | None = None

    @property
    def id(self) -> str:
        return self._key.id

    def wrap(self, key: bytes) -> bytes:
        return self._key.wrap(key)

    def unwrap(self, wrapped: bytes) -> bytes:
        return self._key.unwrap(wrapped)

    @property
    def _key(self) -> CustodyKey:
        if self._read is None:
            self._read = custody_key(self._folder, places.read(self._folder)[CUSTODY])
        return self._read


def signing_key(folder: GateFolder, name: str, place: Place) -> SigningKey:
    """The ledger's key `name`, from `place`."""
    if isinstance(place, InModule):
        key: SigningKey = _modules().ModuleSigningKey(name, place)
        return key
    private_key = _loaded(folder.keys / place.file)
    if isinstance(private_key, ed25519.Ed25519PrivateKey) != (name == LEDGER[1]):
        raise Fault(f"ledger key `{folder.keys / place.file}` is of another kind than `{name}`")
    return FileSigningKey(private_key)


def custody_key(folder: GateFolder, place: Place) -> CustodyKey:
    """The custody key, from `place`."""
    if isinstance(place, InModule):
        key: CustodyKey = _modules().ModuleCustodyKey(place)
        return key
    places.private(folder.keys / place.file)
    return KeyInFile.read(folder.keys / place.file)


def fresh_signing_key(name: str) -> FileSigningKey:
    """A new key of the kind that `name` says, in memory."""
    return FileSigningKey(
        ed25519.Ed25519PrivateKey.generate() if name == LEDGER[1] else ec.generate_private_key(ec.SECP256R1())
    )


def fresh_custody_key(random: Random) -> bytes:
    """A new custody key, in memory."""
    return random(KEY_SIZE)


def write_signing_key(folder: GateFolder, place: InFile, key: FileSigningKey) -> None:
    """Put `key` in its file, on the disk."""
    pem = key.private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(folder.keys / place.file, pem)


def write_custody_key(folder: GateFolder, place: InFile, key: bytes) -> None:
    """Put `key` in its file, on the disk."""
    write_private(folder.keys / place.file, key.hex().encode())


def make_in_module(name: str, place: InModule) -> None:
    """Make the key `name` in a module; wrong use if something lies at `place` already."""
    _modules().make(name, place)


def destroy(folder: GateFolder, place: Place) -> None:
    """Destroy the key at `place`; done if it is not there."""
    if isinstance(place, InModule):
        _modules().destroy(place)
    else:
        destroy_file(folder.keys / place.file)


def destroy_file(file: Path) -> None:
    """Write over `file` and remove it. What a disk keeps elsewhere of it is beyond a program (`docs/keys.md`)."""
    for one in (file, file.with_name(file.name + ".unfinished")):
        if one.is_file():
            with one.open("r+b", buffering=0) as opened:
                opened.write(bytes(one.stat().st_size))
                os.fsync(opened.fileno())
            one.unlink()
            sync(one.parent)


def _loaded(file: Path) -> PrivateKey:
    places.private(file)
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as problem:
        raise Fault(f"ledger key `{file}` cannot be used: {problem}") from problem
    if not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise Fault(f"ledger key `{file}` is of another kind")
    return key


def _modules() -> ModuleType:
    try:
        from narrowgate.store import pkcs11_keys  # noqa: PLC0415 - an extra that a gate with keys in files does without
    except ImportError as missing:
        raise WrongUse(
            "a key in a module needs `python-pkcs11`, which cannot be loaded",
            "install it with `pip install 'narrowgate[pkcs11]'`; no record was looked up",
        ) from missing
    return pkcs11_keys
