"""Judge requests with cel-python, the Python implementation of the Common Expression Language.

Rules:
 * One program for each clause, compiled once, by the compiling runner: it is several times quicker than the
   interpreting one.
 * The facts of a row are a map, made beforehand. A missing fact is a key that is absent: cel-python 0.5.0 has no
   comparison of a number with null, and what its `has()` gives cannot be joined by `&&` in the compiling runner.
 * This is one implementation, in Python. Its speed says nothing of others.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import celpy
from celpy.adapter import json_to_cel

NAME = "cel-python"
ROWS = 2_000


def fact(name: str) -> str:
    return f"fact.{name}"


def present(name: str) -> str:
    return f'("{name}" in fact)'


def member(value: str, listed: Sequence[str]) -> str:
    return f"({value} in [{', '.join(listed)}])"


def judge(
    conditions: Mapping[str, str], rows: Sequence[Mapping[str, str | int | bool]]
) -> tuple[list[frozenset[str]], float]:
    """The clauses that each row satisfies, and the seconds of evaluating."""
    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    programs = {clause: environment.program(environment.compile(said)) for clause, said in conditions.items()}
    known = [{"fact": json_to_cel(dict(row))} for row in rows]
    began = time.monotonic()
    satisfied = [frozenset(clause for clause, one in programs.items() if one.evaluate(row)) for row in known]
    return satisfied, time.monotonic() - began
