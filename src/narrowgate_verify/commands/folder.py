"""What several checks are asked alike."""

from __future__ import annotations

from pathlib import Path

from narrowgate_verify.problems import WrongUse


def ledger_folder(named: str) -> Path:
    """The folder of that name."""
    found = Path(named)
    if not found.is_dir():
        raise WrongUse(f"there is no ledger folder `{named}`")
    return found
