"""No cell of an export runs in a spreadsheet, and both ways of saying so agree."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.formats.neutralise import neutral, neutral_sql


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("x")'])
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "'=1", "123-45-6789", "R-1", " =1"])
def test_any_other_text_is_untouched(text: str) -> None:
    assert neutral(text) == text


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.none(), st.text("=+-@\t\r\n'a ", max_size=4), st.text(max_size=4)))
def test_sql_and_python_say_the_same(text: str | None) -> None:
    if text is not None and ("\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)):
        return
    ((found,),) = duckdb.execute(f"SELECT {neutral_sql('written')} FROM (SELECT $1 AS written)", [text]).fetchall()
    assert found == (None if text is None else neutral(text))
