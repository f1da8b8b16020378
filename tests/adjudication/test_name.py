"""A name is two names that somebody could have; a word for want of one is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.adjudication.facts import name

Pair = tuple[str | None, str | None]
(FACT,) = name.FACTS
_SCHEMA = pa.schema({"row_no": pa.int64(), "first_name": pa.string(), "last_name": pa.string()})


def classes(names: Sequence[Pair]) -> list[str]:
    """The class of each first and last name, in their order."""
    first, last = zip(*names, strict=True)
    request = pa.table({"row_no": range(len(names)), "first_name": first, "last_name": last}, schema=_SCHEMA)
    session = duckdb.connect(config={"threads": 1})
    session.register("request", request)
    sql = f"SELECT {name.columns()['name_class']} FROM request ORDER BY row_no"
    return [row[0] for row in session.execute(sql).fetchall()]


def is_class(names: Sequence[Pair], expected: str) -> None:
    found = dict(zip(names, classes(names), strict=True))
    assert found == dict.fromkeys(names, expected)


def test_names_of_people_are_structured() -> None:
    is_class(
        [
            ("Maria", "Lopez"),
            ("JOSE LUIS", "DE LA CRUZ-PEÑA"),
            ("D'Andre", "O'Neil Jr."),
            ("Ñ", "Ño"),
            ("X", "Li"),
            ("Malcolm", "X"),
            ("Ngọc", "Ánh Nguyễn"),
            ("Олена", "Шевченко"),
            ("王", "芳"),
            ("J.", "Smith"),
            ("Mary-Ann", "St. John"),
        ],
        "structured",
    )


def test_people_whose_name_is_also_a_word_for_nothing_keep_it() -> None:
    is_class(
        [
            ("Jennifer", "Null"),
            ("Adam", "Test"),
            ("Na", "Li"),
            ("Seo-yeon", "Na"),
            ("Mel", "Blank"),
            ("Jane", "Doering"),
            ("Maria", "Doe"),
            ("Nil", "Yalter"),
            ("Christopher", "Void"),
            ("Unity", "Unkrich"),
            ("John", "Roebuck"),
            ("Xavier", "Roe"),
            ("Nona", "Nonez"),
            ("Given'name", "Lopez"),
        ],
        "structured",
    )


def test_a_name_without_a_first_or_a_last_name_is_missing() -> None:
    is_class([(None, None), ("Maria", None), (None, "Lopez"), ("", ""), (" ", "Lopez")], "missing")


def test_a_word_for_want_of_a_name_is_a_placeholder_on_either_side() -> None:
    words = [
        "Unknown", "UNK", "unkown", "un-known", "N/A", "n/a", "n.a.", "none", "NONE", "xxx", "XX", "aaa",
        "-", "?", "123", "Lopez 2", "FNU", "LNU", "tbd", "Not Provided", "not  available",
        "Failed to Provide", "Refused", "refused to give", "No Name", "First Name", "Lastname", "SURNAME",
        "Unknown Male", "Unknown (alias Pedro)", "Desconocido", "Sin nombre", "(unknown)", "*NONE*",
        "_unknown_", "asdf", "qwerty", "Don't know", "See file", "Redacted", "Anonymous", "did not say",
        "a|b",
    ]  # fmt: skip
    for other in ("Maria", "Lopez", "Unknown"):
        is_class([(word, other) for word in words], "placeholder")
        is_class([(other, word) for word in words], "placeholder")


def test_two_doubtful_words_together_are_a_placeholder() -> None:
    is_class(
        [
            ("NA", "NA"),
            ("Null", "Null"),
            ("test", "test"),
            ("Test", "User"),
            ("Testing", "Tester"),
            ("X", "X"),
            ("John", "Doe"),
            ("JANE", "DOE"),
            ("Juan", "Doe"),
            ("Baby", "Boy"),
            ("First", "Last"),
            ("Same", "Same"),
            ("Alien", "Subject"),
        ],
        "placeholder",
    )


def test_a_phrase_split_over_both_names_is_a_placeholder() -> None:
    is_class(
        [
            ("Failed", "to Provide"),
            ("Failed to", "Provide"),
            ("Not", "Available"),
            ("No", "Name"),
            ("See", "File"),
        ],
        "placeholder",
    )


def test_a_name_that_is_not_looked_at_closely_would_be_structured_if_it_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = sorted(set(re.findall("[a-z]+", f"{name._NOBODY} ana lopez".replace("\\", " "))))
    chance = Random(2025)  # every run draws the same names
    names: list[Pair] = []
    for _ in range(1200):
        one, other, third = chance.choice(words), chance.choice(words), chance.choice(words)
        names += [(one, other), (one, one), (f"{one} {other}", third), (f"É{one}", f"{other}-Ñ"), (one, f"{other}'s")]
    quick = classes(names)
    monkeypatch.setattr(name, "_SUSPECT", "")
    assert quick == classes(names)
    assert {"structured", "placeholder"} == set(quick)


_TEXTS = st.none() | st.text(max_size=12) | st.sampled_from(["", " ", "NA", "Unknown", "Ana", "|", "0", "É", "Null"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(_TEXTS, _TEXTS), min_size=1, max_size=30))
def test_any_text_has_a_class_and_only_two_names_with_letters_are_structured(names: list[Pair]) -> None:
    names = [(_without_nul(first), _without_nul(last)) for first, last in names]
    for (first, last), found in zip(names, classes(names), strict=True):
        assert found in FACT.values
        if found == "structured":
            assert first and last
            assert not any(character in "0123456789" for character in first + last)
        if not (first or "").strip(" ") or not (last or "").strip(" "):
            assert found == "missing"


def _without_nul(text: str | None) -> str | None:
    return None if text is None else text.replace("\x00", "")
