"""Read whom to trust (`spec/verifier-policy.md`).

Rules:
 * A policy is lines: `origin` and one name, then `key` and a vkey for each key that signs for it.
 * It comes from somewhere else than the evidence: one that lies in the ledger it is to judge is refused.
 * Every key is required unless its line ends in `optional`; at least one is.
 * What a policy says and this program does not know is wrong use: a demand must not be passed over.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from narrowgate_verify.problems import WrongUse

Verify = Callable[[bytes, bytes], bool]
"""(signature, text) -> whether the one is the key's over the other."""


@dataclass(frozen=True)
class Key:
    """One trusted key, as its vkey states it."""

    name: str
    id: bytes
    required: bool
    verify: Verify

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}"


@dataclass(frozen=True)
class Policy:
    """The log that is trusted, and its keys."""

    origin: str
    keys: tuple[Key, ...]


def read_policy(file: Path, *, evidence: Path | None = None) -> Policy:
    """The policy in `file`, which must not lie inside the `evidence` it is to judge."""
    if evidence is not None and file.resolve().is_relative_to(evidence.resolve()):
        raise WrongUse(f"policy `{file}` lies in the ledger that it is to judge: get it from somewhere else")
    try:
        return _policy(file.read_bytes().decode().splitlines())
    except FileNotFoundError as error:
        raise WrongUse(f"there is no policy `{file}`") from error
    except UnicodeDecodeError as error:
        raise WrongUse(f"policy `{file}` is not UTF-8") from error
    except WrongUse as problem:
        raise WrongUse(f"policy `{file}`: {problem}") from problem


def _policy(lines: list[str]) -> Policy:
    origins: list[str] = []
    keys: list[Key] = []
    for words in (line.split() for line in lines):
        match words:
            case []:
                continue
            case [comment, *_] if comment.startswith("#"):
                continue
            case ["origin", origin]:
                origins.append(origin)
            case ["key", vkey]:
                keys.append(parse_vkey(vkey))
            case ["key", vkey, "optional"]:
                keys.append(parse_vkey(vkey, required=False))
            case _:
                raise WrongUse(f"it says `{' '.join(words)}`, which this program does not understand")
    if len(origins) != 1:
        raise WrongUse(f"it names {len(origins)} origins, where one log is trusted")
    _check(origins[0], keys)
    return Policy(origins[0], tuple(keys))


def _check(origin: str, keys: list[Key]) -> None:
    if not any(key.required for key in keys):
        raise WrongUse("it requires no signature at all")
    if len({(key.name, key.id) for key in keys}) != len(keys):
        raise WrongUse("it names a key twice")
    for key in keys:
        if key.name != origin:
            raise WrongUse(f"key `{key}` does not bear the name of the log, `{origin}`")


def parse_vkey(vkey: str, *, required: bool = True) -> Key:
    """Read a C2SP vkey, `name+key id+base64(type || key)`, of type 0x01 Ed25519 or 0x02 ECDSA P-256."""
    parts = vkey.split("+", 2)
    try:
        name, stated, material = parts[0], parts[1], base64.b64decode(parts[2], validate=True)
        key_id, verify = _understood(name, material[0], material[1:])
    except (IndexError, ValueError, binascii.Error) as error:
        raise WrongUse(f"`{vkey}` is not a key that this program understands") from error
    if not name or stated != key_id.hex():
        raise WrongUse(f"`{vkey}` bears an id that is not its own")
    return Key(name, key_id, required, verify)


def _understood(name: str, kind: int, encoded: bytes) -> tuple[bytes, Verify]:
    """The key id and the way to verify, by the rules of C2SP signed-note for each type."""
    if kind == 0x01:
        edwards = ed25519.Ed25519PublicKey.from_public_bytes(encoded)
        return sha256(f"{name}\n\x01".encode() + encoded).digest()[:4], _answering(edwards.verify)
    key = serialization.load_der_public_key(encoded)
    if kind != 0x02 or not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise ValueError("unknown type or curve")
    algorithm = ec.ECDSA(hashes.SHA256())
    return sha256(encoded).digest()[:4], _answering(lambda s, text: key.verify(s, text, algorithm))


def _answering(check: Callable[[bytes, bytes], None]) -> Verify:
    def verify(signature: bytes, text: bytes) -> bool:
        try:
            check(signature, text)
        except InvalidSignature:
            return False
        return True

    return verify
