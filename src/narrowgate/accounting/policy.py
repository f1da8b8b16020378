"""Write the policy by which others check this gate's ledger, and write it anew with new keys.

Rules:
 * Each key of the ledger has a `log` line, and `from` and `until` lines for the sizes that it signs for
   (`spec/verifier-policy.md`).
 * Whatever else stands in a policy (witnesses, a quorum, timestamps) stays as it is, word for word.
 * A compromised key counts up to a size that others vouch for. Where a policy asks for no witness that is size 0, at
   which there is nothing to forge; and if it is before the key's own first size, the key counts for nothing.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from pathlib import Path

from narrowgate.errors import Fault, Refused, WrongUse
from narrowgate.ledger.note import Verifier

NO_WITNESS = "quorum none"
QUORUM = "needed"
_OVERSIGHT = ("witness", "group", "quorum", "timestamp")


def published(file: Path) -> str:
    """The policy as others were given it; wrong use if it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise WrongUse(f"`{file}` cannot be read: {problem}", "nothing was changed") from problem


def first_policy(keys: Sequence[Verifier]) -> str:
    """The policy of a ledger that begins with `keys`."""
    return "".join(f"{line}\n" for line in (*(f"log {key.vkey}" for key in keys), NO_WITNESS))


def rotated(policy: str, before: Sequence[Verifier], after: Sequence[Verifier], *, size: int) -> str:
    """`policy` once `after` take over from `before`; all of them sign for `size`."""
    _check_named(policy, before)
    return policy + _lines([f"until {size} {named(key)}" for key in before], after, size)


def compromised(policy: str, before: Sequence[Verifier], after: Sequence[Verifier], *, size: int, until: int) -> str:
    """`policy` once `after` take over at `size` from `before`, which count up to the size `until` and no further.

    Refused if the policy lets nobody but the keys themselves vouch for those sizes.
    """
    _check_named(policy, before)
    if until and NO_WITNESS.split() in map(_words, policy.split("\n")):
        raise Refused(
            "the policy asks for no witness, so that whoever has the keys could sign anew what they signed",
            "say --since 0 and give out receipts anew, or publish a policy with a quorum first; no key was changed",
        )
    lost = [key for key in before if _first(policy, key) > until]
    kept = "".join(f"{line}\n" for line in policy[:-1].split("\n") if not any(_is_of(line, key) for key in lost))
    return kept + _lines([f"until {until} {named(key)}" for key in before if key not in lost], after, size)


def named(key: Verifier) -> str:
    """How the lines of a policy call `key`."""
    return f"{key.name}+{key.key_id.hex()}"


def _lines(bounds: list[str], after: Sequence[Verifier], size: int) -> str:
    fresh = [line for key in after for line in (f"log {key.vkey}", f"from {size} {named(key)}")]
    return "".join(f"{line}\n" for line in (*bounds, *fresh))


def _words(line: str) -> list[str]:
    """The words of a line, which blanks and tabs separate."""
    return [word for word in re.split("[ \t]+", line) if word]


def _is_of(line: str, key: Verifier) -> bool:
    """Whether a line names `key` or bounds its term."""
    words = _words(line)
    return words[:2] == ["log", key.vkey] or (words[:1] == ["from"] and words[2:] == [named(key)])


def _first(policy: str, key: Verifier) -> int:
    """From which size `key` signs, by the policy; 0 if it does not say."""
    lines = [_words(line) for line in policy.split("\n")]
    return next((int(line[1]) for line in lines if line[:1] == ["from"] and line[2:] == [named(key)]), 0)


def _check_named(policy: str, keys: Sequence[Verifier]) -> None:
    """A Fault unless `policy` is one that those who check could be given: complete, and with these keys to no end."""
    lines = [_words(line) for line in policy.split("\n")]
    named_now = all(["log", key.vkey] in [line[:2] for line in lines] for key in keys)
    ended = any(line[:1] == ["until"] and line[2:] == [named(key)] for line in lines for key in keys)
    if not policy.endswith("\n") or not named_now or ended:
        raise Fault("the gate's policy does not name the keys that sign its ledger", "restore it; no key was changed")


def overseen_by(
    policy: str, witnesses: Sequence[tuple[str, str]], needed: int, stamps: Sequence[tuple[str, bytes]]
) -> str:
    """`policy` with these witnesses (name and vkey), so many of whom must have cosigned, and these authorities.

    An authority is given by its name and its certificate in DER. Where there are any, a stamp of one is required.
    """
    kept = [line for line in policy.splitlines() if line.split()[:1] not in [[word] for word in _OVERSIGHT]]
    lines = [f"witness {name} {vkey}" for name, vkey in witnesses]
    if needed:
        lines.append(f"group {QUORUM} {needed} {' '.join(name for name, _ in witnesses)}")
    lines.append(f"quorum {QUORUM}" if needed else NO_WITNESS)
    lines += [f"timestamp {name} {base64.b64encode(certificate).decode()}" for name, certificate in stamps]
    return "".join(f"{line}\n" for line in (*kept, *lines))
