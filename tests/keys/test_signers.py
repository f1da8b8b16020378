"""The key of a CMS signer may lie in a module: openssl signs there, and what it signs opens and verifies as before."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from narrowgate.errors import Fault, NarrowgateError, WrongUse
from narrowgate.formats import cms
from narrowgate.formats.pkcs11_uri import named_key
from narrowgate.store.folder import GateFolder
from narrowgate.store.keys import signing_key
from narrowgate.store.places import LEDGER, InModule
from narrowgate.terms.batch import Signer
from tests.agency import NOON
from tests.keys.support import MODULE, PIN, Token

VALID = timedelta(days=30)


def certified(place: InModule, folder: Path) -> tuple[Path, Path, Path]:
    """Certificate, key file and anchors of a signer whose key lies at `place`."""
    public = signing_key(GateFolder(folder), LEDGER[0], place).public_key
    authority = ec.generate_private_key(ec.SECP256R1())
    root = _certificate("authority", "authority", authority.public_key(), authority, ca=True)
    leaf = _certificate("custodian", "authority", public, authority, ca=False)
    files = folder / "signer.pem", folder / "signer.key", folder / "anchors.pem"
    files[0].write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    files[1].write_text(uri(place))
    files[2].write_bytes(root.public_bytes(serialization.Encoding.PEM))
    return files


def _certificate(
    name: str, issuer: str, public: object, key: ec.EllipticCurvePrivateKey, *, ca: bool
) -> x509.Certificate:
    subject, by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, issuer))
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "crl_sign", "encipher_only", "decipher_only",
         "key_agreement"), False)  # fmt: skip
    return (
        x509.CertificateBuilder(by, subject, public, 7, NOON - VALID, NOON + VALID)  # type: ignore[arg-type]
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=not ca, key_cert_sign=ca, **usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(key, hashes.SHA256())
    )


def uri(place: InModule, more: str = "") -> str:
    return f"pkcs11:token={place.token};object={place.label}?module-path={place.module}{more}\n"


def test_a_signature_made_in_a_module_verifies(signer_token: Token, tmp_path: Path) -> None:
    certificate, key, anchors = certified(signer_token.made(LEDGER[0]), tmp_path)
    cms.sign_detached(b"a text", certificate=certificate, key=key, out=tmp_path / "out")
    signer = cms.verify_detached(b"a text", (tmp_path / "out").read_bytes(), anchors=anchors, at=NOON)
    assert isinstance(signer, Signer)
    assert signer.certificate_sha256 == cms.fingerprint(certificate)


def test_an_answer_sealed_with_a_key_in_a_module_is_opened_by_its_officer(signer_token: Token, tmp_path: Path) -> None:
    certificate, key, anchors = certified(signer_token.made(LEDGER[0]), tmp_path)
    own = ec.generate_private_key(ec.SECP256R1())
    officer, officer_key, sealed = tmp_path / "officer.pem", tmp_path / "officer.key", tmp_path / "sealed"
    issued = _certificate("officer", "officer", own.public_key(), own, ca=True)
    officer.write_bytes(issued.public_bytes(serialization.Encoding.PEM))
    officer_key.write_bytes(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    cms.seal(io.BytesIO(b"an address"), recipients=[officer], certificate=certificate, key=key, out=sealed)
    signer = cms.open_sealed(
        sealed, certificate=officer, key=officer_key, anchors=anchors, at=NOON, out=tmp_path / "opened"
    )
    assert isinstance(signer, Signer)
    assert (tmp_path / "opened").read_bytes() == b"an address"


def test_a_private_file_with_the_pin_serves_openssl(
    signer_token: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = signer_token.made(LEDGER[0])
    certificate, key, _ = certified(place, tmp_path)
    pin = tmp_path / "pin"
    pin.write_text(PIN)
    pin.chmod(0o600)
    key.write_text(uri(place, f"&pin-source=file:{pin}"))
    monkeypatch.delenv("NARROWGATE_PIN")
    cms.sign_detached(b"a text", certificate=certificate, key=key, out=tmp_path / "out")
    pin.chmod(0o644)
    (tmp_path / "out").unlink()
    with pytest.raises(Fault, match="open to others"):
        cms.sign_detached(b"a text", certificate=certificate, key=key, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_wrong_pin_signs_nothing_and_is_not_repeated(
    signer_token: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    certificate, key, _ = certified(signer_token.made(LEDGER[0]), tmp_path)
    for pin, problem in (("wrong-8888", Fault), ("", WrongUse)):
        monkeypatch.setenv("NARROWGATE_PIN", pin)
        with pytest.raises(problem) as raised:
            cms.sign_detached(b"a text", certificate=certificate, key=key, out=tmp_path / "out")
        assert "8888" not in raised.value.message + raised.value.hint + "".join(capfd.readouterr())
    assert (tmp_path / "out").read_bytes() == b""  # openssl makes the file before it knows


def test_a_key_that_is_not_on_the_token_signs_nothing(signer_token: Token, tmp_path: Path) -> None:
    certificate, key, _ = certified(signer_token.made(LEDGER[0]), tmp_path)
    key.write_text(uri(signer_token.place("absent")))
    with pytest.raises(Fault, match="could not sign"):
        cms.sign_detached(b"a text", certificate=certificate, key=key, out=tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b""  # openssl makes the file before it knows


@pytest.mark.parametrize(
    "text",
    [
        f"pkcs11:token=t;object=o?module-path={MODULE}&pin-value=8888",
        f"pkcs11:token=t;object=o;pin-value=8888?module-path={MODULE}",
        "pkcs11:token=t;object=o",
        f"pkcs11:token=t?module-path={MODULE}",
        f"pkcs11:object=o?module-path={MODULE}",
        f"pkcs11:token=t;token=u;object=o?module-path={MODULE}",
        f"pkcs11:token=t;object=o;serial=8888?module-path={MODULE}",
        f"pkcs11:token=t;object=o;type=cert?module-path={MODULE}",
        "pkcs11:token=t;object=o?module-path=relative.so",
        "pkcs11:token=t;object=o?module-path=/lib/x.so%0APIN%20=%208888",
        "pkcs11:token=t;object=o?module-path=/lib/$ENV::HOME",
        f"pkcs11:token=t;object=o?module-path={MODULE}&pin-source=8888",
    ],
)
def test_a_key_named_in_another_way_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    file = tmp_path / "signer.key"
    file.write_text(text)
    with pytest.raises(NarrowgateError, match=r"`signer\.key`") as problem:
        named_key(file)
    assert "8888" not in problem.value.message + problem.value.hint


def test_a_key_in_pem_names_no_module(tmp_path: Path) -> None:
    file = tmp_path / "signer.key"
    file.write_text("-----BEGIN PRIVATE KEY-----\n")
    assert named_key(file) is None
    assert named_key(tmp_path / "absent") is None
