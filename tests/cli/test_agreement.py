"""The agreement's commands: what they print, their exit codes, and bad input pointing at file, line and words."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from narrowgate.adjudication.facts import VOCABULARY as FACTS
from narrowgate.agreement.folder import MEASURED
from narrowgate.agreement.load import load
from narrowgate.agreement.shipped import shipped
from narrowgate.cli.app import main
from narrowgate.forms import VERSION as FORMS
from narrowgate.matching.comparison import VOCABULARY as COMPARISONS
from narrowgate.measure.bounds import upper
from narrowgate.measure.bounds_file import written
from narrowgate.measure.standing import standing
from narrowgate.terms.agreement import EvidenceKind


class Printed:
    """Runs a command and keeps what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.error = ""

    def __call__(self, *arguments: object, status: int = 0) -> str:
        self._capsys.readouterr()
        assert main([*map(str, arguments)]) == status
        printed = self._capsys.readouterr()
        self.error = printed.err
        return printed.out

    def json(self, *arguments: object, status: int = 0) -> dict[str, Any]:
        found = json.loads(self(*arguments, "--json", status=status).splitlines()[-1])
        assert isinstance(found, dict)
        return found


@pytest.fixture
def narrowgate(capsys: pytest.CaptureFixture[str]) -> Printed:
    return Printed(capsys)


@pytest.fixture
def flagship(tmp_path: Path) -> Path:
    """A copy of the flagship to break."""
    return shutil.copytree(shipped("irs-ice-2025"), tmp_path / "irs-ice-2025")


def test_the_flagship_is_sound_and_every_change_to_it_is_noticed(narrowgate: Printed) -> None:
    assert narrowgate.json("agreement", "check")["sound"] is True
    tried = narrowgate.json("agreement", "test")
    assert (tried["wrong"], tried["unnoticed"], tried["noticed"]) == ([], [], 1.0)


def test_a_clause_is_explained_with_its_law_its_facts_and_its_history(narrowgate: Printed) -> None:
    told = narrowgate("agreement", "explain", "G09c")
    for words in ("8 USC 1253(a)(1)(A)", "is more than 90", "comes with P10 A", "clock_days = 90, from 2025-04-07"):
        assert words in told
    assert "8 USC 1229a: civil, refused" in narrowgate("agreement", "explain", "G08")
    narrowgate("agreement", "explain", "G99", status=2)
    assert "has no clause `G99`" in narrowgate.error


def test_readings_are_compared_clause_by_clause(narrowgate: Printed) -> None:
    found = narrowgate.json("agreement", "diff", "strict", "dcc-2026-02-24")["differences"]
    assert [(one["kind"], one["id"], one["after"]) for one in found] == [("clause", "G09m", None)]
    assert "nothing differs" in narrowgate("agreement", "diff", "strict", "strict")
    other = narrowgate.json("agreement", "diff", "irs-ice-2025:strict", "driver-records-2026:strict")["differences"]
    assert {"G06", "D12"} <= {one["id"] for one in other}


def test_a_skeleton_passes_its_check(narrowgate: Printed, tmp_path: Path) -> None:
    narrowgate("agreement", "new", tmp_path / "another")
    assert narrowgate.json("agreement", "check", tmp_path / "another")["sound"] is True
    narrowgate("agreement", "new", tmp_path / "another", status=2)


