"""Where everything in a gate directory lies. The map is drawn in `docs/route.md`.

Rules:
 * Every directory is private to its owner; names that come from outside are never used as paths unchecked.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from narrowgate.errors import WrongUse

BATCH_KEY = "batch.key"


@dataclass(frozen=True)
class GateFolder:
    """Paths of one gate. Nothing here reads or writes, except to make directories and to take the lock."""

    root: Path

    @property
    def settings(self) -> Path:
        return self.root / "gate.toml"

    @property
    def database(self) -> Path:
        return self.root / "gate.db"

    @property
    def agreements(self) -> Path:
        return self.root / "agreements"

    @property
    def trust(self) -> Path:
        return self.root / "trust"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def demo_keys(self) -> Path:
        return self.keys / "demo"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger"

    @property
    def verifier_policy(self) -> Path:
        return self.root / "verify" / "policy"

    @property
    def work(self) -> Path:
        """Spill files and half-made things; nothing in it outlives the command that made it."""
        return self.root / "work"

    @property
    def intake(self) -> Path:
        """Where a package lies until it is taken in or refused."""
        return self.work / "intake"

    @property
    def passing(self) -> Path:
        """Half-made things and what passes from one step to the next, under a key that ends with the command."""
        return self.work / "passing"

    def package(self, batch_id: str) -> Path:
        return self.root / "packages" / batch_id

    def key_of(self, batch_id: str | None) -> Path:
        """The wrapped key of a batch; of the gate itself for what concerns none."""
        return self.keys / "gate.key" if batch_id is None else self.package(batch_id) / BATCH_KEY

    def home_of(self, path: Path) -> Path | None:
        """The folder whose key encrypts the file at `path`; None if nothing is kept encrypted there."""
        if path.is_relative_to(self.intake):
            return self.intake
        for kept in ("packages", "cases"):
            below = path.relative_to(self.root / kept).parts if path.is_relative_to(self.root / kept) else ()
            if below:
                return self.package(below[0])
        return None

    def cases(self, batch_id: str) -> Path:
        return self.root / "cases" / batch_id

    def case(self, batch_id: str, run: str) -> Path:
        return self.cases(batch_id) / run

    def answers(self, batch_id: str) -> Path:
        return self.root / "outbox" / batch_id

    def outbox(self, batch_id: str, run: str) -> Path:
        return self.answers(batch_id) / run

    def make(self, path: Path) -> Path:
        """Make `path` and its parents below the gate, private to their owner."""
        for folder in [*reversed(path.relative_to(self.root).parents), path.relative_to(self.root)]:
            (self.root / folder).mkdir(mode=0o700, exist_ok=True)
        return path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the gate alone: whatever enters the ledger, or reads stays in order to release, does so in here."""
        with (self.root / "gate.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def existing(root: Path) -> GateFolder:
    """The gate at `root`; wrong use if there is none."""
    gate = GateFolder(root.resolve())
    if not gate.settings.is_file():
        raise WrongUse(
            f"`{root}` is no gate: it has no gate.toml",
            "make one with `narrowgate init`, or name one with --gate; no record was looked up",
        )
    return gate
