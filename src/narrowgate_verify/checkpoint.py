"""Decide whether a checkpoint is one that the policy accepts (`spec/ledger.md`, section 4).

Rules:
 * The origin is the policy's; every log key whose term covers the size has signed; the quorum has cosigned.
 * A line by a trusted key that does not verify spoils the checkpoint, also where it is not needed. Others read it so
   too, and whoever put it there is not to be relied on.
 * A line by a key that the policy does not name counts for nothing, whatever came along with the evidence.
"""

from __future__ import annotations

from narrowgate_verify.cosignature import Stated, cosigned_at, moment
from narrowgate_verify.encoding import base64_bytes, number
from narrowgate_verify.note import Note, read_note
from narrowgate_verify.policy import NONE, Policy
from narrowgate_verify.problems import DoesNotVerify
from narrowgate_verify.value import Value


class Cosigned(Value):
    """A witness, by its name in the policy, and the moment at which it cosigned."""

    witness: str
    at: str


class Checkpoint(Value):
    """What was signed for: this many entries, under this root; and by whom."""

    size: int
    root: bytes
    signed: tuple[str, ...]
    cosigned: tuple[Cosigned, ...]


def accept(note: bytes, policy: Policy, *, file: str) -> Checkpoint:
    """The checkpoint in `note`, if `policy` accepts it; `file` is what to call it if not."""
    checkpoint = accept_signed(note, policy, file=file)
    if policy.quorum != NONE:
        lacking = _lacking(policy.quorum, policy, {each.witness for each in checkpoint.cosigned})
        if lacking:
            raise DoesNotVerify(f"`{file}` is not cosigned by the quorum `{policy.quorum}`: {lacking}")
    return checkpoint


def accept_signed(note: bytes, policy: Policy, *, file: str) -> Checkpoint:
    """The checkpoint in `note`, if the log's keys have signed it, however many witnesses have."""
    parts = read_note(note, file)
    stated = _stated(parts.text, file)
    if stated.origin != policy.origin:
        raise DoesNotVerify(f"`{file}` is of the log `{stated.origin}`, not of `{policy.origin}`")
    signed = _signed(parts, stated, policy, file)
    return Checkpoint(stated.size, stated.root, signed, _cosigned(parts, stated, policy, file))


def _stated(text: str, file: str) -> Stated:
    """Origin, size and root on the first three lines of `text`; no line is empty."""
    origin, size, root, *others = [*text.split("\n")[:-1], "", "", ""]
    if not all((origin, size, root, *others[:-3])):
        raise DoesNotVerify(f"`{file}` does not state an origin, a size and a root")
    try:
        return Stated(text, origin, number(size), base64_bytes(root, length=32))
    except ValueError as error:
        raise DoesNotVerify(f"`{file}` does not state an origin, a size and a root: {error}") from error


def _signed(note: Note, stated: Stated, policy: Policy, file: str) -> tuple[str, ...]:
    """The log's keys that had to sign, and have."""
    for each in policy.log_keys:
        if not all(each.key.verify(signature, note.text.encode()) for signature in note.by(each.key)):
            raise DoesNotVerify(f"`{file}` bears a signature by the key `{each.key}` that does not verify")
    needed = [each.key for each in policy.log_keys if each.covers(stated.size)]
    if not needed:
        raise DoesNotVerify(f"`{file}` is of size {stated.size}, for which the policy leaves no key of the log")
    for key in needed:
        if not note.by(key):
            raise DoesNotVerify(f"`{file}` is not signed by the key `{key}`, which the policy requires")
    return tuple(map(str, needed))


def _cosigned(note: Note, stated: Stated, policy: Policy, file: str) -> tuple[Cosigned, ...]:
    """The witnesses that have cosigned; of several lines by one, the latest counts."""
    found = []
    for name, key in policy.witnesses:
        moments = [cosigned_at(signed, key, stated) for signed in note.by(key)]
        if None in moments:
            raise DoesNotVerify(f"`{file}` bears a cosignature by the witness `{name}` that does not verify")
        latest = max((at for at in moments if at is not None), default=0)
        if latest:
            found.append(Cosigned(name, moment(latest)))
    return tuple(found)


def _lacking(name: str, policy: Policy, cosigned: set[str]) -> str | None:
    """What keeps `name`, a witness or group, from having cosigned; None if nothing does."""
    groups = dict(policy.groups)
    if name not in groups:
        return None if name in cosigned else f"witness `{name}` has not cosigned"
    group = groups[name]
    lacking = [why for member in group.members if (why := _lacking(member, policy, cosigned))]
    present = len(group.members) - len(lacking)
    return None if present >= group.needed else f"group `{name}` has {present} of {group.needed} ({'; '.join(lacking)})"
