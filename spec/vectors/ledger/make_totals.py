"""Totals: those of a ledger, of its beginning, and one file for each way in which totals are not."""

from __future__ import annotations

import json
from typing import Any

from kit import CUSTODIAN, ORIGIN, OTHER_ORIGIN, Vectors

from narrowgate.ledger import Log

Rows = list[tuple[str | None, str, str, int]]
OF_3: Rows = [
    (None, "configuration", "agreement", 1),
    (None, "opened", "opened", 1),
    ("B-1", "determination", "deny", 1),
]
OF_260: Rows = [*OF_3, ("B-2", "determination", "return", 257)]


def make_totals(vectors: Vectors) -> None:
    folder = vectors.folder / "totals"
    folder.mkdir()
    roots = {size: Log.open(vectors.folder / f"good-{size}", ORIGIN, CUSTODIAN).root.hex() for size in (3, 5, 260)}

    def totals(name: str, size: int, rows: Rows, names: str | None, shows: str, **changed: Any) -> None:
        listed = [dict(zip(("batch", "kind", "code", "entries"), row, strict=True)) for row in rows]
        stated = {"format": "narrowgate-totals/1", "origin": ORIGIN, "size": size, "root": roots[3], "totals": listed}
        content = json.dumps({**stated, "root": roots.get(size, "0" * 64), **changed}, indent=1)
        (folder / f"{name}.json").write_text(content + "\n")
        arguments = ["totals", f"totals/{name}.json", "good-260"]
        vectors.expect(f"totals-{name}", arguments, 0 if names is None else 1, names, shows)

    def last(entries: int) -> Rows:
        return [*OF_3, ("B-2", "determination", "return", entries)]

    totals("of-all", 260, OF_260, None, "of every entry")
    totals("of-the-beginning", 3, OF_3, None, "of a ledger that has grown since")
    totals("off-by-one", 260, last(258), "totals say 258", "one entry too many")
    totals("row-lacking", 260, OF_3, "totals say 0", "a row is left out")
    totals("row-beyond", 3, OF_260, "holds 0", "a row of which there is no entry")
    totals("row-of-none", 260, last(0), "row 4", "a row without entries is not written")
    totals("unsorted", 260, [OF_260[1], OF_260[0], *OF_260[2:]], "row 2", "the rows have one order")
    totals("row-twice", 260, [*OF_260, OF_260[-1]], "row 5", "a row is there once")
    totals("of-more", 261, OF_260, "holds 260", "of entries that are not there")
    totals("other-root", 260, OF_260, "root", "the root is of another size", root=roots[5])
    totals("other-origin", 260, OF_260, OTHER_ORIGIN, "of another log", origin=OTHER_ORIGIN)
    totals("other-format", 260, OF_260, "narrowgate-totals/1", "a format this reader does not know", format="totals/2")
    totals("key-beyond", 260, OF_260, "narrowgate-totals/1", "a key this reader does not know", note="checked")
