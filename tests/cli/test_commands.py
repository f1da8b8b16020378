"""The command line as a script uses it: JSON on every command, help, and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from narrowgate.cli.app import main
from narrowgate_verify.__main__ import main as verifier
from tests.agency import a_person, a_request, an_address, write_register

COMMANDS = (
    ["init"], ["check"], ["pack"], ["receive"], ["run"], ["rehearse"], ["replay"], ["show"], ["export"],
    ["export", "determinations"], ["approve"], ["release"], ["open"], ["verify"], ["totals"], ["receipt"],
    ["receipts"], ["destroy"], ["keys"], ["keys", "list"], ["keys", "rotate"], ["keys", "compromised"], ["overseers"],
    ["overseers", "name"], ["overseers", "show"], ["witness"], ["witness", "init"], ["witness", "trust"],
    ["witness", "serve"], ["witness", "seen"], ["stay"],
    ["stay", "add"], ["stay", "lift"], ["stay", "list"], ["demo"],
    ["synth"], ["synth", "register"], ["synth", "batch"], ["register"], ["register", "check"],
    ["bench"], ["bench", "match"], ["opinion"], ["opinion", "request"], ["opinion", "model"],
)  # fmt: skip


class Script:
    """Runs commands at one gate and reads what they print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.gate = folder / "gate"
        self._capsys = capsys

    def __call__(self, *arguments: object, status: int = 0) -> dict[str, Any]:
        self._capsys.readouterr()
        assert main([*map(str, arguments), "--json"]) == status
        printed = self._capsys.readouterr().out
        result = json.loads(printed.splitlines()[-1])
        assert isinstance(result, dict)
        return result

    def at_gate(self, *arguments: object, status: int = 0) -> dict[str, Any]:
        return self(*arguments, "--gate", self.gate, status=status)


@pytest.fixture
def script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Script:
    """A gate on a register of two simulated people, and a rows file with a manifest draft."""
    people = [a_person(1), a_person(2, first_name="Bruno", tin="900700002")]
    register = write_register(tmp_path / "register", people, [an_address(1), an_address(2, street="8 Oak St")])
    rows = [
        a_request(1, order_final_on="2024-01-15", matter_opened_on="2025-01-05"),
        a_request(2, first_name="Bruno", street="unknown", matter_opened_on="2025-01-05"),
    ]
    lines = [",".join(rows[0])] + [",".join(f'"{value or ""}"' for value in row.values()) for row in rows]
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n")
    draft = {
        "batch_id": "B-1",
        "agreement": "irs-ice-2025",
        "officers": [{"id": "O-1", "name": "officer one", "unit": "HSI-1", "role": "special_agent"}],
        "attestations": dict.fromkeys(
            ("active_criminal_investigation", "sole_use", "safeguards", "true_and_correct"), True
        ),
    }
    (tmp_path / "m.json").write_text(json.dumps(draft))
    made = Script(tmp_path, capsys)
    made.at_gate("init", "--register", register, "--demo-keys")
    return made


def received(script: Script) -> None:
    package = script.folder / "package"
    script.at_gate("pack", script.folder / "rows.csv", "--manifest", script.folder / "m.json", "-o", package)
    assert script.at_gate("receive", package)["requests"] == 2


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out


def test_a_batch_goes_through_by_hand(script: Script) -> None:
    received(script)
    assert script.at_gate("run", "B-1")["dispositions"] == {"hold": 2}
    rehearsed = script.at_gate("rehearse", "B-1")
    assert rehearsed["dispositions"] == {"disclose": 1, "return": 1}
    assert set(rehearsed) >= {
        "batch_id", "requests", "by_clause", "reading", "agreement_digest", "determination_digest", "engine", "ledger",
        "seconds", "peak_rss_mb",
    }  # fmt: skip
    assert rehearsed["by_clause"]["G06"] == {"not_satisfied": 1, "undetermined": 0}
    for name in ("counsel", "disclosure-officer"):
        script.at_gate("approve", "B-1", "--as", name)
    released = script.at_gate("release", "B-1")
    assert (released["answered"], released["files"]) == (1, ["O-1.cms"])
    opened = script.at_gate("open", Path(released["outbox"]) / "O-1.cms", "--as", "O-1")
    assert opened["counts"] == {"answered": 1, "returned": 1}
    assert script.at_gate("verify")["verified"] is True


def test_determinations_are_exported_as_the_format_says(script: Script) -> None:
    received(script)
    script.at_gate("rehearse", "B-1")
    out = script.folder / "out.parquet"
    assert script.at_gate("export", "determinations", "B-1", "-o", out)["rows"] == 2
    table = pyarrow.parquet.read_table(out)
    assert table.column_names == [
        "request_ref", "disposition", "person_id", "match_rule", "not_satisfied", "undetermined", "reading",
        "ledger_index",
    ]  # fmt: skip
    assert table["person_id"].to_pylist() == ["p-0001", None]
    assert table["disposition"].to_pylist() == ["disclose", "return"]
    assert "G06" in table["not_satisfied"].to_pylist()[1]


def test_an_exported_csv_holds_no_formula(script: Script) -> None:
    rows = script.folder / "rows.csv"
    rows.write_text(rows.read_text().replace("R-0001", "-1.2"))
    received(script)
    script.at_gate("rehearse", "B-1")
    out = script.folder / "out.csv"
    script.at_gate("export", "determinations", "B-1", "-o", out)
    assert "'-1.2" in out.read_text()


