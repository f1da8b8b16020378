"""`keys.toml` says where every key lies, and nothing else is taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.errors import Fault, NarrowgateError, WrongUse
from narrowgate.store import places
from narrowgate.store.folder import GateFolder
from narrowgate.store.gate import open_gate
from narrowgate.store.places import CUSTODIAN, CUSTODY, LEDGER, NAMES, InFile, InModule, Place, Places
from tests.keys.support import seated

TEXT = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
SINCE = st.integers(0, 2**53)
FILES = st.builds(InFile, st.from_regex(r"[a-z0-9][a-z0-9.-]{0,20}", fullmatch=True), SINCE)
MODULES = st.builds(InModule, TEXT, TEXT, TEXT, st.none() | TEXT, SINCE)
PLACES = st.fixed_dictionaries({**dict.fromkeys((*LEDGER, CUSTODY), FILES | MODULES), CUSTODIAN: FILES})


def in_files() -> dict[str, Place]:
    return {name: InFile(f"{name}.key") for name in NAMES}


def written(folder: Path, found: Places | None = None) -> GateFolder:
    gate = GateFolder(folder)
    gate.make(gate.keys)
    places.write(gate, found or in_files())
    return gate


@given(PLACES)
@settings(max_examples=50, deadline=None)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, found: dict[str, Place]) -> None:
    assert places.read(written(tmp_path_factory.mktemp("gate"), found)) == found


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("narrowgate-keys/1", "narrowgate-keys/2", "does not say `format"),
        ("[custody]", "[custodi]", "has no `custody`"),
        ("[custody]", '[another]\nfile = "x"\n[custody]', "unknown key `another`"),
        ('file = "custody.key"', "", "has no `module`"),
        ('file = "custody.key"', "file = 7", "has no `file`"),
        ('file = "custody.key"', 'file = "../custody.key"', "not the name of a file"),
        ('file = "custody.key"', 'file = "/etc/custody.key"', "not the name of a file"),
        ('file = "custody.key"', 'file = "custody.key"\npin = "1234"', "unknown key `pin`"),
        ('file = "custody.key"', 'file = "custody.key"\npin_file = "x"', "unknown key `pin_file`"),
        ('file = "custody.key"', 'file = "custody.key"\nsince = -1', "no size of a ledger"),
        ('file = "custody.key"', 'file = "custody.key"\nsince = true', "has no `since`"),
        ('file = "custody.key"', 'module = "m"\ntoken = "t"', "has no `label`"),
        ('file = "custodian.key"', 'module = "m"\ntoken = "t"\nlabel = "l"', "not in a file"),
        ("[custody]", "[custody", "cannot be read"),
    ],
)
def test_what_does_not_say_just_where_every_key_lies_is_refused(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    gate = written(tmp_path)
    file = places.path(gate)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(WrongUse, match=reason):
        places.read(gate)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_can_read_or_write_is_not_believed(tmp_path: Path, mode: int) -> None:
    gate = written(tmp_path)
    places.path(gate).chmod(mode)
    with pytest.raises(Fault, match="open to others"):
        places.read(gate)


@pytest.mark.parametrize("name", ["ledger-p256", "ledger-ed25519", "custody"])
def test_a_key_file_that_others_can_read_is_not_used(gate: Path, name: str) -> None:
    (gate / "keys" / f"{name}.key").chmod(0o640)
    with pytest.raises(Fault, match="open to others"), seated(gate):
        pass


def test_a_gate_does_not_guess_where_its_keys_lie(gate: Path) -> None:
    (gate / "keys" / "keys.toml").unlink()
    with pytest.raises(NarrowgateError, match=r"keys\.toml"), seated(gate):
        pass


def test_two_keys_of_the_ledger_in_each_others_place_are_a_fault(gate: Path) -> None:
    folder = GateFolder(gate)
    found = places.read(folder)
    places.write(folder, {**found, LEDGER[0]: found[LEDGER[1]], LEDGER[1]: found[LEDGER[0]]})
    with pytest.raises(Fault, match="of another kind"), seated(gate):
        pass


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[custodian]\nmodule = "m"\ntoken = "t"\nlabel = "l"', "names the key `custodian`"),
        ('[custody]\nfile = "custody.key"', "where in a module"),
        ('[custody]\nmodule = "m"\ntoken = "t"\nlabel = "l"\nsince = 3', "where in a module"),
        ('[custody]\nmodule = "m"\ntoken = "t"\nlabel = "l"\npin = "1"', "unknown key `pin`"),
    ],
)
def test_a_file_that_is_given_names_keys_in_modules_and_nothing_else(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "given.toml"
    file.write_text(text)
    with pytest.raises(WrongUse, match=reason):
        places.given(file, (*LEDGER, CUSTODY))


def test_a_control_character_does_not_break_out_of_its_line() -> None:
    with pytest.raises(WrongUse, match="control character"):
        places.as_text(CUSTODY, InModule("m", "t", 'l"\n[custodian'))


def test_reading_where_keys_lie_reads_no_key(gate: Path) -> None:
    for name in ("ledger-p256", "ledger-ed25519", "custody"):
        (gate / "keys" / f"{name}.key").unlink()
    assert set(places.read(open_gate(gate).folder)) == set(NAMES)
