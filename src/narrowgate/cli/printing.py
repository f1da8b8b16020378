"""What commands print: one JSON object for scripts, or a few plain lines for people; progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

people = Console(highlight=False, soft_wrap=True, emoji=False)
aside = Console(stderr=True, highlight=False, emoji=False)


def error(message: str, hint: str, exit_code: int, *, as_json: bool) -> None:
    """Two lines for a person, and the same as an object for a script."""
    print(f"narrowgate: error: {message}", file=sys.stderr)
    print(f"narrowgate: hint: {hint}", file=sys.stderr)
    if as_json:
        print(json.dumps({"error": message, "hint": hint, "exit_code": exit_code}))


def answer(result: Mapping[str, object], *, as_json: bool, text: str) -> None:
    """Print `result` as one line of JSON, or `text`."""
    if as_json:
        print(json.dumps(result, default=_plain))
    else:
        people.print(text, markup=False)


def figures(counts: object) -> str:
    """Counts on one line: `disclose 41 · return 12,540`."""
    assert isinstance(counts, Mapping)
    return " · ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"


@contextmanager
def stations(title: str, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show on standard error which station works, and for how long."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=aside,
        transient=True,
        disable=quiet or not aside.is_terminal,
    ) as progress:
        task = progress.add_task(title)
        yield lambda station: progress.update(task, description=f"{title}: {station}")


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be printed")
