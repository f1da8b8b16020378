"""The verifier finds damage and deceit, and says where."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowgate.formats.entry import Entry
from narrowgate.ledger import Log, Signer
from narrowgate_verify.__main__ import main
from narrowgate_verify.ledger import verify_ledger
from narrowgate_verify.policy import read_policy
from narrowgate_verify.problems import DoesNotVerify
from tests.ledger.support import ORIGIN, SIGNERS, VECTORS, content, fresh_signers

POLICY = VECTORS / "policy"


def policy_file(path: Path, signers: tuple[Signer, ...] = SIGNERS) -> Path:
    path.write_text("".join(f"log {signer.verifier.vkey}\n" for signer in signers) + "quorum none\n")
    return path


def determinations(count: int) -> list[bytes]:
    return [
        Entry("determination", "B-1", "deny", "2025-07-01T00:00:00Z", f"{number:064x}").to_bytes()
        for number in range(count)
    ]


@pytest.mark.parametrize("name", ["good-5", "good-260"])
def test_a_turned_bit_in_any_byte_is_found_and_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "ledger"
    shutil.copytree(VECTORS / name, folder)
    policy = read_policy(POLICY)
    files = content(folder)
    for file, sound in files.items():
        for at in range(0, len(sound), 1 if len(sound) < 1000 else 97):
            spoilt = bytearray(sound)
            spoilt[at] ^= 1 << at % 8
            (folder / file).write_bytes(spoilt)
            with pytest.raises(DoesNotVerify) as found:
                verify_ledger(folder, policy)
            assert f"`{file}`" in str(found.value)
        (folder / file).write_bytes(sound)
    assert verify_ledger(folder, policy).checkpoint.size == int(name.removeprefix("good-"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_missing_or_cut_file_is_found_and_named(tmp_path: Path, data: st.DataObject) -> None:
    folder = tmp_path / "ledger"
    if not folder.exists():
        shutil.copytree(VECTORS / "good-260", folder)
    files = content(folder)
    name = data.draw(st.sampled_from(sorted(files)))
    keep = data.draw(st.none() | st.integers(0, len(files[name]) - 1))
    (folder / name).unlink()
    if keep is not None:
        (folder / name).write_bytes(files[name][:keep])
    try:
        with pytest.raises(DoesNotVerify) as found:
            verify_ledger(folder, read_policy(POLICY))
    finally:
        (folder / name).write_bytes(files[name])
    assert f"`{name}`" in str(found.value)


def test_what_a_crash_left_beyond_the_size_is_not_read(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    log = Log.create(folder, ORIGIN, SIGNERS)
    log.append(determinations(3), expect_size=0)
    for name in ("tile/0/000.p/9", "tile/0/001", "tile/entries/000.p/9", "tile/1/000.p/1"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"left over")
    assert verify_ledger(folder, read_policy(policy_file(tmp_path / "policy"))).checkpoint.size == 3


def test_a_ledger_made_anew_with_other_keys_is_refused_even_with_a_policy_beside_it(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "policy", fresh_signers()
    policy_file(mine)
    folder = tmp_path / "ledger"
    Log.create(folder, ORIGIN, theirs).append(determinations(3), expect_size=0)
    policy_file(folder / "policy", theirs)
    with pytest.raises(DoesNotVerify, match="which the policy requires"):
        verify_ledger(folder, read_policy(mine))
    assert main(["ledger", str(folder), "--policy", str(mine)]) == 1
    assert main(["ledger", str(folder), "--policy", str(folder / "policy")]) == 2
    (tmp_path / "link").symlink_to(folder / "policy")
    assert main(["ledger", str(folder), "--policy", str(tmp_path / "link")]) == 2


def test_added_signatures_by_strangers_neither_help_nor_hurt(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    Log.create(folder, ORIGIN, SIGNERS).append(determinations(3), expect_size=0)
    theirs = fresh_signers()
    text = (folder / "checkpoint").read_text()
    Log.create(tmp_path / "other", ORIGIN, theirs).append(determinations(3), expect_size=0)
    strange = (tmp_path / "other" / "checkpoint").read_text().partition("\n\n")[2]
    (folder / "checkpoint").write_text(text + strange)
    ours = read_policy(policy_file(tmp_path / "policy"))
    assert verify_ledger(folder, ours).kinds == {"determination": 3}
    (folder / "checkpoint").write_text(text.partition("\n\n")[0] + "\n\n" + strange)
    with pytest.raises(DoesNotVerify, match="which the policy requires"):
        verify_ledger(folder, ours)


def test_a_bad_signature_by_a_key_that_is_not_needed_yet_spoils_the_checkpoint(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    Log.create(folder, ORIGIN, SIGNERS)
    text = (folder / "checkpoint").read_text()
    second = text.splitlines()[-1]
    Log.create(tmp_path / "other", ORIGIN, SIGNERS).append([b"x"], expect_size=0)
    wrong = (tmp_path / "other" / "checkpoint").read_text().splitlines()[-1]
    key = SIGNERS[1].verifier
    policy = policy_file(tmp_path / "policy")
    policy.write_text(policy.read_text() + f"from 9 {key.name}+{key.key_id.hex()}\n")
    (folder / "checkpoint").write_text(text.replace(second + "\n", ""))
    assert verify_ledger(folder, read_policy(policy)).checkpoint.size == 0
    (folder / "checkpoint").write_text(text.replace(second, wrong))
    with pytest.raises(DoesNotVerify, match="does not verify"):
        verify_ledger(folder, read_policy(policy))


def test_kinds_are_counted(tmp_path: Path) -> None:
    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "narrowgate_verify",
            "ledger",
            VECTORS / "good-260",
            "--policy",
            POLICY,
            "--json",
        ],
        capture_output=True,
        check=True,
    )
    found = json.loads(answer.stdout)
    assert found["kinds"] == {"opened": 1, "configuration": 1, "determination": 258}
    assert found["size"] == 260
    assert found["verified"] is True


def test_exit_codes_tell_evidence_from_use_from_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = str(POLICY)
    assert main(["ledger", str(VECTORS / "good-3"), "--policy", policy]) == 0
    assert "verified" in capsys.readouterr().out
    assert main(["ledger", str(VECTORS / "tile-torn"), "--policy", policy]) == 1
    assert capsys.readouterr().out.startswith("does not verify: `tile/0/000.p/3`")
    assert main(["ledger", str(tmp_path / "nowhere"), "--policy", policy]) == 2
    assert main(["ledger", str(VECTORS / "good-3")]) == 2
    assert main(["judge"]) == 2
    assert main([]) == 2
    capsys.readouterr()
    assert main(["ledger", str(VECTORS / "good-3"), "--policy", str(tmp_path)]) == 3
    assert capsys.readouterr().out == ""


def test_a_receipt_of_every_entry_verifies_and_for_no_other_index(tmp_path: Path) -> None:
    from narrowgate.formats.receipt import Receipt, receipt_to_text
    from narrowgate_verify.receipt import verify_receipt

    entries = determinations(270)
    log = Log.create(tmp_path / "ledger", ORIGIN, SIGNERS)
    log.append(entries, expect_size=0)
    policy = read_policy(policy_file(tmp_path / "policy"))
    for index in (*range(0, 270, 17), 255, 256, 269):
        made = Receipt(index, log.inclusion_proof(index), log.checkpoint, entries[index])
        proved = verify_receipt(receipt_to_text(made).encode(), policy)
        assert (proved.entry_index, proved.entry) == (index, entries[index])
        elsewhere = Receipt((index + 1) % 270, made.path, made.checkpoint, made.entry)
        with pytest.raises(DoesNotVerify, match="is not at index"):
            verify_receipt(receipt_to_text(elsewhere).encode(), policy)
