"""A case folder: the hand-overs of one run, each written once and known by its digest.

Rules:
 * A hand-over that was recorded is never made again; its bytes must still be the ones recorded.
 * A station that was interrupted left nothing recorded, and is done again from the hand-over before it.
 * A hand-over may be taken over from another run of the same batch if it was made from the same: the record says from
   what (`made_from`), and its bytes must still be the ones recorded there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from narrowgate.encrypted import SUFFIX
from narrowgate.errors import Fault
from narrowgate.files import digest, link, write_private


class Case:
    """The hand-overs of one run in `folder`, and what each station said and how long it took."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._record = folder / "handovers.json"
        self.record: dict[str, dict[str, object]] = {}
        if self._record.exists():
            self.record = json.loads(self._record.read_text(encoding="utf-8"))

    def file(self, name: str) -> Path:
        """Where the hand-over `name` lies, encrypted."""
        return self.folder / f"{name}.parquet{SUFFIX}"

    def station(
        self,
        name: str,
        hands_on: tuple[str, ...],
        work: Callable[[], object],
        *,
        made_from: str = "",
        known: Case | None = None,
    ) -> object:
        """What station `name` said: from the record if it was completed before, else by doing its `work` now.

        Instead of being done it is taken over from the case `known` if that has it, made from the same.
        """
        if name in self.record:
            self._unchanged(name)
            return self.record[name]["said"]
        began = time.monotonic()
        taken = known if known is not None and known.has(name, made_from) else None
        said = work() if taken is None else self._take_over(name, hands_on, taken)
        self.record[name] = {
            "said": said,
            "seconds": round(time.monotonic() - began, 3),
            "sha256": {file: digest(self.file(file)) for file in hands_on},
            "made_from": made_from,
        }
        self._save()
        return said

    def has(self, name: str, made_from: str) -> bool:
        """Whether station `name` was completed here from just that, and left what is still there unchanged."""
        if not made_from or self.record.get(name, {}).get("made_from") != made_from:
            return False
        self._unchanged(name)
        return True

    def _take_over(self, name: str, hands_on: tuple[str, ...], known: Case) -> object:
        """The hand-overs of station `name` from another case, which never change in either, and what it said there."""
        for file in hands_on:
            link(known.file(file), self.file(file))
        return known.record[name]["said"]

    def seconds(self) -> dict[str, float]:
        """Seconds that each station took."""
        return {name: float(str(record["seconds"])) for name, record in self.record.items()}

    def _unchanged(self, name: str) -> None:
        """Stop if a recorded hand-over of station `name` is gone or is not what was recorded."""
        hashes = self.record[name]["sha256"]
        assert isinstance(hashes, dict)
        for file, recorded in hashes.items():
            path = self.file(file)
            if not path.exists() or digest(path) != recorded:
                raise Fault(
                    f"hand-over `{path}` is not the one that station `{name}` wrote",
                    "restore the case folder from a copy, or remove it to judge the batch again; "
                    "records may have been looked up before",
                )

    def _save(self) -> None:
        write_private(self._record, json.dumps(self.record, indent=1, sort_keys=True).encode())
