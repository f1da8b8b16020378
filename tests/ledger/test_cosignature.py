"""Cosignatures are made and read as C2SP tlog-cosignature says, and as a public witness makes them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.errors import Fault
from narrowgate.ledger import Log
from narrowgate.ledger.checkpoint import read_checkpoint, signed_checkpoint
from narrowgate.ledger.cosignature import Cosigner, CosignerKey, with_lines
from narrowgate.ledger.note import sign, split
from tests.ledger.support import ORIGIN, SIGNERS, a_log, fresh_signers

# A checkpoint of a public log as a public witness cosigned it with both of its keys, on 2026-08-02.
PUBLIC = Path(__file__).parent / "cosigned"
PUBLIC_NOTE = (PUBLIC / "checkpoint").read_text(encoding="utf-8")
PUBLIC_KEYS = (PUBLIC / "vkeys").read_text(encoding="utf-8").splitlines()

COSIGNERS = (
    Cosigner("witness.example/w", ed25519.Ed25519PrivateKey.generate()),
    Cosigner("witness.example/w", mldsa.MLDSA44PrivateKey.generate()),
)
NOTE = signed_checkpoint(ORIGIN, 7, bytes(32), SIGNERS).note
NOW = 1_764_000_000

each_algorithm = pytest.mark.parametrize("cosigner", COSIGNERS, ids=("ed25519", "ml-dsa-44"))


@pytest.mark.parametrize("vkey", PUBLIC_KEYS, ids=("ed25519", "ml-dsa-44"))
def test_what_a_public_witness_cosigned_verifies(vkey: str) -> None:
    key = CosignerKey.from_vkey(vkey)
    assert key.cosigned_at(PUBLIC_NOTE) == 1_785_704_691
    assert key.vkey == vkey


@pytest.mark.parametrize("vkey", PUBLIC_KEYS, ids=("ed25519", "ml-dsa-44"))
def test_what_it_cosigned_does_not_verify_for_another_size(vkey: str) -> None:
    with pytest.raises(Fault, match="does not verify"):
        CosignerKey.from_vkey(vkey).cosigned_at(PUBLIC_NOTE.replace("185550722", "185550723"))


@each_algorithm
def test_a_cosignature_says_when_it_was_made(cosigner: Cosigner) -> None:
    assert cosigner.verifier.cosigned_at(with_lines(NOTE, cosigner.cosign(NOTE, NOW))) == NOW


@each_algorithm
def test_a_checkpoint_without_a_line_by_the_key_is_not_cosigned_by_it(cosigner: Cosigner) -> None:
    ed = isinstance(cosigner.private_key, ed25519.Ed25519PrivateKey)
    stranger = Cosigner(cosigner.name, (ed25519.Ed25519PrivateKey if ed else mldsa.MLDSA44PrivateKey).generate())
    assert cosigner.verifier.cosigned_at(NOTE) is None
    assert cosigner.verifier.cosigned_at(with_lines(NOTE, stranger.cosign(NOTE, NOW))) is None


@each_algorithm
def test_of_repeated_cosignatures_the_latest_counts(cosigner: Cosigner) -> None:
    note = with_lines(NOTE, cosigner.cosign(NOTE, NOW + 9) + cosigner.cosign(NOTE, NOW))
    assert cosigner.verifier.cosigned_at(note) == NOW + 9


@each_algorithm
def test_of_repeated_cosignatures_all_must_verify(cosigner: Cosigner) -> None:
    other = signed_checkpoint(ORIGIN, 8, bytes(32), SIGNERS).note
    note = with_lines(NOTE, cosigner.cosign(NOTE, NOW) + cosigner.cosign(other, NOW))
    with pytest.raises(Fault, match="does not verify"):
        cosigner.verifier.cosigned_at(note)


@each_algorithm
@pytest.mark.parametrize(
    "other",
    [
        signed_checkpoint(ORIGIN, 8, bytes(32), SIGNERS).note,
        signed_checkpoint(ORIGIN, 7, bytes(31) + b"\1", SIGNERS).note,
        signed_checkpoint("another.example", 7, bytes(32), fresh_signers("another.example")).note,
    ],
    ids=("size", "root", "origin"),
)
def test_a_cosignature_does_not_verify_on_another_checkpoint(cosigner: Cosigner, other: str) -> None:
    with pytest.raises(Fault, match="does not verify"):
        cosigner.verifier.cosigned_at(with_lines(other, cosigner.cosign(NOTE, NOW)))


@each_algorithm
def test_the_time_is_signed(cosigner: Cosigner) -> None:
    name, key_id, signed = split(with_lines(NOTE, cosigner.cosign(NOTE, NOW)))[1][-1]
    moved = base64.b64encode(key_id + (NOW + 1).to_bytes(8) + signed[8:]).decode()
    with pytest.raises(Fault, match="does not verify"):
        cosigner.verifier.cosigned_at(f"{NOTE}— {name} {moved}\n")


@each_algorithm
@pytest.mark.parametrize("signed", [b"", b"\0" * 7, b"\0" * 8, b"\xff" * 72, bytes(8 + 2421)])
def test_a_line_by_the_key_of_another_form_spoils_the_note(cosigner: Cosigner, signed: bytes) -> None:
    line = base64.b64encode(cosigner.verifier.key_id + signed).decode()
    with pytest.raises(Fault):
        cosigner.verifier.cosigned_at(f"{NOTE}— {cosigner.name} {line}\n")


def test_a_cosignature_without_a_time_counts_for_nothing() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    cosigner = Cosigner("witness.example/w", key)
    timeless = bytes(8) + key.sign(f"cosignature/v1\ntime 0\n{split(NOTE)[0]}".encode())
    line = base64.b64encode(cosigner.verifier.key_id + timeless).decode()
    assert cosigner.verifier.cosigned_at(f"{NOTE}— {cosigner.name} {line}\n") is None


@each_algorithm
@pytest.mark.parametrize("at", [-1, 0, 2**63])
def test_nothing_is_cosigned_at_a_time_that_is_none(cosigner: Cosigner, at: int) -> None:
    with pytest.raises(Fault, match="is no time"):
        cosigner.cosign(NOTE, at)


def test_the_ed25519_message_holds_extension_lines_and_the_other_does_not() -> None:
    root = base64.b64encode(bytes(32)).decode()
    extended = sign(f"{ORIGIN}\n7\n{root}\nmore\n", SIGNERS)
    ed25519_kind, ml_dsa_kind = COSIGNERS
    assert ml_dsa_kind.verifier.cosigned_at(with_lines(extended, ml_dsa_kind.cosign(NOTE, NOW))) == NOW
    with pytest.raises(Fault, match="does not verify"):
        ed25519_kind.verifier.cosigned_at(with_lines(extended, ed25519_kind.cosign(NOTE, NOW)))


def test_the_ml_dsa_message_holds_the_name_of_the_cosigner() -> None:
    cosigner = COSIGNERS[1]
    renamed = Cosigner("witness.example/x", cosigner.private_key)
    signed = split(with_lines(NOTE, cosigner.cosign(NOTE, NOW)))[1][-1][2]
    line = base64.b64encode(renamed.verifier.key_id + signed).decode()
    with pytest.raises(Fault, match="does not verify"):
        renamed.verifier.cosigned_at(f"{NOTE}— {renamed.name} {line}\n")


@each_algorithm
def test_sizes_on_the_wire_are_those_of_the_specification(cosigner: Cosigner) -> None:
    signed = split(with_lines(NOTE, cosigner.cosign(NOTE, NOW)))[1][-1][2]
    key = base64.b64decode(cosigner.verifier.vkey.split("+", 2)[2])
    assert (key[0], len(key), len(signed)) in {(4, 1 + 32, 8 + 64), (6, 1 + 1312, 8 + 2420)}


@each_algorithm
def test_a_vkey_is_read_back(cosigner: Cosigner) -> None:
    assert CosignerKey.from_vkey(cosigner.verifier.vkey).vkey == cosigner.verifier.vkey


@each_algorithm
def test_a_vkey_with_another_id_or_a_short_key_is_refused(cosigner: Cosigner) -> None:
    name, key_id, encoded = cosigner.verifier.vkey.split("+", 2)
    with pytest.raises(Fault, match="not its own"):
        CosignerKey.from_vkey(f"{name}+00000000+{encoded}")
    short = base64.b64encode(base64.b64decode(encoded)[:-1]).decode()
    with pytest.raises(Fault, match="not the key of a cosigner"):
        CosignerKey.from_vkey(f"{name}+{key_id}+{short}")


def test_the_key_of_a_log_is_not_that_of_a_cosigner() -> None:
    with pytest.raises(Fault, match="not the key of a cosigner"):
        CosignerKey.from_vkey(SIGNERS[1].verifier.vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "n" * 256])
def test_a_name_that_cannot_stand_in_a_cosignature_is_refused(name: str) -> None:
    with pytest.raises(Fault, match="cannot name"):
        CosignerKey(name, COSIGNERS[0].verifier.public_key)


def test_an_origin_too_long_for_a_cosignature_is_refused() -> None:
    origin = "o" * 256
    note = signed_checkpoint(origin, 7, bytes(32), fresh_signers(origin)).note
    with pytest.raises(Fault, match="longer than"):
        COSIGNERS[1].cosign(note, NOW)


def test_lines_are_added_once_and_leave_the_log_s_own_signatures() -> None:
    lines = "".join(cosigner.cosign(NOTE, NOW) for cosigner in COSIGNERS)
    note = with_lines(NOTE, lines)
    assert note == NOTE + lines
    assert with_lines(note, lines + lines) == note
    assert with_lines(NOTE, "") == NOTE
    assert read_checkpoint(note, ORIGIN, [signer.verifier for signer in SIGNERS]).size == 7


@each_algorithm
def test_a_cosignature_takes_the_place_of_those_by_its_key_and_of_no_other(cosigner: Cosigner) -> None:
    other = COSIGNERS[1 - COSIGNERS.index(cosigner)]
    before = with_lines(NOTE, other.cosign(NOTE, NOW))
    lines = [cosigner.cosign(NOTE, NOW + minute) for minute in range(100)]
    note = before
    for line in lines:
        note = with_lines(note, line)
    assert note == before + lines[-1]


@pytest.mark.parametrize(
    "lines", ["\n", "word\n", "— a AAAAAAA=", "\n— a AAAAAAA=\n", "— a AAAAAAA=\n\n— a AAAAAAA=\n"]
)
def test_what_are_no_lines_is_not_added(lines: str) -> None:
    with pytest.raises(Fault):
        with_lines(NOTE, lines)


def test_a_log_whose_checkpoint_was_cosigned_is_opened_and_grows(tmp_path: Path) -> None:
    log = a_log(tmp_path, 3)
    cosigned = with_lines(log.checkpoint, COSIGNERS[1].cosign(log.checkpoint, NOW))
    (tmp_path / "checkpoint").write_text(cosigned, encoding="utf-8")
    log = Log.open(tmp_path, ORIGIN, SIGNERS)
    assert COSIGNERS[1].verifier.cosigned_at(log.checkpoint) == NOW
    assert log.append([b"one more"], expect_size=3).size == 4
    assert COSIGNERS[1].verifier.cosigned_at(log.checkpoint) is None


@settings(max_examples=60, deadline=None)
@given(
    size=st.integers(0, 2**63 - 1), root=st.binary(min_size=32, max_size=32), at=st.integers(1, 2**63 - 1),
    which=st.sampled_from(COSIGNERS),
)  # fmt: skip
def test_every_checkpoint_is_cosigned_and_read_back(size: int, root: bytes, at: int, which: Cosigner) -> None:
    note = signed_checkpoint(ORIGIN, size, root, SIGNERS).note
    assert which.verifier.cosigned_at(with_lines(note, which.cosign(note, at))) == at


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 71), bit=st.integers(0, 7))
def test_no_bit_of_a_cosignature_can_be_turned(at: int, bit: int) -> None:
    cosigner = COSIGNERS[0]
    name, key_id, signed = split(cosigned := with_lines(NOTE, cosigner.cosign(NOTE, NOW)))[1][-1]
    turned = signed[:at] + bytes([signed[at] ^ 1 << bit]) + signed[at + 1 :]
    line = base64.b64encode(key_id + turned).decode()
    assert cosigner.verifier.cosigned_at(cosigned) == NOW
    with pytest.raises(Fault):
        cosigner.verifier.cosigned_at(f"{NOTE}— {name} {line}\n")
