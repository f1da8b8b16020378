"""The settings of a gate (`gate.toml`): what is guarded, under which agreement, with how much of the machine.

Rules:
 * A setting is present and of its type, or the gate does not open. There are no defaults for what matters.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from narrowgate.errors import WrongUse

FORMAT = "narrowgate-gate/1"


@dataclass(frozen=True)
class Settings:
    """`origin` names the ledger in its checkpoints; `memory_limit` is DuckDB's, e.g. `2GB`."""

    agreement: str
    register: Path
    origin: str
    memory_limit: str
    threads: int


def write(settings: Settings, file: Path) -> None:
    """Write `settings` as TOML."""
    file.write_text(
        "\n".join(
            (
                f'format = "{FORMAT}"',
                f"agreement = {_text(settings.agreement)}",
                f"register = {_text(str(settings.register))}",
                f"origin = {_text(settings.origin)}",
                f"memory_limit = {_text(settings.memory_limit)}",
                f"threads = {settings.threads}",
                "",
            )
        ),
        encoding="utf-8",
    )


def read(file: Path) -> Settings:
    """The settings in `file`; wrong use, naming the key, where one is absent, unknown or of another type."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise WrongUse(f"`{file}` cannot be read: {problem}") from problem
    kinds = {
        "format": str,
        "agreement": str,
        "register": str,
        "origin": str,
        "memory_limit": str,
        "threads": int,
    }
    for key, kind in kinds.items():
        if type(table.get(key)) is not kind:
            raise WrongUse(f"`{file}` has no `{key}` of type {kind.__name__}")
    for key in table:
        if key not in kinds:
            raise WrongUse(f"`{file}` has an unknown key `{key}`")
    if table["format"] != FORMAT:
        raise WrongUse(f"`{file}` has format `{table['format']}` and not `{FORMAT}`")
    return Settings(
        table["agreement"],
        Path(table["register"]),
        table["origin"],
        table["memory_limit"],
        table["threads"],
    )


def _text(value: str) -> str:
    """`value` as a TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    if any(ord(character) < 32 for character in value):
        raise WrongUse(f"`{value!r}` holds a control character")
    return f'"{escaped}"'
