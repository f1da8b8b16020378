"""Make `src/narrowgate/forms/first_names.txt`: first names that are other usual forms of each other.

    python scripts/first_names.py

Run when the table is to be made again from another version of rigour; what it writes is read over and committed. The
names are those that the census of 1990 lists, the forms those that rigour knows to be of one name.

Rules:
 * Nothing is downloaded: `rigour` and `names` are in the lock file.
 * A symbol of rigour's that only one listed name has says nothing and is left out. So is one that more than `MOST`
   have: it stands for a word that is part of many names, not for one of them.
"""

from __future__ import annotations

import importlib.metadata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from rigour.names import analyze_names
from rigour.names.tag import NameTypeTag

from narrowgate.synth.census_names import find_census

MOST = 40
TARGET = Path(__file__).parents[1] / "src" / "narrowgate" / "forms" / "first_names.txt"


def main() -> None:
    census = find_census()
    listed = sorted({_name(line) for file in (census.female, census.male) for line in file.read_text().splitlines()})
    lines = sorted({" ".join(sorted(group)) for group in _groups(listed) if 1 < len(group) <= MOST})
    head = [
        f"# Other usual forms of first names, one name a line: rigour {importlib.metadata.version('rigour')} (MIT),",
        "# for the first names of the 1990 census. Made by scripts/first_names.py.",
    ]
    TARGET.write_text("\n".join([*head, *lines]) + "\n", encoding="ascii")


def _name(line: str) -> str:
    return line.split(maxsplit=1)[0]


def _groups(listed: Iterable[str]) -> Iterable[set[str]]:
    """The listed names that share a symbol, for each symbol."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in listed:
        for analyzed in analyze_names(NameTypeTag.PER, [name], phonetics=False, numerics=False):
            for symbol in analyzed.symbols:
                found[f"{symbol.category}:{symbol.id}"].add(name)
    return found.values()


if __name__ == "__main__":
    main()
