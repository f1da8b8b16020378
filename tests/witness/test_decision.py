"""Each answer of a witness, on each side of its edge; and what its disk holds afterwards."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from narrowgate.ledger import Log
from narrowgate.ledger.checkpoint import signed_checkpoint
from narrowgate.ledger.cosignature import with_lines
from narrowgate.ledger.note import sign
from narrowgate.ledger.submission import written_submission
from narrowgate.witness.decision import SIZE, AlarmKind
from narrowgate.witness.folder import ALARMS, Algorithm, Witness
from tests.ledger.support import ORIGIN, SIGNERS, a_log, fresh_signers, numbered, tree_hash
from tests.witness.support import NOW, a_witness, grown, kept_alarms, latest, other_history, submission, submit


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """A witness that knows the ledger and has seen nothing of it."""
    return a_witness(tmp_path / "witness")


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """A ledger of five entries."""
    return a_log(tmp_path / "log", 5)


def checkpoint(size: int, root: bytes) -> str:
    """A checkpoint that the ledger's keys sign, whatever it states."""
    return signed_checkpoint(ORIGIN, size, root, SIGNERS).note


@pytest.mark.parametrize("algorithm", Algorithm)
def test_the_first_checkpoint_is_cosigned(tmp_path: Path, log: Log, algorithm: Algorithm) -> None:
    witness = a_witness(tmp_path / "another", algorithm)
    answer = submit(witness, submission(log, 0))
    assert answer.status == 200
    assert witness.cosigner.verifier.cosigned_at(with_lines(log.checkpoint, answer.body)) == NOW
    assert latest(witness) == signed(log)


def signed(log: Log) -> object:
    """The ledger's present checkpoint."""
    return log.append([], expect_size=log.size)


def test_what_continues_the_latest_is_cosigned(witness: Witness, log: Log) -> None:
    submit(witness, submission(log, 0))
    assert submit(witness, submission(grown(log, 3), 5)).status == 200
    assert latest(witness) == signed(log)
    assert kept_alarms(witness) == []


def test_the_latest_is_cosigned_again_at_the_new_time_and_kept_as_it_was(witness: Witness, log: Log) -> None:
    submit(witness, submission(log, 0))
    answer = submit(witness, submission(log, 5), at=NOW + 60)
    assert witness.cosigner.verifier.cosigned_at(with_lines(log.checkpoint, answer.body)) == NOW + 60
    assert witness.seen()[0].at == NOW


def test_an_empty_ledger_is_cosigned(witness: Witness, tmp_path: Path) -> None:
    assert submit(witness, submission(a_log(tmp_path / "empty"), 0)).status == 200


def test_a_clock_that_was_set_back_does_not_date_the_larger_tree_before_the_smaller(witness: Witness, log: Log) -> None:
    submit(witness, submission(log, 0), at=NOW)
    answer = submit(witness, submission(grown(log, 1), 5), at=NOW - 3600)
    assert witness.cosigner.verifier.cosigned_at(with_lines(log.checkpoint, answer.body)) == NOW


@pytest.mark.parametrize("body", [b"", b"old 0\n\n", b"\xff", b"new 0\n\ntext\n\n"])
def test_what_is_no_submission_is_400(witness: Witness, body: bytes) -> None:
    assert submit(witness, body).status == 400
    assert latest(witness) is None


def test_an_old_size_beyond_the_checkpoint_is_400_and_one_that_equals_it_is_not(witness: Witness, log: Log) -> None:
    submit(witness, submission(log, 0))
    assert submit(witness, written_submission(6, [], log.checkpoint)).status == 400
    assert submit(witness, written_submission(5, [], log.checkpoint)).status == 200


def test_a_log_that_is_not_known_is_404(witness: Witness) -> None:
    other = signed_checkpoint("another.example", 1, bytes(32), fresh_signers("another.example")).note
    assert submit(witness, written_submission(0, [], other)).status == 404
    assert latest(witness) is None


@pytest.mark.parametrize("signers", [SIGNERS[:1], SIGNERS[1:], fresh_signers()], ids=("ecdsa", "ed25519", "stranger"))
def test_unless_every_key_of_the_log_signed_it_is_403(witness: Witness, log: Log, signers: object) -> None:
    text = log.checkpoint.partition("\n\n")[0] + "\n"
    assert submit(witness, written_submission(0, [], sign(text, signers))).status == 403  # type: ignore[arg-type]
    assert latest(witness) is None


def test_a_signature_that_does_not_verify_is_403(witness: Witness, log: Log) -> None:
    changed = log.checkpoint.replace("\n5\n", "\n6\n", 1)
    assert submit(witness, written_submission(0, [], changed)).status == 403
    assert latest(witness) is None


def test_lines_by_others_are_passed_over_and_not_kept(witness: Witness, log: Log) -> None:
    stranger = sign(log.checkpoint.partition("\n\n")[0] + "\n", fresh_signers()).partition("\n\n")[2]
    note = with_lines(log.checkpoint, stranger)
    assert submit(witness, written_submission(0, [], note)).status == 200
    assert latest(witness) == signed(log)


@pytest.mark.parametrize("old", [0, 4])
def test_another_old_size_than_the_latest_is_409_with_the_latest_and_no_alarm(
    witness: Witness, log: Log, old: int
) -> None:
    submit(witness, submission(log, 0))
    answer = submit(witness, submission(grown(log, 3), old))
    assert (answer.status, answer.body, answer.content_type) == (409, "5\n", SIZE)
    assert kept_alarms(witness) == []


def test_before_the_first_checkpoint_the_latest_is_none(witness: Witness, log: Log) -> None:
    answer = submit(witness, submission(log, 3))
    assert (answer.status, answer.body) == (409, "0\n")


