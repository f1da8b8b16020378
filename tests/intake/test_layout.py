"""Each column's form: what is kept, what becomes missing, what is counted, and that nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowgate.engine.parquet import relation
from narrowgate.intake.table import LayoutError
from narrowgate.terms.batch import REQUEST_COLUMNS
from tests.intake.support import Door, make, rows_of

MISSING = None


def read(door: Door, maker: Any, column: str, value: str | None) -> tuple[Any, int]:
    """What one value becomes, and how many layout errors its row has."""
    rows = make.parquet([{"request_ref": "R-1", column: value}])
    received = door.takes(maker.package(rows, count=1, file="requests.parquet"))
    ((found, errors),) = rows_of(door.session, received.request, column, "layout_errors")
    assert received.layout_errors == errors
    return found, errors


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("birth_date", "1984-02-29", date(1984, 2, 29)),
        ("birth_date", "0001-01-01", date(1, 1, 1)),
        ("birth_date", " 1984-05-17\t", date(1984, 5, 17)),
        ("tin", "123-45-6789", "123456789"),
        ("tin", "12-3456789", "123456789"),
        ("tin", "012345678", "012345678"),
        ("state", "wa", "wa"),
        ("zip", "98103-1234", "98103-1234"),
        ("zip", "981031234", "981031234"),
        ("tax_periods", "2023;2024", "2023;2024"),
        ("matter_kind", "grand_jury", "grand_jury"),
        ("relief_pending", "yes", True),
        ("relief_pending", "no", False),
        ("engaged_officers", "O-1;HSI/7.a_b", "O-1;HSI/7.a_b"),
        ("requested_fields", "mailing_address", "mailing_address"),
        ("first_name", "  Ana María\u00a0", "Ana María"),
        ("last_name", "Ó Súilleabháin-李", "Ó Súilleabháin-李"),
        ("reason", "=1+1", "=1+1"),
        ("reason", 'a | "b" \\ c', 'a | "b" \\ c'),
        ("street", "|", "|"),
        ("first_name", "", MISSING),
        ("first_name", " \t\u2003", MISSING),
        ("birth_date", "", MISSING),
        ("tin", None, MISSING),
    ],
)
def test_a_value_with_its_form_is_kept(column: str, written: str, kept: Any, door: Door, maker: Any) -> None:
    assert read(door, maker, column, written) == (kept, 0)


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("birth_date", "1984-02-30"),
        ("birth_date", "1983-02-29"),
        ("birth_date", "1984-5-17"),
        ("birth_date", "17/05/1984"),
        ("birth_date", "05-17-1984"),
        ("birth_date", "19840517"),
        ("birth_date", "1984-05-17T00:00"),
        ("birth_date", "0000-01-01"),
        ("birth_date", "12024-01-01"),
        ("birth_date", "infinity"),
        ("birth_date", "epoch"),
        ("birth_date", "-infinity "),
        ("birth_date", "\u0661\u0669\u0668\u0664-05-17"),
        ("matter_opened_on", "today"),
        ("order_final_on", "2025-00-10"),
        ("court_final_on", "pending"),
        ("tin", "12345678"),
        ("tin", "1234567890"),
        ("tin", "-123456789"),
        ("tin", "123--456789"),
        ("tin", "---------"),
        ("tin", "12345678X"),
        ("tin", "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"),
        ("matter_kind", "Investigation"),
        ("matter_kind", "audit"),
        ("relief_pending", "No"),
        ("relief_pending", "false"),
        ("relief_pending", "0"),
    ],
)
def test_a_typed_value_without_its_form_is_missing_and_counted(
    column: str, written: str, door: Door, maker: Any
) -> None:
    assert read(door, maker, column, written) == (MISSING, 1)


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("state", "Washington"),
        ("state", "W1"),
        ("zip", "9810"),
        ("zip", "98103-12"),
        ("zip", "00000 Unknown"),
        ("tax_periods", "2023-2024"),
        ("tax_periods", "2023; 2024"),
        ("tax_periods", "23"),
        ("tax_periods", "2023;"),
        ("engaged_officers", "O-1, O-2"),
        ("engaged_officers", ";O-1"),
        ("requested_fields", "Mailing Address"),
    ],
)
def test_text_without_its_form_stays_as_written_and_is_counted(
    column: str, written: str, door: Door, maker: Any
) -> None:
    assert read(door, maker, column, written) == (written, 1)


@pytest.mark.parametrize("control", ["\x07", "\x7f", "\x85", "\n", "\u202e", "\u2066"])
def test_a_control_character_makes_any_value_missing(control: str, door: Door, maker: Any) -> None:
    columns = [column for column in REQUEST_COLUMNS if column != "request_ref"]
    rows = [{"request_ref": column, column: f"12{control}34"} for column in columns]
    written = make.pa.Table.from_pylist(
        rows, schema=make.pa.schema([(column, make.pa.string()) for column in REQUEST_COLUMNS])
    )
    target = make.io.BytesIO()
    make.pq.write_table(written, target)
    received = door.takes(maker.package(target.getvalue(), count=len(rows), file="requests.parquet"))
    for found, row in zip(
        rows_of(door.session, received.request, *REQUEST_COLUMNS, "layout_errors"), columns, strict=True
    ):
        assert found == (row, *[None] * len(columns), 1)


def test_every_error_is_listed_with_its_row_column_and_value(door: Door, maker: Any) -> None:
    rows = [
        {**make.ROW, "request_ref": "R-1"},
        {**make.ROW, "request_ref": "R-2", "tin": "12", "zip": "1", "city": "Sea\x1b[31mttle"},
        {**make.ROW, "request_ref": "R-3", "birth_date": "x" * 300},
    ]
    received = door.takes(maker.package(make.parquet(rows), count=3, file="requests.parquet"))
    assert received.first_errors == (
        LayoutError(2, "R-2", "tin", "12", "is not 9 digits"),
        LayoutError(2, "R-2", "city", "Sea\ufffd[31mttle", "holds a control character"),
        LayoutError(2, "R-2", "zip", "1", "is not 5 or 9 digits"),
        LayoutError(3, "R-3", "birth_date", "x" * 80, "is not a day written `YYYY-MM-DD`"),
    )
    assert str(received.first_errors[0]) == "row 2, column `tin`: `12` is not 9 digits"
    listed = rows_of(door.session, received.layout_error, "row_no", "column_name")
    assert listed == [(1, "tin"), (1, "city"), (1, "zip"), (2, "birth_date")]
    counts = rows_of(door.session, received.request, "layout_errors")
    assert counts == [(0,), (3,), (1,)]
    assert received.layout_errors == 4


def test_only_the_first_twenty_errors_are_carried(door: Door, maker: Any) -> None:
    rows = [{"request_ref": f"R-{number}", "tin": "1"} for number in range(50)]
    received = door.takes(maker.package(make.csv(rows), count=50))
    assert received.layout_errors == 50
    assert [error.row for error in received.first_errors] == list(range(1, 21))


def test_columns_that_did_not_come_are_missing_and_typed(door: Door, maker: Any) -> None:
    received = door.takes(maker.package(b"request_ref\nR-1\n", count=1))
    types = dict(
        door.session.execute(
            f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {relation(received.request)})"
        ).fetchall()
    )
    dates = {"birth_date", "matter_opened_on", "order_final_on", "court_final_on"}
    expected = {"row_no": "BIGINT", "layout_errors": "INTEGER", "relief_pending": "BOOLEAN"}
    expected |= dict.fromkeys(dates, "DATE")
    assert types == dict.fromkeys(REQUEST_COLUMNS, "VARCHAR") | expected
    assert list(types) == ["row_no", *REQUEST_COLUMNS, "layout_errors"]
    ((*values,),) = rows_of(door.session, received.request, *REQUEST_COLUMNS)
    assert values == ["R-1", *[None] * (len(REQUEST_COLUMNS) - 1)]


# The same rules said again, in Python, value by value.

STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
FORM = {
    "tin": r"[0-9](-?[0-9]){8}",
    "state": r"[A-Za-z]{2}",
    "zip": r"[0-9]{5}(-?[0-9]{4})?",
    "tax_periods": r"[0-9]{4}(;[0-9]{4})*",
    "matter_kind": "investigation|proceeding|grand_jury",
    "relief_pending": "yes|no",
}
TYPED = {"tin", "matter_kind", "relief_pending", "birth_date"}


def is_a_day(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def said_again(column: str, text: str | None) -> tuple[Any, int]:
    text = None if text is None else text.strip() or None
    if text is None:
        return None, 0
    fits = is_a_day(text) if column == "birth_date" else re.fullmatch(FORM.get(column, "(?s).*"), text)
    steered = STEERS.search(text) is not None
    if steered or (column in TYPED and not fits):
        return None, 1
    value: Any = text
    if column == "birth_date":
        value = date.fromisoformat(text)
    if column == "tin":
        value = text.replace("-", "")
    if column == "relief_pending":
        value = text == "yes"
    return value, 0 if fits else 1


WORDS = st.sampled_from(
    [
        "123-45-6789",
        "2024-02-29",
        "2023-02-29",
        "98103",
        "WA",
        "yes",
        "no",
        "proceeding",
        "2023;2024",
        "|",
        "||",
        '"',
    ]
)
PIECES = st.one_of(WORDS, st.text(max_size=3), st.sampled_from(list(" \t\n\u00a0\u3000\u200b\u202e\x7f\x1f-;0١")))
VALUES = st.one_of(st.none(), st.lists(PIECES, max_size=3).map("".join))
COLUMNS = ["first_name", "birth_date", "reason", *FORM]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, VALUES)), min_size=1, max_size=12))
def test_the_engine_reads_every_value_as_the_rules_say(
    door: Door, maker: Any, rows: list[dict[str, str | None]]
) -> None:
    for row in rows:
        for value in row.values():
            if value is not None and any(unicodedata.category(letter) == "Cs" for letter in value):
                return
    numbered = [{"request_ref": f"R-{number}", **row} for number, row in enumerate(rows)]
    content = maker.package(make.parquet(numbered), count=len(rows), file="requests.parquet")
    received = door.takes(content)
    found = rows_of(door.session, received.request, *COLUMNS, "layout_errors")
    for row, (*values, errors) in zip(rows, found, strict=True):
        expected = [said_again(column, row[column]) for column in COLUMNS]
        assert values == [value for value, _ in expected]
        assert errors == sum(wrong for _, wrong in expected)
