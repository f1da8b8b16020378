"""The ledger that asks a witness: what each answer means, and that no answer holds anybody up."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from narrowgate.errors import WrongUse
from narrowgate.ledger import Log
from narrowgate.ledger.cosignature import Cosigner, with_lines
from narrowgate.witness.folder import Algorithm, Witness, begin, existing
from narrowgate.witnessing.exchange import LONGEST_ANSWER, Unreachable
from narrowgate.witnessing.witnesses import Answer, Behind, Cosigned, Forked
from narrowgate.witnessing.witnesses import submit as ask
from narrowgate_verify.checkpoint import accept
from narrowgate_verify.policy import read_policy
from narrowgate_verify.problems import DoesNotVerify
from tests.ledger.support import ORIGIN, SIGNERS, fresh_signers, numbered
from tests.witness.support import (
    NOW,
    VKEYS,
    Running,
    a_witness,
    grown,
    kept_alarms,
    latest,
    other_history,
    running,
    submission,
    submit,
)

PATIENCE = 10.0


def asked(here: Running, witness: Witness, log: Log, old: int) -> Answer:
    """The answer of `witness` to `log`, which believes that it was cosigned at `old`."""
    return ask(here.url, witness.cosigner.verifier, log, old=old, timeout=PATIENCE)


@contextmanager
def answering(content: bytes, *, slowly: bool = False) -> Iterator[str]:
    """A server that says `content` to whoever connects; `slowly`, a byte at a time and without end."""
    done = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)

    def serve() -> None:
        while not done.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(1)
                connection.recv(1 << 20)
                try:
                    connection.sendall(content)
                    while slowly and not done.wait(0.05):
                        connection.sendall(b"x")
                except OSError:
                    pass

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        done.set()
        thread.join()
        listener.close()


def response(status: int, body: str, *headers: str) -> bytes:
    """An answer of HTTP as it stands on the wire."""
    head = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body.encode())}", "Connection: close", *headers]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_ledger_is_cosigned_as_it_grows(tmp_path: Path, log: Log, algorithm: Algorithm) -> None:
    witness = a_witness(tmp_path / "another", algorithm)
    with running(witness) as here:
        for old in (0, 5, 6):
            answer = asked(here, witness, log, old)
            assert isinstance(answer, Cosigned)
            assert answer.at == NOW
            assert witness.cosigner.verifier.cosigned_at(with_lines(log.checkpoint, answer.line)) == NOW
            grown(log, 1)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_the_separate_verifier_counts_what_the_witness_cosigned(tmp_path: Path, log: Log, algorithm: Algorithm) -> None:
    witness = a_witness(tmp_path / "another", algorithm)
    (tmp_path / "policy").write_text(
        "".join(f"log {vkey}\n" for vkey in VKEYS) + f"witness w {witness.cosigner.verifier.vkey}\nquorum w\n"
    )
    policy = read_policy(tmp_path / "policy")
    with running(witness) as here:
        answer = asked(here, witness, log, 0)
    assert isinstance(answer, Cosigned)
    assert accept(with_lines(log.checkpoint, answer.line).encode(), policy, file="checkpoint").size == 5
    with pytest.raises(DoesNotVerify, match="has not cosigned"):
        accept(log.checkpoint.encode(), policy, file="checkpoint")


@pytest.mark.parametrize("old", [0, 2, 7, 8, 99])
def test_a_ledger_that_forgot_what_was_cosigned_learns_it_from_the_witness(
    here: Running, witness: Witness, log: Log, old: int
) -> None:
    submit(witness, submission(log, 0))
    assert isinstance(asked(here, witness, grown(log, 3), old), Cosigned)
    assert kept_alarms(witness) == []


def test_a_ledger_whose_cosignature_was_lost_on_the_way_has_it_by_asking_again(
    here: Running, witness: Witness, log: Log
) -> None:
    submit(witness, submission(log, 0))
    assert isinstance(asked(here, witness, log, 0), Cosigned)


def test_a_ledger_put_back_from_an_old_copy_is_behind(
    here: Running, witness: Witness, log: Log, tmp_path: Path
) -> None:
    backup = other_history(tmp_path / "log", tmp_path / "backup", 0)
    submit(witness, submission(grown(log, 3), 0))
    for old in (0, 5, 8):
        assert asked(here, witness, backup, old) == Behind(8)
    assert kept_alarms(witness) == []
    assert latest(witness) == log.append([], expect_size=8)


def test_a_ledger_put_back_that_grew_again_is_a_fork_and_the_witness_can_prove_it(
    here: Running, witness: Witness, log: Log, tmp_path: Path
) -> None:
    backup = other_history(tmp_path / "log", tmp_path / "backup", 6)
    submit(witness, submission(grown(log, 2), 0))
    answer = asked(here, witness, backup, 5)
    assert answer == Forked("the witness cosigned 7 entries that do not begin the 11 of this ledger")
    assert kept_alarms(witness) == ["fork-11"]


def test_another_history_of_the_same_size_is_a_fork(here: Running, witness: Witness, log: Log, tmp_path: Path) -> None:
    backup = other_history(tmp_path / "log", tmp_path / "backup", 2)
    submit(witness, submission(grown(log, 2), 0))
    for old in (0, 5, 7):
        assert asked(here, witness, backup, old) == Forked("the witness cosigned another ledger of 7 entries")
    assert kept_alarms(witness) == ["fork-7"]


def test_a_witness_that_does_not_know_the_ledger_did_not_cosign(tmp_path: Path, log: Log) -> None:
    begin(tmp_path / "w", "witness.example/w", Algorithm.ED25519)
    witness = existing(tmp_path / "w")
    with running(witness) as here:
        answer = asked(here, witness, log, 0)
    assert answer == Unreachable(f"the witness answered 404: `the log `{ORIGIN}` is not one that this witness knows`")


def test_keys_that_the_witness_does_not_trust_are_no_fork(here: Running, witness: Witness, tmp_path: Path) -> None:
    log = Log.create(tmp_path / "other", ORIGIN, fresh_signers())
    log.append(numbered(0, 2), expect_size=0)
    answer = asked(here, witness, log, 0)
    assert isinstance(answer, Unreachable)
    assert answer.reason.startswith("the witness answered 403")


def test_a_cosignature_by_another_key_is_none(here: Running, log: Log) -> None:
    for name in ("witness.example/w", "witness.example/x"):
        key = Cosigner(name, ed25519.Ed25519PrivateKey.generate()).verifier
        answer = ask(here.url, key, log, old=0, timeout=PATIENCE)
        assert isinstance(answer, Unreachable)
        assert answer.reason.startswith("the witness did not cosign with the key")


def test_a_cosignature_of_another_checkpoint_is_none(witness: Witness, log: Log) -> None:
    line = witness.cosigner.cosign(log.checkpoint, NOW)
    grown(log, 1)
    with answering(response(200, line)) as url:
        answer = ask(url, witness.cosigner.verifier, log, old=0, timeout=PATIENCE)
    assert isinstance(answer, Unreachable)
    assert "does not verify" in answer.reason


def test_of_an_answer_only_lines_by_the_key_are_taken(witness: Witness, log: Log) -> None:
    stranger = Cosigner("stranger.example/s", ed25519.Ed25519PrivateKey.generate())
    own = witness.cosigner.cosign(log.checkpoint, NOW)
    with answering(response(200, stranger.cosign(log.checkpoint, NOW) + own)) as url:
        answer = ask(url, witness.cosigner.verifier, log, old=0, timeout=PATIENCE)
    assert answer == Cosigned(own, NOW)


@pytest.mark.parametrize(
    "content",
    [
        response(200, ""), response(200, "ok\n"), response(200, "— a AAAAAAA=\n\n"), response(204, ""),
        response(409, ""), response(409, "soon\n"), response(409, "05\n"), response(409, "0\n"), response(409, "3\n"),
        response(500, "broken\n"), response(503, ""), b"", b"not http\r\n\r\n",
        response(200, "x" * (LONGEST_ANSWER + 1)),
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xff",
    ],
)  # fmt: skip
def test_any_other_answer_is_no_cosignature_and_no_alarm(witness: Witness, log: Log, content: bytes) -> None:
    with answering(content) as url:
        answer = ask(url, witness.cosigner.verifier, log, old=0, timeout=PATIENCE)
    assert isinstance(answer, Unreachable)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(here: Running, witness: Witness, log: Log, status: int) -> None:
    with answering(response(status, "", f"Location: {here.url}/add-checkpoint")) as url:
        answer = ask(url, witness.cosigner.verifier, log, old=0, timeout=PATIENCE)
    assert isinstance(answer, Unreachable)
    assert latest(witness) is None


def test_a_witness_that_is_not_there_is_unreachable(witness: Witness, log: Log) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = ask(f"http://127.0.0.1:{port}", witness.cosigner.verifier, log, old=0, timeout=PATIENCE)
    assert isinstance(answer, Unreachable)
    assert answer.reason.startswith("the witness cannot be reached")


@pytest.mark.parametrize("content", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_a_witness_that_answers_a_byte_at_a_time_is_given_up_on_time(
    witness: Witness, log: Log, content: bytes
) -> None:
    with answering(content, slowly=True) as url:
        began = time.monotonic()
        answer = ask(url, witness.cosigner.verifier, log, old=0, timeout=0.3)
        took = time.monotonic() - began
    assert answer == Unreachable("the witness did not answer in time")
    assert took < 2


@pytest.mark.parametrize(
    "url", ["", "witness.example", "file:///etc/passwd", "ftp://witness.example", "http://", "http://[", "data:,x",
            "http://w.example/?q", "http://w.example/#f", "http://name:word@w.example", "http://w.example:port"]
)  # fmt: skip
def test_what_is_no_address_of_a_witness_is_not_asked(witness: Witness, log: Log, url: str) -> None:
    with pytest.raises(WrongUse, match="is not the address of a witness"):
        ask(url, witness.cosigner.verifier, log, old=0, timeout=PATIENCE)


def test_an_address_may_end_in_a_stroke(here: Running, witness: Witness, log: Log) -> None:
    assert isinstance(ask(f"{here.url}/", witness.cosigner.verifier, log, old=0, timeout=PATIENCE), Cosigned)


def test_the_ledger_is_left_as_it_was(here: Running, witness: Witness, log: Log, tmp_path: Path) -> None:
    before = log.checkpoint
    asked(here, witness, log, 0)
    assert Log.open(tmp_path / "log", ORIGIN, SIGNERS).checkpoint == before
