"""Overseers are named by a command that is entered; the policy asks others for what the gate itself needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from narrowgate.cli.app import main
from narrowgate.cli.options import now
from narrowgate.witness.folder import Witness
from narrowgate_verify.ledger import verify_ledger
from narrowgate_verify.policy import read_policy
from tests.agency import Agency, a_request
from tests.witness.support import running
from tests.witnessing.authority import Authority, answering
from tests.witnessing.overseen import NOWHERE, a_witness_of, an_agency


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    return an_agency(tmp_path)


@pytest.fixture
def witness(agency: Agency, tmp_path: Path) -> Witness:
    return a_witness_of(agency, tmp_path / "witness")


@pytest.fixture
def url(witness: Witness) -> Iterator[str]:
    with running(witness, at=int(now().timestamp())) as here:
        yield here.url


def a_file(folder: Path, witness: Witness, url: str, authority: Authority | None = None, **changes: object) -> Path:
    said = {"format": '"narrowgate-overseers/1"', "witnesses_needed": 1, "timestamps_needed": int(bool(authority)),
            "grace_minutes": 60, "timeout_seconds": 5, **changes}  # fmt: skip
    lines = [f"{name} = {value}" for name, value in said.items()]
    lines += ["[[witness]]", f'url = "{url}"', f'vkey = "{witness.cosigner.verifier.vkey}"']
    if authority is not None:
        lines += ["[[authority]]", 'name = "tsa.example"', f'url = "{authority.url}"',
                  f'certificate = "{authority.certificate}"']  # fmt: skip
    file = folder / "named.toml"
    file.write_text("\n".join(lines) + "\n")
    return file


def at_gate(agency: Agency, capsys: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*map(str, arguments), "--gate", str(agency.folder.root), "--json"]) == status
    said: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return said


def test_whoever_is_named_is_on_the_ledger_and_in_the_policy_that_then_asks_for_them(
    agency: Agency, witness: Witness, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    authority = Authority(tmp_path / "authority")
    with answering(authority):
        at_gate(agency, capsys, "overseers", "name", a_file(tmp_path, witness, url, authority))
        agency.clock.move_to(now())
        entry = agency.entries[-1]
        agency.receives([a_request()])
        shown = at_gate(agency, capsys, "overseers", "show")
    assert (entry["kind"], entry["code"]) == ("configuration", "overseers")
    assert entry["detail"]["witnesses"] == ["overseer.example/w1"]
    assert [one["size"] for one in shown["overseers"]] == [shown["size"], shown["size"]]
    assert (shown["covered"], shown["waiting_since"], shown["release_stopped"]) == (shown["size"], None, False)
    found = verify_ledger(agency.folder.ledger, read_policy(agency.folder.verifier_policy))
    assert [len(found.checkpoint.cosigned), len(found.stamped)] == [1, 1]


@pytest.mark.harms_ledger
def test_who_has_seen_nothing_is_shown_with_why(
    agency: Agency, witness: Witness, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at_gate(agency, capsys, "overseers", "name", a_file(tmp_path, witness, NOWHERE, grace_minutes=0))
    shown = at_gate(agency, capsys, "overseers", "show", status=1)
    assert shown["release_stopped"]
    assert "cannot be reached" in shown["overseers"][0]["silence"]
    assert main(["overseers", "show", "--gate", str(agency.folder.root)]) == 1
    said = capsys.readouterr().out
    assert "witness overseer.example/w1 has seen nothing yet; silent: the witness cannot be reached" in said
    assert "release is stopped: 1 witnesses and 0 timestamps are needed, and entries from 0 on have waited" in said


def test_naming_again_replaces_those_named_before_and_leaves_the_keys(
    agency: Agency, witness: Witness, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = agency.folder.verifier_policy.read_text()
    at_gate(agency, capsys, "overseers", "name", a_file(tmp_path, witness, url))
    assert "quorum needed" in agency.folder.verifier_policy.read_text()
    nobody = tmp_path / "nobody.toml"
    nobody.write_text('format = "narrowgate-overseers/1"\nwitnesses_needed = 0\ntimestamps_needed = 0\n'
                      'grace_minutes = 0\ntimeout_seconds = 5\n')  # fmt: skip
    at_gate(agency, capsys, "overseers", "name", nobody)
    assert agency.folder.verifier_policy.read_text() == before
    assert "nobody oversees it" in _shown(agency, capsys)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"witnesses_needed": 2}, "has `witnesses_needed` = 2, and names 1"),
        ({"grace_minutes": -1}, "needs a `grace_minutes` of 0 or more"),
        ({"format": '"another"'}, "has format `another`"),
        ({"timeout_seconds": '"5"'}, "has no `timeout_seconds` of type int"),
        ({"wrong": 1}, "has an unknown key `wrong`"),
    ],
)
def test_a_file_that_says_what_it_must_not_changes_nothing(
    agency: Agency, witness: Witness, tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, object],
    words: str,
) -> None:  # fmt: skip
    before, policy = len(agency.entries), agency.folder.verifier_policy.read_text()
    refused = at_gate(agency, capsys, "overseers", "name", a_file(tmp_path, witness, NOWHERE, **changes), status=2)
    assert words in refused["error"]
    assert len(agency.entries) == before
    assert agency.folder.verifier_policy.read_text() == policy


def test_an_address_or_a_key_that_is_none_changes_nothing(
    agency: Agency, witness: Witness, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(agency.entries)
    for file in (a_file(tmp_path, witness, "ftp://overseer.example/"),):
        assert (
            "is not the address of a witness" in at_gate(agency, capsys, "overseers", "name", file, status=2)["error"]
        )
    file = a_file(tmp_path, witness, NOWHERE)
    file.write_text(file.read_text().replace("overseer.example/w1+", "overseer.example/w2+"))
    at_gate(agency, capsys, "overseers", "name", file, status=2)
    assert len(agency.entries) == before


def _shown(agency: Agency, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(["overseers", "show", "--gate", str(agency.folder.root)])
    return capsys.readouterr().out
