"""Timestamps: a ledger that has one, and one for each way in which a token is not a timestamp of its checkpoint."""

from __future__ import annotations

from pathlib import Path

from kit import KEPT, Spoil, Vectors


def make_stamps(vectors: Vectors) -> None:
    def case(name: str, checkpoint: str, token: str, names: str | None, shows: str) -> None:
        stamp = stamped(vectors.folder / checkpoint / "checkpoint", token)
        vectors.copy(name, stamp, names, shows, of="good-3", policy="policy-timestamp")

    case("timestamped", "good-3", "good-3", None, "an authority that the policy names has stamped the checkpoint")
    case("timestamp-by-a-stranger", "good-3", "good-3-by-a-stranger", "`authority`", "another authority has")
    case("timestamp-of-another-text", "good-3", "good-5", "`authority`", "the token is of another checkpoint")
    case("timestamp-of-another-size", "good-5", "good-5", "size 5", "so is the checkpoint beside it")
    case(
        "timestamp-of-another-root", "forked", "good-3", "two were signed", "two histories: the stamped one is another"
    )
    case("timestamp-unsigned", "checkpoint-one-signature", "good-3", "not signed", "the log's keys did not sign it")
    lacking = ["ledger", "good-3", "--policy", "policy-timestamp"]
    vectors.expect("timestamp-lacking", lacking, 1, "without a timestamp", "the policy asks for one")


def stamped(checkpoint: Path, token: str) -> Spoil:
    """Put a checkpoint and a token where a ledger keeps those of size 3."""

    def spoil(folder: Path) -> None:
        kept = folder / "stamps" / "3"
        kept.mkdir(parents=True)
        (kept / "checkpoint").write_bytes(checkpoint.read_bytes())
        (kept / "authority.tsr").write_bytes((KEPT / f"{token}.tsr").read_bytes())

    return spoil
