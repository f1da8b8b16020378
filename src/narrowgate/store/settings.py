"""The settings of a gate (`gate.toml`): what is guarded, under which agreement, with how much of the machine.

Rules:
 * A setting is present and of its type, or the gate does not open. There are no defaults for what matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from narrowgate.errors import WrongUse
from narrowgate.store import tables

FORMAT = "narrowgate-gate/1"
_KINDS = {"format": str, "agreement": str, "register": str, "origin": str, "memory_limit": str, "threads": int,
          "workers": int}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """`origin` names the ledger in its checkpoints; `memory_limit` is DuckDB's, e.g. `2GB`; `workers` share the
    register's files, if it has files.
    """

    agreement: str
    register: Path
    origin: str
    memory_limit: str
    threads: int
    workers: int


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
                f"workers = {settings.workers}",
                "",
            )
        ),
        encoding="utf-8",
    )


def read(file: Path) -> Settings:
    """The settings in `file`; wrong use, naming the key, where one is absent, unknown or of another type."""
    table = tables.read(file)
    tables.expect(table, _KINDS, where=f"`{file}`")
    if table["format"] != FORMAT:
        raise WrongUse(f"`{file}` has format `{table['format']}` and not `{FORMAT}`")
    return Settings(
        table["agreement"],
        Path(table["register"]),
        table["origin"],
        table["memory_limit"],
        table["threads"],
        table["workers"],
    )


def _text(value: str) -> str:
    """`value` as a TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    if any(ord(character) < 32 for character in value):
        raise WrongUse(f"`{value!r}` holds a control character")
    return f'"{escaped}"'
