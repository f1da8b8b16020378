"""`readjudicate RECEIPTS`: judge determinations again, from the signed packages and the agreement.

Rules:
 * What is judged again is what was proved: a receipt that proves nothing, or opens nothing, ends the check.
 * All receipts are of one batch, whose package is named; they may be of several runs of it.
 * It verifies if every request was judged alike. The first that differ are named; `--verdicts` writes all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from narrowgate_verify.adjudication.agreement import read_agreement
from narrowgate_verify.adjudication.evidence import Evidence, batch_facts
from narrowgate_verify.adjudication.package import open_package
from narrowgate_verify.adjudication.stated import (
    BATCH_FACTS,
    RECORD_FACTS,
    Determination,
    Under,
    read_determination,
    read_under,
)
from narrowgate_verify.adjudication.verdict import Verdict, readjudicate
from narrowgate_verify.arguments import Asked, Form, Option
from narrowgate_verify.commands import JSON, POLICY, Answer, Command
from narrowgate_verify.commands.receipts import verify_receipts
from narrowgate_verify.policy import Policy, read_policy
from narrowgate_verify.problems import DoesNotVerify

NAMED = 5
"""How many requests that differ a message names."""


def check_again(receipts: str, policy: Policy, evidence: Evidence) -> tuple[list[Verdict], list[Under]]:
    """A verdict on every receipt of the file, in the order of its runs, and what the runs were made under."""
    verdicts: list[Verdict] = []
    determined_under = runs(receipts, policy)
    for under, determined in determined_under:
        verdicts += readjudicate(determined, under, evidence)
    return verdicts, [under for under, _ in determined_under]


def runs(receipts: str, policy: Policy) -> list[tuple[Under, list[Determination]]]:
    """What the receipts of the file open, by what it was determined under; DoesNotVerify names the first bad line."""
    found: dict[str, tuple[Under, list[Determination]]] = {}
    for number, proved in enumerate(verify_receipts(receipts, policy), 1):
        if proved.payload is None or proved.grounds is None or proved.under is None:
            raise DoesNotVerify(f"line {number}: the receipt does not open what was determined, on which grounds and "
                "under what: it is not one for an inspector")  # fmt: skip
        try:
            determination = read_determination(proved.payload, proved.grounds)
            run = found.setdefault(proved.payload["under"], (read_under(proved.under), []))
        except DoesNotVerify as problem:
            raise DoesNotVerify(f"line {number}: {problem}") from problem
        run[1].append(determination)
    if not found:
        raise DoesNotVerify(f"`{receipts}` holds no receipt")
    return list(found.values())


def _check(asked: Asked) -> Answer:
    anchors = Path(asked.required("--anchors"))
    evidence = Evidence(
        read_agreement(Path(asked.required("--agreement"))),
        open_package(Path(asked.required("--package")), anchors=anchors),
        [open_package(Path(path), anchors=anchors) for path in asked.all("--earlier")],
    )
    verdicts, made_under = check_again(asked.place("RECEIPTS"), read_policy(asked.required("--policy")), evidence)
    out = asked.one("--verdicts")
    if out is not None:
        _write(out, verdicts)
    differing = [verdict for verdict in verdicts if not verdict.agrees]
    if differing:
        raise DoesNotVerify(_named(differing, len(verdicts)))
    return {
        "judged_again": len(verdicts),
        "taken_as_stated": sorted(
            (BATCH_FACTS.keys() - batch_facts(evidence, made_under[0]).keys()) | RECORD_FACTS.keys()
        ),
        "clauses_not_judged_again": sorted({clause for verdict in verdicts for clause in verdict.taken}),
    }


def _named(differing: Sequence[Verdict], count: int) -> str:
    """What differs, in the first few requests."""
    named = [f"  {verdict.request_ref}: {'; '.join(map(str, verdict.differences))}" for verdict in differing[:NAMED]]
    return "\n".join([f"{len(differing):,} of {count:,} requests were judged otherwise", *named])


def _write(out: str, verdicts: Iterable[Verdict]) -> None:
    """Write a line of JSON for each verdict, for nobody else to read: who was found is said by what differs."""
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        for verdict in verdicts:
            file.write(json.dumps(_as_json(verdict), default=str) + "\n")


def _as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "request_ref": verdict.request_ref,
        "agrees": verdict.agrees,
        "differences": [vars(difference) for difference in verdict.differences],
        "clauses_not_judged_again": list(verdict.taken),
    }


COMMAND = Command(
    Form(
        ("RECEIPTS",),
        (
            Option("--package", "PATH", "the signed package of the batch", required=True),
            Option("--earlier", "PATH", "a package received within a year before", repeated=True),
            Option("--agreement", "DIR", "the agreement's folder", required=True),
            Option("--anchors", "PEM", "authorities that you accept for who signs packages", required=True),
            Option("--verdicts", "FILE", "write what each request came to, a line of JSON each"),
            POLICY,
            JSON,
        ),
    ),
    _check,
    {"judged_again": None, "taken_as_stated": [], "clauses_not_judged_again": []},
)
