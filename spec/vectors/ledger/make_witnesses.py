"""Cosignatures: quorums that are met and not met, and lines that a witness did not make for this checkpoint."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric import ed25519
from kit import COSIGNED_AT, KEPT, WITNESSES, Spoil, Vectors, rewritten

from narrowgate.ledger.cosignature import Cosigner


def make_witnesses(vectors: Vectors) -> None:
    note, later = ((vectors.folder / name / "checkpoint").read_text() for name in ("good-3", "good-5"))
    w1, w2 = (WITNESSES[name].cosign(note, COSIGNED_AT) for name in ("w1", "w2"))
    w3 = (KEPT / "good-3-by-w3").read_text()
    stranger = Cosigner(WITNESSES["w1"].name, ed25519.Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
    moved = WITNESSES["w1"].cosign(later, COSIGNED_AT)

    def case(name: str, lines: str, policy: str, names: str | None, shows: str, of: str = "good-3") -> None:
        vectors.copy(name, with_lines(lines), names, shows, of=of, policy=f"policy-{policy}")

    case("cosigned", w1, "one-witness", None, "the one witness has cosigned")
    case("cosigned-by-two", w1 + w2, "two-of-three", None, "two of three have")
    case("cosigned-by-ml-dsa", w2 + w3, "two-of-three", None, "one of two signs with ML-DSA-44")
    case("cosigned-by-groups", w2 + w3, "groups", None, "a group within a group")
    case("cosignature-lacking", "", "one-witness", "`w1`", "nobody has cosigned")
    case("quorum-not-met", w1, "two-of-three", "1 of 2", "one of two that are needed")
    case("quorum-not-met-in-groups", w1 + w2, "groups", "`w3`", "both of one group do not stand for the other")
    case("quorum-of-one-twice", w1 + w1, "two-of-three", "1 of 2", "one witness counts once")
    case("witness-unknown", stranger.cosign(note, COSIGNED_AT), "one-witness", "`w1`", "its name, and another's key")
    case("cosignature-wrong", altered(w1, -1), "one-witness", "`w1`", "a bit of the signature was turned")
    case("cosignature-redated", altered(w1, 11), "one-witness", "`w1`", "a bit of the moment was turned")
    case("cosignature-moved", moved, "one-witness", "`w1`", "it was made for another checkpoint")
    case("cosignature-moved-ml-dsa", w3, "two-of-three", "`w3`", "so was this", of="good-5")
    case("cosignature-wrong-beside", w1 + altered(w2, -1), "one-witness", "`w2`", "a wrong line spoils, needed or not")
    case("cosignature-without-a-moment", timeless(note), "one-witness", "`w1`", "it does not say that none is newer")
    case("cosignature-cut", altered(w1, -1, cut=60), "one-witness", "`w1`", "a cosignature has its length")

    witnessed = ("--policy", "policy-one-witness")
    before = ["growth", "good-0/checkpoint", "cosigned", *witnessed]
    vectors.expect("growth-from-before-witnesses", before, 0, None, "the older checkpoint needs no cosignature")
    unseen = ["growth", "good-0/checkpoint", "good-3", *witnessed]
    vectors.expect("growth-unwitnessed", unseen, 1, "`w1`", "the present one does")


def with_lines(lines: str) -> Spoil:
    return rewritten("checkpoint", lambda note: note + lines.encode())


def altered(line: str, at: int, *, cut: int = 0) -> str:
    """`line` with a bit of its key id, moment and signature turned, the one of byte `at`; or with its end cut off."""
    dash, name, encoded = line.split()
    signed = bytearray(base64.b64decode(encoded))
    signed[at] ^= 1
    return f"{dash} {name} {base64.b64encode(bytes(signed[: len(signed) - cut])).decode()}\n"


def timeless(note: str) -> str:
    """A cosignature of w1 at the moment 0, as it would be if it made no statement on time."""
    witness = WITNESSES["w1"]
    assert isinstance(witness.private_key, ed25519.Ed25519PrivateKey)
    text = note.split("\n\n", maxsplit=1)[0] + "\n"
    signature = witness.private_key.sign(f"cosignature/v1\ntime 0\n{text}".encode())
    signed = witness.verifier.key_id + bytes(8) + signature
    return f"— {witness.name} {base64.b64encode(signed).decode()}\n"
