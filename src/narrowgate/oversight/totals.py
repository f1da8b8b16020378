"""Count the entries of the ledger by batch, kind and code: the totals that anybody can recount (`spec/totals.md`).

Rules:
 * They are counted from the entries, and from nothing else that the gate keeps.
 * Nothing in them is about one person; small numbers of a batch are as they stand on the ledger, which is public.
"""

from __future__ import annotations

import re
from collections import Counter

from narrowgate.errors import Fault
from narrowgate.ledger.log import Log

FORMAT = "narrowgate-totals/1"
_ENTRY = re.compile(
    rb'\{"at":"[^"]+","batch":(?:null|"(?P<batch>[^"]+)"),"code":"(?P<code>[^"]+)",.*"kind":"(?P<kind>[a-z_]+)","v":1\}'
)
"""An entry in its one spelling (`spec/entry.md`): no value in it holds a quote mark."""


def totals(log: Log) -> dict[str, object]:
    """The totals of a ledger as it is now."""
    counted = Counter(map(_parts, log.entries(0, log.size)))
    ordered = sorted(counted.items(), key=lambda item: (item[0][0] or "", item[0][1], item[0][2]))
    rows = [{"batch": batch, "kind": kind, "code": code, "entries": count} for (batch, kind, code), count in ordered]
    return {
        "format": FORMAT,
        "origin": log.origin,
        "size": log.size,
        "root": log.root.hex(),
        "totals": rows,
    }


def _parts(entry: bytes) -> tuple[str | None, str, str]:
    """Batch, kind and code of an entry."""
    found = _ENTRY.fullmatch(entry)
    if found is None:
        raise Fault(f"the ledger holds what is no entry: `{entry[:80]!r}`", "verify it with narrowgate-verify")
    batch = found["batch"]
    return None if batch is None else batch.decode(), found["kind"].decode(), found["code"].decode()
