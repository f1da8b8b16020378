"""Where the agreements that come with the program are.

Rules:
 * An installed program carries them inside itself; a checkout has them beside `src`.
 * A name that is not one of theirs is refused; it is never used as a path.
"""

from __future__ import annotations

from pathlib import Path

import narrowgate
from narrowgate.errors import WrongUse


def shipped(name: str) -> Path:
    """The folder of the agreement `name` that ships with the program."""
    if name not in shipped_names():
        raise WrongUse(f"`{name}` is no agreement that ships with the program; it has {', '.join(shipped_names())}")
    return _root() / name


def shipped_names() -> tuple[str, ...]:
    """The names of the agreements that ship with the program."""
    return tuple(sorted(path.parent.name for path in _root().glob("*/agreement.md")))


def _root() -> Path:
    package = Path(narrowgate.__file__).parent
    installed = package / "_agreements"
    return installed if installed.is_dir() else package.parent.parent / "agreements"
