"""Decide when a checkpoint was timestamped by an authority of the policy (RFC 3161; `spec/ledger.md`, section 5).

Rules:
 * What was stamped are the bytes of a checkpoint signed by the log's keys, of the origin, size and root of the one at
   hand. One that differs in its root proves that the log signed two histories, and ends the check.
 * `openssl ts` verifies, trusting the certificates of the policy and nothing else; a token is read only without what
   its authority did not sign.
 * A certificate must have been valid at the moment of the token, not today: a timestamp outlives it.
 * One authority is enough. A token by anybody else counts for nothing.
"""

from __future__ import annotations

import base64
import calendar
import re
import shutil
import subprocess
import tempfile
import time
from functools import lru_cache
from pathlib import Path

from narrowgate_verify.checkpoint import Checkpoint, accept_signed
from narrowgate_verify.cosignature import moment
from narrowgate_verify.policy import Policy
from narrowgate_verify.problems import DoesNotVerify
from narrowgate_verify.value import Value

FOLDER = "stamps"
LONGEST = 1 << 20

_IMPRINT = re.compile(r"^Hash Algorithm: (sha256|sha384|sha512)$", re.MULTILINE)
_MOMENT = re.compile(r"^Time stamp: (\w{3} [ \d]\d \d\d:\d\d:\d\d)(?:\.\d+)?( \d{4}) GMT$", re.MULTILINE)


class Stamps(Value):
    """The checkpoint that was sent to authorities, and what each answered: (authority, DER TimeStampResp)."""

    checkpoint: bytes
    tokens: tuple[tuple[str, bytes], ...]


class Stamped(Value):
    """An authority, by its name in the policy, and the moment to which it attests."""

    authority: str
    at: str


class _Unproved(Exception):  # noqa: N818 - a finding about one token
    """Why a token proves nothing, as the end of a sentence that begins with it."""


def stamps_in(folder: Path, size: int) -> Stamps | None:
    """What the ledger in `folder` keeps for its checkpoint of `size`, or None."""
    kept = folder / FOLDER / str(size)
    if not (kept / "checkpoint").is_file():
        return None
    tokens = ((file.stem, _short(file)) for file in sorted(kept.glob("*.tsr")))
    return Stamps(_short(kept / "checkpoint"), tuple(tokens))


@lru_cache(maxsize=4)  # many receipts bring the same
def check_stamps(stamps: Stamps | None, checkpoint: Checkpoint, policy: Policy) -> tuple[Stamped, ...]:
    """The timestamps of `checkpoint` by authorities of the policy: at least one, if it names any."""
    if not policy.anchors:
        return ()
    if stamps is None:
        raise DoesNotVerify("the checkpoint comes without a timestamp, and the policy requires one")
    _check_stamped(stamps.checkpoint, checkpoint, policy)
    found, reasons = [], []
    for authority in dict.fromkeys(name for name, _ in policy.anchors):
        try:
            found.append(Stamped(authority, _stamped_at(authority, stamps, policy)))
        except _Unproved as why:
            reasons.append(f"that of `{authority}` {why}")
    if not found:
        raise DoesNotVerify(f"no timestamp of the checkpoint verifies: {'; '.join(reasons)}")
    return tuple(found)


def _check_stamped(note: bytes, checkpoint: Checkpoint, policy: Policy) -> None:
    stamped = accept_signed(note, policy, file="the checkpoint that was timestamped")
    if stamped.size != checkpoint.size:
        raise DoesNotVerify(f"the timestamp is of a checkpoint of size {stamped.size}, not {checkpoint.size}")
    if stamped.root != checkpoint.root:
        raise DoesNotVerify(f"the timestamped checkpoint has another root for size {stamped.size}: two were signed")


def _stamped_at(authority: str, stamps: Stamps, policy: Policy) -> str:
    """The moment in the token of `authority`."""
    answer = dict(stamps.tokens).get(authority)
    if answer is None:
        raise _Unproved("is not there")
    anchors = "".join(_pem(der) for name, der in policy.anchors if name == authority)
    with tempfile.TemporaryDirectory() as private:  # only its owner can enter: mode 0700
        files = {name: Path(private, name) for name in ("answer", "token", "data", "anchors")}
        files["answer"].write_bytes(answer)
        files["data"].write_bytes(stamps.checkpoint)
        files["anchors"].write_text(anchors)
        return _verified(files)


def _verified(files: dict[str, Path]) -> str:
    """The moment in the token, once openssl has verified it."""
    # The answer has a part that nobody signed, in which any text can stand: the token alone is read.
    _openssl("-reply", "-in", files["answer"], "-token_out", "-out", files["token"])
    read = _openssl("-reply", "-token_in", "-in", files["token"], "-text")
    said = _MOMENT.search(read)
    if not _IMPRINT.search(read) or said is None:
        raise _Unproved("is not over a SHA-256 hash, or a longer one, or states no moment")
    at = calendar.timegm(time.strptime("".join(said.groups()), "%b %d %H:%M:%S %Y"))
    trust = ("-CAfile", files["anchors"], "-partial_chain", "-attime", str(at), "-auth_level", "2")
    _openssl("-verify", "-data", files["data"], "-in", files["token"], "-token_in", *trust)
    return moment(at)


def _openssl(*arguments: str | Path) -> str:
    program = shutil.which("openssl")
    if program is None:
        raise OSError("the program `openssl` is not installed, and there are timestamps to check")
    done = subprocess.run(
        [program, "ts", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise _Unproved(f"does not verify: openssl says {_said(done.stderr)}")
    return done.stdout.decode(errors="replace")


def _said(stderr: bytes) -> str:
    """The reasons that openssl gave, without the numbers around them."""
    lines = (line.split(":") for line in stderr.decode(errors="replace").splitlines())
    return ", ".join(parts[5] for parts in lines if len(parts) > 5) or "no more"


def _pem(der: bytes) -> str:
    lines = base64.encodebytes(der).decode()
    return f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n"


def _short(file: Path) -> bytes:
    """The file, if it is not longer than such files are."""
    with file.open("rb") as opened:
        content = opened.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise DoesNotVerify(f"`{file.name}` in `{FOLDER}` has more than {LONGEST} bytes")
    return content
