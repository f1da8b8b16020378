"""`receipts FILE`: check many receipt documents, one per line."""

from __future__ import annotations

from collections.abc import Iterator

from narrowgate_verify.arguments import Asked, Form
from narrowgate_verify.commands import JSON, POLICY, Answer, Command
from narrowgate_verify.document import is_document
from narrowgate_verify.policy import Policy, read_policy
from narrowgate_verify.problems import DoesNotVerify, WrongUse
from narrowgate_verify.receipt import Proved, verify_receipt


def verify_receipts(file: str, policy: Policy) -> Iterator[Proved]:
    """What each line of `file` proves, in order; DoesNotVerify names the first that proves nothing."""
    try:
        with open(file, "rb") as lines:  # noqa: PTH123 - as in `encoding`
            for number, line in enumerate(lines, 1):
                yield _proved(line, number, policy)
    except FileNotFoundError as error:
        raise WrongUse(f"there is no file `{file}`") from error


def _proved(line: bytes, number: int, policy: Policy) -> Proved:
    if not is_document(line):
        raise DoesNotVerify(f"line {number}: not a receipt document")
    try:
        return verify_receipt(line, policy)
    except (DoesNotVerify, WrongUse) as problem:  # a receipt that does not bring its entry is no use here
        raise DoesNotVerify(f"line {number}: {problem}") from problem


def _check(asked: Asked) -> Answer:
    policy = read_policy(asked.required("--policy"))
    return {"receipts": sum(1 for _ in verify_receipts(asked.place("FILE"), policy))}


COMMAND = Command(Form(("FILE",), (POLICY, JSON)), _check, {"receipts": None})
