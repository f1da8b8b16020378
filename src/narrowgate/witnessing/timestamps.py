"""Have an authority say when a checkpoint existed (RFC 3161), and check what it says.

Rules:
 * What is stamped is the checkpoint as the ledger signed it, signatures included: so the keys had signed by then.
 * A stamp counts once it verifies under the certificate that was named beforehand, over these bytes and this nonce.
 * A stamp whose time is not ours counts for nothing: one of the two clocks is wrong, and nobody here can say which.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificate
from rfc3161_client import TimestampRequestBuilder, VerificationError, VerifierBuilder, decode_timestamp_response

from narrowgate.errors import Fault
from narrowgate.witnessing.exchange import Response, Unreachable, checked_address, post

CLOCK_SKEW = timedelta(minutes=5)
"""How far the authority's clock may be from ours."""


@dataclass(frozen=True)
class Stamped:
    """The authority's answer, DER of an RFC 3161 TimeStampResp, and the time in it."""

    token: bytes
    at: datetime


def stamp(url: str, certificate: Path, message: bytes, *, now: datetime, timeout: float) -> Stamped | Unreachable:
    """Ask the authority at `url` for a stamp over `message`; its certificate must lead to the one in `certificate`."""
    request = TimestampRequestBuilder().data(message).build()
    address = checked_address(url, "a timestamp authority")
    answer = post(
        address, request.as_bytes(), "application/timestamp-query", who="the authority",
        until=time.monotonic() + timeout,
    )  # fmt: skip
    if isinstance(answer, Unreachable):
        return answer
    try:
        return _checked(answer, request.nonce, trusted(certificate), message, now)
    except (VerificationError, ValueError) as problem:
        return Unreachable(f"the authority answered what is no stamp of ours: {problem}")


def trusted(certificate: Path) -> Certificate:
    """The certificate in a PEM file."""
    try:
        return load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError) as problem:
        raise Fault(f"`{certificate}` is not a certificate in PEM", "no timestamp was asked for") from problem


def proves(token: bytes, certificate: Certificate, message: bytes) -> bool:
    """Whether `token`, DER of a TimeStampResp, is a stamp over `message` that leads to `certificate`."""
    try:
        _verify(token, certificate, message, None)
    except (VerificationError, ValueError):
        return False
    return True


def _verify(token: bytes, certificate: Certificate, message: bytes, nonce: int | None) -> datetime:
    """The time in a token, once it verifies; the library's errors otherwise."""
    response = decode_timestamp_response(token)
    VerifierBuilder(roots=[certificate], nonce=nonce).build().verify_message(response, message)
    return response.tst_info.gen_time.replace(tzinfo=UTC)


def _checked(
    answer: Response, nonce: int | None, certificate: Certificate, message: bytes, now: datetime
) -> Stamped | Unreachable:
    if answer.status != 200:
        return Unreachable(f"the authority answered {answer.status}")
    at = _verify(answer.body, certificate, message, nonce)
    if abs(at - now) > CLOCK_SKEW:
        return Unreachable(
            f"the authority says that it is {at:%Y-%m-%dT%H:%M:%SZ}, and here it is {now:%Y-%m-%dT%H:%M:%SZ}"
        )
    return Stamped(answer.body, at)
