"""Notes are signed and read as C2SP signed-note says, and as other programs sign them."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from narrowgate.errors import Fault
from narrowgate.ledger.checkpoint import read_checkpoint, signed_checkpoint
from narrowgate.ledger.note import ECDSA_P256, ED25519, PrivateKeySigner, Verifier, sign, verify
from tests.ledger.support import ORIGIN, SIGNERS, fresh_signers

# The example in the documentation of Go's golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
# The public key of a public transparency log, and the id under which its checkpoints name it.
P256_KEY = (
    "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLO"
    "C96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc="
)
KEYS = [signer.verifier for signer in SIGNERS]
TEXT = "a text\nof two lines\n"


def test_a_note_signed_by_go_verifies() -> None:
    assert verify(GO_NOTE, [Verifier.from_vkey(GO_KEY)]).startswith("If you think")


def test_key_ids_are_those_that_other_programs_compute() -> None:
    assert Verifier.from_vkey(GO_KEY).algorithm == ED25519
    assert Verifier.from_vkey(P256_KEY).algorithm == ECDSA_P256
    for vkey in (GO_KEY, P256_KEY):
        assert Verifier.from_vkey(vkey).vkey == vkey


def test_a_key_with_the_id_of_another_is_refused() -> None:
    with pytest.raises(Fault, match="not its own"):
        Verifier.from_vkey(GO_KEY.replace("c74f20a3", "c0d23d6a"))


def test_what_is_signed_by_two_verifies_by_both() -> None:
    note = sign(TEXT, SIGNERS)
    assert verify(note, KEYS) == TEXT
    assert note.count("\n— ") == 2


def test_a_note_that_lacks_a_required_signature_is_refused() -> None:
    with pytest.raises(Fault, match="is not signed by"):
        verify(sign(TEXT, SIGNERS[:1]), KEYS)


def test_a_changed_text_is_refused() -> None:
    with pytest.raises(Fault, match="does not verify"):
        verify(sign(TEXT, SIGNERS).replace("two", "six"), KEYS)


def test_a_line_by_an_unknown_key_of_the_same_name_counts_for_nothing() -> None:
    strangers = fresh_signers()
    assert verify(sign(TEXT, (*strangers, *SIGNERS)), KEYS) == TEXT
    with pytest.raises(Fault, match="is not signed by"):
        verify(sign(TEXT, strangers), KEYS)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\nname AAAAAAA=\n",
        "text\n\n— name AAAA\n",
        "a\tb\n\n— n AAAAAAA=\n",
    ],
)
def test_what_is_not_a_note_is_refused(note: str) -> None:
    with pytest.raises(Fault):
        verify(note, KEYS)


def test_a_second_spelling_of_a_signature_is_refused() -> None:
    note = sign(TEXT, SIGNERS)
    line = note.splitlines()[-1]
    stray = line[:-2] + chr(ord(line[-2]) + 1) + "="
    assert base64.b64decode(stray.split(" ")[2]) == base64.b64decode(line.split(" ")[2])
    with pytest.raises(Fault, match="as it is written"):
        verify(note.replace(line, stray), KEYS)


def test_a_text_without_its_last_newline_is_not_signed() -> None:
    with pytest.raises(Fault, match="newline"):
        sign("a text", SIGNERS)


def test_a_key_on_another_curve_is_refused() -> None:
    key = PrivateKeySigner(ORIGIN, ec.generate_private_key(ec.SECP384R1()))
    with pytest.raises(Fault, match="P-256"):
        assert key.verifier


@pytest.mark.parametrize("signers", [(), SIGNERS[:1], SIGNERS[1:], (*SIGNERS, SIGNERS[0]), (SIGNERS[0],) * 2])
def test_a_checkpoint_is_signed_by_one_key_of_each_algorithm(signers: tuple[PrivateKeySigner, ...]) -> None:
    with pytest.raises(Fault, match="one ECDSA P-256 and one Ed25519"):
        signed_checkpoint(ORIGIN, 0, bytes(32), signers)


def test_a_key_of_another_name_does_not_sign_for_the_log() -> None:
    with pytest.raises(Fault, match="does not bear the name"):
        signed_checkpoint(ORIGIN, 0, bytes(32), fresh_signers("another.example"))


def test_a_checkpoint_of_another_log_is_refused() -> None:
    other = signed_checkpoint(ORIGIN, 0, bytes(32), SIGNERS)
    assert read_checkpoint(other.note, ORIGIN, KEYS) == other
    with pytest.raises(Fault, match="is of the log"):
        read_checkpoint(other.note, "another.example", KEYS)


@pytest.mark.parametrize("size", ["", "03", "-1", "+1", "1_0", " 1", "٣", "9" * 20])
def test_a_size_has_one_spelling(size: str) -> None:
    root = base64.b64encode(bytes(32)).decode()
    with pytest.raises(Fault):
        read_checkpoint(sign(f"{ORIGIN}\n{size}\n{root}\n", SIGNERS), ORIGIN, KEYS)


def test_extension_lines_are_passed_over() -> None:
    root = base64.b64encode(bytes(32)).decode()
    assert read_checkpoint(sign(f"{ORIGIN}\n7\n{root}\nmore\n", SIGNERS), ORIGIN, KEYS).size == 7
