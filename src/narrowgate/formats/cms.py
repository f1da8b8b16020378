"""Sign, verify, seal and open CMS messages (RFC 5652, RFC 5083) with the `openssl` program.

Rules:
 * Trust is the anchors given as an argument; validity is judged at `at`; the purpose is signing messages.
 * Exactly one signer. A manifest's signature is detached and uses a digest of the SHA-2 family.
 * Sealed means SignedData inside AuthEnvelopedData with AES-256-GCM, one recipient per certificate.
 * openssl writes plaintext before it knows that the tag is wrong: it goes into a private folder and is taken
   from there only after exit 0 and a good signature.
"""

from __future__ import annotations

import hashlib
import re
import ssl
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from narrowgate.errors import Fault, WrongUse
from narrowgate.files import sync
from narrowgate.formats import openssl
from narrowgate.formats.codes import Code, Halt, answering
from narrowgate.formats.pkcs11_uri import signing_options
from narrowgate.terms.batch import Signer

DER = ("-binary", "-inform", "DER")
DIGESTS = {"sha256", "sha384", "sha512"}
SIGNER_DIGEST = re.compile(r"^ +digestAlgorithm: *\n +algorithm: (\S+)", re.MULTILINE)
CONTENT = re.compile(r"^ +eContent: *(<ABSENT>)?", re.MULTILINE)
AUTH_ENVELOPED = bytes.fromhex("060b2a864886f70d0109100117")  # 1.2.840.113549.1.9.16.1.23
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
RECIPIENT_OPTIONS = {
    "rsa": ("rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256"),
    "ec": ("ecdh_kdf_md:sha256",),  # the default is SHA-1
}

REASONS: tuple[tuple[str, Code, str], ...] = (
    ("certificate has expired", Code.SIGNER_OUT_OF_DATE, "a certificate of the signer has expired"),
    ("certificate is not yet valid", Code.SIGNER_OUT_OF_DATE, "a certificate of the signer is not yet valid"),
    ("unsuitable certificate purpose", Code.SIGNER_PURPOSE, "the certificate is not for signing messages"),
    ("certificate verify error", Code.SIGNER_UNTRUSTED, "the certificate does not lead to an accepted one"),
    ("CMS_SignerInfo_verify", Code.SIGNATURE_MISMATCH, "the signature is not over these bytes"),
    ("content verify error", Code.SIGNATURE_MISMATCH, "the signature is not over these bytes"),
)
UNREADABLE = (Code.SIGNATURE_UNREADABLE, "the signature is not CMS SignedData with its certificate")


def sign_detached(data: bytes, *, certificate: Path, key: Path, out: Path) -> None:
    """Write to `out` the detached SignedData over `data` in DER, the certificate included."""
    with tempfile.TemporaryDirectory() as private:
        content = Path(private, "content")
        content.write_bytes(data)
        with _signing(certificate, key) as signing:
            openssl.must([*signing, "-in", content, "-out", out], f"sign with `{key.name}`")


@answering
def verify_detached(data: bytes, signature: bytes, *, anchors: Path, at: datetime) -> Signer:
    """Who signed `data`, proved by `signature` under `anchors` at the moment `at`; otherwise the refusal."""
    with tempfile.TemporaryDirectory() as private:
        content, signed = Path(private, "content"), Path(private, "signature")
        content.write_bytes(data)
        signed.write_bytes(signature)
        _check_detached(signed)
        return _verified(signed, ["-content", content], anchors=anchors, at=at, out=Path(private, "verified"))


def seal(content: BinaryIO, *, recipients: Sequence[Path], certificate: Path, key: Path, out: Path) -> None:
    """Sign `content`, seal it to each certificate in `recipients`, and write the message to `out`.

    The content passes through and is nowhere on the disk in clear.
    """
    if not recipients:
        raise WrongUse(f"nobody is named to seal `{out.name}` to")
    unfinished = out.with_name(out.name + ".unfinished")
    encrypting: list[str | Path] = ["cms", "-encrypt", "-binary", "-stream", "-aes-256-gcm"]
    encrypting += ["-outform", "DER", "-out", unfinished]
    for recipient in recipients:
        encrypting += ["-recip", recipient]
        encrypting += [part for option in _recipient_options(recipient) for part in ("-keyopt", option)]
    try:
        with _signing(certificate, key) as signing:
            openssl.pipe([*signing, "-nodetach", "-stream"], encrypting, content, f"seal `{out.name}`")
        unfinished.chmod(0o600)
        sync(unfinished)
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    sync(out.parent)


@answering
def open_sealed(sealed: Path, *, certificate: Path, key: Path, anchors: Path, at: datetime, out: Path) -> Signer:
    """Decrypt `sealed`, verify the signature inside, only then put the content at `out`; says who signed."""
    _check_sealed(sealed)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".opening-") as private:
        signed, content = Path(private, "signed"), Path(private, "content")
        ended = openssl.run(
            [
                *("cms", "-decrypt", *DER, *openssl.UNASKED),
                *("-in", sealed, "-recip", certificate, "-inkey", key, "-out", signed),
            ]
        )
        if ended.returncode != 0:
            raise _not_opened(ended.stderr, sealed, certificate)
        signer = _verified(signed, [], anchors=anchors, at=at, out=content)
        content.chmod(0o600)
        sync(content)
        content.replace(out)
    sync(out.parent)
    return signer


