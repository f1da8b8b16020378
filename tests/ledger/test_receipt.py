"""A receipt is written and read as C2SP tlog-proof says."""

from __future__ import annotations

import pytest

from narrowgate.errors import WrongUse
from narrowgate.formats.receipt import Receipt, receipt_from_text, receipt_to_text

CHECKPOINT = "example.com/log\n2\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— example.com/log AAAAAAA=\n"
RECEIPT = Receipt(1, (bytes(32),), CHECKPOINT, b"entry")


def test_a_receipt_has_the_lines_of_a_tlog_proof() -> None:
    assert receipt_to_text(RECEIPT) == (
        "c2sp.org/tlog-proof@v1\nextra ZW50cnk=\nindex 1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n" + CHECKPOINT
    )


@pytest.mark.parametrize(
    "receipt", [RECEIPT, Receipt(0, (), CHECKPOINT), Receipt(10**12, (b"x" * 32,) * 40, CHECKPOINT, b"")]
)
def test_what_is_written_is_read(receipt: Receipt) -> None:
    assert receipt_from_text(receipt_to_text(receipt)) == receipt


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("index 1", "index 01"),
        ("index 1", "index -1"),
        ("index 1", "index " + "9" * 5000),
        ("index 1\n", ""),
        ("AAA=\n\n", "AAB=\n\n"),
        ("AAA=\n\n", "\n\n"),
        ("extra ZW50cnk=", "extra ZW50cnk"),
        ("\n\n", "\n"),
    ],
)
def test_what_is_not_a_receipt_is_refused(old: str, new: str) -> None:
    text = receipt_to_text(RECEIPT)
    assert old in text
    with pytest.raises(WrongUse, match="not a receipt"):
        receipt_from_text(text.replace(old, new))
