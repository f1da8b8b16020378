"""The files of a gate's trust folder: each says all it must and nothing else, or the gate does not open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from narrowgate.errors import WrongUse
from narrowgate.store import trust

A, B = "a" * 64, "b" * 64
SAFEGUARDS = {
    "reviewed_on": "2025-01-01",
    "current_until": "2026-01-01",
    "open_findings": "0",
    "storage_ids": '["VAULT-1"]',
}


def official(office: str = '"Secretary of Homeland Security"', sha256: str = f'"{A}"') -> str:
    return f"[[official]]\noffice = {office}\ncertificate_sha256 = {sha256}\n"


def approver(name: str, sha256: str) -> str:
    return f'[[approver]]\nname = "{name}"\ncertificate_sha256 = "{sha256}"\n'


def safeguards(folder: Path, **changed: str | None) -> trust.Trust:
    said = {**SAFEGUARDS, **changed}
    lines = [f"{key} = {value}" for key, value in said.items() if value is not None]
    (folder / "safeguards.toml").write_text("\n".join(lines))
    return trust.read(folder)


def test_nobody_is_trusted_and_nothing_known_where_no_file_is(tmp_path: Path) -> None:
    read = trust.read(tmp_path)
    assert (read.offices, read.approvers, read.officers) == ({}, {}, {})
    assert read.safeguards == trust.Safeguards(None, None, None, frozenset())


def test_what_the_files_say_is_trusted(tmp_path: Path) -> None:
    (tmp_path / "officials.toml").write_text(official())
    (tmp_path / "approvers.toml").write_text(approver("counsel", A) + approver("privacy", B))
    read = safeguards(tmp_path)
    assert read.offices == {A: "Secretary of Homeland Security"}
    assert {name: one.certificate_sha256 for name, one in read.approvers.items()} == {"counsel": A, "privacy": B}
    assert read.safeguards == trust.Safeguards(date(2025, 1, 1), date(2026, 1, 1), 0, frozenset({"VAULT-1"}))


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("officials.toml", official(office="3"), r"\[\[official\]\] 1 of .* has no `office` of type str"),
        ("officials.toml", f'[[official]]\nname = "x"\ncertificate_sha256 = "{A}"\n', "has no `office`"),
        ("officials.toml", official() + 'until = "2030"\n', "unknown key `until`"),
        ("officials.toml", official(sha256='"../../keys/custodian"'), "not 64 hex digits"),
        ("officials.toml", official(sha256=f'"{A.upper()}"'), "not 64 hex digits"),
        ("officials.toml", official() + official('"Other"'), r"\[\[official\]\] 2 .* certificate of an earlier one"),
        ("officials.toml", official().replace("[[official]]", "[official]"), "has no `official` of type list"),
        ("officials.toml", "official = [1]", "is not a table"),
        ("officials.toml", official() + approver("x", B), "unknown key `approver`"),
        ("officials.toml", official(office='"Secretary'), "cannot be read"),
        ("approvers.toml", approver("counsel", A) + approver("counsel", B), "name of an earlier one: `counsel`"),
        ("approvers.toml", approver("counsel", A) + approver("second", A), "certificate of an earlier one"),
    ],
)
def test_a_list_that_says_anything_else_opens_no_gate(tmp_path: Path, file: str, text: str, message: str) -> None:
    (tmp_path / file).write_text(text)
    with pytest.raises(WrongUse, match=message):
        trust.read(tmp_path)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        *(({key: None}, f"has no `{key}`") for key in SAFEGUARDS),
        ({"open_findings": "false"}, "has no `open_findings` of type int"),
        ({"current_until": '"2030-01-01"'}, "has no `current_until` of type date"),
        ({"current_until": "2030-01-01T00:00:00Z"}, "has no `current_until` of type date"),
        ({"storage_ids": '"VAULT-1"'}, "has no `storage_ids` of type list"),
        ({"storage_ids": "[1]"}, "not a list of texts"),
        ({"waived": "true"}, "unknown key `waived`"),
    ],
)
def test_safeguards_that_say_anything_else_open_no_gate(
    tmp_path: Path, changed: dict[str, str | None], message: str
) -> None:
    with pytest.raises(WrongUse, match=message):
        safeguards(tmp_path, **changed)


def test_a_folder_in_the_place_of_a_file_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "approvers.toml").mkdir()
    with pytest.raises(WrongUse, match="cannot be read"):
        trust.read(tmp_path)
