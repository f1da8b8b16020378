"""One exchange by HTTP with somebody outside: an address, a body, an answer, and an end to waiting.

Rules:
 * An answer comes within the time given or not at all, from the address given and no other, up to a fixed size.
 * Whatever keeps an answer from coming is a value with a reason. It says nothing of the ledger.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from narrowgate.errors import WrongUse

LONGEST_ANSWER = 64 * 1024
"""Bytes; sixteen cosignatures of the largest kind fit, and a timestamp with its certificates."""


@dataclass(frozen=True)
class Response:
    """What was answered, whatever its status."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, with a mark in place of what is none."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Unreachable:
    """Nothing that counts was answered, for a reason that says nothing of the ledger. It may be asked for again."""

    reason: str


def checked_address(url: str, what: str) -> str:
    """`url`, if it can be one of HTTP or HTTPS; wrong use otherwise, calling it the address of `what`."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username:
        raise WrongUse(f"`{url}` is not the address of {what}", "say http://host/path or https://host/path")
    return url


def post(address: str, body: bytes, content_type: str, *, who: str, until: float) -> Response | Unreachable:
    """What `who` answers to `body`, if before the moment `until` of the monotonic clock."""
    left = until - time.monotonic()
    late = Unreachable(f"{who} did not answer in time")
    if left <= 0:
        return late
    headers = {"Content-Type": content_type, "User-Agent": "narrowgate"}
    asked = Request(address, body, headers, method="POST")  # noqa: S310 - the scheme was checked
    answer: Future[Response | Unreachable] = Future()
    # A socket's own timeout begins anew with each byte, and the search for a name has none: somebody else waits.
    threading.Thread(target=_settle, args=(answer, asked, who, left), daemon=True).start()
    try:
        return answer.result(left)
    except TimeoutError:
        return late


def _settle(answer: Future[Response | Unreachable], asked: Request, who: str, timeout: float) -> None:
    try:
        answer.set_result(_sent(asked, who, timeout))
    except (OSError, HTTPException, ValueError) as problem:
        answer.set_result(Unreachable(f"{who} cannot be reached: {problem}"))
    except BaseException as problem:
        answer.set_exception(problem)


def _sent(asked: Request, who: str, timeout: float) -> Response | Unreachable:
    """One exchange. The opener knows no redirects, and no status is an error to it."""
    opener = OpenerDirector()
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    with opener.open(asked, timeout=timeout) as response:
        content = response.read(LONGEST_ANSWER + 1)
        if len(content) > LONGEST_ANSWER:
            return Unreachable(f"{who} answered more than {LONGEST_ANSWER} bytes")
        return Response(response.status, content)
