"""The vectors of the specification: written by hand from its page, and met by the program."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from narrowgate.agreement.language import ParameterType, evaluate, parameter_type, parse
from narrowgate.errors import AgreementError
from narrowgate.terms.agreement import ParameterValue
from narrowgate.terms.fact import Fact, Reads, Type, vocabulary

FILE = Path(__file__).parents[2] / "spec" / "vectors" / "agreement" / "conditions.toml"
VECTORS: dict[str, Any] = tomllib.loads(FILE.read_text(), parse_float=Decimal)
FACTS = vocabulary(
    tuple(
        Fact(name, Type.TEXT, Reads.REQUEST, name, values=tuple(kind))
        if isinstance(kind, list)
        else Fact(name, Type(kind), Reads.REQUEST, name)
        for name, kind in VECTORS["facts"].items()
    )
)
VALUES: dict[str, ParameterValue] = {
    name: tuple(value) if isinstance(value, list) else value for name, value in VECTORS["parameters"].items()
}
TRUTHS = {"true": True, "false": False, "undetermined": None}


def _types() -> dict[str, ParameterType]:
    types = {name: parameter_type([value]) for name, value in VALUES.items()}
    return {name: kind for name, kind in types.items() if kind is not None}


@pytest.mark.parametrize("vector", VECTORS["condition"], ids=lambda vector: vector["text"])
def test_a_condition_comes_to_what_the_specification_says(vector: dict[str, Any]) -> None:
    try:
        condition = parse(vector["text"], vocabulary=FACTS, parameters=_types(), file=FILE.name, line=1)
    except AgreementError as refused:
        assert "refused" in vector, refused.message
        return
    assert "refused" not in vector, vector["refused"]
    row = {**dict.fromkeys(FACTS), **vector.get("facts", {})}
    assert evaluate(condition, row, VALUES) is TRUTHS[vector["truth"]]
