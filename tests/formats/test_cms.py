"""Signatures and envelopes, with openssl itself: what it refuses, and what it takes that we do not."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from narrowgate.errors import Fault, WrongUse
from narrowgate.formats import cms
from narrowgate.terms.batch import Signer
from narrowgate.terms.refusal import Refusal
from tests.intake.support import make

TEXT = b'{"a":1}'
SECRET = b"1501 Interlake Ave N, Seattle\n" * 3_000


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make.Maker(tmp_path_factory.mktemp("cms"))


@pytest.fixture(scope="module")
def officers(maker: Any) -> dict[str, Any]:
    return {"ec": maker.authority.issue("ec"), "rsa": maker.authority.issue("rsa", make=make.RSA)}


@pytest.fixture(scope="module")
def sealed(maker: Any, officers: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sealed")
    cms.seal(
        io.BytesIO(SECRET),
        recipients=[officer.certificate for officer in officers.values()],
        certificate=maker.official.certificate,
        key=maker.official.key,
        out=folder / "answer.cms",
    )
    assert [file.name for file in folder.iterdir()] == ["answer.cms"]
    return folder / "answer.cms"


def opens(sealed: Path, pair: Any, maker: Any, out: Path, **changes: Any) -> Signer | Refusal:
    return cms.open_sealed(
        sealed,
        certificate=pair.certificate,
        key=pair.key,
        out=out,
        **{"anchors": maker.authority.certificate, "at": make.NOW} | changes,
    )


def test_a_signature_names_its_signer_and_nobody_else(maker: Any, tmp_path: Path) -> None:
    out = tmp_path / "text.p7s"
    cms.sign_detached(TEXT, certificate=maker.official.certificate, key=maker.official.key, out=out)
    signer = cms.verify_detached(TEXT, out.read_bytes(), anchors=maker.authority.certificate, at=make.NOW)
    assert signer == Signer(cms.fingerprint(maker.official.certificate), "CN=official")
    for at, code in ((-40, "signer_out_of_date"), (201, "signer_out_of_date")):
        moved = cms.verify_detached(
            TEXT,
            out.read_bytes(),
            anchors=maker.authority.certificate,
            at=make.NOW + timedelta(days=at),
        )
        assert isinstance(moved, Refusal)
        assert moved.code == code


def test_no_authority_counts_but_the_one_that_is_named(
    maker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = maker.stranger()
    strangers_authority = stranger.certificate.parent / "anchors.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(strangers_authority))
    monkeypatch.setenv("SSL_CERT_DIR", str(strangers_authority.parent))
    name = subprocess.run(
        ["openssl", "x509", "-hash", "-noout", "-in", strangers_authority], capture_output=True, check=True
    )
    (strangers_authority.parent / f"{name.stdout.decode().strip()}.0").write_bytes(strangers_authority.read_bytes())
    signature = make.signed(TEXT, stranger)
    refused = cms.verify_detached(TEXT, signature, anchors=maker.authority.certificate, at=make.NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "signer_untrusted"
    assert isinstance(cms.verify_detached(TEXT, signature, anchors=strangers_authority, at=make.NOW), Signer)


def test_an_anchors_file_without_a_certificate_is_a_fault(maker: Any, tmp_path: Path) -> None:
    empty = tmp_path / "anchors.pem"
    signature = make.signed(TEXT, maker.official)
    with pytest.raises(Fault, match="cannot be read"):
        cms.verify_detached(TEXT, signature, anchors=empty, at=make.NOW)
    empty.write_text("")
    with pytest.raises(Fault, match="holds no trust anchor"):
        cms.verify_detached(TEXT, signature, anchors=empty, at=make.NOW)


def test_a_missing_openssl_is_a_fault_that_says_how_to_get_it(maker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    signature = make.signed(TEXT, maker.official)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Fault, match="`openssl` is not installed") as fault:
        cms.verify_detached(TEXT, signature, anchors=maker.authority.certificate, at=make.NOW)
    assert "apt-get install openssl" in fault.value.hint


def test_a_key_that_needs_a_pass_phrase_is_not_asked_for_at_a_terminal(maker: Any, tmp_path: Path) -> None:
    locked = tmp_path / "locked.key"
    subprocess.run(
        ["openssl", "pkey", "-in", maker.official.key, "-aes256", "-passout", "pass:x", "-out", locked],
        check=True,
    )
    with pytest.raises(Fault, match=r"could not sign with `locked\.key`"):
        cms.sign_detached(TEXT, certificate=maker.official.certificate, key=locked, out=tmp_path / "out")


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_each_recipient_opens_what_was_sealed(
    kind: str, sealed: Path, officers: dict[str, Any], maker: Any, tmp_path: Path
) -> None:
    out = tmp_path / "plain"
    assert opens(sealed, officers[kind], maker, out) == Signer(
        cms.fingerprint(maker.official.certificate), "CN=official"
    )
    assert out.read_bytes() == SECRET
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["plain"]


def test_an_envelope_uses_the_algorithms_that_it_says(sealed: Path) -> None:
    printed = subprocess.run(
        ["openssl", "cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", sealed],
        capture_output=True,
        check=True,
    ).stdout.decode()
    for part in (
        "authEnvelopedData",
        "aes-256-gcm",
        "rsaesOaep",
        ":sha256",
        ":mgf1",
        "sha256kdf",
        "aes256-wrap",
    ):
        assert part in printed
    assert "sha1" not in printed.lower()
    assert b"Interlake" not in sealed.read_bytes()


def test_nobody_else_opens_it(sealed: Path, maker: Any, tmp_path: Path) -> None:
    refused = opens(sealed, maker.official, maker, tmp_path / "plain")
    assert isinstance(refused, Refusal)
    assert refused.code == "envelope_recipient"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", [-3, -20, -400, -40_000])
def test_one_altered_byte_opens_nothing(
    place: int, sealed: Path, officers: dict[str, Any], maker: Any, tmp_path: Path
) -> None:
    altered = bytearray(sealed.read_bytes())
    altered[place] ^= 1
    copy = tmp_path / "altered.cms"
    copy.write_bytes(altered)
    refused = opens(copy, officers["ec"], maker, tmp_path / "plain")
    assert isinstance(refused, Refusal)
    assert refused.code == "envelope_unreadable"
    assert list(tmp_path.iterdir()) == [copy]


def test_an_envelope_cut_off_opens_nothing(sealed: Path, officers: dict[str, Any], maker: Any, tmp_path: Path) -> None:
    copy = tmp_path / "cut.cms"
    copy.write_bytes(sealed.read_bytes()[:40_000])
    refused = opens(copy, officers["rsa"], maker, tmp_path / "plain")
    assert isinstance(refused, Refusal)
    assert refused.code == "envelope_unreadable"
    assert list(tmp_path.iterdir()) == [copy]


def test_an_envelope_signed_by_a_stranger_opens_nothing(officers: dict[str, Any], maker: Any, tmp_path: Path) -> None:
    stranger = maker.stranger()
    out = tmp_path / "opened"
    cms.seal(
        io.BytesIO(SECRET),
        recipients=[officers["ec"].certificate],
        certificate=stranger.certificate,
        key=stranger.key,
        out=tmp_path / "answer.cms",
    )
    refused = opens(tmp_path / "answer.cms", officers["ec"], maker, out)
    assert isinstance(refused, Refusal)
    assert refused.code == "signer_untrusted"
    assert not out.exists()


@pytest.mark.parametrize("cipher", ["-aes-256-cbc", "-des3"])
def test_unauthenticated_encryption_is_not_opened(
    cipher: str, officers: dict[str, Any], maker: Any, tmp_path: Path
) -> None:
    plain, weak = tmp_path / "plain", tmp_path / "weak.cms"
    plain.write_bytes(SECRET)
    recipient = ("-recip", str(officers["rsa"].certificate))
    options = ("-binary", "-outform", "DER", "-in", str(plain), "-out", str(weak))
    subprocess.run(["openssl", "cms", "-encrypt", cipher, *options, *recipient], check=True)
    refused = opens(weak, officers["rsa"], maker, tmp_path / "opened")
    assert isinstance(refused, Refusal)
    assert refused.code == "envelope_kind"
    assert not (tmp_path / "opened").exists()


def test_an_envelope_with_no_signature_inside_opens_nothing(
    officers: dict[str, Any], maker: Any, tmp_path: Path
) -> None:
    plain, bare = tmp_path / "plain", tmp_path / "bare.cms"
    plain.write_bytes(SECRET)
    recipient = ("-recip", str(officers["ec"].certificate))
    options = ("-binary", "-outform", "DER", "-in", str(plain), "-out", str(bare))
    subprocess.run(["openssl", "cms", "-encrypt", "-aes-256-gcm", *options, *recipient], check=True)
    refused = opens(bare, officers["ec"], maker, tmp_path / "opened")
    assert isinstance(refused, Refusal)
    assert refused.code == "signature_unreadable"
    assert not (tmp_path / "opened").exists()


def test_sealing_that_fails_leaves_no_half_envelope(officers: dict[str, Any], maker: Any, tmp_path: Path) -> None:
    no_certificate = tmp_path / "plain"
    no_certificate.write_bytes(b"no certificate")
    seal = {
        "certificate": maker.official.certificate,
        "key": officers["ec"].key,
        "out": tmp_path / "answer.cms",
    }
    with pytest.raises(Fault, match=r"could not seal `answer\.cms`"):
        cms.seal(
            io.BytesIO(SECRET), recipients=[officers["ec"].certificate], **seal
        )  # the key is not the certificate's
    with pytest.raises(WrongUse, match="nobody is named"):
        cms.seal(io.BytesIO(SECRET), recipients=[], **seal)
    with pytest.raises(WrongUse, match="is not a certificate"):
        cms.seal(io.BytesIO(SECRET), recipients=[no_certificate], **seal)
    assert list(tmp_path.iterdir()) == [no_certificate]


def test_a_fingerprint_is_of_one_certificate(maker: Any, tmp_path: Path) -> None:
    two = tmp_path / "two.pem"
    two.write_text(maker.official.certificate.read_text() * 2)
    with pytest.raises(WrongUse, match="holds 2 certificates"):
        cms.fingerprint(two)
