"""The commands: keys are made in a module, a gate is made over them, they are listed and changed, and never printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from narrowgate.cli.app import main
from narrowgate.store.places import CUSTODY, LEDGER, NAMES
from tests.agency import a_person, an_address, write_register
from tests.keys.support import MODULE, PIN, Token, key_files, verified

Said = Callable[..., tuple[int, str]]


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Said:
    """What runs a command and returns its exit code and all that it said."""

    def run(*words: object) -> tuple[int, str]:
        code = main([str(word) for word in words])
        return code, "".join(capfd.readouterr())

    return run


def test_a_gate_is_made_over_keys_that_lie_in_a_module(tmp_path: Path, token: Token, said: Said) -> None:
    register = write_register(tmp_path / "register", [a_person()], [an_address()])
    tables = []
    for name in (*LEDGER, CUSTODY):
        code, text = said(
            "keys", "make", name, "--module", MODULE, "--token", token.label, "--label", token.place().label
        )  # fmt: skip
        assert code == 0
        assert PIN not in text
        tables.append(text)
    (tmp_path / "keys.toml").write_text("\n".join(tables))
    gate = tmp_path / "gate"
    made = said("init", "--register", register, "--gate", gate, "--demo-keys", "--keys", tmp_path / "keys.toml")
    assert made[0] == 0, made
    assert key_files(gate) == {"keys.toml", "gate.key", "custodian.key", "custodian.pem"}
    code, text = said("stay", "list", "--gate", gate)
    assert code == 0, text
    assert verified(gate).size == 1
    code, text = said("keys", "list", "--gate", gate, "--json")
    found = json.loads(text)["keys"]
    assert [key["name"] for key in found] == list(NAMES)
    assert all(f"token {token.label}" in key["where"] for key in found[:3])
    assert (tmp_path / "gate" / "verify" / "policy").read_text().splitlines()[:2] == [
        f"log {key['public']}" for key in found[:2]
    ]


def test_keys_are_rotated_listed_and_replaced(gate: Path, said: Said) -> None:
    secrets = [(gate / "keys" / f"{name}.key").read_text() for name in (*LEDGER, CUSTODY)]
    told = ""
    for words in (
        ("keys", "rotate", "ledger"),
        ("keys", "rotate", "custody", "--json"),
        ("keys", "compromised", "ledger", "--since", 0),
        ("keys", "list"),
    ):
        code, text = said(*words, "--gate", gate)
        assert code == 0, text
        told += text
    size = verified(gate).size
    assert f"at size {size:,}" in told
    secrets += [file.read_text() for file in (gate / "keys").glob("*-*.key")]
    lines = {line for secret in secrets for line in secret.splitlines() if not line.startswith("---")}
    assert len(lines) >= 10
    assert not [line for line in lines if line in told]


def test_a_gate_whose_module_does_not_take_the_pin_does_nothing(
    gate: Path, token: Token, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = token.made(LEDGER[0])
    given = tmp_path / "given.toml"
    given.write_text(f'[{LEDGER[0]}]\nmodule = "{place.module}"\ntoken = "{place.token}"\nlabel = "{place.label}"\n')
    code, text = said("keys", "rotate", "ledger", "--keys", given, "--gate", gate)
    assert code == 0, text
    size = verified(gate).size
    monkeypatch.setenv("NARROWGATE_PIN", "wrong-8888")
    code, text = said("keys", "rotate", "ledger", "--gate", gate, "--json")
    assert code == 3
    assert "does not take the PIN" in text
    assert "8888" not in text
    assert verified(gate).size == size


def test_a_module_that_is_missing_is_named(gate: Path, token: Token, said: Said, tmp_path: Path) -> None:
    files, given = key_files(gate), tmp_path / "given.toml"
    given.write_text(f'[{LEDGER[0]}]\nmodule = "/no/such.so"\ntoken = "t"\nlabel = "l"\n')
    code, text = said("keys", "rotate", "ledger", "--keys", given, "--gate", gate)
    assert code == 3
    assert "/no/such.so" in text
    assert key_files(gate) == files