def test_a_case_that_no_longer_comes_out_falls_short(narrowgate: Printed, flagship: Path) -> None:
    cases = flagship / "cases" / "batch.toml"
    cases.write_text(cases.read_text().replace('finding = "not satisfied"', 'finding = "satisfied"', 1))
    assert "not satisfied, not satisfied" in narrowgate("agreement", "check", flagship, status=1)
    narrowgate("agreement", "test", flagship, status=1)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("address_class IN accepted", "adress_class IN accepted", "`adress_class` is neither a fact nor a parameter"),
        ("NOT relief_pending", "relief_pending > 3", "`relief_pending` is boolean"),
        ("NOT relief_pending", "getenv('HOME') = 'x'", "`getenv(` is a function, and the language has none"),
        ("NOT relief_pending", "read_text('/etc/passwd') IS NULL", "`read_text(` is a function"),
        ("NOT relief_pending", "relief_pending; DROP TABLE x", "does not belong to the language"),
        ("NOT relief_pending", "(SELECT 1) = 1", "does not belong"),
        ("NOT relief_pending", "NOT relief_pending -- yes", "puts a sign before a sign"),
        ("NOT relief_pending", "(" * 10_000 + "relief_pending" + ")" * 10_000, "too long"),
        ('id = "G09e"', 'id = "G09d"', "the clause `G09d` stands on line"),
        ('otherwise = "strict"', 'otherwise = "lenient"', "names the reading `lenient`, which does not exist"),
        ('P14 = "A"', 'P14 = "Z"', "takes the position `Z` on `P14`, which does not exist"),
        ('P14 = "A"', 'P99 = "A"', "takes a position on `P99`, which is no question"),
        ('P16 = "B"', 'P16 = "A"', "which is not offered"),
        ('P20 = "B"\n', "", "takes no position on P20"),
        ('binds = ["G14b"]', 'binds = ["G98"]', "names the clause `G98`, which does not exist"),
        ('test = "days_by_1253_clock > 90"', 'test = "days_by_1253_clock > 91"', "days_by_1253_clock = 91"),
        ('needs = ["order", "clock", "supervision"]', 'needs = ["order", "clock"]', "statutes_needing_supervision"),
        ('kind = "civil"\naccepted = false', 'kind = "civil"\naccepted = true', ""),
    ],
)
def test_bad_input_points_at_file_line_and_words(
    narrowgate: Printed, flagship: Path, old: str, new: str, words: str
) -> None:
    text = flagship / "agreement.md"
    assert old in text.read_text()
    text.write_text(text.read_text().replace(old, new, 1))
    if not words:
        # A civil statute that is accepted is in the registry all the same, and still opens nothing.
        assert narrowgate.json("agreement", "check", flagship)["sound"] is True
        return
    narrowgate("agreement", "check", flagship, status=2)
    assert "narrowgate: error: irs-ice-2025/agreement.md:" in narrowgate.error
    assert words in narrowgate.error
    assert "no record was looked up" in narrowgate.error
    assert "Traceback" not in narrowgate.error