@pytest.mark.parametrize("old", [0, 3, 5])
def test_an_old_honest_checkpoint_submitted_again_by_anybody_is_409_and_no_alarm(
    witness: Witness, log: Log, old: int
) -> None:
    earlier = submission(log, old)
    submit(witness, submission(log, 0))
    submit(witness, submission(grown(log, 3), 5))
    answer = submit(witness, earlier)
    assert (answer.status, answer.body) == (409, "8\n")
    assert kept_alarms(witness) == []
    assert latest(witness) == signed(log)


def test_an_honest_checkpoint_that_was_never_cosigned_and_comes_late_is_no_alarm(witness: Witness, log: Log) -> None:
    between = submission(grown(log, 1), 5)
    submit(witness, submission(grown(log, 3), 0))
    answer = submit(witness, between)
    assert (answer.status, answer.body) == (409, "9\n")
    assert kept_alarms(witness) == []


def test_another_root_for_the_latest_size_is_a_fork(witness: Witness, log: Log) -> None:
    submit(witness, submission(log, 0))
    forked = checkpoint(5, tree_hash([b"another"] * 5))
    answer = submit(witness, written_submission(5, [], forked))
    assert (answer.status, answer.body) == (409, "5\n")
    assert kept_alarms(witness) == ["fork-5"]
    assert latest(witness) == signed(log)


def test_another_root_for_an_earlier_size_is_a_fork(witness: Witness, log: Log) -> None:
    submit(witness, submission(log, 0))
    submit(witness, submission(grown(log, 3), 5))
    answer = submit(witness, written_submission(0, [], checkpoint(5, tree_hash([b"another"] * 5))))
    assert (answer.status, answer.body) == (409, "8\n")
    assert kept_alarms(witness) == ["fork-5"]


def test_another_root_of_nothing_is_a_fork_by_itself(witness: Witness) -> None:
    answer = submit(witness, written_submission(0, [], checkpoint(0, bytes(32))))
    assert (answer.status, answer.body) == (409, "0\n")
    (kept,) = (witness.folder / ALARMS).glob("*/*")
    assert sorted(file.name for file in kept.iterdir()) == ["about.json", "submitted.note"]


def test_a_larger_tree_whose_own_proof_leads_elsewhere_is_a_fork(witness: Witness, log: Log, tmp_path: Path) -> None:
    fork = other_history(tmp_path / "log", tmp_path / "fork", 4)
    submit(witness, submission(grown(log, 1), 0))
    answer = submit(witness, submission(fork, 6))
    assert answer.status == 422
    assert kept_alarms(witness) == ["fork-9"]
    assert latest(witness) == signed(log)


def test_a_fork_at_a_complete_tree_is_not_shown_by_a_proof_that_leaves_its_root_out(
    witness: Witness, log: Log, tmp_path: Path
) -> None:
    fork = other_history(tmp_path / "log", tmp_path / "fork", 6)
    submit(witness, submission(grown(log, 3), 0))
    assert submit(witness, submission(fork, 8)).status == 422
    assert kept_alarms(witness) == ["unproven-11"]


@pytest.mark.parametrize("proof", [(), (bytes(32),), (bytes(32),) * 63], ids=len)
def test_a_good_checkpoint_with_a_made_up_proof_is_422_and_proves_nothing(
    witness: Witness, log: Log, proof: tuple[bytes, ...]
) -> None:
    submit(witness, submission(log, 0))
    answer = submit(witness, written_submission(5, proof, grown(log, 3).checkpoint))
    assert answer.status == 422
    assert answer.alarm is not None
    assert answer.alarm.kind is AlarmKind.UNPROVEN
    assert kept_alarms(witness) == ["unproven-8"]


def test_one_hash_changed_anywhere_in_a_proof_is_never_called_a_fork(witness: Witness, log: Log) -> None:
    submit(witness, submission(log, 0))
    grown(log, 300)
    proof = log.consistency_proof(5)
    for at in range(len(proof)):
        changed = [*proof[:at], bytes(32), *proof[at + 1 :]]
        answer = submit(witness, written_submission(5, changed, log.checkpoint))
        assert answer.status == 422
    assert kept_alarms(witness) == ["unproven-305"]


def test_what_was_unproven_is_cosigned_once_it_is_shown(witness: Witness, log: Log) -> None:
    submit(witness, submission(log, 0))
    grown(log, 3)
    assert submit(witness, written_submission(5, [], log.checkpoint)).status == 422
    assert submit(witness, submission(log, 5)).status == 200


def test_a_proof_where_none_is_called_for_is_422_and_no_alarm(witness: Witness, log: Log) -> None:
    assert submit(witness, written_submission(0, [bytes(32)], log.checkpoint)).status == 422
    submit(witness, submission(log, 0))
    assert submit(witness, written_submission(5, [bytes(32)], log.checkpoint)).status == 422
    assert kept_alarms(witness) == []


def test_both_notes_of_a_fork_are_kept_and_anybody_can_check_them(witness: Witness, log: Log, tmp_path: Path) -> None:
    fork = other_history(tmp_path / "log", tmp_path / "fork", 4)
    submit(witness, submission(grown(log, 1), 0))
    submit(witness, submission(fork, 6))
    (kept,) = (witness.folder / ALARMS).glob("*/*")
    about = json.loads((kept / "about.json").read_bytes())
    assert (kept / "held.note").read_text() == log.checkpoint
    assert (kept / "submitted.note").read_text() == fork.checkpoint
    assert (about["kind"], about["held_size"], about["submitted_size"]) == ("fork", 6, 9)
    assert tuple(map(base64.b64decode, about["proof"])) == fork.consistency_proof(6)


def test_the_ledger_of_numbered_entries_is_what_these_tests_take_it_for(log: Log) -> None:
    assert log.root == tree_hash(numbered(0, 5))
