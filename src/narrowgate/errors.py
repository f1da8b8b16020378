"""Faults: the input was not a request, or we are broken. A refusal is a value (`terms.refusal`), never one of these.

Rules:
 * A message is lower case, without a full stop, with the reader's own value in backticks.
 * A hint is one sentence, and says whether any record was looked up.
 * The exit code belongs to the class: 1 refused or falls short, 2 wrong use, 3 fault.
"""

from __future__ import annotations


class NarrowgateError(Exception):
    """Something a person must read: what is wrong, and one hint on what to do."""

    exit_code = 3

    def __init__(self, message: str, hint: str = "no record was looked up") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Refused(NarrowgateError):  # noqa: N818 - the word of the trade
    """A command was understood and is not allowed: a stay, one approver, a dirty sample (exit 1)."""

    exit_code = 1


class WrongUse(NarrowgateError):  # noqa: N818
    """The command or a file given to it cannot be used as it is (exit 2)."""

    exit_code = 2


class Fault(NarrowgateError):  # noqa: N818
    """Something we rely on is broken: a register, a ledger, a key, a station's count (exit 3)."""


class AgreementError(WrongUse):
    """An agreement cannot be loaded. Names the file, the line and the words; nothing is partly loaded."""

    def __init__(self, message: str, *, file: str, line: int | None = None) -> None:
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {message}", "the agreement was not loaded; no record was looked up")
        self.file = file
        self.line = line
