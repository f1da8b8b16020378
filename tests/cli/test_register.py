"""`narrowgate register check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from narrowgate.cli.app import main
from tests.postgresql import a_register_in_postgresql
from tests.register.shelf import a_person, a_register, an_address


def test_a_sound_register_is_told_of_and_exits_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_register(tmp_path, [a_person()], [an_address(), an_address(source="ncoa")])
    assert main(["register", "check", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "register `simulated people`: 1 people, 2 addresses" in told
    assert "1 addresses from ncoa" in told
    assert told.endswith("nothing is amiss\n")


def test_what_is_amiss_is_told_and_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_register(tmp_path, [a_person(), a_person()], [an_address("somebody else")])
    assert main(["register", "check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "`person`, `person_id`: 1 ids that several people have; a batch that meets one stops" in told
    assert "`address`, `person_id`: 1 addresses of nobody" in told
    assert main(["register", "check", str(folder), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["sound"], said["people"], said["addresses"]) == (False, 2, 1)
    assert [(one["table"], one["column"], one["count"]) for one in said["findings"]] == [
        ("person", "person_id", 1), ("address", "person_id", 1),
    ]  # fmt: skip


def test_what_is_no_register_of_files_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["register", "check", str(tmp_path)]) == 3
    assert "has no `register.toml`" in capsys.readouterr().err
    a_register_in_postgresql(tmp_path, [], [])
    assert main(["register", "check", str(tmp_path)]) == 3
    assert "of kind `postgresql` has no files that could be read" in capsys.readouterr().err
