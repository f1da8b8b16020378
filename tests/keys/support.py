"""Tokens of a real PKCS#11 module, gates that die at any step, and the separate verifier."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from narrowgate.gateway.desk import Desk, at_desk
from narrowgate.store.database import Database
from narrowgate.store.gate import open_gate
from narrowgate.store.keys import make_in_module
from narrowgate.store.places import InModule
from narrowgate_verify.checkpoint import Checkpoint
from narrowgate_verify.growth import verify_growth
from narrowgate_verify.ledger import verify_ledger
from narrowgate_verify.policy import read_policy
from tests.agency import NOON

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "pin-4711-of-a-test"
_numbers = count(1)


@dataclass(frozen=True)
class Token:
    """A token of SoftHSM, its PIN in the environment."""

    label: str

    def place(self, label: str | None = None, **changes: str) -> InModule:
        """Where a key of that label lies on this token; by default one that no other test uses."""
        said = {"module": MODULE, "token": self.label, "label": label or f"key-{next(_numbers)}", **changes}
        return InModule(**said)

    def made(self, name: str) -> InModule:
        """A fresh key `name` on this token."""
        place = self.place()
        make_in_module(name, place)
        return place


def a_token(folder: Path, label: str) -> Token:
    """A fresh token; SOFTHSM2_CONF says where it lies."""
    program = shutil.which("softhsm2-util")
    assert program, "install softhsm2"
    subprocess.run(
        [program, "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "so-pin"],
        check=True, capture_output=True, env={**os.environ, "SOFTHSM2_CONF": str(folder / "softhsm2.conf")},
    )  # fmt: skip
    return Token(label)


@contextmanager
def seated(gate: Path, at: datetime = NOON) -> Iterator[Desk]:
    """The desk of the gate at `gate`."""
    with at_desk(open_gate(gate), at=at, random=os.urandom) as desk:
        yield desk


def copied(gate: Path, to: Path) -> Path:
    """A copy of a gate that can be spoiled."""
    shutil.copytree(gate, to)
    return to


class Killed(BaseException):
    """Stands for the process being gone: nothing may catch it."""


def dies_at(patch: pytest.MonkeyPatch, step: int) -> None:
    """Let the process die before the `step`th thing that it does to the disk."""
    done = 0

    def dying(work: Callable[..., object]) -> Callable[..., object]:
        def one(*arguments: object, **options: object) -> object:
            nonlocal done
            done += 1
            if done == step:
                raise Killed
            return work(*arguments, **options)

        return one

    for name in ("fsync", "replace", "unlink"):
        patch.setattr(os, name, dying(getattr(os, name)))
    patch.setattr(Database, "apply", dying(Database.apply))
    patch.setattr(Database, "transaction", dying(Database.transaction))


def verified(gate: Path, policy: Path | None = None) -> Checkpoint:
    """What the separate verifier accepts of the gate's ledger, by its own policy or that in a file."""
    return verify_ledger(gate / "ledger", read_policy(policy or gate / "verify" / "policy")).checkpoint


def grown_from(old: bytes, gate: Path, policy: Path | None = None) -> tuple[Checkpoint, Checkpoint]:
    """The older checkpoint and the present one, if the separate verifier accepts that the one grew into the other."""
    return verify_growth(old, gate / "ledger", read_policy(policy or gate / "verify" / "policy"))


def checkpoint(gate: Path) -> bytes:
    """The present checkpoint."""
    return (gate / "ledger" / "checkpoint").read_bytes()


def key_files(gate: Path) -> set[str]:
    """The names of what lies in the folder of keys, but for the demo's, and for a note that was never written."""
    return {file.name for file in (gate / "keys").iterdir() if file.is_file()} - {"change.json.unfinished"}
