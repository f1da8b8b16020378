"""Make a witness, tell it which logs to know, and see what it has seen. All that it is lies in one folder.

Rules:
 * A witness is made once, whole or not at all; its private key is never written over and has no default.
 * The private key is readable by its owner only, or the witness does not start.
 * What was seen of a log stays when its keys are told anew: a key that is replaced does not begin a second history.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

from narrowgate.errors import Fault, WrongUse
from narrowgate.files import sync, write_private
from narrowgate.ledger.checkpoint import Checkpoint
from narrowgate.ledger.cosignature import Cosigner, CosignerKey, CosignerPrivateKey
from narrowgate.witness import alarms, state
from narrowgate.witness.decision import AlarmKind, Outcome, decide
from narrowgate.witness.trusted import LogKey

KEY = "key.pem"
VKEY = "vkey"
STATE = "witness.db"
ALARMS = "alarms"


class Algorithm(StrEnum):
    """What a witness signs with."""

    ED25519 = "ed25519"
    ML_DSA_44 = "ml-dsa-44"


@dataclass(frozen=True)
class Witness:
    """A witness in `folder`."""

    folder: Path
    cosigner: Cosigner

    def add_checkpoint(self, body: bytes, *, at: int) -> tuple[Outcome, Path | None]:
        """Judge a submission at POSIX time `at`, and record what follows before anybody is answered.

        Also where an alarm was put, if there is one that was not kept before.
        """
        with state.alone(self.folder / STATE) as known:
            outcome = decide(body, known.known, self.cosigner, at)
            kept = alarms.keep(self.folder / ALARMS, outcome.alarm, at=at) if outcome.alarm else None
            if outcome.cosigned is not None:
                known.record(outcome.cosigned, outcome.at)
        return outcome, kept

    def seen(self) -> list[Seen]:
        """What was seen of each log, by name."""
        with state.view(self.folder / STATE) as known:
            return [self._seen(known, origin) for origin in known.origins()]

    def _seen(self, known: state.State, origin: str) -> Seen:
        found = known.known(origin, 0)
        assert found is not None, "a log that is listed is trusted"
        return Seen(origin, found.latest, found.at, alarms.counts(self.folder / ALARMS, origin))


@dataclass(frozen=True)
class Seen:
    """The latest checkpoint cosigned of a log (None before the first), since which POSIX time, and its alarms."""

    origin: str
    latest: Checkpoint | None
    at: int
    alarms: dict[AlarmKind, int]


def begin(folder: Path, name: str, algorithm: Algorithm) -> CosignerKey:
    """Make a witness called `name` in `folder`, with a new key; wrong use if anything is there already."""
    cosigner = Cosigner(name, _new_key(algorithm))
    vkey = cosigner.verifier.vkey
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".narrowgate-witness-", dir=folder.parent))
    try:
        (made / ALARMS).mkdir(mode=0o700)
        state.create(made / STATE)
        write_private(made / VKEY, f"{vkey}\n".encode())
        write_private(made / KEY, _written(cosigner.private_key))
        _move(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return cosigner.verifier


def existing(folder: Path) -> Witness:
    """The witness in `folder`; wrong use if there is none, a Fault if its key is open to others or not its own."""
    key = folder / KEY
    if not key.is_file():
        raise WrongUse(f"`{folder}` is no witness: it has no {KEY}", "make one with `narrowgate witness init`")
    if stat.S_IMODE(key.stat().st_mode) & 0o077:
        raise Fault(f"`{key}` can be read by others than its owner", "chmod 600 it; nothing was signed")
    public = CosignerKey.from_vkey((folder / VKEY).read_text(encoding="utf-8"))
    cosigner = Cosigner(public.name, _read_key(key))
    if cosigner.verifier.vkey != public.vkey:
        raise Fault(f"`{key}` is not the key in `{folder / VKEY}`", "nothing was signed")
    return Witness(folder, cosigner)


def trust(folder: Path, origin: str, keys: Sequence[LogKey]) -> None:
    """Let the witness in `folder` cosign for the log `origin` what `keys` signed, in place of keys named before."""
    with state.alone(existing(folder).folder / STATE) as known:
        known.trust(origin, keys)


def _move(made: Path, folder: Path) -> None:
    """Rename over nothing or an empty folder: the one rename that never takes the place of something (rename(2))."""
    try:
        made.rename(folder)
    except OSError as problem:
        raise WrongUse(f"`{folder}` is there already and not an empty folder", "no witness was made") from problem
    sync(folder.parent)


def _new_key(algorithm: Algorithm) -> CosignerPrivateKey:
    if algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PrivateKey.generate()
    return mldsa.MLDSA44PrivateKey.generate()


def _written(key: CosignerPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _read_key(file: Path) -> CosignerPrivateKey:
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except ValueError as problem:
        raise Fault(f"`{file}` is not a private key", "nothing was signed") from problem
    if not isinstance(key, ed25519.Ed25519PrivateKey | mldsa.MLDSA44PrivateKey):
        raise Fault(f"`{file}` is not a private key of a kind that cosigns", "nothing was signed")
    return key
