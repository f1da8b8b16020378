"""Ask about simulated people: small batches, matched against small registers by the real station."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from narrowgate.adjudication.facts import VOCABULARY as FACTS
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.language import facts_of, parse
from narrowgate.agreement.load import load
from narrowgate.agreement.shipped import shipped
from narrowgate.engine.session import open_session
from narrowgate.matching import Lookup, resolve
from narrowgate.matching.comparison import VOCABULARY as COMPARISONS
from narrowgate.matching.decision import LAST_KNOWN
from narrowgate.register import ParquetRegister, open_register
from narrowgate.terms.agreement import Basis
from tests.register.shelf import Row, a_register

REQUEST_SCHEMA = pa.schema(
    [
        ("row_no", pa.int64()), ("first_name", pa.string()), ("middle_name", pa.string()),
        ("last_name", pa.string()), ("name_suffix", pa.string()), ("birth_date", pa.date32()),
        ("tin", pa.string()), ("street", pa.string()), ("unit", pa.string()), ("city", pa.string()),
        ("state", pa.string()), ("zip", pa.string()), ("tax_periods", pa.string()),
    ]
)  # fmt: skip
COLUMNS = [
    "row_no", "match_outcome", "person_id", "match_rule", "one_person", "agreeing_identifiers",
    "address_confirmed", "address_current", "impairment", "identity_theft", "deceased", "last_known_period",
    "last_known_period_stated", "last_known_kind",
]  # fmt: skip
DAY = date(2025, 8, 7)
NONE = ("none", None, None)


def possible(reason: str) -> tuple[str, None, str]:
    """An outcome that a person must settle, for this reason."""
    return ("possible", None, reason)


def a_request(**changed: Any) -> Row:
    """A request about Alma, as the register has her."""
    alma: dict[str, Any] = {
        "first_name": "Alma", "middle_name": "R", "last_name": "Quintero", "name_suffix": None,
        "birth_date": date(1984, 5, 17), "tin": "900700001", "street": "1501 Oak Ave", "unit": None,
        "city": "Seattle", "state": "WA", "zip": "98103", "tax_periods": "2023;2024",
    }  # fmt: skip
    return {**alma, **changed}


@cache
def reading(name: str = "strict") -> Basis:
    """The flagship agreement as it binds under a reading, and under `strict` with all rules of evidence.

    The rule that allows a slip in one name is the one most easily got wrong, so it is tried with the others.
    """
    agreement = load(shipped("irs-ice-2025"), facts=FACTS, comparisons=COMPARISONS)
    bound = basis(agreement, name, on=DAY)
    if name != "strict":
        return bound
    allowed = agreement.questions["P19"].positions["B"].evidence
    return replace(bound, evidence=tuple(agreement.evidence[rule] for rule in allowed))


@cache
def asking_for_no_address() -> Basis:
    """The same without the clauses that read the last known address."""
    bound = reading()
    kept = tuple(clause for clause in bound.clauses if not LAST_KNOWN & facts_of(clause.expression))
    return replace(bound, clauses=kept)


@cache
def asking_for_current(name: str = "strict") -> Basis:
    """The same with a clause that asks whether the address that agrees is the last known one."""
    bound = reading(name)
    clause = bound.clauses[-1]
    test = "address_current OR last_known_period > 0"
    return replace(
        bound,
        clauses=(
            *bound.clauses,
            replace(clause, test=test, expression=parse(test, vocabulary=FACTS, parameters={}, file="tests", line=1)),
        ),
    )


@dataclass(frozen=True)
class Asked:
    """What the station handed on, a dict per row, and what looking up cost."""

    rows: list[dict[str, Any]]
    lookup: Lookup


def ask(
    folder: Path,
    people: Iterable[Row],
    addresses: Iterable[Row],
    requests: Sequence[Row],
    *,
    under: Basis | None = None,
    standing: Sequence[bool | None] | None = None,
    **how: Any,
) -> Asked:
    """Match `requests` against a register of `people` and `addresses` in `folder`."""
    register = open_register(a_register(folder / "register", people, addresses))
    return ask_of(register, folder, requests, under=under, standing=standing, **how)


def a_case(folder: Path, requests: Sequence[Row], standing: Sequence[bool | None] | None = None) -> Path:
    """A case folder with `requests` and their findings; all of them stand unless `standing` says otherwise."""
    case = folder / "case"
    case.mkdir(parents=True, exist_ok=True)
    stands = [True] * len(requests) if standing is None else list(standing)
    numbered = [{"row_no": number, **row} for number, row in enumerate(requests)]
    pq.write_table(pa.Table.from_pylist(numbered, REQUEST_SCHEMA), case / "request.parquet")
    findings = pa.table({"row_no": pa.array(range(len(stands)), pa.int64()), "stands": pa.array(stands, pa.bool_())})
    pq.write_table(findings, case / "findings_request.parquet")
    return case


def ask_of(
    register: ParquetRegister,
    folder: Path,
    requests: Sequence[Row],
    *,
    under: Basis | None = None,
    standing: Sequence[bool | None] | None = None,
    **how: Any,
) -> Asked:
    """Match `requests` against `register`; `how` are further arguments of the station."""
    case = a_case(folder, requests, standing)
    session = open_session(directories=[register.folder, case], temp_directory=folder / "spill")
    try:
        lookup = resolve(
            session,
            request=case / "request.parquet",
            findings=case / "findings_request.parquet",
            register=register,
            basis=under or asking_for_current(),
            out=case / "match.parquet",
            **how,
        )
        left = session.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        assert left == [], "nothing of the station may outlive it"
    finally:
        session.close()
    table = pq.read_table(case / "match.parquet")
    assert table.column_names == COLUMNS
    assert {path.name for path in case.iterdir()} == {
        "request.parquet", "findings_request.parquet", "match.parquet",
    }  # fmt: skip
    return Asked(table.to_pylist(), lookup)


def ask_one(folder: Path, people: Iterable[Row], addresses: Iterable[Row], **changed: Any) -> dict[str, Any]:
    """What is handed on for one request about Alma, `changed` in some columns."""
    (row,) = ask(folder, people, addresses, [a_request(**changed)]).rows
    return row


def outcome(row: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Outcome, person and rule; and the promise that nothing is said of a person without a match."""
    if row["match_outcome"] != "match":
        assert row["person_id"] is None
        assert [row[column] for column in COLUMNS[5:]] == [None] * (len(COLUMNS) - 5)
    assert row["one_person"] is {"match": True, "possible": None, "none": False}[row["match_outcome"]]
    return row["match_outcome"], row["person_id"], row["match_rule"]
