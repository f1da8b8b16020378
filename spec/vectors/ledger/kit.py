"""What the scripts of the vectors share: published keys, entries, ledgers, and ways to spoil them.

Rules:
 * The same bytes every time: the keys below are published here, sign vectors and must sign nothing else.
 * What a verifier must say (`names`) is written by hand, not taken from what a verifier said.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa

from narrowgate.formats.canonical import canonical
from narrowgate.formats.entry import Entry, commitment
from narrowgate.ledger import Log, Signer, Verifier
from narrowgate.ledger.cosignature import Cosigner
from narrowgate.ledger.note import PrivateKey, sign

HERE = Path(__file__).parent
KEPT = HERE / "kept"

ORIGIN = "vectors.narrowgate.example/ledger"
OTHER_ORIGIN = "vectors.narrowgate.example/another"


@dataclass(frozen=True)
class VectorSigner:
    """A signer that says the same twice: ECDSA with the nonce of RFC 6979."""

    name: str
    private_key: PrivateKey

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.private_key.public_key())

    def sign(self, text: bytes) -> bytes:
        if isinstance(self.private_key, ed25519.Ed25519PrivateKey):
            return self.private_key.sign(text)
        return self.private_key.sign(text, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def vector_keys(seed: str, origin: str = ORIGIN) -> tuple[Signer, Signer]:
    """Keys for vectors only: derived from a word that everybody can read."""
    secret = sha256(f"narrowgate vector key, never for anything else: {seed}".encode()).digest()
    scalar = int.from_bytes(secret, "big") % (2**255)
    return (
        VectorSigner(origin, ec.derive_private_key(scalar, ec.SECP256R1())),
        VectorSigner(origin, ed25519.Ed25519PrivateKey.from_private_bytes(secret)),
    )


CUSTODIAN = vector_keys("custodian")
STRANGER = vector_keys("stranger")
ANOTHER = vector_keys("another", OTHER_ORIGIN)


def vector_witness(name: str) -> Cosigner:
    """A witness for vectors only; `w3` has an ML-DSA-44 key, whose signatures are not the same twice."""
    seed = sha256(f"narrowgate vector witness, never for anything else: {name}".encode()).digest()
    full = f"vectors.narrowgate.example/{name}"
    if name == "w3":
        return Cosigner(full, mldsa.MLDSA44PrivateKey.from_seed_bytes(seed))
    return Cosigner(full, ed25519.Ed25519PrivateKey.from_private_bytes(seed))


WITNESSES = {name: vector_witness(name) for name in ("w1", "w2", "w3")}
COSIGNED_AT = 1_751_371_200
"""2025-07-01T12:00:00Z."""

SALT = sha256(b"the salt of the vectors").digest()
GROUNDS_SALT = sha256(b"the salt of the grounds").digest()
UNDER = canonical(
    {
        "agreement": "irs-ice-2025",
        "agreement_digest": "a" * 64,
        "batch": "B-1",
        "code": "0.1.0",
        "determined_at": "2025-07-01T00:01:00Z",
        "engine": "duckdb 2.0.0",
        "reading": "strict",
    }
)
GROUNDS = canonical(
    {"match_rule": None, "not_satisfied": ["G06"], "person_id": None, "record": None, "undetermined": ["G11"]}
)


def payload(disposition: str = "deny", under: bytes = UNDER) -> bytes:
    """What the entry of a determination commits to."""
    return canonical(
        {
            "disposition": disposition,
            "grounds": sha256(GROUNDS_SALT + GROUNDS).hexdigest(),
            "request_ref": "R-1",
            "row_no": 0,
            "told": [],
            "under": sha256(under).hexdigest(),
        }
    )


PAYLOAD = payload()


def entry(number: int) -> bytes:
    """The entry at index `number` of every good ledger."""
    at = f"2025-07-01T{number // 60 % 24:02d}:{number % 60:02d}:00Z"
    if number == 0:
        return Entry("opened", None, "opened", at, commitment(SALT, b"{}"), {"format": 1}).to_bytes()
    if number == 1:
        return Entry("determination", "B-1", "deny", at, commitment(SALT, PAYLOAD)).to_bytes()
    detail = {"agreement": "irs-ice-2025", "from": None, "to": "a" * 64}
    if number == 2:
        return Entry("configuration", None, "agreement", at, commitment(SALT, b"{}"), detail).to_bytes()
    return Entry("determination", "B-2", "return", at, sha256(b"%d" % number).hexdigest()).to_bytes()


def ledger(
    folder: Path, *steps: Iterable[bytes], signers: tuple[Signer, Signer] = CUSTODIAN, origin: str = ORIGIN
) -> Log:
    """A ledger in `folder`, grown by each of `steps` in turn."""
    log = Log.create(folder, origin, signers)
    for step in steps:
        log.append(step, expect_size=log.size)
    (folder / "lock").unlink()
    return log


class Vectors:
    """The vectors in `folder`, and the list of what they must come to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.listed: list[dict[str, object]] = []

    def expect(self, name: str, arguments: list[str], code: int, names: str | None, shows: str) -> None:
        policy = [] if "--policy" in arguments else ["--policy", "policy"]
        vector = {"name": name, "arguments": [*arguments, *policy], "exit": code, "names": names}
        self.listed.append({**vector, "shows": shows})

    def good(self, name: str, *steps: Iterable[bytes], shows: str) -> Log:
        log = ledger(self.folder / name, *steps)
        self.expect(name, ["ledger", name], 0, None, shows)
        return log

    def copy(
        self, name: str, spoil: Callable[[Path], object], names: str | None, shows: str, *, of: str, policy: str
    ) -> None:
        """A ledger that is `of` but for what `spoil` does to it; it verifies if a complaint has nothing to name."""
        shutil.copytree(self.folder / of, self.folder / name)
        spoil(self.folder / name)
        self.expect(name, ["ledger", name, "--policy", policy], 0 if names is None else 1, names, shows)

    def bad(self, name: str, spoil: Callable[[Path], object], names: str, shows: str, of: str = "good-3") -> None:
        """A ledger that is `of` but for what `spoil` does to it, and does not verify."""
        self.copy(name, spoil, names, shows, of=of, policy="policy")

    def bad_entry(self, name: str, written: bytes, names: str, shows: str) -> None:
        """A ledger whose entry 1 is `written`: hashed and signed as if it were one."""
        ledger(self.folder / name, [entry(0), written, entry(2)])
        self.expect(name, ["ledger", name], 1, names, shows)

    def finish(self) -> None:
        text = json.dumps(self.listed, indent=1, ensure_ascii=False)
        (self.folder / "vectors.json").write_text(text + "\n")


Spoil = Callable[[Path], object]


def body(origin: str, size: str, root: bytes) -> str:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def removed(name: str) -> Spoil:
    return lambda folder: (folder / name).unlink()


def added(name: str, content: bytes) -> Spoil:
    return lambda folder: (folder / name).write_bytes(content)


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Spoil:
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes()))


def both(first: Spoil, second: Spoil) -> Spoil:
    return lambda folder: (first(folder), second(folder))


def flipped(content: bytes) -> bytes:
    """`content` with its last bit turned."""
    return content[:-1] + bytes([content[-1] ^ 1])


def respelt(folder: Path) -> None:
    """Turn a bit of the root that base64 decoders throw away."""
    file = folder / "checkpoint"
    origin, size, root = file.read_text().split("\n")[:3]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stray = root[:-2] + alphabet[alphabet.index(root[-2]) ^ 1] + "="
    file.write_text(sign(f"{origin}\n{size}\n{stray}\n", CUSTODIAN))
