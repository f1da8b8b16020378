"""The list of refusals is closed: the pages of `spec/` and the program name the same ones."""

from __future__ import annotations

import re
from pathlib import Path

from narrowgate.formats.codes import NEXT, Code, refusal

SPEC = Path(__file__).parents[2] / "spec"
ROW = re.compile(r"^\| `([a-z_0-9]+)` \| .+ \| .+ \|$", re.MULTILINE)


def test_the_pages_list_every_refusal_once_and_no_other() -> None:
    listed = [code for page in ("package.md", "envelope.md") for code in ROW.findall((SPEC / page).read_text())]
    assert sorted(listed) == sorted(code.value for code in Code)


def test_every_refusal_says_what_to_do_and_that_no_record_was_looked_up() -> None:
    assert set(NEXT) == set(Code)
    for code in Code:
        hint = refusal(code, "x").hint
        assert hint == f"{NEXT[code]}; no record was looked up"
        assert not hint.endswith(".")
