"""The command line of the verifier.

Rules:
 * Exit codes: 0 verifies, 1 does not, 2 wrong use, 3 something could not be read.
 * With --json one object is printed, on one line, whatever the outcome of a check.
 * Of the program only what the check needs is loaded: a receipt is checked in the time of a key press.
 * No text from the evidence reaches a terminal as anything but text.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Sequence
from typing import NoReturn

from narrowgate_verify.arguments import Asked, read_arguments
from narrowgate_verify.commands import JSON, Answer, Command
from narrowgate_verify.problems import DoesNotVerify, WrongUse

VERIFIED, DOES_NOT_VERIFY, WRONG_USE, FAULT = range(4)
CHECKS = {
    "ledger": "recompute a whole ledger from its entries",
    "growth": "check that a ledger begins with what was signed before",
    "receipt": "check that an entry is in the ledger",
    "receipts": "check many receipts, one per line of a file",
    "totals": "check that published totals are those of the ledger",
    "readjudicate": "judge determinations again from the signed packages",
}
_HELP = {"-h", "--help"}


def run() -> NoReturn:
    """Run the check of the command line, and end the process with its exit code.

    What was loaded is not garbage. To look for some in it, while loading and once more at the end, takes a seventh of
    the time in which a receipt is to be checked.
    """
    gc.set_threshold(100_000)
    code = main()
    gc.freeze()
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one check and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    check = words[0] if words else ""
    if check in _HELP:
        print(_help(), end="")
        return VERIFIED
    if check not in CHECKS:
        return _wrong_use(f"`{check}` is not a check" if check else "say what to check", _help())
    command = _command(check)
    if _HELP & set(words):
        print(command.form.help(check, CHECKS[check]), end="")
        return VERIFIED
    try:
        asked = read_arguments(words[1:], command.form)
    except WrongUse as problem:
        return _wrong_use(str(problem), f"usage: {command.form.usage(check)}\n")
    return _run(command, asked)


def _run(command: Command, asked: Asked) -> int:
    try:
        answer: Answer = {"verified": True, **command.check(asked), "problem": None}
        code = VERIFIED
    except DoesNotVerify as problem:
        answer = {"verified": False, **command.nothing, "problem": str(problem)}
        code = DOES_NOT_VERIFY
    except (WrongUse, OSError) as problem:
        answer = {"verified": False, **command.nothing, "problem": str(problem)}
        code = FAULT if isinstance(problem, OSError) else WRONG_USE
    _show(answer, code, as_json=asked.flag(JSON.name))
    return code


def _command(check: str) -> Command:
    """The check of that name, which is loaded now."""
    match check:
        case "ledger":
            from narrowgate_verify.commands.ledger import COMMAND  # noqa: PLC0415
        case "growth":
            from narrowgate_verify.commands.growth import COMMAND  # noqa: PLC0415
        case "receipt":
            from narrowgate_verify.commands.receipt import COMMAND  # noqa: PLC0415
        case "receipts":
            from narrowgate_verify.commands.receipts import COMMAND  # noqa: PLC0415
        case "totals":
            from narrowgate_verify.commands.totals import COMMAND  # noqa: PLC0415
        case _:
            from narrowgate_verify.adjudication.command import COMMAND  # noqa: PLC0415
    return COMMAND


def _help() -> str:
    checks = "".join(f"  {name:<14}{does}\n" for name, does in CHECKS.items())
    return (
        "usage: narrowgate-verify CHECK ...\n\n"
        "Check what Narrowgate put on record, trusting only keys you were given beforehand.\n\n"
        f"{checks}\n`narrowgate-verify CHECK --help` says what a check is asked.\n"
    )


def _wrong_use(problem: str, usage: str) -> int:
    print(_harmless(f"narrowgate-verify: error: {problem}\n{usage}"), end="", file=sys.stderr)
    return WRONG_USE


def _show(answer: Answer, code: int, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer))
    elif code == VERIFIED:
        print(_harmless(answer["words"] if "words" in answer else _listed(answer)), end="")
    elif code == DOES_NOT_VERIFY:
        print(_harmless(f"does not verify: {answer['problem']}"))
    else:
        print(_harmless(f"narrowgate-verify: error: {answer['problem']}"), file=sys.stderr)


def _listed(answer: Answer) -> str:
    shown = {name: value for name, value in answer.items() if name not in {"verified", "problem"}}
    return "verified\n" + "".join(f"  {name.replace('_', ' ')}: {_plain(value)}\n" for name, value in shown.items())


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(each)}" for name, each in value.items()) or "none"
    return "none" if value is None else str(value)


def _harmless(text: str) -> str:
    """`text` with whatever could move a cursor or turn a line around written as an escape."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


if __name__ == "__main__":
    run()
