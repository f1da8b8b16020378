"""What a witness is made of, what it keeps over a restart, and that two requests at once are one after the other."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from narrowgate.errors import Fault, WrongUse
from narrowgate.ledger import Log, PrivateKeySigner
from narrowgate.ledger.checkpoint import signed_checkpoint
from narrowgate.ledger.cosignature import with_lines
from narrowgate.ledger.note import sign
from narrowgate.ledger.submission import written_submission
from narrowgate.witness import alarms
from narrowgate.witness.decision import AlarmKind
from narrowgate.witness.folder import ALARMS, KEY, Algorithm, Witness, begin, existing, trust
from narrowgate.witness.trusted import LogKey, log_keys
from tests.ledger.support import ORIGIN, SIGNERS, a_log, fresh_signers, tree_hash
from tests.witness.support import NOW, a_witness, grown, kept_alarms, latest, other_history, submission, submit


def forked(size: int, number: int) -> bytes:
    """A submission of another root for `size`, one for each `number`."""
    note = signed_checkpoint(ORIGIN, size, tree_hash([b"fork %d" % number] * size), SIGNERS).note
    return written_submission(size, [], note)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_witness_has_a_private_key_of_its_own(tmp_path: Path, algorithm: Algorithm) -> None:
    vkeys = {begin(tmp_path / name, "witness.example/w", algorithm).vkey for name in ("a", "b")}
    assert len(vkeys) == 2
    assert existing(tmp_path / "a").cosigner.verifier.vkey in vkeys
    for path in (tmp_path / "a").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


def test_a_witness_is_never_made_over_another(tmp_path: Path) -> None:
    begin(tmp_path / "w", "witness.example/w", Algorithm.ED25519)
    before = {path: path.read_bytes() for path in (tmp_path / "w").rglob("*") if path.is_file()}
    with pytest.raises(WrongUse, match="there already"):
        begin(tmp_path / "w", "witness.example/w", Algorithm.ED25519)
    assert {path: path.read_bytes() for path in (tmp_path / "w").rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["w"]


def test_an_empty_folder_becomes_a_witness_and_a_file_does_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    begin(tmp_path / "empty", "witness.example/w", Algorithm.ED25519)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WrongUse, match="there already"):
        begin(tmp_path / "file", "witness.example/w", Algorithm.ED25519)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_name_that_cannot_cosign_makes_no_witness(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="cannot name"):
        begin(tmp_path / "w", "a name", Algorithm.ED25519)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_key_is_no_witness(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="is no witness"):
        existing(tmp_path)


def test_a_key_that_others_can_read_does_not_sign(witness: Witness) -> None:
    (witness.folder / KEY).chmod(0o640)
    with pytest.raises(Fault, match="read by others"):
        existing(witness.folder)


def test_a_key_of_another_witness_does_not_sign_under_this_name(tmp_path: Path, witness: Witness) -> None:
    other = a_witness(tmp_path / "other")
    (witness.folder / KEY).write_bytes((other.folder / KEY).read_bytes())
    with pytest.raises(Fault, match="is not the key in"):
        existing(witness.folder)


def test_a_key_that_is_none_or_of_another_kind_does_not_sign(witness: Witness, tmp_path: Path) -> None:
    (witness.folder / KEY).write_text("nothing")
    with pytest.raises(Fault, match="is not a private key"):
        existing(witness.folder)
    key = ec.generate_private_key(ec.SECP256R1())
    (witness.folder / KEY).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(Fault, match="of a kind that cosigns"):
        existing(witness.folder)


def test_after_a_restart_the_witness_knows_what_it_cosigned(tmp_path: Path, witness: Witness) -> None:
    log = a_log(tmp_path / "log", 5)
    submit(witness, submission(log, 0))
    again = existing(witness.folder)
    assert submit(again, written_submission(0, [], log.checkpoint)).body == "5\n"
    assert submit(again, submission(grown(log, 1), 5)).status == 200


def test_two_histories_at_once_are_not_both_cosigned(tmp_path: Path, witness: Witness) -> None:
    log = a_log(tmp_path / "log", 5)
    submit(witness, submission(log, 0))
    bodies = [submission(other_history(tmp_path / "log", tmp_path / f"fork {by}", by), 5) for by in (1, 2, 3, 4)]
    bodies += [submission(grown(log, 2), 5)]
    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = list(pool.map(lambda body: submit(witness, body), bodies))
    statuses = sorted(answer.status for answer in answers)
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 409}
    cosigned = next(answer for answer in answers if answer.status == 200).cosigned
    assert latest(witness) == cosigned


def test_many_requests_at_once_never_roll_the_witness_back(tmp_path: Path, witness: Witness) -> None:
    log = a_log(tmp_path / "log", 5)
    submit(witness, submission(log, 0))
    bodies = [submission(grown(log, 1), 5) for _ in range(12)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda body: submit(witness, body), bodies))
    assert sum(answer.status == 200 for answer in answers) == 1
    held = latest(witness)
    assert held is not None
    assert {answer.body for answer in answers if answer.status == 409} <= {f"{held.size}\n"}


def test_what_cannot_be_recorded_is_not_answered(
    tmp_path: Path, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = a_log(tmp_path / "log", 5)

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("narrowgate.witness.state.State.record", full)
    with pytest.raises(OSError, match="no space"):
        submit(witness, submission(log, 0))
    monkeypatch.undo()
    assert latest(witness) is None
    assert submit(witness, submission(log, 0)).status == 200


def test_the_same_evidence_is_kept_once(tmp_path: Path, witness: Witness) -> None:
    submit(witness, submission(a_log(tmp_path / "log", 5), 0))
    kept = [witness.add_checkpoint(forked(5, 1), at=NOW + second)[1] for second in range(3)]
    assert kept[0] is not None
    assert kept[1:] == [None, None]
    assert "2025-11-24T16:00:00" in (kept[0] / "about.json").read_text()


def test_evidence_is_bounded_and_of_each_kind_by_itself(
    tmp_path: Path, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "MOST", 2)
    log = a_log(tmp_path / "log", 5)
    submit(witness, submission(log, 0))
    for _ in range(3):
        assert submit(witness, written_submission(5, [], grown(log, 1).checkpoint)).status == 422
    assert kept_alarms(witness) == ["unproven-6", "unproven-7"]
    answers = [submit(witness, forked(5, number)) for number in range(4)]
    assert [answer.status for answer in answers] == [409] * 4
    assert kept_alarms(witness) == ["fork-5", "fork-5", "unproven-6", "unproven-7"]
    assert witness.seen()[0].alarms == {AlarmKind.FORK: 2, AlarmKind.UNPROVEN: 2}


def test_no_name_of_a_log_leads_out_of_the_folder(tmp_path: Path, witness: Witness) -> None:
    for origin in ("../../outside", "a/" * 200, "/absolute"):
        signers = fresh_signers(origin)
        trust(witness.folder, origin, log_keys(origin, [signer.verifier.vkey for signer in signers]))
        note = signed_checkpoint(origin, 0, bytes(32), signers).note
        _, kept = witness.add_checkpoint(written_submission(0, [], note), at=NOW)
        assert kept is not None
        assert kept.parent.parent == witness.folder / ALARMS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["witness"]


def test_a_key_that_is_replaced_begins_no_second_history(tmp_path: Path, witness: Witness) -> None:
    log = a_log(tmp_path / "log", 5)
    submit(witness, submission(log, 0))
    new = fresh_signers()
    trust(witness.folder, ORIGIN, log_keys(ORIGIN, [signer.verifier.vkey for signer in new]))
    assert submit(witness, submission(grown(log, 1), 5)).status == 403
    later = Log.open(tmp_path / "log", ORIGIN, new, [signer.verifier for signer in SIGNERS])
    later.append([b"by the new keys"], expect_size=6)
    assert submit(witness, submission(later, 0)).body == "5\n"
    assert submit(witness, submission(later, 5)).status == 200


def test_a_key_signs_for_the_sizes_of_its_term_and_both_for_the_one_they_share(
    tmp_path: Path, witness: Witness
) -> None:
    old_key, other = SIGNERS
    new_key = PrivateKeySigner(ORIGIN, ed25519.Ed25519PrivateKey.generate())
    keys = [LogKey(old_key.verifier), LogKey(other.verifier, last=6), LogKey(new_key.verifier, first=6)]
    trust(witness.folder, ORIGIN, keys)

    def status(size: int, *signers: PrivateKeySigner) -> int:
        root = tree_hash([b"x"] * size)
        text = f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"
        return submit(witness, written_submission(0, [], sign(text, signers))).status

    assert status(6, old_key, other) == status(6, old_key, new_key) == 403
    assert status(7, old_key, other) == 403
    assert status(5, old_key, new_key) == 403
    assert status(5, old_key, other) == 200
    assert status(6, old_key, other, new_key) == 409
    assert status(7, old_key, new_key) == 409


def test_a_size_that_no_key_covers_is_signed_by_nobody(tmp_path: Path, witness: Witness) -> None:
    trust(witness.folder, ORIGIN, [LogKey(signer.verifier, last=4) for signer in SIGNERS])
    assert submit(witness, submission(a_log(tmp_path / "log", 5), 0)).status == 403
    assert latest(witness) is None


def test_what_was_seen_of_each_log_is_listed(tmp_path: Path, witness: Witness) -> None:
    trust(
        witness.folder,
        "another.example",
        log_keys("another.example", [fresh_signers("another.example")[1].verifier.vkey]),
    )
    log = a_log(tmp_path / "log", 5)
    answer = submit(witness, submission(log, 0))
    assert with_lines(log.checkpoint, answer.body) != log.checkpoint
    never, once = witness.seen()
    assert (never.origin, never.latest) == ("another.example", None)
    assert (once.origin, once.at) == (ORIGIN, NOW)
    assert once.latest is not None
    assert once.latest.note == log.checkpoint


def test_a_witness_that_trusts_nobody_has_seen_nothing(tmp_path: Path) -> None:
    begin(tmp_path / "w", "witness.example/w", Algorithm.ED25519)
    assert existing(tmp_path / "w").seen() == []
