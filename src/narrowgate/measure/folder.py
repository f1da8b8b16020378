"""The folder of a measurement: made anew, worked in, and left with the report in two forms.

Rules:
 * Only what an earlier measurement made is emptied; anything else is left alone.
 * The page is made from the JSON as it was written, so the two cannot differ.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from narrowgate.errors import WrongUse
from narrowgate.files import write_private
from narrowgate.measure.report import page

MARK = ".narrowgate-bench"
_ANOTHER = "name another folder; nothing was changed"


@dataclass(frozen=True)
class Folder:
    """Where a measurement works and what it leaves."""

    root: Path

    @property
    def work(self) -> Path:
        """Rows, truths and verdicts; large."""
        return self.root / "work"

    @property
    def json(self) -> Path:
        """Every figure."""
        return self.root / "match.json"

    @property
    def page(self) -> Path:
        """The same for people."""
        return self.root / "match.html"


def fresh(root: Path, *, reads: Iterable[Path] = ()) -> Folder:
    """Make the folder `root`, or empty it if an earlier measurement made it; nothing of `reads` may lie in it."""
    for path in reads:
        if path.resolve().is_relative_to(root.resolve()):
            raise WrongUse(f"`{path}` lies in `{root}`, which is emptied first", _ANOTHER)
    if root.exists() and not (root / MARK).exists() and any(root.iterdir()):
        raise WrongUse(f"`{root}` was not made by a measurement", _ANOTHER)
    shutil.rmtree(root, ignore_errors=True)
    folder = Folder(root)
    folder.work.mkdir(parents=True)
    (root / MARK).write_text("Made by `narrowgate bench`; simulated people only. The next one empties this folder.\n")
    return folder


def leave(folder: Folder, report: Mapping[str, object], *, keep: bool) -> None:
    """Write the report in both forms, and remove what was worked with unless it is to be kept."""
    written = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    write_private(folder.json, written.encode())
    write_private(folder.page, page(json.loads(written)).encode())
    if not keep:
        shutil.rmtree(folder.work)
