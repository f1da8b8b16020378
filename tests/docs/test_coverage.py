"""The page on coverage is what the agreement says, and the law's elements are all in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrowgate.agreement.elements import coverage, elements, unmapped
from narrowgate.agreement.folder import read
from tests.agreement.flagship import FOLDER, agreement

FOUND = elements(read(FOLDER), FOLDER.name)


def test_the_page_is_made_from_the_agreement() -> None:
    page = Path(__file__).parents[2] / "docs" / "coverage.md"
    assert page.read_text(encoding="utf-8") == coverage(agreement(), FOUND), (
        "narrowgate agreement coverage > docs/coverage.md"
    )


def test_no_element_is_without_a_clause_and_no_clause_without_an_element_or_a_cite() -> None:
    assert list(unmapped(agreement(), read(FOLDER), FOLDER.name)) == []
    assert all(element.clauses for element in FOUND)
    assert all(clause.cites for clause in agreement().clauses.values())


@pytest.mark.parametrize(
    "cite",
    [
        *(f"26 USC 6103(i)(2)(A)({part})" for part in ("i", "ii", "iii")),
        *(
            f"26 USC 6103(i)(2)(A), {part}"
            for part in ("opening", "requester", "duty", "recipients", "engagement", "use")
        ),
        *(f"26 USC 6103(i)(2)(B)({part}" for part in ("i), name", "i), address", "ii)", "iii)", "iv)")),
        "26 USC 6103(i)(2)(C)",
        "26 USC 6103(i)(6), informant",
        "26 USC 6103(i)(6), impairment",
        "8 USC 1253(a)(1), order",
        "8 USC 1253(a)(1), ground",
        *(f"8 USC 1253(a)(1)({part})" for part in "ABCD"),
        "8 USC 1253(a)(2)",
        *(f"26 USC 6103(p)(4)({part})" for part in "ABCDE"),
        "26 USC 6103(p)(4)(F)(ii)",
        "26 USC 6103(p)(9)",
        *(f"Gate G{number:02}" for number in range(22)),
    ],
)
def test_each_element_of_the_paragraph_the_offence_and_the_safeguards_is_there(cite: str) -> None:
    assert [element.cite for element in FOUND].count(cite) == 1


def test_a_clause_taken_from_the_agreement_leaves_elements_that_are_told_of() -> None:
    files = dict(read(FOLDER))
    files["elements.toml"] = files["elements.toml"].replace(b'"G16c"', b'"G99"')
    told = list(unmapped(agreement(), files, FOLDER.name))
    assert any("there is no clause `G99`" in one for one in told)
    assert any("`G16c` answers for no element" in one for one in told)
