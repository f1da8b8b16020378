"""Change the keys of a gate, and say where each of them lies (`docs/keys.md`).

Rules:
 * A change is written down, entered, and only then takes effect; the old key is destroyed last. A command that is
   interrupted anywhere is finished or undone by the next one (`store.key_change`).
 * At the size at which keys are rotated, the old ones and the new ones sign, so that whoever trusts the old ones sees
   them hand over. Keys that somebody else may have hand over nothing: the new ones sign alone.
 * What is entered names keys by their ids. Nothing here sees a private key's bytes but to write them into its file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from narrowgate.accounting import policy
from narrowgate.accounting.book import Event
from narrowgate.accounting.opened import (
    COMPROMISED,
    LEDGER_KEYS,
    ROTATED,
    LedgerSigner,
    conclude,
    settled_change,
    signers,
    succession,
)
from narrowgate.errors import WrongUse
from narrowgate.formats.cms import fingerprint
from narrowgate.formats.pkcs11_uri import named_key
from narrowgate.gateway.custody import change_custody, settle_custody
from narrowgate.gateway.desk import Desk
from narrowgate.ledger.note import Verifier
from narrowgate.store import key_change, keys, places
from narrowgate.store.gate import Gate
from narrowgate.store.key_change import Change
from narrowgate.store.keys import FileSigningKey
from narrowgate.store.places import CUSTODIAN, CUSTODY, LEDGER, InFile, InModule, Place

USES = {
    LEDGER[0]: "signs the ledger",
    LEDGER[1]: "signs the ledger, for public witnesses",
    CUSTODY: "wraps the keys of what is kept",
    CUSTODIAN: "signs answers",
}
"""What each key is for."""


_NewPolicy = Callable[[str, list[Verifier], list[Verifier]], str]


@dataclass(frozen=True)
class Changed:
    """Keys `after` in place of `before`, by their ids, from the ledger's size `size` on.

    `until` is the size up to which the old ones count; None where others never check by them.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    size: int
    until: int | None = None


@dataclass(frozen=True)
class Key:
    """One key as it is listed. `public` is the public half as others are given it, None if it has none."""

    name: str
    use: str
    where: str
    id: str
    public: str | None
    since: int


def rotate_ledger(desk: Desk, given: Mapping[str, InModule]) -> Changed:
    """Put new keys of the ledger in place of the old ones: those that are `given`, or fresh ones in files."""
    size = desk.book.log.size + 1
    return _change(
        desk, ROTATED, given, until=size,
        new_policy=lambda text, before, after: policy.rotated(text, before, after, size=size),
    )  # fmt: skip


def replace_compromised(desk: Desk, given: Mapping[str, InModule], *, since: int) -> Changed:
    """Put new keys in place of ones that somebody else may have, which count up to the size `since` and no further."""
    size = desk.book.log.size + 1
    if not 0 <= since < size:
        raise WrongUse(
            f"the ledger never had {since} entries: it has {size - 1}",
            "name the last size that a witness cosigned, or 0; no key was changed",
        )
    return _change(
        desk, COMPROMISED, given, until=since,
        new_policy=lambda text, before, after: policy.compromised(text, before, after, size=size, until=since),
    )  # fmt: skip


def rotate_custody(desk: Desk, given: InModule | None = None) -> Changed:
    """Put a new custody key in place of the old one, so that old copies of wrapped keys open nothing any more."""
    settled_change(desk.gate)
    before, change = change_custody(desk.gate, desk.book, at=desk.at, random=desk.random, given=given)
    return Changed((before,), (change.id,), change.size)


def listed(gate: Gate) -> tuple[Key, ...]:
    """Every key of `gate`: what for, where, its id, its public half, and since which size of the ledger it is used."""
    found = places.read(gate.folder)
    return tuple(_listed(gate, name, found[name]) for name in places.NAMES)


def _change(
    desk: Desk,
    code: str,
    given: Mapping[str, InModule],
    *,
    until: int,
    new_policy: _NewPolicy,
) -> Changed:
    """Write down a change of the ledger's keys, enter it, and let it take effect."""
    _end_what_is_under_way(desk.gate)
    gate, size = desk.gate, desk.book.log.size + 1
    where = places.read(gate.folder)
    after = {name: _place(name, given.get(name), size) for name in LEDGER}
    fresh = {name: keys.fresh_signing_key(name) for name, place in after.items() if isinstance(place, InFile)}
    old = [signer.verifier for signer in signers(gate.folder, gate.settings.origin)]
    new = [_verifier(gate, name, place, fresh.get(name)) for name, place in after.items()]
    changed = Changed(_ids(old), _ids(new), size, until)
    change = Change(
        LEDGER_KEYS, code, "+".join(changed.after), size, {name: where[name] for name in LEDGER}, after,
        new_policy(policy.published(gate.folder.verifier_policy), old, new),
    )  # fmt: skip
    key_change.begin(gate.folder, change)
    for name, key in fresh.items():
        keys.write_signing_key(gate.folder, InFile(_file(name, size)), key)
    desk.book.log.succeed(succession(gate, change))
    _enter(desk, change, changed)
    conclude(gate, change)
    return changed


def _end_what_is_under_way(gate: Gate) -> None:
    """Finish what an interrupted command had begun, and this desk has just entered for it."""
    settled_change(gate)
    settle_custody(gate)


def _enter(desk: Desk, change: Change, changed: Changed) -> None:
    said = {
        "before": list(changed.before), "after": list(changed.after), "size": changed.size, "until": changed.until,
    }  # fmt: skip
    desk.book.enter(
        Event("configuration", "keys ledger", None, change.code, payload=said, detail=said),
        at=desk.at,
        effects=[change.effect],
    )


def _place(name: str, given: InModule | None, size: int) -> Place:
    return InFile(_file(name, size), since=size) if given is None else replace(given, since=size)


def _file(name: str, size: int) -> str:
    """The file of a key that is used from `size` on: another one than any before it."""
    return f"{name}-{size}.key"


def _verifier(gate: Gate, name: str, place: Place, fresh: FileSigningKey | None) -> Verifier:
    key = fresh or keys.signing_key(gate.folder, name, place)
    return LedgerSigner(gate.settings.origin, key).verifier


def _ids(verifiers: list[Verifier]) -> tuple[str, ...]:
    return tuple(each.key_id.hex() for each in verifiers)


def _listed(gate: Gate, name: str, place: Place) -> Key:
    where, public = places.described(place), None
    if name == CUSTODY:
        id_ = keys.custody_key(gate.folder, place).id
    elif name == CUSTODIAN:
        certificate, key = gate.custodian
        id_, public, where = fingerprint(certificate), str(certificate), _where_custodian(key) or where
    else:
        verifier = LedgerSigner(gate.settings.origin, keys.signing_key(gate.folder, name, place)).verifier
        id_, public = verifier.key_id.hex(), verifier.vkey
    return Key(name, USES[name], where, id_, public, place.since)


def _where_custodian(key: Path) -> str | None:
    """The module in which the custodian's key lies, if its file names one."""
    named = named_key(key)
    return None if named is None else places.described(InModule(str(named.module), named.token, named.label))
