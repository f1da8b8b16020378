"""The closed list of reasons for which something that crosses a door inward is not taken.

Rules:
 * A code is in the table of `spec/package.md` or `spec/envelope.md`, with its meaning and what to do next.
 * A message shows the sender's own value; the hint says what to do, and that no record was looked up.
 * Reading stops at the first thing that is wrong. What was read before it is not used.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import ParamSpec, TypeVar

from narrowgate.terms.refusal import Refusal


class Code(StrEnum):
    """Why a package or an envelope is refused."""

    PACKAGE_UNREADABLE = "package_unreadable"
    PACKAGE_ENTRIES = "package_entries"
    PACKAGE_TOO_LARGE = "package_too_large"
    MANIFEST_UNREADABLE = "manifest_unreadable"
    MANIFEST_FORM = "manifest_form"
    MANIFEST_NOT_CANONICAL = "manifest_not_canonical"
    SIGNATURE_UNREADABLE = "signature_unreadable"
    SIGNATURE_WEAK = "signature_weak"
    SIGNATURE_MISMATCH = "signature_mismatch"
    SIGNER_UNTRUSTED = "signer_untrusted"
    SIGNER_OUT_OF_DATE = "signer_out_of_date"
    SIGNER_PURPOSE = "signer_purpose"
    AGREEMENT_OTHER = "agreement_other"
    DATES_REVERSED = "dates_reversed"
    CREATED_AHEAD = "created_ahead"
    EXPIRED = "expired"
    REPLAY_BATCH = "replay_batch"
    REPLAY_ROWS = "replay_rows"
    ROWS_DIGEST = "rows_digest"
    ROWS_UNREADABLE = "rows_unreadable"
    ROWS_COLUMNS = "rows_columns"
    ROWS_TYPES = "rows_types"
    FIELD_TOO_LARGE = "field_too_large"
    ROWS_TOO_MANY = "rows_too_many"
    ROWS_COUNT = "rows_count"
    REQUEST_REF_FORM = "request_ref_form"
    REQUEST_REF_REPEATED = "request_ref_repeated"
    ENVELOPE_UNREADABLE = "envelope_unreadable"
    ENVELOPE_KIND = "envelope_kind"
    ENVELOPE_RECIPIENT = "envelope_recipient"


NEXT: dict[Code, str] = {
    Code.PACKAGE_UNREADABLE: "send the package again",
    Code.PACKAGE_ENTRIES: "a package holds `manifest.json`, `manifest.p7s` and one rows file, at its top",
    Code.PACKAGE_TOO_LARGE: "send less in one batch",
    Code.MANIFEST_UNREADABLE: "write the manifest as `spec/manifest.md` says and sign it again",
    Code.MANIFEST_FORM: "write the manifest as `spec/manifest.md` says and sign it again",
    Code.MANIFEST_NOT_CANONICAL: "write the manifest in RFC 8785 form and sign those bytes",
    Code.SIGNATURE_UNREADABLE: "sign the manifest again: detached CMS SignedData in DER",
    Code.SIGNATURE_WEAK: "sign the manifest again with SHA-256, SHA-384 or SHA-512",
    Code.SIGNATURE_MISMATCH: "what was signed is not what was sent: sign again and send both",
    Code.SIGNER_UNTRUSTED: "sign with a certificate issued by an authority that the custodian accepts",
    Code.SIGNER_OUT_OF_DATE: "sign with a certificate that is valid today",
    Code.SIGNER_PURPOSE: "sign with a certificate that is issued for signing messages",
    Code.AGREEMENT_OTHER: "send it to the gate of the agreement it is made under, or name this one and sign it again",
    Code.DATES_REVERSED: "correct the dates and sign the manifest again",
    Code.CREATED_AHEAD: "set the clock of the sender and sign the manifest again",
    Code.EXPIRED: "ask again with a new batch",
    Code.REPLAY_BATCH: "give a new batch a new `batch_id`",
    Code.REPLAY_ROWS: "the same rows are judged once: ask for the answer to the first batch",
    Code.ROWS_DIGEST: "the rows are not those that were signed: sign and send the batch again",
    Code.ROWS_UNREADABLE: "correct the rows file, try `narrowgate check` on it, and sign it again",
    Code.ROWS_COLUMNS: "use the columns of `spec/requests.md`, each at most once",
    Code.ROWS_TYPES: "write every column as text, dates as `YYYY-MM-DD`",
    Code.FIELD_TOO_LARGE: "shorten the value",
    Code.ROWS_TOO_MANY: "send fewer rows in one batch",
    Code.ROWS_COUNT: "state the number of rows that are sent, and send at least one",
    Code.REQUEST_REF_FORM: "give every row a reference of 1 to 64 letters, digits, `-`, `_`, `.` or `/`",
    Code.REQUEST_REF_REPEATED: "give every row a reference of its own",
    Code.ENVELOPE_UNREADABLE: "fetch the envelope again",
    Code.ENVELOPE_KIND: "an envelope is CMS AuthEnvelopedData in DER: fetch it again",
    Code.ENVELOPE_RECIPIENT: "open it with the certificate that it was sealed to",
}


def refusal(code: Code, message: str) -> Refusal:
    """A refusal with the hint that belongs to its code."""
    return Refusal(code.value, message, f"{NEXT[code]}; no record was looked up")


class Halt(Exception):  # noqa: N818 - it never leaves a public verb
    """Reading stops here. Carries the refusal to the public verb, which returns it as a value."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.refusal = refusal(code, message)

    @classmethod
    def of(cls, refused: Refusal) -> Halt:
        """A halt with a refusal that another verb has answered."""
        return cls(Code(refused.code), refused.message)


Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def answering(verb: Callable[Arguments, Result]) -> Callable[Arguments, Result | Refusal]:
    """`verb`, with a halt anywhere beneath it returned as its refusal."""

    def answer(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result | Refusal:
        try:
            return verb(*arguments, **named)
        except Halt as halt:
            return halt.refusal

    answer.__doc__, answer.__name__ = verb.__doc__, verb.__name__
    return answer


def shown(value: object, *, at_most: int = 60) -> str:
    """A sender's own value for a message: in backticks, on one line, printable, clipped."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(value))
    return f"`{text[:at_most]}…`" if len(text) > at_most else f"`{text}`"
