"""Read whom to trust (`spec/verifier-policy.md`).

Rules:
 * A policy is a C2SP tlog-policy with lines of our own beside. It is read more strictly than that page reads it:
   one log, all of whose keys must sign.
 * It comes from somewhere else than the evidence: one that lies in the ledger it is to judge is refused.
 * What a policy says and this program does not know is wrong use: a demand must not be passed over.
 * A last line without its newline is refused: cut short, a demand may read like a smaller one.
"""

from __future__ import annotations

from os import PathLike

from narrowgate_verify.encoding import base64_bytes, file_bytes, number
from narrowgate_verify.keys import LOG_TYPES, WITNESS_TYPES, Key, read_key
from narrowgate_verify.problems import WrongUse
from narrowgate_verify.value import Value

NONE = "none"
MOST_GROUPS = 100
_FORBIDDEN = bytes({*range(0x20), 0x7F} - set(b"\t\n"))
_NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


class LogKey(Value):
    """A key of the log, and the sizes for which it must sign: from `first` to `last`, both included; None is no end."""

    key: Key
    first: int | None = None
    last: int | None = None

    def covers(self, size: int) -> bool:
        """Whether a checkpoint of `size` entries needs this key."""
        return (self.first is None or self.first <= size) and (self.last is None or size <= self.last)


class Group(Value):
    """Witnesses and groups of them, of which at least `needed` must have cosigned."""

    needed: int
    members: tuple[str, ...]


class Policy(Value):
    """The log that is trusted, and what a checkpoint of it must bear. `anchors` are (authority, DER certificate)."""

    origin: str
    log_keys: tuple[LogKey, ...]
    witnesses: tuple[tuple[str, Key], ...]
    groups: tuple[tuple[str, Group], ...]
    quorum: str
    anchors: tuple[tuple[str, bytes], ...]


def read_policy(file: str | PathLike[str], *, evidence: str | PathLike[str] | None = None) -> Policy:
    """The policy in `file`, which must not lie inside the `evidence` it is to judge."""
    if evidence is not None and _inside(file, evidence):
        raise WrongUse(f"policy `{file}` lies in the ledger that it is to judge: get it from somewhere else")
    content = file_bytes(file)
    try:
        return parse_policy(content)
    except WrongUse as problem:
        raise WrongUse(f"policy `{file}`: {problem}") from problem


def parse_policy(content: bytes) -> Policy:
    """The policy that `content` is; WrongUse with the reason if it is none."""
    if any(octet in _FORBIDDEN for octet in content):
        raise WrongUse("it holds a control character other than tab and newline")
    if content and not content.endswith(b"\n"):
        raise WrongUse("its last line does not end: it may have been cut short")
    draft = _Draft()
    for line in content.split(b"\n"):
        # Octets beyond ASCII are opaque: names are compared as they are written, never as Unicode has them.
        words = [word.decode(errors="surrogateescape") for word in line.split()]
        if words and not words[0].startswith("#"):
            _take(draft, words)
    return draft.finished()


def _take(draft: _Draft, words: list[str]) -> None:
    match words:
        case ["log", vkey] | ["log", vkey, _]:
            draft.log(read_key(vkey, LOG_TYPES))
        case ["from", size, key]:
            draft.begins(key, _size(size))
        case ["until", size, key]:
            draft.ends(key, _size(size))
        case ["witness", name, vkey] | ["witness", name, vkey, _]:
            draft.witness(name, read_key(vkey, WITNESS_TYPES))
        case ["group", name, needed, *members] if members:
            draft.group(name, needed, members)
        case ["quorum", name]:
            draft.quorum(name)
        case ["timestamp", name, certificate]:
            draft.timestamp(name, certificate)
        case _:
            raise WrongUse(f"it says `{' '.join(words)}`, which this program does not understand")