def test_a_receipt_is_read_by_the_other_program(script: Script, capsys: pytest.CaptureFixture[str]) -> None:
    received(script)
    script.at_gate("rehearse", "B-1")
    out, policy = script.folder / "r.json", str(script.gate / "verify" / "policy")
    made = script.at_gate("receipt", "B-1", "R-0002", "-o", out)
    assert made["receipt"] == str(out)
    assert out.stat().st_mode & 0o077 == 0
    capsys.readouterr()
    assert verifier(["receipt", str(out), "--policy", policy, "--words"]) == 0
    said = capsys.readouterr().out
    assert "R-0002" in said
    assert "G06" in said
    assert script.at_gate("receipts", "B-1", "-o", script.folder / "r.jsonl")["count"] == 2
    assert verifier(["receipts", str(script.folder / "r.jsonl"), "--policy", policy]) == 0
    assert script.at_gate("receipt", "B-1", "-o", script.folder / "batch.json")["index"] == 1
    assert verifier(["receipt", str(script.folder / "batch.json"), "--policy", policy]) == 0
    script.at_gate("receipt", "B-1", "R-0001", "--as", "requester", "-o", script.folder / "no.json", status=1)
    assert not (script.folder / "no.json").exists()


def test_totals_are_recounted_by_the_other_program(script: Script, capsys: pytest.CaptureFixture[str]) -> None:
    received(script)
    script.at_gate("run", "B-1")
    out, policy = script.folder / "totals.json", str(script.gate / "verify" / "policy")
    assert script.at_gate("totals", "-o", out)["size"] == 4
    assert verifier(["totals", str(out), str(script.gate / "ledger"), "--policy", policy]) == 0
    out.write_text(out.read_text().replace('"entries": 2', '"entries": 3'))
    capsys.readouterr()
    assert verifier(["totals", str(out), str(script.gate / "ledger"), "--policy", policy]) == 1


def test_what_is_due_is_destroyed_and_what_is_not_is_kept(script: Script) -> None:
    received(script)
    assert script.at_gate("destroy", "--due")["destroyed"] == []
    assert "is kept until" in script.at_gate("destroy", "B-1", status=1)["error"]
    assert "name one batch, or say --due" in script.at_gate("destroy", status=2)["error"]
    assert script.at_gate("run", "B-1")["requests"] == 2


def test_a_replay_counts_what_would_be_otherwise(script: Script) -> None:
    received(script)
    script.at_gate("rehearse", "B-1", "--reading", "as-practised-2025-08")
    replayed = script.at_gate("replay", "B-1", "--reading", "strict")
    assert (replayed["disclosed_before"], replayed["disclosed_now"]) == (2, 1)
    assert replayed["flips"] == {"G06": 1}
    assert script.at_gate("verify")["kinds"]["replay"] == 1


def test_a_stay_is_entered_listed_and_ended(script: Script) -> None:
    script.at_gate("stay", "add", "order-1", "--forum", "a court", "--docket", "1:26-cv-1", "--source", "the order")
    listed = script.at_gate("stay", "list")["stays"]
    assert [one["id"] for one in listed if one["in_force"]][-1] == "order-1"
    script.at_gate("stay", "lift", "order-1", "--order", "order of dismissal")
    (lifted,) = [one for one in script.at_gate("stay", "list")["stays"] if one["id"] == "order-1"]
    assert lifted["ends"] is not None
    assert "order of dismissal" in lifted["source"]
    refused = script.at_gate("stay", "lift", "ddc-2025-11-21", "--order", "none", status=1)
    assert "was not entered at this gate" in refused["error"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("run", "B-404"), 2),
        (("show", "B-404"), 2),
        (("approve", "B-1", "--as", "nobody"), 2),
        (("export", "determinations", "B-1", "-o", "out.parquet"), 2),
        (("receive", "/nowhere"), 1),
    ],
)
def test_wrong_use_and_refusals_have_their_codes(script: Script, arguments: tuple[str, ...], status: int) -> None:
    result = script.at_gate(*arguments, status=status)
    assert result["exit_code"] == status
    assert result["hint"]


def test_an_option_that_does_not_exist_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "B-1", "--nonsense"]) == 2
    assert "narrowgate: error:" in capsys.readouterr().err


def test_no_gate_is_wrong_use(tmp_path: Path) -> None:
    assert main(["show", "--gate", str(tmp_path)]) == 2


def test_demo_keys_are_refused_for_real_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = write_register(tmp_path / "register", [a_person()], [an_address()])
    file = register / "register.toml"
    file.write_text(file.read_text().replace("synthetic = true", "synthetic = false"))
    assert main(["init", "--gate", str(tmp_path / "g"), "--register", str(register), "--demo-keys"]) == 1
    assert not (tmp_path / "g").exists()


def test_an_unknown_layout_is_found_before_it_is_sent(script: Script) -> None:
    rows = script.folder / "rows.csv"
    rows.write_text(rows.read_text().replace("1984-05-", "17.05.1984 "))
    found = script("check", rows, status=1)
    assert found["layout_errors"] == 2
    assert found["first"][0]["column"] == "birth_date"
