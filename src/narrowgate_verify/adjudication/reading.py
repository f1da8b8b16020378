"""What binds on one day under one reading: the clauses, and the values of their parameters (`spec/agreement.md`).

Rules:
 * A reading comes to its own clauses and values, those of its positions, and of the reading it names under `otherwise`:
   that one's own clauses and values, and its positions on the questions that are left open.
 * A clause binds on both of its end days. Clauses keep the order of the agreement.
 * Outside the agreement's days a parameter has its first value, or its last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from narrowgate_verify.adjudication.agreement import Agreement, Block
from narrowgate_verify.adjudication.kleene import Parameters, Value
from narrowgate_verify.adjudication.language import Test, read_test
from narrowgate_verify.problems import DoesNotVerify

FOREVER = date(9999, 12, 31)
_Dated = list[tuple[date, Value | tuple[Value, ...]]]


@dataclass(frozen=True)
class Clause:
    """A clause in force: what must be at hand for it (`batch`, `request`, `record`), and its test."""

    id: str
    reads: str
    face: bool
    test: Test


@dataclass(frozen=True)
class Binding:
    """All that judging a request needs of an agreement."""

    clauses: tuple[Clause, ...]
    parameters: Parameters
    releasable: tuple[str, ...]


def binding(agreement: Agreement, reading: str, *, on: date, facts: Collection[str]) -> Binding:
    """What binds on `on` under `reading`; clauses that read the release have no part in a determination."""
    parts = _parts(agreement, reading)
    parameters = {**_parameters(agreement, on), **_overrides(parts)}
    bound = {str(name) for part in parts for name in part.get("binds", ())}
    clauses = tuple(
        Clause(name, block["reads"], block["face"], _test(name, block, facts, parameters))
        for name, block in agreement.blocks["clause"].items()
        if name in bound and block["reads"] != "release" and _lasts(block, on)
    )
    return Binding(clauses, parameters, tuple(agreement.head["releasable"]))


def _test(name: str, block: Block, facts: Collection[str], parameters: Parameters) -> Test:
    try:
        return read_test(block["test"], facts=facts, parameters=parameters)
    except DoesNotVerify as problem:
        raise DoesNotVerify(f"clause `{name}` of the agreement: {problem}") from problem


def _parts(agreement: Agreement, reading: str) -> list[Block]:
    """Whose clauses and values a reading comes to: the one under `otherwise`, itself, and its positions."""
    chosen = _reading(agreement, reading)
    basis = [_reading(agreement, chosen["otherwise"])] if "otherwise" in chosen else []
    taken: dict[str, str] = {}
    for one in (*basis, chosen):
        taken |= one.get("positions", {})
    return [*basis, chosen, *(_position(agreement, question, name) for question, name in taken.items())]


def _reading(agreement: Agreement, name: str) -> Block:
    if name not in agreement.blocks["reading"]:
        raise DoesNotVerify(f"the agreement has no reading `{name}`")
    return agreement.blocks["reading"][name]


def _position(agreement: Agreement, question: str, name: str) -> Block:
    for position in agreement.blocks["question"].get(question, {}).get("position", ()):
        if position["id"] == name:
            return dict(position)
    raise DoesNotVerify(f"the agreement has no position `{name}` on `{question}`")


def _overrides(parts: list[Block]) -> dict[str, Value | tuple[Value, ...]]:
    return {name: _value(value) for part in parts for name, value in part.get("parameters", {}).items()}


def _parameters(agreement: Agreement, on: date) -> dict[str, Value | tuple[Value, ...]]:
    """The agreement's own values on `on`: its days, its registry of statutes, its parameters."""
    head = agreement.head
    written = {
        name: [(value["begins"], _value(value["value"])) for value in block["value"]]
        for name, block in agreement.blocks["parameter"].items()
    }
    return {
        "agreement_begins": head["begins"],
        "agreement_ends": head.get("ends", FOREVER),
        **{name: _on(values, on) for name, values in {**_registry(agreement), **written}.items()},
    }


def _on(values: _Dated, on: date) -> Value | tuple[Value, ...]:
    """The last value that had begun on `on`, or the first where none had."""
    ordered = sorted(values, key=lambda dated: dated[0])
    begun = [value for begins, value in ordered if begins <= on]
    return begun[-1] if begun else ordered[0][1]


def _registry(agreement: Agreement) -> dict[str, _Dated]:
    """The lists that the registry of statutes comes to, each from the days on which it changes."""
    statutes = [block for block in agreement.blocks["statute"].values() if block["accepted"]]
    groups = {
        "statutes_accepted": statutes,
        "statutes_criminal": [one for one in statutes if one["kind"] == "criminal"],
    }
    for need in {need for one in statutes for need in one.get("needs", ())}:
        groups[f"statutes_needing_{need}"] = [one for one in statutes if need in one.get("needs", ())]
    begins = agreement.head["begins"]
    return {
        name: [(day, tuple(str(one["id"]) for one in group if _lasts(one, day))) for day in _changes(group, begins)]
        for name, group in groups.items()
        if group
    }


def _changes(group: list[Block], begins: date) -> Iterator[date]:
    """The first day of the agreement, and each later one on which a statute of `group` comes or has gone."""
    yield begins
    for one in group:
        gone = one["ends"] + timedelta(days=1) if one.get("ends", FOREVER) < FOREVER else begins
        yield from (day for day in (one.get("begins", begins), gone) if day > begins)


def _lasts(block: Mapping[str, Any], on: date) -> bool:
    """Whether `on` lies in the days of `block`, both ends included."""
    return bool(block.get("begins", on) <= on <= block.get("ends", on))


def _value(written: Any) -> Value | tuple[Value, ...]:
    return tuple(written) if isinstance(written, list) else written
