"""Lists of words and phrases that are data, so that a person can read and correct them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path


def read_lists(file: str) -> Mapping[str, tuple[str, ...]]:
    """The phrases of each list of `file`, which stands beside this module, in their order."""
    written = tomllib.loads((Path(__file__).parent / file).read_text(encoding="ascii"))
    return {name: tuple(" ".join(one.split()) for one in text.split(",")) for name, text in written.items()}
