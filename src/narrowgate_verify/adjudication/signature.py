"""Verify who signed a manifest, with the `openssl` program (RFC 5652; `spec/package.md`, step 3).

Rules:
 * Only the anchors that the inspector names count; no trust store of the machine does.
 * One signer, a detached signature, a digest of the SHA-2 family, keys of at least 112 bits of strength, a certificate
   that may sign messages.
 * Validity is judged at the moment at which the manifest says it was made; when it came only the custodian knows.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from narrowgate_verify.problems import DoesNotVerify, WrongUse

_DIGESTS = {"sha256", "sha384", "sha512"}
_DIGEST = re.compile(r"^ +digestAlgorithm: *\n +algorithm: (\S+)", re.MULTILINE)
_DER = ("-binary", "-inform", "DER")


def verify_signature(manifest: bytes, signature: bytes, *, anchors: Path, at: datetime) -> None:
    """DoesNotVerify with openssl's reason unless `signature` is over `manifest`, under `anchors`, valid at `at`."""
    if not anchors.is_file() or b"BEGIN CERTIFICATE" not in anchors.read_bytes():
        raise WrongUse(f"`{anchors}` holds no certificate in PEM")
    with tempfile.TemporaryDirectory() as private:
        content, signed = Path(private, "content"), Path(private, "signature")
        content.write_bytes(manifest)
        signed.write_bytes(signature)
        _check_form(_openssl("-cmsout", "-print", "-noout", *_DER, "-in", signed))
        done = _openssl(
            *("-verify", *_DER, "-in", signed, "-content", content, "-out", Path(private, "verified")),
            *("-no-CApath", "-no-CAstore", "-CAfile", anchors, "-auth_level", "2"),
            *("-purpose", "smimesign", "-attime", str(int(at.timestamp()))),
        )
    if done.returncode != 0:
        raise DoesNotVerify(f"the signature of the manifest does not verify: {_reason(done.stderr)}")


def _check_form(printed: subprocess.CompletedProcess[bytes]) -> None:
    """Refuse what openssl would take: content of its own, several signers, a weak digest."""
    text = printed.stdout.decode("utf-8", "replace")
    if printed.returncode != 0 or "contentType: pkcs7-signedData" not in text:
        raise DoesNotVerify("`manifest.p7s` is not CMS SignedData in DER")
    if not re.search(r"^ +eContent: *<ABSENT>", text, re.MULTILINE):
        raise DoesNotVerify("`manifest.p7s` brings content of its own; it must be detached")
    digests = _DIGEST.findall(text)
    if len(digests) != 1 or digests[0] not in _DIGESTS:
        raise DoesNotVerify(f"`manifest.p7s` has the digests {digests}, where one signer with one of SHA-2 is needed")


def _openssl(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["openssl", "cms", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise WrongUse(
            "the program `openssl` is not installed, and signatures cannot be verified without it"
        ) from error


def _reason(stderr: bytes) -> str:
    """What openssl said last, without the numbers in front of it."""
    said = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return ", ".join(part for part in said[-1].split(":")[5:] if part) if said else "openssl gave no reason"
