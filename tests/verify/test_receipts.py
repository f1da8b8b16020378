"""A receipt document proves all that it says, or nothing; and its words are for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowgate.formats.canonical import canonical
from narrowgate.formats.entry import Entry, commitment
from narrowgate.formats.receipt import Documents, Opening
from narrowgate.ledger import Log
from narrowgate_verify.__main__ import main
from narrowgate_verify.policy import read_policy
from narrowgate_verify.problems import DoesNotVerify, WrongUse
from narrowgate_verify.receipt import verify_receipt
from narrowgate_verify.words import in_words
from tests.ledger.support import ORIGIN, SIGNERS, VECTORS

POLICY = read_policy(VECTORS / "policy")
GOOD = json.loads((VECTORS / "receipt" / "good.json").read_text())
SALT = bytes(range(32))


@given(st.data())
def test_no_character_of_a_document_can_be_another(data: st.DataObject) -> None:
    member = data.draw(st.sampled_from(sorted(GOOD)))
    at = data.draw(st.integers(0, len(GOOD[member]) - 1))
    character = data.draw(st.characters(codec="utf-8"))
    altered = GOOD[member][:at] + character + GOOD[member][at + 1 :]
    if altered == GOOD[member]:
        return
    with pytest.raises((DoesNotVerify, WrongUse)):
        verify_receipt(json.dumps({**GOOD, member: altered}).encode(), POLICY)


@given(st.sets(st.sampled_from(sorted(GOOD.keys() - {"format", "proof"}))))
def test_members_may_be_left_out_as_far_as_the_rest_has_its_meaning(left_out: set[str]) -> None:
    made = {name: value for name, value in GOOD.items() if name not in left_out}
    paired = len(left_out & {"payload", "salt"}) != 1 and len(left_out & {"grounds", "grounds_salt"}) != 1
    named = "payload" in made or not made.keys() & {"grounds", "under"}
    if paired and named:
        proved = verify_receipt(json.dumps(made).encode(), POLICY)
        assert (proved.payload is None, proved.grounds is None, proved.under is None) == (
            "payload" in left_out,
            "grounds" in left_out,
            "under" in left_out,
        )
    else:
        with pytest.raises(DoesNotVerify):
            verify_receipt(json.dumps(made).encode(), POLICY)


@given(st.binary(max_size=60), st.recursive(st.none() | st.text(max_size=3) | st.integers(), st.lists))
def test_nothing_that_is_given_for_a_document_breaks_the_reader(content: bytes, value: Any) -> None:
    for made in (content, b"{" + content, *(json.dumps({**GOOD, name: value}).encode() for name in GOOD)):
        with pytest.raises(DoesNotVerify):
            verify_receipt(made, POLICY)


def test_what_the_gateway_writes_verifies(tmp_path: Path) -> None:
    payload = canonical(
        {"disposition": "return", "request_ref": "R\x1b[2J\u202e", "row_no": 0, "told": ["G06"]}
    ).decode()
    proved = opened(tmp_path, payload)
    assert proved.payload is not None
    assert proved.payload["told"] == ["G06"]


def test_the_words_of_a_receipt_name_outcome_clauses_rules_place_and_signatures() -> None:
    words = in_words(verify_receipt(json.dumps(GOOD).encode(), POLICY), POLICY)
    for said in ("`R-1`", "`B-1`", "`deny`", "`G06`", "`G11`", "`irs-ice-2025`", "`strict`", "entry 1 ", POLICY.origin):
        assert said in words
    for key in POLICY.log_keys:
        assert str(key.key) in words
    assert "no witness" in words
    assert words.index("What this does not prove") > words.index("Who signed")


def test_the_words_of_a_closed_receipt_name_no_request() -> None:
    closed = {name: GOOD[name] for name in ("format", "proof")}
    words = in_words(verify_receipt(json.dumps(closed).encode(), POLICY), POLICY)
    assert "`deny`" in words
    assert "R-1" not in words
    assert "G06" not in words


def test_the_words_name_witnesses_with_their_moments_and_nobody_else(tmp_path: Path) -> None:
    note = (VECTORS / "cosigned-by-two" / "checkpoint").read_text()
    policy = read_policy(VECTORS / "policy-two-of-three")
    proof = (VECTORS / "receipt" / "timestamped.json").read_text()
    made = json.loads(proof)
    made = {"format": made["format"], "proof": made["proof"].partition("\n\n")[0] + "\n\n" + note}
    words = in_words(verify_receipt(json.dumps(made).encode(), policy), policy)
    assert "the witness `w1`, which saw the ledger at 2025-07-01T12:00:00Z" in words
    assert "`w3`" not in words


def test_a_receipt_cannot_write_to_the_terminal_otherwise_than_as_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    payload = canonical({"disposition": "return", "request_ref": "R\x1b[2J\u202e\r", "row_no": 0}).decode()
    file, policy = tmp_path / "r.json", tmp_path / "policy"
    opened(tmp_path, payload)
    assert main(["receipt", str(file), "--policy", str(policy), "--words"]) == 0
    shown = capsys.readouterr().out
    assert r"R\x1b[2J\u202e\r" in shown
    assert not set("\x1b\u202e\r") & set(shown)
    file.write_text(json.dumps({**json.loads(file.read_text()), "\x1b[2J": 1}))
    assert main(["receipt", str(file), "--policy", str(policy)]) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_the_first_bad_line_of_many_is_named_and_nothing_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps(GOOD)] * 5
    lines[3] = lines[3].replace("R-1", "R-2")
    file = tmp_path / "receipts.jsonl"
    file.write_text("\n".join(lines))
    arguments = ["receipts", str(file), "--policy", str(VECTORS / "policy"), "--json"]
    assert main(arguments) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["problem"].startswith("line 4: ")
    assert answer["receipts"] is None
    file.write_text("\n".join(lines[:3]))
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["receipts"] == 3


def test_a_document_takes_no_payload_from_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    beside = ["--salt", "00" * 32, "--payload", str(VECTORS / "receipt" / "payload.json")]
    arguments = ["receipt", str(VECTORS / "receipt" / "good.json"), "--policy", str(VECTORS / "policy")]
    assert main([*arguments, *beside]) == 2
    assert "brings its own payload" in capsys.readouterr().err


def opened(folder: Path, payload: str) -> Any:
    """What the receipt of one determination with this payload proves; it is left in `folder` with its policy."""
    entry = Entry(
        "determination", "B-1", "return", "2025-07-01T00:00:00Z", commitment(SALT, payload.encode())
    ).to_bytes()
    log = Log.create(folder / "ledger", ORIGIN, SIGNERS)
    log.append([entry], expect_size=0)
    made = Documents(log.checkpoint).one(0, entry, "", Opening(payload, SALT))
    (folder / "r.json").write_text(made)
    policy = folder / "policy"
    policy.write_text("".join(f"log {signer.verifier.vkey}\n" for signer in SIGNERS) + "quorum none\n")
    return verify_receipt(made.encode(), read_policy(policy))
