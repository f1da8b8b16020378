"""The repository stands alone: whoever has only it finds all that it names, and nothing is put off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .pages import ROOT, shipped_files, text_of

PUT_OFF = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")
AUTHORS_MACHINE = re.compile(r"(?<![\w.:-])/(wo" + r"rk|home)/|\bsha" + r"red/[\w-]+\.md\b")
DOCUMENT = re.compile(r"(?<![\w/.*<{-])((?:[\w.-]+/)*[\w-]+\.md)\b(?!\.)")


def _hits(pattern: re.Pattern[str]) -> dict[str, list[str]]:
    hits = {}
    for path in shipped_files(ROOT):
        lines = (text_of(path) or "").splitlines()
        found = [f"{number}: {line.strip()[:100]}" for number, line in enumerate(lines, 1) if pattern.search(line)]
        if found:
            hits[str(path.relative_to(ROOT))] = found
    return hits


def _named_documents(path: Path) -> set[str]:
    return set(DOCUMENT.findall(text_of(path) or ""))


def test_nothing_is_put_off_in_a_comment() -> None:
    assert _hits(PUT_OFF) == {}


def test_no_file_names_a_place_on_its_authors_machine() -> None:
    assert _hits(AUTHORS_MACHINE) == {}


def test_a_document_that_is_named_is_a_document_that_is_here() -> None:
    files = list(shipped_files(ROOT))
    here = {str(path.relative_to(ROOT)) for path in files if path.suffix == ".md"}
    names = here | {Path(name).name for name in here}
    missing = {}
    for path in files:
        if path.relative_to(ROOT).parts[0] == "tests":
            continue
        gone = sorted(
            name for name in _named_documents(path) if name not in names and not (path.parent / name).resolve().exists()
        )
        if gone:
            missing[str(path.relative_to(ROOT))] = gone
    assert missing == {}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (PUT_OFF, "# TO" + "DO: later"),
        (PUT_OFF, "FIX" + "ME"),
        (AUTHORS_MACHINE, "see /wo" + "rk/notes.txt"),
        (AUTHORS_MACHINE, "as sha" + "red/design.md says"),
        (DOCUMENT, "`spec/nowhere.md`"),
    ],
)
def test_each_of_these_checks_can_fail(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_ordinary_words_do_not_fail_them() -> None:
    for text in (
        "https://example.org/work/x",
        "shared between readings",
        "a case to be done",
        "todos los santos",
    ):
        assert not PUT_OFF.search(text)
        assert not AUTHORS_MACHINE.search(text)
