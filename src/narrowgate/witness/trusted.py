"""Read whose signatures a log's checkpoints must bear, from the policy that the custodian published.

Rules:
 * A policy is a C2SP tlog-policy file. Its `log` lines name the keys, all under the origin of one log. `from` and
   `until` lines say which sizes a key signs for (`spec/verifier-policy.md`). Every other line is passed over: it is for
   those who check.
 * Every key whose term covers a size must have signed for it. A size that no key covers is signed by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from narrowgate.errors import Fault, WrongUse
from narrowgate.ledger.checkpoint import LARGEST, read_size
from narrowgate.ledger.note import Verifier

_BETWEEN = re.compile("[ \t]+")
_HINT = "the log was not trusted"


@dataclass(frozen=True)
class LogKey:
    """A key of a log, and the sizes, both ends among them, for which it signs."""

    verifier: Verifier
    first: int = 0
    last: int = LARGEST

    @property
    def named(self) -> str:
        """How the lines of a policy call this key: its name, `+` and its id in hex."""
        return f"{self.verifier.name}+{self.verifier.key_id.hex()}"


def signing_for(keys: Iterable[LogKey], size: int) -> list[Verifier]:
    """The keys that must have signed a checkpoint of `size`."""
    return [key.verifier for key in keys if key.first <= size <= key.last]


def log_keys(origin: str, vkeys: Sequence[str]) -> tuple[LogKey, ...]:
    """The keys `vkeys` of the log `origin`, for every size; wrong use if one is none, another log's, or there twice."""
    try:
        keys = tuple(LogKey(Verifier.from_vkey(vkey)) for vkey in vkeys)
    except Fault as problem:
        raise WrongUse(problem.message, _HINT) from problem
    for key in keys:
        if key.verifier.name != origin:
            raise WrongUse(f"the key `{key.named}` does not bear the name of the log `{origin}`", _HINT)
    if not keys or len({key.verifier.vkey for key in keys}) != len(keys):
        raise WrongUse(f"the log `{origin}` needs keys, each once", _HINT)
    return keys


def read_policy(content: bytes) -> tuple[str, tuple[LogKey, ...]]:
    """Origin and keys of the one log that a policy file names; wrong use if it does not name one."""
    lines = [_BETWEEN.split(line.strip(" \t")) for line in _text(content).split("\n")]
    vkeys = [_of_log(line) for line in lines if line[0] == "log"]
    if not vkeys:
        raise WrongUse("the policy has no `log` line", _HINT)
    origin = vkeys[0].partition("+")[0]
    keys = {key.named: key for key in log_keys(origin, vkeys)}
    for line in lines:
        if line[0] in {"from", "until"}:
            key = _bounded(keys, line)
            keys[key.named] = key
    return origin, tuple(keys.values())


def _text(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError as problem:
        raise WrongUse("the policy is not UTF-8", _HINT) from problem
    if any(c < " " and c not in "\t\n" for c in text):
        raise WrongUse("the policy holds a control character", _HINT)
    if not text.endswith("\n"):  # a policy that was cut short asks for fewer signatures
        raise WrongUse("the policy does not end in a newline", _HINT)
    return text


def _of_log(line: Sequence[str]) -> str:
    if len(line) not in {2, 3}:
        raise WrongUse(f"`{' '.join(line)}` is not `log <vkey> [url]`", _HINT)
    return line[1]


def _bounded(keys: Mapping[str, LogKey], line: Sequence[str]) -> LogKey:
    """The key that a `from` or `until` line speaks of, with that bound."""
    bound, *rest = line
    if len(rest) != 2 or rest[1] not in keys:
        raise WrongUse(f"`{' '.join(line)}` is not `{bound} <size> <key name>+<key id>` of a key of the log", _HINT)
    try:
        size = read_size(rest[0])
    except Fault as problem:
        raise WrongUse(problem.message, _HINT) from problem
    return replace(keys[rest[1]], first=size) if bound == "from" else replace(keys[rest[1]], last=size)
