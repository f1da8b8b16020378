"""The documents hold together: links lead somewhere, words are defined once, decisions are numbered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .pages import ROOT, anchor, broken_links, headings, links, shipped_files, text_of

PAGES = [path for path in shipped_files(ROOT) if path.suffix == ".md"]
DECISIONS = ROOT / "docs" / "adr"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_of_a_page_resolves(page: Path) -> None:
    assert broken_links(page, ROOT) == []


def test_a_link_that_leads_nowhere_or_out_of_the_repository_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# One heading\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#one-heading) [c](https://example.org/x) `[code](gone.md)`\n"
        "[d](gone.md) [e\nf](there.md#another) [g](../outside.md)\n\n[h]: missing.md\n"
    )
    assert broken_links(page, tmp_path) == ["gone.md", "there.md#another", "../outside.md", "missing.md"]


def test_what_is_ignored_is_not_looked_into(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("# made here\n/made/\n*.tmp\n")
    for name in ("made/page.md", "kept/page.md", ".git/page.md", "kept/half.tmp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = {path.relative_to(tmp_path).as_posix() for path in shipped_files(tmp_path)}
    assert found == {".gitignore", "kept/page.md"}


def test_a_link_in_a_code_block_is_no_link() -> None:
    assert links("```md\n[a](gone.md)\n```\n[b](there.md)\n") == ["there.md"]


def test_the_anchor_of_a_heading_is_what_a_reader_of_the_page_can_link_to() -> None:
    assert anchor("Where each promise is kept, *exactly*") == "where-each-promise-is-kept-exactly"


def test_no_page_has_a_section_nobody_can_link_to_because_another_has_its_name() -> None:
    twice = {}
    for page in PAGES:
        names = [anchor(title) for title in headings(text_of(page) or "", level=2)]
        if len(set(names)) != len(names) and page.name != "CHANGELOG.md":
            twice[str(page.relative_to(ROOT))] = sorted({name for name in names if names.count(name) > 1})
    assert twice == {}


def test_the_glossary_defines_each_word_once_and_in_order() -> None:
    words = headings((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), level=3)
    folded = [word.casefold() for word in words]
    assert len(words) > 40
    assert folded == sorted(set(folded))


def test_no_word_of_the_glossary_is_left_without_a_definition() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    sections = re.split(r"^### .+$", text, flags=re.MULTILINE)[1:]
    assert all(len(section.split()) >= 5 for section in sections)


def test_decisions_are_numbered_from_one_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted(DECISIONS.glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_a_decision_carries_its_own_number_a_status_and_what_was_turned_down() -> None:
    for path in sorted(DECISIONS.glob("[0-9]*.md")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.search(r"^Status: \w+.* · \d{4}-\d{2}-\d{2}", text, re.MULTILINE), path.name
        assert headings(text, level=2)[:3] == ["What", "Why", "What was turned down"], path.name


def test_every_decision_is_in_the_index_under_its_title() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    for path in sorted(DECISIONS.glob("[0-9]*.md")):
        title = headings(path.read_text(encoding="utf-8"), level=1)[0].partition(". ")[2]
        assert f"| {path.name[:4]} | [{title}]({path.name}) |" in index
    assert links(index) == [path.name for path in sorted(DECISIONS.glob("[0-9]*.md"))]