def fingerprint(certificate: Path) -> str:
    """Hex SHA-256 of the DER form of the certificate in a PEM file: how a certificate is named everywhere."""
    written = CERTIFICATE.findall(_read_text(certificate))
    if len(written) != 1:
        raise WrongUse(f"`{certificate.name}` holds {len(written)} certificates; it must hold one")
    return _sha256(written[0])


@contextmanager
def _signing(certificate: Path, key: Path) -> Iterator[list[str | Path]]:
    """What openssl is told in order to sign by `certificate`; its key is in the file `key`, or in a module it names."""
    with signing_options(key) as by_key:
        yield [
            *("cms", "-sign", "-binary", "-md", "sha256", "-nosmimecap", *openssl.UNASKED),
            *("-signer", certificate, *by_key, "-outform", "DER"),
        ]


def _verified(signed: Path, content: list[str | Path], *, anchors: Path, at: datetime, out: Path) -> Signer:
    """Verify one message; the content is at `out` afterwards, and only then."""
    if "BEGIN CERTIFICATE" not in _read_text(anchors):
        raise Fault(f"`{anchors.name}` holds no trust anchor")
    signers = signed.with_name("signers.pem")
    ended = openssl.run(
        [
            *("cms", "-verify", *DER, "-in", signed, *content, "-out", out, "-signer", signers),
            *(*openssl.WITHOUT_DEFAULT_TRUST, "-CAfile", anchors, "-auth_level", "2"),
            *("-purpose", "smimesign", "-attime", str(int(at.timestamp()))),
        ]
    )
    if ended.returncode != 0:
        raise _not_verified(ended.stderr)
    return _signer(signers)


def _check_detached(signed: Path) -> None:
    """Refuse what openssl would take: a SHA-1 digest, several signers, content beside the signature."""
    printed = openssl.run(["cms", "-cmsout", "-print", "-noout", *DER, "-in", signed])
    text = printed.stdout.decode("utf-8", "replace")
    if printed.returncode != 0 or "contentType: pkcs7-signedData" not in text:
        raise Halt(*UNREADABLE)
    content = CONTENT.search(text)
    if content is None or content[1] is None:
        raise Halt(Code.SIGNATURE_UNREADABLE, "the signature brings content of its own; it must be detached")
    digests = SIGNER_DIGEST.findall(text)
    if len(digests) != 1:
        raise Halt(Code.SIGNATURE_UNREADABLE, f"the manifest has {len(digests)} signers; one must sign")
    if digests[0] not in DIGESTS:
        raise Halt(Code.SIGNATURE_WEAK, f"the signature uses `{digests[0]}`")


def _not_verified(stderr: bytes) -> Halt:
    text = stderr.decode("utf-8", "replace")
    for token, code, message in REASONS:
        if token in text:
            reason = text.rsplit("Verify error: ", 1)[-1].splitlines()[0].strip()
            return Halt(code, f"{message}: {reason}" if code is Code.SIGNER_UNTRUSTED else message)
    return Halt(*UNREADABLE)


def _not_opened(stderr: bytes, sealed: Path, certificate: Path) -> Halt:
    if b"using private key" in stderr:
        return Halt(Code.ENVELOPE_RECIPIENT, f"`{sealed.name}` is not sealed to `{certificate.name}`")
    return Halt(Code.ENVELOPE_UNREADABLE, f"`{sealed.name}` is cut off or changed: {openssl.said(stderr)}")


def _check_sealed(sealed: Path) -> None:
    """Only authenticated encryption is opened: openssl also takes EnvelopedData, which can be altered."""
    with sealed.open("rb") as file:
        head = file.read(32)
    length = 2 if len(head) > 1 and head[1] <= 0x80 else 2 + (head[1] & 0x7F if len(head) > 1 else 0)
    if not head.startswith(b"\x30") or head[length : length + len(AUTH_ENVELOPED)] != AUTH_ENVELOPED:
        raise Halt(Code.ENVELOPE_KIND, f"`{sealed.name}` is not CMS AuthEnvelopedData")


def _recipient_options(recipient: Path) -> tuple[str, ...]:
    key = _certificate(_read_text(recipient), recipient.name).public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return RECIPIENT_OPTIONS["rsa"]
    if isinstance(key, ec.EllipticCurvePublicKey):
        return RECIPIENT_OPTIONS["ec"]
    raise WrongUse(f"certificate `{recipient.name}` has neither an RSA nor an elliptic curve key")


def _signer(signers: Path) -> Signer:
    """The one certificate that openssl found to have signed."""
    written = CERTIFICATE.findall(_read_text(signers))
    if len(written) != 1:
        raise Halt(Code.SIGNATURE_UNREADABLE, f"the message has {len(written)} signers; one must sign")
    subject = _certificate(written[0], "signer").subject.rfc4514_string()
    return Signer(certificate_sha256=_sha256(written[0]), subject=subject)


def _sha256(pem: str) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


def _certificate(text: str, name: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(text.encode())
    except ValueError as error:
        raise WrongUse(f"`{name}` is not a certificate in PEM") from error


def _read_text(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError as error:
        raise Fault(f"`{path}` cannot be read: {error.strerror}") from error
