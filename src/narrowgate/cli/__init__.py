"""The command line: one file per group of commands. What a command prints is what `--json` gives a script."""

from __future__ import annotations

from narrowgate.cli.app import main

__all__ = ["main"]
