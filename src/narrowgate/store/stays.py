"""Stays that were entered at this gate, beside those that ship with the agreement.

Rules:
 * A stay is added and later given an end; its row is never removed.
 * What ships with the agreement ends there too, by a change of the agreement that is itself entered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime

from narrowgate.store.database import Cell, Database, Effect
from narrowgate.terms.agreement import Stay, StayEffect


def entered(database: Database) -> tuple[Stay, ...]:
    """Every stay entered at this gate, in the order of entry; a lifted one has its end."""
    return tuple(_stay(str(row["stay"])) for row in database.all("SELECT stay FROM stay ORDER BY rowid"))


def known(database: Database, shipped: Iterable[Stay]) -> tuple[Stay, ...]:
    """The agreement's stays and the gate's own."""
    return (*shipped, *entered(database))


def recorded(stay: Stay) -> Effect:
    """The effect that records `stay`, or replaces it by itself with an end."""
    row: dict[str, Cell] = {
        "id": stay.id,
        "stay": json.dumps(as_json(stay), sort_keys=True),
        "lifted_at": None if stay.ends is None else stay.ends.isoformat(),
    }
    return Effect("stay", row)


def as_json(stay: Stay) -> dict[str, object]:
    """A stay as JSON members."""
    return {
        **asdict(stay),
        "effective": stay.effective.isoformat(),
        "ends": None if stay.ends is None else stay.ends.isoformat(),
        "effect": stay.effect.value,
    }


def _stay(text: str) -> Stay:
    members = json.loads(text)
    plain = Stay(**members)
    return replace(
        plain,
        effective=datetime.fromisoformat(members["effective"]),
        ends=None if members["ends"] is None else datetime.fromisoformat(members["ends"]),
        effect=StayEffect(members["effect"]),
    )
