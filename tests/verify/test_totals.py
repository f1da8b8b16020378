"""Totals are those of the ledger, to the last entry."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowgate.formats.entry import Entry
from narrowgate.ledger import Log
from narrowgate_verify.policy import read_policy
from narrowgate_verify.problems import DoesNotVerify
from narrowgate_verify.totals import read_totals, verify_totals
from tests.ledger.support import ORIGIN, SIGNERS, VECTORS

POLICY = read_policy(VECTORS / "policy")
GOOD = json.loads((VECTORS / "totals" / "of-all.json").read_text())


def verified(made: Any, folder: Path = VECTORS / "good-260") -> int:
    return verify_totals(json.dumps(made).encode(), folder, POLICY)[0].size


@given(st.integers(0, 3), st.integers(1, 2**53 - 1))
def test_a_number_that_is_not_the_ledgers_is_found_and_its_row_named(row: int, entries: int) -> None:
    rows = [dict(each) for each in GOOD["totals"]]
    true = rows[row]["entries"]
    rows[row]["entries"] = entries
    if entries == true:
        assert verified({**GOOD, "totals": rows}) == 260
        return
    with pytest.raises(DoesNotVerify) as found:
        verified({**GOOD, "totals": rows})
    assert f"the totals say {entries}, the ledger holds {true}" in str(found.value)
    assert f"{rows[row]['kind']} `{rows[row]['code']}`" in str(found.value)


@given(st.permutations(range(4)))
def test_rows_have_one_order(order: list[int]) -> None:
    made = {**GOOD, "totals": [GOOD["totals"][at] for at in order]}
    if order == sorted(order):
        assert verified(made) == 260
    else:
        with pytest.raises(DoesNotVerify, match="not in order"):
            verified(made)


@pytest.mark.parametrize("entries", [0, -1, True, 1.0, "1", None, 2**53])
def test_a_number_of_entries_is_a_whole_number_of_one_or_more(entries: object) -> None:
    rows = [{**GOOD["totals"][0], "entries": entries}, *GOOD["totals"][1:]]
    with pytest.raises(DoesNotVerify, match="row 1"):
        verified({**GOOD, "totals": rows})


@pytest.mark.parametrize(
    "changed",
    [{"size": -1}, {"size": True}, {"size": "260"}, {"root": "00"}, {"root": "A" * 64}, {"root": None}, {"origin": 1},
     {"totals": {}}, {"totals": [1]}, {"totals": [{}]}, {"format": 1}],
)  # fmt: skip
def test_what_is_not_of_the_form_is_no_file_of_totals(changed: dict[str, Any]) -> None:
    with pytest.raises(DoesNotVerify):
        read_totals(json.dumps({**GOOD, **changed}).encode())


@given(st.binary(max_size=60))
def test_no_octets_break_the_reader(content: bytes) -> None:
    with pytest.raises(DoesNotVerify):
        read_totals(content)


def test_totals_of_any_earlier_size_verify_while_the_ledger_grows(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_text("".join(f"log {signer.verifier.vkey}\n" for signer in SIGNERS) + "quorum none\n")
    log = Log.create(tmp_path / "ledger", ORIGIN, SIGNERS)
    counts: Counter[str] = Counter()
    stated = []
    for step in (1, 254, 2, 300):
        codes = [("deny", "refer", "hold")[(log.size + each) % 3] for each in range(step)]
        log.append([determination(code) for code in codes], expect_size=log.size)
        counts.update(codes)
        rows = [
            {"batch": "B-1", "kind": "determination", "code": code, "entries": counts[code]} for code in sorted(counts)
        ]
        whole = {"format": "narrowgate-totals/1", "origin": ORIGIN, "size": log.size, "root": log.root.hex()}
        stated.append(json.dumps({**whole, "totals": rows}).encode())
    for each in stated:
        of, present = verify_totals(each, tmp_path / "ledger", read_policy(policy))
        assert present.size == 557
        assert sum(of.rows.values()) == of.size


def test_totals_are_counted_from_entries_and_not_from_what_a_bundle_now_says(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    shutil.copytree(VECTORS / "good-260", folder)
    bundle = folder / "tile" / "entries" / "000"
    bundle.write_bytes(bundle.read_bytes().replace(b'"deny"', b'"hold"'))
    rows = [{**each, "code": each["code"].replace("deny", "hold")} for each in GOOD["totals"]]
    with pytest.raises(DoesNotVerify, match="do not hash"):
        verified({**GOOD, "totals": rows}, folder)


def test_totals_of_nothing_are_totals() -> None:
    assert verified({**GOOD, "size": 0, "root": sha256(b"").hexdigest(), "totals": []}) == 0


def determination(code: str) -> bytes:
    return Entry("determination", "B-1", code, "2025-07-01T00:00:00Z", "0" * 64).to_bytes()
