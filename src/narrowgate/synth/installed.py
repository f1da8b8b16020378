"""Find the files of an installed package that are read as data.

Rules:
 * Nothing of the package is imported: where it lies is looked up, and its files are read by others.
 * What is missing, or of another version than its files are known in, is wrong use with a hint how to install it.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

from narrowgate.errors import WrongUse


def folder_of(package: str, *, missing: str, hint: str, version: str | None = None) -> Path:
    """The folder of `package`, which must be of `version` if one is given; `missing` says what is not there."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise WrongUse(missing, hint)
    if version is not None and (installed := importlib.metadata.version(package)) != version:
        raise WrongUse(f"{package} `{installed}` is installed where `{version}` is needed", hint)
    return Path(found.origin).resolve().parent
