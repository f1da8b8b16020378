"""A cosignature is a witness's, over this checkpoint, at this moment; both programs read it alike."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.ledger.cosignature import Cosigner
from narrowgate_verify.checkpoint import accept, accept_signed
from narrowgate_verify.policy import Policy, parse_policy
from narrowgate_verify.problems import DoesNotVerify
from tests.ledger.support import SIGNERS, a_log

LOGS = "".join(f"log {signer.verifier.vkey}\n" for signer in SIGNERS)
COSIGNERS = [
    Cosigner("w.example/ed", ed25519.Ed25519PrivateKey.generate()),
    Cosigner("w.example/ml", mldsa.MLDSA44PrivateKey.generate()),
]


def policy(cosigner: Cosigner) -> Policy:
    return parse_policy(f"{LOGS}witness w {cosigner.verifier.vkey}\nquorum w\n".encode())


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory) -> str:
    return a_log(tmp_path_factory.mktemp("log") / "ledger", 3).checkpoint


@pytest.mark.parametrize("cosigner", COSIGNERS, ids=["ed25519", "ml-dsa-44"])
@pytest.mark.parametrize(
    ("at", "said"),
    [(1, "1970-01-01T00:00:01Z"), (1_751_371_200, "2025-07-01T12:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z")],
)
def test_what_the_one_program_cosigns_the_other_accepts(note: str, cosigner: Cosigner, at: int, said: str) -> None:
    found = accept((note + cosigner.cosign(note, at)).encode(), policy(cosigner), file="it")
    assert [(each.witness, each.at) for each in found.cosigned] == [("w", said)]


@pytest.mark.parametrize("cosigner", COSIGNERS, ids=["ed25519", "ml-dsa-44"])
def test_a_moment_that_has_no_date_is_none(note: str, cosigner: Cosigner) -> None:
    with pytest.raises(DoesNotVerify, match="does not verify"):
        accept((note + cosigner.cosign(note, 253_402_300_800)).encode(), policy(cosigner), file="it")


@pytest.mark.parametrize("cosigner", COSIGNERS, ids=["ed25519", "ml-dsa-44"])
def test_of_several_cosignatures_by_one_witness_the_latest_is_reported(note: str, cosigner: Cosigner) -> None:
    lines = "".join(cosigner.cosign(note, at) for at in (1_751_371_200, 1_751_371_203, 1_751_371_201))
    (found,) = accept((note + lines).encode(), policy(cosigner), file="it").cosigned
    assert found.at == "2025-07-01T12:00:03Z"


@settings(max_examples=60)
@given(st.sampled_from(COSIGNERS), st.integers(4, 2000), st.integers(0, 7))
def test_no_bit_of_a_cosignature_can_be_turned(note: str, cosigner: Cosigner, at: int, bit: int) -> None:
    dash, name, encoded = cosigner.cosign(note, 1_751_371_200).split()
    signed = bytearray(base64.b64decode(encoded))
    signed[4 + at % (len(signed) - 4)] ^= 1 << bit
    altered = f"{dash} {name} {base64.b64encode(bytes(signed)).decode()}\n"
    with pytest.raises(DoesNotVerify, match="cosignature by the witness `w` that does not verify"):
        accept_signed((note + altered).encode(), policy(cosigner), file="it")


@pytest.mark.parametrize("cosigner", COSIGNERS, ids=["ed25519", "ml-dsa-44"])
@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 71, 73, 2427, 2429])
def test_a_cosignature_of_another_length_is_none(note: str, cosigner: Cosigner, length: int) -> None:
    key = cosigner.verifier
    line = f"— {key.name} {base64.b64encode(key.key_id + bytes(length)).decode()}\n"
    with pytest.raises(DoesNotVerify):
        accept_signed((note + line).encode(), policy(cosigner), file="it")


def test_an_ml_dsa_cosignature_is_of_its_witness_name_and_an_ed25519_one_of_its_key_alone(note: str) -> None:
    """C2SP tlog-cosignature: only the former commits to the cosigner's name."""
    ed, ml = (Cosigner("w.example/other", each.private_key) for each in COSIGNERS)
    for cosigner, other in zip(COSIGNERS, (ed, ml), strict=True):
        signed = base64.b64decode(cosigner.cosign(note, 1_751_371_200).split()[2])[4:]
        renamed = base64.b64encode(other.verifier.key_id + signed).decode()
        moved = (note + f"— {other.name} {renamed}\n").encode()
        if cosigner is COSIGNERS[0]:
            assert accept(moved, policy(other), file="it").cosigned
        else:
            with pytest.raises(DoesNotVerify, match="does not verify"):
                accept(moved, policy(other), file="it")
