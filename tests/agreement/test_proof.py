"""Guarantees are proved when an agreement is loaded, and one that does not hold is shown with facts that break it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from narrowgate.agreement.proof import prove as proving
from narrowgate.agreement.proof.notices import notices
from narrowgate.agreement.proof.prove import counterexamples, stretches
from narrowgate.errors import AgreementError
from narrowgate.terms.determination import Disposition
from narrowgate.terms.expression import Constant, Truth
from tests.agreement.flagship import COMPARISONS as FLAGSHIP_COMPARISONS
from tests.agreement.flagship import FACTS as FLAGSHIP_FACTS
from tests.agreement.flagship import agreement
from tests.agreement.small import TEXT, load_small, write
from tests.agreement.vocabulary import COMPARISONS, FACTS


def guaranteed(test: str) -> str:
    """The small agreement with one guarantee."""
    return (
        TEXT
        + f"""
```toml guarantee
id = "A1"
title = "Promised"
cites = ["1 XYZ 9"]
test = "{test}"
why = "Promised."
```
"""
    )


@pytest.mark.parametrize(
    "test",
    [
        "one_person",
        "one_person IS NOT NULL",
        "one_person AND judged_on >= DATE '2025-01-01'",
        "judged_on <= agreement_ends",
    ],
)
def test_what_follows_from_the_clauses_is_proved(tmp_path: Path, test: str) -> None:
    assert "A1" in load_small(write(tmp_path, text=guaranteed(test))).guarantees


@pytest.mark.parametrize(
    ("test", "words"),
    [
        # The clause on copies begins in March and ends in October: outside those days it promises nothing.
        ("copies <= 2", "on 2025-01-01"),
        ("NOT pending", "does not hold of a request that is disclosed"),
        ("judged_on > DATE '2025-01-01'", "judged_on = DATE '2025-01-01'"),
        ("colour IS NOT NULL", "colour IS NULL"),
    ],
)
def test_what_does_not_follow_is_refused_with_facts_that_break_it(tmp_path: Path, test: str, words: str) -> None:
    text = guaranteed(test)
    with pytest.raises(AgreementError) as refused:
        load_small(write(tmp_path, text=text))
    assert words in refused.value.message
    line = text[: text.index('id = "A1"')].count("\n") + 1
    assert refused.value.message.startswith(f"small/agreement.md:{line}: the guarantee `A1`")


def test_what_is_proved_is_proved_for_every_stretch_of_days(tmp_path: Path) -> None:
    small = load_small(write(tmp_path))
    assert [day.isoformat() for day in stretches(small)] == ["2025-01-01", "2025-03-01", "2025-07-01", "2025-11-01"]


@pytest.mark.parametrize("decided", [Disposition.HOLD, Disposition.RETURN, Disposition.DENY, Disposition.DISCLOSE])
def test_a_wrong_rule_of_disposition_is_caught(decided: Disposition) -> None:
    """With the rule that discloses always true, something not satisfied discloses; the other rules only stop."""
    real = proving.dispositions

    def wrong(clauses: object) -> object:
        return tuple((one, Truth(Constant(True)) if one is decided else rule) for one, rule in real(clauses))  # type: ignore[arg-type]

    with patch.object(proving, "dispositions", wrong):
        found = list(counterexamples(agreement(), FLAGSHIP_FACTS, file="agreement.md"))
    assert bool(found) is (decided is Disposition.DISCLOSE)


@pytest.mark.parametrize("name", sorted({"G00", "G06", "G09c", "G09d", "G12b", "G14", "G15", "G16", "G17a", "G03a"}))
def test_without_the_clause_that_carries_it_a_guarantee_of_the_flagship_breaks(name: str) -> None:
    flagship = agreement()
    strict = flagship.readings["strict"]
    without = replace(strict, binds=tuple(one for one in strict.binds if one != name))
    found = list(counterexamples(replace(flagship, readings={"strict": without}), FLAGSHIP_FACTS, file="agreement.md"))
    assert [one.guarantee for one in found if one.guarantee is not None], name


def test_nothing_in_the_flagship_is_empty_or_at_odds_under_a_reading_that_can_release() -> None:
    told = notices(agreement(), FLAGSHIP_FACTS, FLAGSHIP_COMPARISONS)
    assert [one.message for one in told if one.error] == []
    assert [one.message for one in told if "nothing can be disclosed" in one.message] == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('test = "one_person"', 'test = "one_person AND NOT one_person"', "no facts satisfy the clause `C3`"),
        ('test = "one_person"', 'test = "one_person IS NULL OR one_person IS NOT NULL"', "no facts fail"),
        ('test = "one_person"', 'test = "one_person AND NOT pending AND pending"', "no facts satisfy"),
        (
            "test = \"tin = 'exact' AND address = 'exact'\"",
            "test = \"tin = 'exact' AND tin = 'near'\"",
            "no comparison satisfies the evidence rule `E1`",
        ),
        ('test = "one_person"', 'test = "one_person AND copies > 5"', "are at odds"),
        (
            'test = "one_person"',
            'test = "one_person OR judged_on <= agreement_ends"',
            "the clause `C3` follows from the others",
        ),
    ],
)
def test_what_no_condition_can_mean_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    small = load_small(
        write(tmp_path, text=TEXT.replace(old, new, 1).replace("dated = 2025-01-01", "dated = 2025-06-01"))
    )
    assert any(words in one.message for one in notices(small, FACTS, COMPARISONS))
