"""The command line of the verifier.

Rules:
 * Exit codes: 0 verifies, 1 does not, 2 wrong use, 3 something could not be read.
 * With --json one object is printed, on one line, whatever the outcome.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from narrowgate_verify.growth import verify_growth
from narrowgate_verify.ledger import verify_ledger
from narrowgate_verify.policy import Policy, read_policy
from narrowgate_verify.problems import DoesNotVerify, WrongUse
from narrowgate_verify.receipt import verify_receipt

VERIFIED, DOES_NOT_VERIFY, WRONG_USE, FAULT = range(4)
Answer = dict[str, Any]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one check and return its exit code."""
    try:
        asked = _parser().parse_args(argv)
    except SystemExit as stop:  # argparse has printed what is wrong, or the help
        return int(stop.code or 0)
    try:
        answer: Answer = {"verified": True, **asked.check(asked), "problem": None}
        code = VERIFIED
    except DoesNotVerify as problem:
        answer = {"verified": False, **asked.nothing, "problem": str(problem)}
        code = DOES_NOT_VERIFY
    except (WrongUse, OSError) as problem:
        answer = {"verified": False, **asked.nothing, "problem": str(problem)}
        code = FAULT if isinstance(problem, OSError) else WRONG_USE
    _show(answer, code, as_json=asked.json)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="narrowgate-verify",
        description="Check a Narrowgate ledger or receipt, trusting only keys you were given beforehand.",
    )
    checks = parser.add_subparsers(required=True, metavar="CHECK")
    ledger = checks.add_parser("ledger", help="recompute a whole ledger from its entries")
    ledger.add_argument("folder", type=Path, metavar="DIR")
    ledger.set_defaults(check=_ledger, nothing={"size": None, "root": None, "kinds": {}})
    growth = checks.add_parser("growth", help="check that a ledger begins with what was signed before")
    growth.add_argument("old", type=Path, metavar="OLD_CHECKPOINT")
    growth.add_argument("folder", type=Path, metavar="DIR")
    growth.set_defaults(check=_growth, nothing={"old_size": None, "size": None, "root": None})
    receipt = checks.add_parser("receipt", help="check that an entry is in the ledger")
    receipt.add_argument("receipt", type=Path, metavar="RECEIPT")
    receipt.add_argument("--entry", type=Path, metavar="FILE", help="the entry, if not enclosed")
    receipt.add_argument("--salt", metavar="HEX", help="with --payload: what the entry should commit to")
    receipt.add_argument("--payload", type=Path, metavar="FILE")
    receipt.set_defaults(check=_receipt, nothing={"index": None, "size": None, "root": None, "entry": None})
    for check in (ledger, growth, receipt):
        check.add_argument("--policy", type=Path, required=True, metavar="FILE", help="whom to trust")
        check.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _ledger(asked: argparse.Namespace) -> Answer:
    found = verify_ledger(_folder(asked.folder), _policy(asked, evidence=asked.folder))
    return {"size": found.size, "root": found.root.hex(), "kinds": found.kinds}


def _growth(asked: argparse.Namespace) -> Answer:
    policy = _policy(asked, evidence=asked.folder)
    old, new = verify_growth(_file(asked.old), _folder(asked.folder), policy)
    return {"old_size": old.size, "size": new.size, "root": new.root.hex()}


def _receipt(asked: argparse.Namespace) -> Answer:
    if (asked.salt is None) != (asked.payload is None):
        raise WrongUse("--salt and --payload are given together or not at all")
    proved = verify_receipt(
        _file(asked.receipt),
        _policy(asked),
        separate_entry=_file(asked.entry) if asked.entry else None,
        salt=_hex(asked.salt) if asked.salt is not None else None,
        payload=_file(asked.payload) if asked.payload else None,
    )
    return {
        "index": proved.index,
        "size": proved.size,
        "root": proved.root.hex(),
        "entry": json.loads(proved.entry),
    }


def _policy(asked: argparse.Namespace, *, evidence: Path | None = None) -> Policy:
    return read_policy(asked.policy, evidence=evidence)


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise WrongUse(f"there is no ledger folder `{path}`")
    return path


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise WrongUse(f"there is no file `{path}`") from error


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise WrongUse(f"`{text}` is not hex") from error


def _show(answer: Answer, code: int, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer))
    elif code == VERIFIED:
        print("verified")
        for name, value in answer.items():
            if name not in {"verified", "problem"}:
                print(f"  {name}: {_plain(value)}")
    elif code == DOES_NOT_VERIFY:
        print(f"does not verify: {answer['problem']}")
    else:
        print(f"narrowgate-verify: error: {answer['problem']}", file=sys.stderr)


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(each)}" for name, each in value.items()) or "none"
    return "none" if value is None else str(value)


if __name__ == "__main__":
    sys.exit(main())
