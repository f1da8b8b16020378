"""A reason is the same as another if they differ in case, white space and digits alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adjudication.deriving import Row, a_request, another, derived, one

REASON = "Case 1234: the person did not depart by May 3."


def copies(folder: Path, *reasons: str | None) -> list[int]:
    return [found["reason_copies"] for found in derived(folder, [a_request(reason=one) for one in reasons])]


@pytest.mark.parametrize(
    "same",
    [
        REASON,
        REASON.upper(),
        "Case 98: the person did not depart by May 31.",
        "Case: the  person\tdid not\n depart by May.",
        "case:the person did not depart by may.",
        "Case 1234: the person did not depart by May\u00a03.",
        "Case \u0661\u0662: the per\u200bson did not depart by May 3.",
    ],
    ids=["same", "case", "digits", "white space", "none at all", "a hard blank", "other digits, a hidden mark"],
)
def test_a_template_filled_in_otherwise_is_the_same_reason(tmp_path: Path, same: str) -> None:
    assert copies(tmp_path, REASON, same, "Another reason altogether.") == [2, 2, 1]


@pytest.mark.parametrize(
    "other", [REASON.replace("May", "June"), REASON + " He fled.", REASON.replace("did not", "didn't")]
)
def test_a_reason_with_other_letters_is_another(tmp_path: Path, other: str) -> None:
    assert copies(tmp_path, REASON, other) == [1, 1]


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


def test_no_reason_has_no_copies_of_any_kind(tmp_path: Path) -> None:
    row = one(tmp_path, reason=None)
    assert (row["reason_copies"], row["reason_template_copies"]) == (0, 0)
