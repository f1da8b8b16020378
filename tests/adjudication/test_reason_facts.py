"""Reasons are counted as copies to the letter, as one template filled in, and as nearly the same."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.adjudication.facts import reason_near
from tests.adjudication.deriving import Row, a_request, another, derived, one

REASON = "Case 1234: the person did not depart by May 3."


def counted(folder: Path, fact: str, *reasons: str | None) -> list[int]:
    return [found[fact] for found in derived(folder, [a_request(reason=one) for one in reasons])]


def test_a_copy_is_the_same_to_the_letter(tmp_path: Path) -> None:
    assert counted(tmp_path, "reason_copies", REASON, REASON, REASON.upper(), "Another.") == [2, 2, 1, 1]


@pytest.mark.parametrize(
    "same",
    [
        REASON,
        REASON.upper(),
        "Case 98: the person did not depart by May 31.",
        "Case: the  person  did not depart by May.",
        "By May 3 the person did not depart (case 1234)",
        "Case 1234: the person did not depart by May\u00a03.",
        "Case \u0661\u0662: the per\u200bson did not depart by May 3.",
    ],
    ids=["same", "case", "digits", "blanks", "another order", "a hard blank", "other digits, a hidden mark"],
)
def test_a_template_filled_in_otherwise_is_the_same_template(tmp_path: Path, same: str) -> None:
    assert counted(tmp_path, "reason_template_copies", REASON, same, "Another reason altogether.") == [2, 2, 1]


@pytest.mark.parametrize(
    "other", [REASON.replace("May", "June"), REASON + " He fled.", REASON.replace("did not", "didn't")]
)
def test_a_reason_with_other_words_is_another_template(tmp_path: Path, other: str) -> None:
    assert counted(tmp_path, "reason_template_copies", REASON, other) == [1, 1]


def test_a_missing_reason_has_no_length_and_no_copies(tmp_path: Path) -> None:
    found = derived(tmp_path, [a_request(reason=None), a_request(reason=None, unit="Apt 2"), a_request()])
    assert [(row["reason_length"], row["reason_copies"]) for row in found[:2]] == [(0, 0), (0, 0)]
    assert found[2]["reason_copies"] == 1


@pytest.mark.parametrize(
    ("reason", "length"), [("abc", 3), ("a b c", 3), ("a" + " " * 100 + "b", 2), ("12 34", 4), ("ñ\u00a0ü", 2)]
)
def test_white_space_makes_no_reason_longer(tmp_path: Path, reason: str, length: int) -> None:
    assert one(tmp_path, reason=reason)["reason_length"] == length


PARTICULAR = "The file of {first} {last} in matter {matter} says that {street} in {city} is where the summons goes."


def filled(number: int) -> Row:
    """A request whose reason is a template with its own names and places in it."""
    given: Row = {
        **another(number), "last_name": f"Quint{'abcdefghij'[number]}ro",
        "street": f"{number} Elm{'abcdefghij'[number]} St",
        "city": ("Seattle", "Tacoma", "Yakima", "Renton")[number % 4],
    }  # fmt: skip
    particular = PARTICULAR.format(
        first=given["first_name"], last=given["last_name"], matter=given["matter_id"], street=given["street"],
        city=given["city"],
    )  # fmt: skip
    return a_request(**given, reason=particular)


def test_a_template_is_the_same_whatever_is_filled_into_it(tmp_path: Path) -> None:
    found = derived(tmp_path, [filled(number) for number in range(1, 5)])
    assert [row["reason_copies"] for row in found] == [1] * 4
    assert [row["reason_template_copies"] for row in found] == [4] * 4
    assert [row["reason_near_copies"] for row in found] == [4] * 4


def test_no_reason_has_no_copies_of_any_kind(tmp_path: Path) -> None:
    row = one(tmp_path, reason=None)
    assert (row["reason_copies"], row["reason_template_copies"], row["reason_near_copies"]) == (0, 0, 0)


LONG = (
    "The obligor told the bond agent that the tenant of the upper floor still receives letters from the consulate and"
    " that a second lock was fitted in March after somebody asked for the keys on a Sunday evening"
)


def reworded(text: str, words: int, seed: int) -> str:
    """`text` with so many of its words exchanged for made-up ones."""
    chance, parts = Random(seed), text.split()
    for place in chance.sample(range(len(parts)), words):
        parts[place] = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8))
    return " ".join(parts)


def words_of(text: str) -> set[str]:
    return set(text.lower().split())


@pytest.mark.parametrize("changed", [1, 2, 3])
def test_a_template_with_some_words_changed_is_nearly_the_same_reason(tmp_path: Path, changed: int) -> None:
    reasons = [reworded(LONG, changed, seed) for seed in range(40)]
    found = derived(tmp_path, [a_request(reason=one) for one in reasons])
    assert [row["reason_template_copies"] for row in found] == [1] * 40
    assert sum(row["reason_near_copies"] > 3 for row in found) >= 36


def test_reasons_that_are_each_their_own_have_no_near_copy(tmp_path: Path) -> None:
    chance = Random(2025)
    lexicon = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(400)]
    reasons = [" ".join(chance.choices(lexicon, k=30)) for _ in range(300)]
    assert counted(tmp_path, "reason_near_copies", *reasons) == [1] * 300


def test_copies_of_a_near_reason_are_all_counted(tmp_path: Path) -> None:
    reasons = [LONG] * 5 + [reworded(LONG, 1, 7)] * 4
    assert counted(tmp_path, "reason_near_copies", *reasons) == [9] * 9


def test_half_the_words_in_common_are_not_nearly_the_same(tmp_path: Path) -> None:
    half = len(LONG.split()) // 3
    one_, other = reworded(LONG, half, 1), reworded(LONG, half, 2)
    assert 10 * len(words_of(one_) & words_of(other)) < 7 * len(words_of(one_) | words_of(other))
    assert counted(tmp_path, "reason_near_copies", one_, other) == [1, 1]


def test_a_template_reworded_for_everybody_is_found_without_comparing_everybody(tmp_path: Path) -> None:
    found = counted(tmp_path, "reason_near_copies", *(reworded(LONG, 1, seed) for seed in range(2_000)))
    assert min(found) > 3
    assert max(found) <= 1 + 2 * reason_near.FOLLOWING * 8  # each is compared with so many before and behind it


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from([f"word{a}{b}" for a in "abc" for b in "xyz"]), max_size=12), max_size=14))
def test_what_is_counted_as_near_is_near_and_no_less_than_the_template(
    tmp_path_factory: pytest.TempPathFactory, reasons: list[list[str]]
) -> None:
    texts = [" ".join(words) for words in reasons if words]
    found = derived(tmp_path_factory.mktemp("near"), [a_request(reason=text) for text in texts])
    for text, row in zip(texts, found, strict=True):
        # Of nine words two may share a place, so that two texts share it where they share neither word.
        near = sum(
            10 * (len(words_of(text) & words_of(other)) + 2) >= 7 * len(words_of(text) | words_of(other))
            for other in texts
        )
        assert row["reason_copies"] <= row["reason_near_copies"] <= near
        assert row["reason_template_copies"] <= row["reason_near_copies"]
