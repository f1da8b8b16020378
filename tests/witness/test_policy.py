"""A policy names the keys of one log; what else stands in it is for those who check."""

from __future__ import annotations

import pytest

from narrowgate.errors import WrongUse
from narrowgate.ledger.checkpoint import LARGEST
from narrowgate.witness.trusted import log_keys, read_policy, signing_for
from tests.ledger.support import ORIGIN, SIGNERS, fresh_signers
from tests.witness.support import VKEYS

FIRST, SECOND = (f"{signer.verifier.name}+{signer.verifier.key_id.hex()}" for signer in SIGNERS)
TWO = f"log {VKEYS[0]}\nlog {VKEYS[1]} https://ledger.example/\n"


def test_every_log_line_names_a_key_and_other_lines_are_passed_over() -> None:
    text = f"# a comment\n\n \t \nwitness w vkey\ngroup g any w\n{TWO}quorum g\ntimestamp a AAAA\n"
    origin, keys = read_policy(text.encode())
    assert origin == ORIGIN
    assert [key.verifier.vkey for key in keys] == VKEYS
    assert {(key.first, key.last) for key in keys} == {(0, LARGEST)}


def test_blanks_and_tabs_around_the_parts_of_a_line_mean_nothing() -> None:
    assert read_policy(f"\t log \t{VKEYS[0]}  \n".encode()) == read_policy(f"log {VKEYS[0]}\n".encode())


def test_a_key_signs_from_and_until_a_size_both_included() -> None:
    _, keys = read_policy(f"{TWO}from 3 {FIRST}\nuntil 5 {FIRST}\nuntil 4 {SECOND}\n".encode())
    signing = [len(signing_for(keys, size)) for size in range(8)]
    assert signing == [1, 1, 1, 2, 2, 1, 0, 0]


def test_the_order_of_lines_means_nothing() -> None:
    _, keys = read_policy(f"until 5 {FIRST}\n{TWO}".encode())
    assert [key.last for key in keys] == [5, LARGEST]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "end in a newline"),
        (TWO.rstrip(), "end in a newline"),
        ("\n", "no `log` line"),
        ("quorum none\n", "no `log` line"),
        ("log\n", "is not `log"),
        (f"log {VKEYS[0]} url more\n", "is not `log"),
        ("log nonsense\n", "is not a key"),
        (f"log {VKEYS[0]}\nlog {VKEYS[0]}\n", "each once"),
        (f"log {VKEYS[0]}\nlog {fresh_signers('another.example')[0].verifier.vkey}\n", "does not bear the name"),
        (f"{TWO}from 3 stranger+00000000\n", "of a key of the log"),
        (f"{TWO}from {FIRST}\n", "of a key of the log"),
        (f"{TWO}from 03 {FIRST}\n", "is not the size"),
        (f"{TWO}until soon {FIRST}\n", "is not the size"),
        (f"{TWO}\r\n", "control character"),
    ],
)
def test_a_policy_that_does_not_name_the_keys_of_one_log_is_refused(text: str, reason: str) -> None:
    with pytest.raises(WrongUse, match=reason) as problem:
        read_policy(text.encode())
    assert problem.value.hint == "the log was not trusted"


def test_a_policy_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(WrongUse, match="not UTF-8"):
        read_policy(b"log \xff\n")


def test_a_log_without_keys_is_not_trusted() -> None:
    with pytest.raises(WrongUse, match="needs keys"):
        log_keys(ORIGIN, [])
