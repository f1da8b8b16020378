"""State, as a party that is not the log, that a checkpoint is the largest one seen and continues all before it.

Cosignatures for checkpoints as C2SP tlog-cosignature writes them down (`spec/witness.md`, section 2).

Rules:
 * A cosignature bears the time at which it was made. One without a time does not say that the tree was the largest
   seen, and counts for nothing here.
 * Algorithm 0x04 is Ed25519 over a header, the time and the text of the checkpoint; 0x06 is ML-DSA-44 (FIPS 204) over
   cosigner, time, origin, size and root. The key id is SHA-256(name || newline || algorithm || key)[:4].
 * A line by another key is passed over. A line by the key that does not verify spoils the note.
 * Whether the log itself signed is not asked here: it is asked before (`checkpoint`).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

from narrowgate.errors import Fault
from narrowgate.ledger.checkpoint import stated
from narrowgate.ledger.note import check_name, read_vkey, signature_line, split, written_vkey

ED25519_COSIGNATURE = 0x04
ML_DSA_44_COSIGNATURE = 0x06

CosignerPublicKey = ed25519.Ed25519PublicKey | mldsa.MLDSA44PublicKey
CosignerPrivateKey = ed25519.Ed25519PrivateKey | mldsa.MLDSA44PrivateKey

_LATEST = 2**63 - 1
_LONGEST_NAME = 255
_TIME_SIZE = 8


@dataclass(frozen=True)
class CosignerKey:
    """The public key of a cosigner, under the name that it signs with."""

    name: str
    public_key: CosignerPublicKey

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.name.encode()) > _LONGEST_NAME:
            raise Fault(f"`{self.name}` cannot name a cosigner: it is longer than {_LONGEST_NAME} bytes")

    @property
    def algorithm(self) -> int:
        """The signature type byte."""
        ed = isinstance(self.public_key, ed25519.Ed25519PublicKey)
        return ED25519_COSIGNATURE if ed else ML_DSA_44_COSIGNATURE

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature line names this key."""
        return sha256(self.name.encode() + b"\n" + self._material).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as a line of text, for whoever is to check."""
        return written_vkey(self.name, self.key_id, self._material)

    @classmethod
    def from_vkey(cls, text: str) -> CosignerKey:
        """Read a vkey. A Fault if it is not a cosigner's, or its key id is not that of its key."""
        name, key_id, material = read_vkey(text)
        try:
            key = cls(name, _public_key(material[:1], material[1:]))
        except ValueError as error:
            raise Fault(f"`{text}` is not the key of a cosigner") from error
        if key.key_id.hex() != key_id:
            raise Fault(f"key `{text}` bears an id that is not its own")
        return key

    def cosigned_at(self, note: str) -> int | None:
        """When this key cosigned the checkpoint `note`, in POSIX seconds: the latest time if it did so repeatedly.

        None if no line is by this key, or none bears a time. A Fault if one that is does not verify.
        """
        signatures = [signed for name, key_id, signed in split(note)[1] if (name, key_id) == (self.name, self.key_id)]
        return max(filter(None, [self._time(signed, note) for signed in signatures]), default=None)

    def _time(self, signed: bytes, note: str) -> int:
        at, signature = int.from_bytes(signed[:_TIME_SIZE]), signed[_TIME_SIZE:]
        if at > _LATEST or not self._verifies(signature, note, at):
            raise Fault(f"the cosignature by the key `{self.name}+{self.key_id.hex()}` does not verify")
        return at

    def _verifies(self, signature: bytes, note: str, at: int) -> bool:
        try:
            self.public_key.verify(signature, _message(self, note, at))
        except InvalidSignature:
            return False
        return True

    @property
    def _material(self) -> bytes:
        return bytes([self.algorithm]) + self.public_key.public_bytes_raw()


@dataclass(frozen=True)
class Cosigner:
    """A cosigner whose private key is in memory."""

    name: str
    private_key: CosignerPrivateKey

    @property
    def verifier(self) -> CosignerKey:
        """The public half."""
        return CosignerKey(self.name, self.private_key.public_key())

    def cosign(self, note: str, at: int) -> str:
        """The signature line, newline included, over the checkpoint `note` at POSIX time `at`, 1 or later."""
        if not 1 <= at <= _LATEST:
            raise Fault(f"`{at}` is no time at which to cosign")
        key = self.verifier
        signature = self.private_key.sign(_message(key, note, at))
        return signature_line(self.name, key.key_id, at.to_bytes(_TIME_SIZE) + signature)


def with_lines(note: str, lines: str) -> str:
    """The note with the signature lines `lines` behind its own, each once; a Fault if they are none.

    They take the place of what the same keys signed before: whoever is asked every minute does not make a note grow.
    """
    text, before = split(note)
    if not lines:
        return note
    again, new = split(f"{text}\n{lines}")
    if again != text:
        raise Fault("signature lines were expected, and an empty one is among them")
    keys = {line[:2] for line in new}
    kept = dict.fromkeys([*(line for line in before if line[:2] not in keys), *new])
    return text + "\n" + "".join(signature_line(*line) for line in kept)


def _message(key: CosignerKey, note: str, at: int) -> bytes:
    """What `key` signs to cosign the checkpoint `note` at time `at`."""
    checkpoint = stated(note)
    if key.algorithm == ED25519_COSIGNATURE:
        return f"cosignature/v1\ntime {at}\n{split(note)[0]}".encode()
    return b"".join(
        [
            b"subtree/v1\n\0",
            _counted(key.name),
            at.to_bytes(8),
            _counted(checkpoint.origin),
            (0).to_bytes(8),
            checkpoint.size.to_bytes(8),
            checkpoint.root,
        ]
    )


def _counted(text: str) -> bytes:
    """`text` behind its length in one byte (RFC 8446 section 3.4)."""
    encoded = text.encode()
    if not 1 <= len(encoded) <= _LONGEST_NAME:
        raise Fault(f"`{text}` is longer than the {_LONGEST_NAME} bytes that a cosignature has room for")
    return bytes([len(encoded)]) + encoded


def _public_key(algorithm: bytes, encoded: bytes) -> CosignerPublicKey:
    if algorithm == bytes([ED25519_COSIGNATURE]):
        return ed25519.Ed25519PublicKey.from_public_bytes(encoded)
    if algorithm == bytes([ML_DSA_44_COSIGNATURE]):
        return mldsa.MLDSA44PublicKey.from_public_bytes(encoded)
    raise ValueError("unknown algorithm")
