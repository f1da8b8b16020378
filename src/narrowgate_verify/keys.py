"""Read a key that is handed over as a line of text (a vkey), and verify with it (`spec/ledger.md`, section 4).

Rules:
 * Two types sign for a log, 0x01 Ed25519 and 0x02 ECDSA P-256; two cosign as witnesses, 0x04 Ed25519 and 0x06
   ML-DSA-44. A key of one sort is never taken for the other.
 * The id in a vkey is worked out again: whoever hands over a key cannot give it another's id.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from narrowgate_verify.encoding import base64_bytes
from narrowgate_verify.problems import WrongUse
from narrowgate_verify.value import Value

ED25519, ECDSA_P256 = 0x01, 0x02
COSIGNED_ED25519, COSIGNED_ML_DSA_44 = 0x04, 0x06
LOG_TYPES = frozenset({ED25519, ECDSA_P256})
WITNESS_TYPES = frozenset({COSIGNED_ED25519, COSIGNED_ML_DSA_44})
LONGEST_NAME = 255
"""An ML-DSA cosignature has one byte for the length of a name."""

Verify = Callable[[bytes, bytes], bool]
"""(signature, message) -> whether the one is the key's over the other."""

_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
"""How a SubjectPublicKeyInfo of an uncompressed P-256 point begins (RFC 5480); 64 bytes of the point follow."""


class Key(Value):
    """One trusted key, as its vkey states it. `material` is the public key itself, whatever name it bears."""

    name: str
    id: bytes
    type: int
    material: bytes
    verify: Verify

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}"


def read_key(vkey: str, types: frozenset[int]) -> Key:
    """The key in `name+key id+base64(type || key)`, if its type is one of `types`."""
    name, _, rest = vkey.partition("+")
    stated, _, encoded = rest.partition("+")
    try:
        material = base64_bytes(encoded)
        if not types & set(material[:1]):
            raise ValueError("of another type")
        key_id, verify = _understood(name, material[0], material[1:])
    except ValueError as error:
        raise WrongUse(f"`{vkey}` is not a key that this program understands here") from error
    if not 0 < len(_octets(name)) <= LONGEST_NAME or name != "".join(name.split()):
        raise WrongUse(f"`{name}` is not the name of a key: it has 1 to {LONGEST_NAME} octets and no white space")
    if stated != key_id.hex():
        raise WrongUse(f"`{vkey}` bears an id that is not its own")
    return Key(name, key_id, material[0], material[1:], verify)


def _understood(name: str, kind: int, key: bytes) -> tuple[bytes, Verify]:
    """The key id and the way to verify, by the rules of C2SP signed-note and tlog-cosignature for each type."""
    named = sha256(_octets(name) + b"\n" + bytes([kind]) + key).digest()[:4]
    if kind == ECDSA_P256:
        return sha256(key).digest()[:4], _ecdsa(key)
    if kind == COSIGNED_ML_DSA_44:
        return named, _ml_dsa(key)
    return named, _answering(ed25519.Ed25519PublicKey.from_public_bytes(key).verify)


def _octets(name: str) -> bytes:
    return name.encode(errors="surrogateescape")


def _ecdsa(key: bytes) -> Verify:
    if not key.startswith(_P256) or len(key) != len(_P256) + 64:
        raise ValueError("not a P-256 key in its one spelling")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key[len(_P256) - 1 :])
    return _answering(lambda signature, message: point.verify(signature, message, _EcdsaSha256()))


class _EcdsaSha256(ec.ECDSA):
    """ECDSA with SHA-256, to verify with.

    The constructor above loads a quarter of the library to learn whether signing could be deterministic.
    """

    def __init__(self) -> None:
        pass

    @property
    def algorithm(self) -> hashes.HashAlgorithm:
        """The hash that is signed."""
        return hashes.SHA256()


def _ml_dsa(key: bytes) -> Verify:
    from cryptography.hazmat.primitives.asymmetric import mldsa  # noqa: PLC0415 - few policies name such a key

    return _answering(mldsa.MLDSA44PublicKey.from_public_bytes(key).verify)


def _answering(check: Callable[[bytes, bytes], None]) -> Verify:
    def verify(signature: bytes, message: bytes) -> bool:
        try:
            check(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify
