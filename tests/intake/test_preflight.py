"""The requester's own look at its rows reads them as intake will, and leaves nothing behind."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from narrowgate.errors import WrongUse
from narrowgate.intake import Preflight, lint
from narrowgate.terms.refusal import Refusal
from tests.intake.support import Door, make


def test_rows_are_counted_and_their_errors_named(tmp_path: Path) -> None:
    rows = tmp_path / "requests.csv"
    rows.write_bytes(make.csv([make.ROW, {**make.ROW, "request_ref": "R-2", "tin": "12"}]))
    found = lint(rows)
    assert isinstance(found, Preflight)
    assert (found.requests, found.layout_errors) == (2, 1)
    assert [str(error) for error in found.first_errors] == ["row 2, column `tin`: `12` is not 9 digits"]


@pytest.mark.parametrize(
    ("content", "code", "names"),
    [
        (b"request_ref,tin\nR-1\n", "rows_unreadable", "row 1"),
        (b"request_ref,alien_no\nR-1,\n", "rows_columns", "`requests.csv` has the unknown column `alien_no`"),
        (b"request_ref\n", "rows_count", "`requests.csv` has no rows"),
        (b"request_ref\nR 1\n", "request_ref_form", "row 1"),
        (b"request_ref\nR-1\nR-1\n", "request_ref_repeated", "(1, 2)"),
    ],
)
def test_what_intake_would_refuse_is_refused_here(
    content: bytes, code: str, names: str, door: Door, maker: Any
) -> None:
    rows = door.root / "requests.csv"
    rows.write_bytes(content)
    found = lint(rows)
    assert isinstance(found, Refusal)
    assert found.code == code
    assert names in found.message
    count = content.count(b"\n") - 1
    door.refuses(maker.package(content, count=count), code, names)


def test_a_name_that_the_engine_would_read_as_a_pattern_is_just_a_name(tmp_path: Path) -> None:
    rows = tmp_path / "requests[1]*.csv"
    rows.write_bytes(b"request_ref\nR-1\n")
    assert lint(rows) == Preflight(1, 0, ())


def test_no_copy_of_the_rows_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    rows = tmp_path / "requests.csv"
    rows.write_bytes(b"request_ref\nR-1\n")
    lint(rows)
    assert list(private.iterdir()) == []


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"absent\.csv` is not a file"):
        lint(tmp_path / "absent.csv")
