"""The trained model: Splink's own JSON, shipped as text, and the weights in it by our own small arithmetic.

Rules:
 * A weight is a number of bits: log2 of how much oftener the level is found in two records of one person (m) than of
   two people (u). The weights of a pair add up, with the one that it starts from.
 * What is shipped names itself: the digest of the JSON is part of what a match was made from.
 * A model that has a level without m or u is no model.
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from narrowgate.errors import Fault

MISSING = -1
"""The number Splink gives the level of a value that either side lacks."""
_HERE = Path(__file__).parent
MODEL, PROVENANCE = _HERE / "model.json", _HERE / "provenance.toml"


@dataclass(frozen=True)
class Level:
    """One way in which a field may agree; `number` is Splink's, the best level has the highest."""

    number: int
    label: str
    condition: str
    m: float | None
    u: float | None

    @property
    def weight(self) -> float:
        """Bits for or against the two records being of one person; none if the value is missing."""
        return 0.0 if self.m is None or self.u is None else math.log2(self.m / self.u)


@dataclass(frozen=True)
class Comparison:
    """What is compared, with its levels from the best to the worst; the first is `missing`."""

    name: str
    levels: tuple[Level, ...]

    def at(self, number: int) -> Level:
        """The level with this number."""
        return next(level for level in self.levels if level.number == number)


@dataclass(frozen=True)
class Model:
    """A trained model. `text` is Splink's JSON, byte for byte."""

    text: str

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What Splink takes."""
        read: dict[str, Any] = json.loads(self.text)
        return read

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def start(self) -> float:
        """The weight that a pair has before anything is compared."""
        chance = float(self.settings["probability_two_random_records_match"])
        return math.log2(chance / (1 - chance))

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """What is compared, in Splink's order."""
        return tuple(_comparison(one) for one in self.settings["comparisons"])

    def weight(self, levels: Mapping[str, int]) -> float:
        """The weight of a pair whose comparisons are at `levels` (their numbers)."""
        return self.start + sum(one.at(levels[one.name]).weight for one in self.comparisons)


@cache
def shipped() -> Model:
    """The model that comes with the program."""
    return Model(MODEL.read_text(encoding="utf-8"))


def provenance() -> dict[str, Any]:
    """What the shipped model was trained on, with what, and when (`provenance.toml`)."""
    return tomllib.loads(PROVENANCE.read_text(encoding="utf-8"))


def _comparison(given: Mapping[str, Any]) -> Comparison:
    name, levels = given["output_column_name"], given["comparison_levels"]
    best = len(levels) - 2
    return Comparison(name, tuple(_level(name, best + 1 - place, one) for place, one in enumerate(levels)))


def _level(name: str, number: int, given: Mapping[str, Any]) -> Level:
    label, condition = given["label_for_charts"], given["sql_condition"]
    if given.get("is_null_level", False):
        return Level(MISSING, label, condition, None, None)
    m, u = given.get("m_probability"), given.get("u_probability")
    if not (isinstance(m, float) and isinstance(u, float) and 0 < m <= 1 and 0 < u <= 1):
        raise Fault(f"the second opinion's model has no m or u for `{name}` at `{label}`", "no record was looked up")
    return Level(number, label, condition, m, u)
