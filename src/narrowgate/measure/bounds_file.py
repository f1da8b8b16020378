"""Write what was measured of an agreement's rules as the file that lies in its folder (`measured.toml`).

Rules:
 * It is made from the report and from nothing else: no figure is given by hand.
 * Only what was decided by rules of the agreement is in it; rules that a benchmark brings are not the agreement's.
 * A rule that decided nobody is in it, with a bound of 1: nothing is known of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from narrowgate.agreement.folder import MEASURED
from narrowgate.terms.agreement import EvidenceKind

_OTHERS = ("splink", "recordlinkage")
"""Seeds of contenders: they have no part in the rows."""


def written(report: Mapping[str, Any]) -> str:
    """The text of `measured.toml` for the agreement of `report`."""
    rules = [one for one in report["rules"] if one["agreement"] == report["agreement"]["id"]]
    sets = [part for part in report["sets"] if any(one["set"] == part["id"] for one in rules)]
    accepting = [one for one in rules if one["kind"] == EvidenceKind.ACCEPT.value]
    return "\n".join((*_head(report), *map(_rows, sets), *map(_bound, accepting), ""))


def _head(report: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {MEASURED}: written by the command below from what it counted, on simulated people. Not to be edited:"
    yield "# `narrowgate agreement check` says what does not follow from its counts, and what is stale."
    yield ""
    yield f"measured_on = {report['measured_on']}"
    yield f"command = {_text(report['command'])}"
    yield f"program = {_text('narrowgate ' + report['versions']['narrowgate'])}"
    yield f"engine = {_text(report['engine'])}"
    yield f"forms = {report['forms']}"


def _rows(part: Mapping[str, Any]) -> str:
    seeds = {name: seed for name, seed in part["seeds"].items() if name not in _OTHERS}
    return f"""
[[rows]]
id = {_text(part["id"])}
title = {_text(part["title"])}
people = {part["register"]["people"]}
requests = {part["requests"]}
seeds = {_inline(seeds)}
digests = {_inline(part["digests"])}"""


def _bound(one: Mapping[str, Any]) -> str:
    upper = 1.0 if one["wrong_rate_upper"] is None else float(one["wrong_rate_upper"])
    return f"""
[[bound]]
rule = {_text(one["rule"])}
rows = {_text(one["set"])}
under = {_text(one["under"])}
decisions = {one["decided"]}
wrong = {one["wrong"]}
upper = {upper!r}
wording = {_text(one["wording"])}
list = {_text(one["list"])}"""


def _inline(values: Mapping[str, int | str]) -> str:
    inside = ", ".join(f"{name} = {json.dumps(value)}" for name, value in values.items())
    return f"{{ {inside} }}" if inside else "{}"


def _text(value: str) -> str:
    """A TOML text: JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)
