"""Bad input at the gate: nothing released, no register opened, one ledger entry. (Each refusal is in tests/intake.)"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pyarrow.parquet
import pytest

from narrowgate.terms.refusal import Refusal
from tests.agency import Agency, a_request


def cut_half_way(package: Path) -> None:
    rows = package / "requests.parquet"
    rows.write_bytes(rows.read_bytes()[: rows.stat().st_size // 2])


def lie_about_the_count(package: Path) -> None:
    manifest = json.loads((package / "manifest.json").read_text())
    manifest["rows"]["count"] += 1
    (package / "manifest.json").write_text(json.dumps(manifest, sort_keys=True, separators=(",", ":")))


def swap_the_rows(package: Path) -> None:
    table = pyarrow.parquet.read_table(package / "requests.parquet")
    pyarrow.parquet.write_table(table.slice(0, 1), package / "requests.parquet")


def add_a_file(package: Path) -> None:
    (package / "run.sh").write_text("exit 1")


def drop_the_signature(package: Path) -> None:
    (package / "manifest.p7s").unlink()


@pytest.mark.parametrize("harm", [cut_half_way, lie_about_the_count, swap_the_rows, add_a_file, drop_the_signature])
def test_a_harmed_package_is_one_entry_and_nothing_else(agency: Agency, harm: object) -> None:
    package = agency.package([a_request(1), a_request(2)])
    harm(package)  # type: ignore[operator]
    outcome = agency.takes_in(package)
    assert isinstance(outcome, Refusal)
    assert agency.kinds() == ["rejected"]
    assert agency.outbox == []
    assert not (agency.folder.root / "packages").exists()
    assert not (agency.folder.root / "cases").exists()


def test_the_same_batch_twice_is_a_replay(agency: Agency) -> None:
    package = agency.package([a_request()])
    assert not isinstance(agency.takes_in(package), Refusal)
    outcome = agency.takes_in(package)
    assert isinstance(outcome, Refusal)
    assert "before" in outcome.message
    assert agency.kinds() == ["received", "rejected"]


def test_rows_that_repeat_a_reference_are_refused_whole(agency: Agency) -> None:
    outcome = agency.takes_in(agency.package([a_request()] * 3))
    assert isinstance(outcome, Refusal)
    assert agency.kinds() == ["rejected"]


def test_copies_under_other_references_are_returned_unworked(agency: Agency) -> None:
    rows = [a_request(1, request_ref=f"R-{number}") for number in range(3)]
    outcome = agency.receives(rows)
    assert outcome.dispositions == {"return": 3}
    assert outcome.fails("G04") == 3
    assert outcome.lookups == 0


@pytest.mark.parametrize(
    "text", ["=cmd|'/c calc'!A0", "@SUM(1)", "'; DROP TABLE person; --", '{"$ref": "x"}', "${jndi:ldap://x}", "٠١"]
)
def test_text_that_looks_like_code_stays_text(agency: Agency, text: str) -> None:
    reason = f"{text} and a reason that is long enough to be one of its own kind"
    outcome = agency.receives([a_request(reason=reason)])
    assert outcome.dispositions == {"disclose": 1}


def test_control_characters_are_layout_errors(agency: Agency) -> None:
    outcome = agency.receives([a_request(last_name="Quintero\x07Vale")])
    assert outcome.dispositions == {"return": 1}
    assert outcome.fails("G04") == 1
    assert outcome.lookups == 0


def test_a_zip_that_climbs_out_writes_nothing_outside(agency: Agency) -> None:
    package = agency.package([a_request()])
    archive = agency.root / "package.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for member in package.iterdir():
            file.write(member, member.name)
        file.writestr("../escaped.txt", "x")
    outcome = agency.takes_in(archive)
    assert isinstance(outcome, Refusal)
    assert list(agency.root.parent.rglob("escaped.txt")) == []
    assert agency.kinds() == ["rejected"]


def test_a_zip_bomb_is_refused_without_being_unpacked(agency: Agency) -> None:
    package = agency.package([a_request()])
    archive = agency.root / "package.zip"
    with zipfile.ZipFile(archive, "w", compression=zipfile.ZIP_DEFLATED) as file:
        file.write(package / "manifest.json", "manifest.json")
        file.write(package / "manifest.p7s", "manifest.p7s")
        with file.open("requests.parquet", "w", force_zip64=True) as member:
            for _ in range(64):
                member.write(bytes(2**20))
    outcome = agency.takes_in(archive)
    assert isinstance(outcome, Refusal)
    assert agency.kinds() == ["rejected"]
    assert agency.outbox == []
