"""How much a sender may make us read. Guards against bombs, not rules of any agreement.

Rules:
 * Each limit is checked on what is declared before reading, and again on what really arrives.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, unless said. `ratio` (unpacked to packed) only counts above `ratio_from`."""

    manifest: int = 64 * MIB
    signature: int = MIB
    rows_file: int = 4096 * MIB - 1
    ratio: int = 200
    ratio_from: int = 16 * MIB
    field: int = 64 * 1024
    rows: int = 10_000_000
    """A number of rows."""
