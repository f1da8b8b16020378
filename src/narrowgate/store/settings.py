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
LEAST_RETAINED = 366
"""Days: what a batch was asked within a year before is a fact of the next one."""
RETAINED = 1827
"""Days: an accounting of disclosures is kept for five years at least (5 USC 552a(c)(2))."""
_KINDS = {"format": str, "agreement": str, "register": str, "origin": str, "memory_limit": str, "threads": int,
          "workers": int, "retain_days": int}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """`origin` names the ledger in its checkpoints; `memory_limit` is DuckDB's, e.g. `2GB`; `workers` share the
    register's files, if it has files. What is kept of a batch is kept for `retain_days` after the last that happened to
    it.
    """

    agreement: str
    register: Path
    origin: str
    memory_limit: str
    threads: int
    workers: int
    retain_days: int


def write(settings: Settings, file: Path) -> None:
    """Write `settings` as TOML."""
    file.write_text(
        "\n".join(
            (
                f'format = "{FORMAT}"',
                f"agreement = {tables.text(settings.agreement)}",
                f"register = {tables.text(str(settings.register))}",
                f"origin = {tables.text(settings.origin)}",
                f"memory_limit = {tables.text(settings.memory_limit)}",
                f"threads = {settings.threads}",
                f"workers = {settings.workers}",
                f"retain_days = {settings.retain_days}",
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
    if table["retain_days"] < LEAST_RETAINED:
        raise WrongUse(
            f"`{file}` has `retain_days` = {table['retain_days']}; facts reach back {LEAST_RETAINED - 1} days"
        )
    return Settings(
        table["agreement"],
        Path(table["register"]),
        table["origin"],
        table["memory_limit"],
        table["threads"],
        table["workers"],
        table["retain_days"],
    )
