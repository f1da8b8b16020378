"""Sign texts and check who signed them, as C2SP signed-note v1.0.0 writes it down.

Rules:
 * A note is UTF-8 text that ends in a newline, an empty line, and signature lines
   `— name base64(key id || signature)`.
 * A key is trusted because it was named beforehand; a line by any other key is passed over, never believed.
 * A line by a trusted key that does not verify spoils the note.
 * Algorithm 0x01 is Ed25519, key id SHA-256(name || newline || 0x01 || key)[:4]; 0x02 is ECDSA P-256 over
   SHA-256, key id SHA-256(SubjectPublicKeyInfo)[:4]. No other algorithm is spoken.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from narrowgate.errors import Fault

ED25519 = 0x01
ECDSA_P256 = 0x02

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey
PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
SignatureLine = tuple[str, bytes, bytes]
"""Key name, key id (4 bytes) and signature, as they stand in a line of a note."""

_DASH = "— "
_MOST_SIGNATURES = 64


@dataclass(frozen=True)
class Verifier:
    """A trusted key under its name."""

    name: str
    public_key: PublicKey

    def __post_init__(self) -> None:
        check_name(self.name)
        curve = getattr(self.public_key, "curve", None)
        if curve is not None and curve.name != "secp256r1":
            raise Fault(f"key `{self.name}` is on the curve {curve.name}, not on P-256")

    @property
    def algorithm(self) -> int:
        """The signature type byte."""
        return ED25519 if isinstance(self.public_key, ed25519.Ed25519PublicKey) else ECDSA_P256

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature line names this key."""
        if self.algorithm == ECDSA_P256:
            return sha256(self._encoded).digest()[:4]
        return sha256(self.name.encode() + b"\n" + bytes([ED25519]) + self._encoded).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as a line of text, `name+hex key id+base64(type || key)`, for whoever is to check."""
        return written_vkey(self.name, self.key_id, bytes([self.algorithm]) + self._encoded)

    @classmethod
    def from_vkey(cls, vkey: str) -> Verifier:
        """Read a vkey. A Fault if its key id is not that of its key."""
        name, key_id, material = read_vkey(vkey)
        try:
            verifier = cls(name, _public_key(material[:1], material[1:]))
        except ValueError as error:
            raise Fault(f"`{vkey}` is not a key of a kind that this log uses") from error
        if verifier.key_id.hex() != key_id:
            raise Fault(f"key `{vkey}` bears an id that is not its own")
        return verifier

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Whether `signature` is this key's over `text`."""
        try:
            if isinstance(self.public_key, ed25519.Ed25519PublicKey):
                self.public_key.verify(signature, text)
            else:
                self.public_key.verify(signature, text, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True

    @property
    def _encoded(self) -> bytes:
        if isinstance(self.public_key, ed25519.Ed25519PublicKey):
            return self.public_key.public_bytes_raw()
        return self.public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


class Signer(Protocol):
    """Something that signs under a name: a key in a file, or one that never leaves its module."""

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        ...

    def sign(self, text: bytes) -> bytes:
        """The bare signature over `text`: 64 bytes for Ed25519, DER for ECDSA."""
        ...


@dataclass(frozen=True)
class PrivateKeySigner:
    """A signer whose private key is in memory."""

    name: str
    private_key: PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.private_key.public_key())

    def sign(self, text: bytes) -> bytes:
        """The bare signature over `text`."""
        if isinstance(self.private_key, ed25519.Ed25519PrivateKey):
            return self.private_key.sign(text)
        return self.private_key.sign(text, ec.ECDSA(hashes.SHA256()))


def sign(text: str, signers: Iterable[Signer]) -> str:
    """The note of `text`, signed by each of `signers` in turn."""
    if not text.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise Fault("a text to be signed must end in a newline and hold no other control character")
    lines = [_line(signer, text.encode()) for signer in signers]
    return text + "\n" + "".join(lines)


def verify(note: str, required: Iterable[Verifier]) -> str:
    """The text of a note that every key of `required` has signed; a Fault if one has not."""
    text, lines = split(note)
    for verifier in required:
        signatures = [s for name, key_id, s in lines if (name, key_id) == (verifier.name, verifier.key_id)]
        if not signatures:
            raise Fault(f"the note is not signed by the key `{verifier.name}+{verifier.key_id.hex()}`")
        if not all(verifier.verifies(signature, text.encode()) for signature in signatures):
            raise Fault(f"the signature by the key `{verifier.name}+{verifier.key_id.hex()}` does not verify")
    return text


def signed_by(note: str, required: Sequence[Verifier]) -> str:
    """The note with the lines of `required` alone, each of whom has signed; a Fault if one has not."""
    text = verify(note, required)
    keys = {(key.name, key.key_id) for key in required}
    return text + "\n" + "".join(signature_line(*line) for line in split(note)[1] if line[:2] in keys)


def split(note: str) -> tuple[str, list[SignatureLine]]:
    """The text of a note and its signature lines, none of them checked; a Fault if it is no note."""
    text, gap, block = note.rpartition("\n\n")
    lines = block.split("\n")
    if not gap or lines.pop() != "" or not lines or len(lines) > _MOST_SIGNATURES:
        raise Fault("not a signed note: a text, an empty line and signature lines were expected")
    if any(c < " " and c != "\n" for c in note):
        raise Fault("not a signed note: it holds a control character")
    return text + "\n", [_signature(line) for line in lines]


def signature_line(name: str, key_id: bytes, signature: bytes) -> str:
    """The line, newline included, by which the key `name` with that id signs."""
    return f"{_DASH}{name} {base64.b64encode(key_id + signature).decode()}\n"


def written_vkey(name: str, key_id: bytes, material: bytes) -> str:
    """A key as a line of text; `material` is its type byte and its encoding."""
    return f"{name}+{key_id.hex()}+{base64.b64encode(material).decode()}"


def read_vkey(vkey: str) -> tuple[str, str, bytes]:
    """Name, hex key id and material (type byte and key) of a vkey; whether the id is the key's own is not asked."""
    name, _, rest = vkey.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    return name, key_id, decoded(encoded)


def check_name(name: str) -> None:
    """A Fault unless `name` can stand in a signature line."""
    if not name or "+" in name or any(c.isspace() for c in name):
        raise Fault(f"`{name}` cannot name a key: it is empty or holds a space or a plus sign")


def decoded(text: str) -> bytes:
    """Base64 in its one canonical spelling: a second one would be a second note of the same meaning."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fault(f"`{text}` is not base64") from error
    if base64.b64encode(content).decode() != text:
        raise Fault(f"`{text}` is not base64 as it is written")
    return content


def _line(signer: Signer, text: bytes) -> str:
    return signature_line(signer.verifier.name, signer.verifier.key_id, signer.sign(text))


def _signature(line: str) -> SignatureLine:
    name, gap, encoded = line.removeprefix(_DASH).partition(" ")
    signed = decoded(encoded)
    if not line.startswith(_DASH) or not name or not gap or len(signed) <= 4:
        raise Fault(f"`{line}` is not a signature line")
    return name, signed[:4], signed[4:]


def _public_key(algorithm: bytes, encoded: bytes) -> PublicKey:
    if algorithm == bytes([ED25519]):
        return ed25519.Ed25519PublicKey.from_public_bytes(encoded)
    key = serialization.load_der_public_key(encoded) if algorithm == bytes([ECDSA_P256]) else None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("unknown algorithm")
    return key
