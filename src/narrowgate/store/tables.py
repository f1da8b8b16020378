"""Tables of TOML as a gate's files hold them: what is expected, of its type, and nothing else.

Rules:
 * A key that is absent, unknown or of another type is wrong use, and the message names the file, the table and the key.
 * A type is exact: TRUE is no number, and a day with an hour is no day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from narrowgate.errors import WrongUse


def read(file: Path) -> dict[str, Any]:
    """What `file` says; wrong use if it cannot be read."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise WrongUse(f"`{file}` cannot be read: {problem}") from problem


def text(value: str) -> str:
    """`value` as a TOML basic string; wrong use if it holds a control character."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise WrongUse(f"`{value!r}` holds a control character")
    return f'"{escaped}"'


def expect(table: Mapping[str, Any], kinds: Mapping[str, type], *, where: str) -> None:
    """See that `table` has the keys of `kinds`, each of its type, and no other; `where` opens the message."""
    for key, kind in kinds.items():
        if type(table.get(key)) is not kind:
            raise WrongUse(f"{where} has no `{key}` of type {kind.__name__}")
    for key in table:
        if key not in kinds:
            raise WrongUse(f"{where} has an unknown key `{key}`")
