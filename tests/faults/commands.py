"""The command line at a gate, given in a child: what it exits with, and what it says."""

from __future__ import annotations

import json
import os
import resource
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrowgate.cli import options
from narrowgate.cli.app import main
from tests.faults.processes import begun, ended, read_agreement_anew
from tests.faults.story import APPROVERS, BATCH, Scene

DONE, REFUSED, WRONG_USE, FAULT = range(4)


@dataclass(frozen=True)
class Said:
    """What a command came to: its exit code, and the object that it printed."""

    code: int
    answer: dict[str, Any]

    @property
    def error(self) -> str:
        return str(self.answer["error"])


def arguments(scene: Scene, command: str) -> list[str]:
    """One of the story's commands, as it is typed."""
    if command == "receive":
        return ["receive", str(scene.package)]
    return ["approve", BATCH, "--as", command] if command in APPROVERS else [command, BATCH]


def give(scene: Scene, *typed: str, longest: int = resource.RLIM_INFINITY, anew: bool = False) -> Said:
    """Give one command at the gate of `scene`, and wait for it; as `start`."""
    return wait(start(scene, *typed, longest=longest, anew=anew))


def start(scene: Scene, *typed: str, longest: int = resource.RLIM_INFINITY, anew: bool = False) -> tuple[int, int]:
    """Begin one command in a child; for `wait`.

    No file may get more than `longest` bytes. The agreement is the one that was read once, or is read `anew`.
    """
    reader, writer = os.pipe()

    def work() -> int:
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        options.now = lambda: scene.at
        if anew:
            read_agreement_anew()
        resource.setrlimit(resource.RLIMIT_FSIZE, (longest, resource.RLIM_INFINITY))
        return main([*typed, "--gate", str(scene.gate), "--json"])

    child = begun(work)
    os.close(writer)
    return child, reader


def wait(command: tuple[int, int]) -> Said:
    """What the command came to."""
    child, reader = command
    with os.fdopen(reader, "rb") as printed:
        said = printed.read().decode()
    code = ended(child)
    objects = [line for line in said.splitlines() if line.startswith("{")]
    assert len(objects) == 1, f"the command ended with {code} and said {said}"
    return Said(code, json.loads(objects[0]))


def content(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