class _Draft:
    """A policy as far as it was read."""

    def __init__(self) -> None:
        self._log_keys: dict[str, LogKey] = {}
        self._witnesses: dict[str, Key] = {}
        self._groups: dict[str, Group] = {}
        self._members: set[str] = set()
        self._quorum: str | None = None
        self._anchors: list[tuple[str, bytes]] = []

    def log(self, key: Key) -> None:
        self._new(key)
        for other in self._log_keys.values():
            if other.key.name != key.name:
                raise WrongUse(f"it names two logs, `{other.key.name}` and `{key.name}`, where one is trusted")
        self._log_keys[str(key)] = LogKey(key)

    def begins(self, key: str, size: int) -> None:
        logged = self._logged(key)
        if logged.first is not None:
            raise WrongUse(f"it says twice from which size `{key}` signs")
        self._bound(LogKey(logged.key, size, logged.last))

    def ends(self, key: str, size: int) -> None:
        logged = self._logged(key)
        if logged.last is not None:
            raise WrongUse(f"it says twice until which size `{key}` signs")
        self._bound(LogKey(logged.key, logged.first, size))

    def _logged(self, key: str) -> LogKey:
        """The log line of `key`. It stands above, as C2SP has it for whatever is referred to."""
        if key not in self._log_keys:
            raise WrongUse(f"it bounds the term of `{key}`, which is not a key of a log line above")
        return self._log_keys[key]

    def _bound(self, key: LogKey) -> None:
        if key.first is not None and key.last is not None and key.first > key.last:
            raise WrongUse(f"it gives `{key.key}` a term that ends before it begins")
        self._log_keys[str(key.key)] = key

    def witness(self, name: str, key: Key) -> None:
        self._new(key)
        self._unused(name)
        self._witnesses[name] = key

    def group(self, name: str, needed: str, members: list[str]) -> None:
        self._unused(name)
        if len(self._groups) == MOST_GROUPS:
            raise WrongUse(f"it defines more than {MOST_GROUPS} groups")
        for member in members:
            self._known(member)
            if member in self._members:
                raise WrongUse(f"it lists `{member}` as a member twice, which would count one witness twice")
            self._members.add(member)
        self._groups[name] = Group(_needed(needed, len(members)), tuple(members))

    def quorum(self, name: str) -> None:
        if self._quorum is not None:
            raise WrongUse("it has more than one quorum line")
        if name != NONE:
            self._known(name)
        self._quorum = name

    def timestamp(self, name: str, certificate: str) -> None:
        if not _NAME.issuperset(name) or name.startswith("."):
            raise WrongUse(f"it calls a timestamp authority `{name}`: take letters, digits, `-`, `_` and `.`")
        der = _certificate(certificate)
        if any(der == other for _, other in self._anchors):
            raise WrongUse(f"it names one certificate of `{name}` twice")
        self._anchors.append((name, der))

    def finished(self) -> Policy:
        if not self._log_keys:
            raise WrongUse("it names no log")
        if self._quorum is None:
            raise WrongUse("it has no quorum line: say `quorum none` if no witness is to be asked")
        keys = tuple(self._log_keys.values())
        return Policy(
            keys[0].key.name,
            keys,
            tuple(self._witnesses.items()),
            tuple(self._groups.items()),
            self._quorum,
            tuple(self._anchors),
        )

    def _new(self, key: Key) -> None:
        """One key counts once, under whatever names: a log that cosigns with its own key is no witness."""
        for other in (*(each.key for each in self._log_keys.values()), *self._witnesses.values()):
            if key.material == other.material or (key.name, key.id) == (other.name, other.id):
                raise WrongUse(f"it names one key twice, as `{other}` and as `{key}`")

    def _unused(self, name: str) -> None:
        if name == NONE or name in self._witnesses or name in self._groups:
            raise WrongUse(f"it defines `{name}`, which has a meaning already")

    def _known(self, name: str) -> None:
        if name not in self._witnesses and name not in self._groups:
            raise WrongUse(f"it refers to `{name}`, which is no witness or group of a line above")


def _needed(text: str, count: int) -> int:
    """How many of `count` members are needed: `all`, `any` or a number."""
    if text in {"all", "any"}:
        return count if text == "all" else 1
    needed = _size(text)
    if not 1 <= needed <= count:
        raise WrongUse(f"it asks for {needed} of the {count} members of a group")
    return needed


def _size(text: str) -> int:
    try:
        return number(text)
    except ValueError as error:
        raise WrongUse(f"it says {error}") from error


def _certificate(text: str) -> bytes:
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - few policies ask for timestamps

    try:
        der = base64_bytes(text)
        load_der_x509_certificate(der)
    except ValueError as error:
        raise WrongUse(f"`{text}` is not base64 of a certificate in DER") from error
    return der


def _inside(file: str | PathLike[str], folder: str | PathLike[str]) -> bool:
    from pathlib import Path  # noqa: PLC0415 - a receipt is not a folder, and does without

    return Path(file).resolve().is_relative_to(Path(folder).resolve())
