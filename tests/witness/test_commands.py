"""The commands of an overseer, as a script uses them."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from narrowgate.cli.app import main
from narrowgate.ledger.cosignature import CosignerKey
from narrowgate.witnessing.witnesses import Cosigned, submit
from tests.ledger.support import ORIGIN, a_log
from tests.witness.support import VKEYS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A witness made by the commands, which knows the ledger."""
    (tmp_path / "policy").write_text("".join(f"log {vkey}\n" for vkey in VKEYS) + "quorum none\n")
    assert main(["witness", "init", str(tmp_path / "w"), "--name", "witness.example/w"]) == 0
    assert main(["witness", "trust", str(tmp_path / "w"), "--policy", str(tmp_path / "policy")]) == 0
    return tmp_path / "w"


@pytest.mark.parametrize(("algorithm", "kind"), [("ed25519", 4), ("ml-dsa-44", 6)])
def test_a_witness_is_made_and_its_public_key_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], algorithm: str, kind: int
) -> None:
    made = ["witness", "init", str(tmp_path / "w"), "--name", "witness.example/w", "--algorithm", algorithm, "--json"]
    assert main(made) == 0
    key = CosignerKey.from_vkey(json.loads(capsys.readouterr().out)["vkey"])
    assert (key.name, key.algorithm) == ("witness.example/w", kind)
    assert main(made) == 2


def test_a_ledger_is_cosigned_and_seen(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = a_log(tmp_path / "log", 5)
    with subprocess.Popen(
        [sys.executable, "-m", "narrowgate", "witness", "serve", str(folder), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    ) as serving:
        try:
            assert serving.stderr is not None
            said = serving.stderr.readline()
            key = CosignerKey.from_vkey((folder / "vkey").read_text())
            answer = submit(f"http://127.0.0.1:{said.split()[-1]}", key, log, old=0, timeout=20)
        finally:
            serving.terminate()
    assert isinstance(answer, Cosigned)
    capsys.readouterr()
    assert main(["witness", "seen", str(folder), "--json"]) == 0
    (seen,) = json.loads(capsys.readouterr().out)["logs"]
    assert (seen["origin"], seen["size"], seen["root"]) == (ORIGIN, 5, log.root.hex())
    assert main(["witness", "seen", str(folder)]) == 0
    assert capsys.readouterr().out.startswith(f"{ORIGIN}: 5 entries, root {log.root.hex()}, cosigned 20")


def test_before_the_first_submission_nothing_was_seen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["witness", "seen", str(folder)]) == 0
    assert capsys.readouterr().out == f"{ORIGIN}: nothing cosigned; fork 0 · unproven 0\n"


def test_a_port_that_is_taken_is_wrong_use(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["witness", "serve", str(folder), "--port", str(taken.getsockname()[1])]) == 2
    assert "cannot be listened at" in capsys.readouterr().err


def test_a_policy_that_cannot_be_read_trusts_nobody(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["witness", "trust", str(folder), "--policy", str(tmp_path / "none")]) == 2
    assert "the log was not trusted" in capsys.readouterr().err


def test_a_folder_that_is_no_witness_is_wrong_use(tmp_path: Path) -> None:
    for command in (["seen", str(tmp_path)], ["serve", str(tmp_path), "--port", "0"]):
        assert main(["witness", *command]) == 2
