"""A throwaway certificate authority for a gate on a synthetic register: official, approvers, custodian, officers.

Rules:
 * Refused unless the register says that its people are synthetic; the keys lie in the open under `keys/demo`.
 * Every certificate says `demo` in its subject, so that none can be taken for a real one.
 * Nothing here is a default: a gate without --demo-keys has none of these keys.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from narrowgate.files import file_name
from narrowgate.setup import Custodian, Issuer
from narrowgate.store.folder import GateFolder

OFFICE = "Secretary of Homeland Security"
OFFICIAL = "demo official"
APPROVERS = ("disclosure-officer", "counsel")
STORAGE = "demo-enclave-1"
VALID = timedelta(days=365)


@dataclass(frozen=True)
class KeyPair:
    """A private key and its certificate, as PEM files, with the certificate's fingerprint."""

    key: Path
    certificate: Path
    sha256: str


def issuer(now: datetime) -> Issuer:
    """What makes the demo keys of a new gate, valid from `now`."""
    return lambda gate: issue_all(gate, now=now)


def issue_all(gate: GateFolder, *, now: datetime) -> Custodian:
    """Make the demo authority and everyone but the officers; list them in the gate's trust folder."""
    for folder in ("officials", "approvers", "officers"):
        gate.make(gate.trust / folder)
    gate.make(gate.demo_keys / "officers")
    _make_authority(gate, now)
    pairs = {name: _issue(gate, name, gate.demo_keys, now=now) for name in ("official", "custodian", *APPROVERS)}
    official = pairs["official"]
    _list(gate, "officials", official)
    for name in APPROVERS:
        _list(gate, "approvers", pairs[name])
    _write(
        gate.trust / "officials.toml",
        f'[[official]]\noffice = "{OFFICE}"\ncertificate_sha256 = "{official.sha256}"\n'.encode(),
    )
    _write(
        gate.trust / "approvers.toml",
        "\n".join(
            f'[[approver]]\nname = "{name}"\nrole = "{name}"\ncertificate_sha256 = "{pairs[name].sha256}"\n'
            for name in APPROVERS
        ).encode(),
    )
    _write(
        gate.trust / "safeguards.toml",
        (
            f"reviewed_on = {now.date().isoformat()}\n"
            f"current_until = {(now + VALID).date().isoformat()}\n"
            f'open_findings = 0\nstorage_ids = ["{STORAGE}"]\n'
        ).encode(),
    )
    return Custodian(gate.trust / "anchors.pem", pairs["custodian"].certificate, pairs["custodian"].key)


def issue_officers(gate: GateFolder, ids: Iterable[str], *, now: datetime) -> dict[str, KeyPair]:
    """A demo certificate for every officer id that has none yet, listed among those the gate will seal to."""
    return {one: _officer(gate, one, now) for one in ids}


def officer(gate: GateFolder, officer_id: str) -> KeyPair:
    """The demo key pair of an officer (or of the official); the files may be absent."""
    for folder in (gate.demo_keys / "officers", gate.demo_keys):
        pair = _pair(folder, file_name(officer_id))
        if pair is not None:
            return pair
    missing = gate.demo_keys / "officers" / file_name(officer_id)
    return KeyPair(missing.with_suffix(".key"), missing.with_suffix(".pem"), "")


def _officer(gate: GateFolder, officer_id: str, now: datetime) -> KeyPair:
    folder = gate.demo_keys / "officers"
    pair = _pair(folder, file_name(officer_id)) or _issue(gate, officer_id, folder, now=now)
    _list(gate, "officers", pair)
    return pair


def _pair(folder: Path, name: str) -> KeyPair | None:
    certificate = folder / f"{name}.pem"
    if not certificate.exists():
        return None
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    return KeyPair(folder / f"{name}.key", certificate, loaded.fingerprint(hashes.SHA256()).hex())


def _list(gate: GateFolder, folder: str, pair: KeyPair) -> None:
    """Put a copy of the certificate where the gate looks certificates up by fingerprint."""
    _write(gate.trust / folder / f"{pair.sha256}.pem", pair.certificate.read_bytes())


def _make_authority(gate: GateFolder, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("demo authority")
    certificate = (
        _builder(name, name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_key(gate.demo_keys / "authority.key", key)
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    _write(gate.demo_keys / "authority.pem", pem)
    _write(gate.trust / "anchors.pem", pem)


def _issue(gate: GateFolder, name: str, folder: Path, *, now: datetime) -> KeyPair:
    """A fresh key and a certificate for it, good for signing and for being sealed to."""
    authority_key = serialization.load_pem_private_key((gate.demo_keys / "authority.key").read_bytes(), password=None)
    assert isinstance(authority_key, ec.EllipticCurvePrivateKey)
    authority = x509.load_pem_x509_certificate((gate.demo_keys / "authority.pem").read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(_name(f"demo {name}"), authority.subject, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, key_agreement=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    stem = folder / file_name(name)
    _write_key(stem.with_name(stem.name + ".key"), key)
    path = stem.with_name(stem.name + ".pem")
    _write(path, certificate.public_bytes(serialization.Encoding.PEM))
    return KeyPair(stem.with_name(stem.name + ".key"), path, certificate.fingerprint(hashes.SHA256()).hex())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(int.from_bytes(os.urandom(16), "big") >> 1)
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID)
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Narrowgate demo"),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _usage(
    *, digital_signature: bool = False, key_agreement: bool = False, key_cert_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=key_agreement,
        key_cert_sign=key_cert_sign,
        crl_sign=key_cert_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, content: bytes) -> None:
    """Put `content` at `path`, readable by its owner only. Not synced: throwaway keys need not outlive a crash."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    _write(
        path,
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
