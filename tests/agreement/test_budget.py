"""A fuzz that tried nothing must not look like one that passed."""

from __future__ import annotations

import pytest

from tests.agreement.budget import VARIABLE, examples


def test_the_suite_tries_as_many_as_a_test_names_and_a_fuzz_so_many_times_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert examples(60) == 60
    monkeypatch.setenv(VARIABLE, "50")
    assert examples(60) == 3000


@pytest.mark.parametrize("times", ["0", "", "1.5", "-3", "abc", "\u0661", "1\n"])
def test_what_is_no_whole_number_from_one_is_an_error(monkeypatch: pytest.MonkeyPatch, times: str) -> None:
    monkeypatch.setenv(VARIABLE, times)
    with pytest.raises(ValueError, match="whole number from 1"):
        examples(60)