def test_an_agreement_cannot_run_code_read_files_or_see_the_environment(
    narrowgate: Printed, flagship: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looks like code in a value stays text; nothing of it reaches the file system or the environment."""
    monkeypatch.setenv("NARROWGATE_SECRET", "told")
    left = tmp_path / "left"
    text = flagship / "agreement.md"
    for attempt in (
        "$NARROWGATE_SECRET",
        "${NARROWGATE_SECRET}",
        "{{ secret }}",
        f"`touch {left}`",
        f"$(touch {left})",
    ):
        original = text.read_text()
        title = "Who is personally and directly engaged?"
        text.write_text(original.replace(title, title + " " + attempt.replace("`", "'"), 1))
        narrowgate("agreement", "check", flagship)
        assert "told" not in narrowgate("agreement", "diff", f"{flagship}:strict", f"{flagship}:dcc-2026-02-24")
        text.write_text(original)
    assert not left.exists()


def test_a_list_of_flips_needs_a_batch(narrowgate: Printed, tmp_path: Path) -> None:
    narrowgate("agreement", "diff", "strict", "dcc-2026-02-24", "--list", tmp_path / "flips.csv", status=2)
    assert not (tmp_path / "flips.csv").exists()


def test_a_rule_that_may_be_true_of_somebody_whom_no_key_finds_falls_short(narrowgate: Printed, flagship: Path) -> None:
    file = flagship / "agreement.md"
    whole = "tin IN ('missing', 'unheld') AND birth_date = 'exact' AND first_name = 'exact' AND last_name = 'exact'"
    text = file.read_text(encoding="utf-8")
    assert text.count(whole) == 1
    file.write_text(text.replace(whole, whole.replace("birth_date = 'exact'", "birth_date = 'near'")), encoding="utf-8")
    told = narrowgate.json("agreement", "check", flagship, status=1)
    assert told["sound"] is False
    (blind,) = [one for one in told["shortcomings"] if "no key finds" in one]
    assert "`R3`" in blind
    assert "birth_date = 'near'" in blind


@pytest.fixture
def bounded(flagship: Path) -> Path:
    """A flagship of which every accepting rule but T2 has a bound, by counts of our own."""
    held = load(flagship, facts=FACTS, comparisons=COMPARISONS)
    rules = [
        {"rule": rule, "kind": "accept", "agreement": held.id, "set": "hostile", "under": under, "decided": 1_000,
         "wrong": 0, "wrong_rate_upper": upper(0, 1_000), "wording": of.wording, "list": of.list}
        for (under, rule), of in standing(held, on=datetime.now(UTC).date()).items()
        if (rule in ("E1", "E3", "E4", "T1") and under != "strict-P19B") or rule == "E2"
    ]  # fmt: skip
    rows = {"id": "hostile", "title": "Hostile rows", "register": {"people": 10}, "requests": 5_000, "seeds": {},
        "digests": {}}  # fmt: skip
    (flagship / MEASURED).write_text(written({
        "measured_on": "2025-11-25", "command": "x", "versions": {"narrowgate": "0"}, "engine": "x", "forms": FORMS,
        "agreement": {"id": held.id}, "rules": rules, "sets": [rows]}))  # fmt: skip
    return flagship


def test_a_measured_bound_is_explained_with_its_counts_its_rows_and_its_day(narrowgate: Printed, bounded: Path) -> None:
    told = narrowgate("agreement", "explain", "E1", "-a", bounded)
    said = "at most 3,000 in a million (0 wrong of 1,000 decisions under strict, hostile rows, 2025-11-25)"
    assert f"  measured bound\n    {said}\n" in told
    (found,) = narrowgate.json("agreement", "explain", "E1", "-a", bounded)["measured"]
    assert (found["decisions"], found["wrong"], found["stale"]) == (1_000, 0, None)
    assert "not measured\n" in narrowgate("agreement", "explain", "T2", "-a", bounded)
    assert "none of its own: a rule of this kind decides nobody" in narrowgate(
        "agreement", "explain", "X1", "-a", bounded
    )
    assert "measured bound" not in narrowgate("agreement", "explain", "G08", "-a", bounded)


def test_an_agreement_that_nobody_measured_says_so_and_is_sound(narrowgate: Printed) -> None:
    assert "  measured bound\n    not measured\n" in narrowgate(
        "agreement", "explain", "N1", "-a", "driver-records-2026"
    )
    checked = narrowgate.json("agreement", "check", "driver-records-2026")
    assert (checked["sound"], checked["bounds"], checked["notices"]) == (True, 0, [])


def test_what_was_measured_counts_no_further_once_a_rule_is_another(narrowgate: Printed, bounded: Path) -> None:
    before = narrowgate.json("agreement", "check", bounded)
    assert (before["sound"], before["bounds"]) == (True, 5)
    assert before["notices"] == [f"irs-ice-2025/{MEASURED}: `T2` has no bound"]
    text = bounded / "agreement.md"
    words = "birth_date = 'exact' AND first_name = 'exact' AND last_name = 'exact' AND address = 'exact'"
    assert f'test = "{words}"' in text.read_text()
    text.write_text(text.read_text().replace(f'test = "{words}"', f"test = \"tin <> 'near' AND {words}\""))
    after = narrowgate.json("agreement", "check", bounded, status=1)
    stale = {re.findall("the bound of `(..)` is stale: (.*)", one)[0] for one in after["notices"] if "stale" in one}
    assert {rule for rule, _ in stale} == {"E1", "E2", "E3", "E4"}, "T1 decides beside other rules"
    assert dict(stale)["E4"] == "`E4`, or a value that it reads, is another one now"
    assert dict(stale)["E1"].startswith("the rules beside it under `strict`")
    assert after["bounds"] == 1
    assert not any("stale" in one for one in after["shortcomings"]), "the rules bind, measured or not"
    told = narrowgate("agreement", "explain", "E4", "-a", bounded)
    assert "not measured under this wording (hostile rows, 2025-11-25: `E4`" in told
    assert "in a million" not in told


def test_a_bound_that_was_typed_falls_short(narrowgate: Printed, bounded: Path) -> None:
    file = bounded / MEASURED
    file.write_text(file.read_text().replace("decisions = 1000", "decisions = 4000", 1))
    checked = narrowgate.json("agreement", "check", bounded, status=1)
    (short,) = checked["shortcomings"]
    assert short.startswith(f"irs-ice-2025/{MEASURED}:") and "4000 decisions" in short


def test_a_file_of_bounds_that_cannot_be_read_is_refused_with_its_place(narrowgate: Printed, bounded: Path) -> None:
    file = bounded / MEASURED
    file.write_text(file.read_text().replace("forms = ", "shapes = "))
    narrowgate("agreement", "check", bounded, status=2)
    assert f"irs-ice-2025/{MEASURED}:8: `shapes` is not a key" in narrowgate.error


def test_every_accepting_rule_of_the_flagship_ships_with_a_bound_that_holds(narrowgate: Printed) -> None:
    checked = narrowgate.json("agreement", "check")
    assert checked["notices"] == []
    assert checked["bounds"] == len(
        [rule for rule in load(shipped("irs-ice-2025"), facts=FACTS, comparisons=COMPARISONS).evidence.values()
         if rule.kind is EvidenceKind.ACCEPT])  # fmt: skip
