"""What was measured of the rules: read as it was written, quoted while it is of the rules as they are, and no law."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from narrowgate.agreement.folder import MEASURED, digest, read
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.measured import Bound, read_measured
from narrowgate.agreement.quotes import NO_RATE, UNMEASURED, Current, in_words, lapsed, per_million, quotes
from narrowgate.agreement.wording import Identity, identities, one_line
from narrowgate.errors import AgreementError
from narrowgate.forms import VERSION as FORMS
from narrowgate.terms.agreement import Agreement
from tests.agreement.small import TEXT, load_small, write

MODEL = "0" * 64
SPRING, AUTUMN = date(2025, 5, 1), date(2025, 9, 1)
_MORE = """```toml evidence
id = "X1"
kind = "contradict"
cites = ["1 XYZ 5"]
test = "tin = 'near' OR address = 'missing'"
why = "Neither agrees."
```

```toml parameter
id = "close"

[[value]]
value = ["exact"]
begins = 2025-01-01
ends = 2025-06-30
source = "policy"

[[value]]
value = ["exact", "differs"]
begins = 2025-07-01
source = "policy"
```

"""
_READING = '```toml reading\nid = "strict"'
RULES = (
    TEXT.replace("AND address = 'exact'", "AND address IN close")
    .replace(_READING, _MORE + _READING)
    .replace('evidence = ["E1"]\n```', 'evidence = ["E1", "X1"]\n```')
)
FILE = f"""measured_on = 2025-05-01
command = "narrowgate bench match"
program = "narrowgate 0.1.0"
engine = "duckdb 2.0.0"
forms = {FORMS}

[[rows]]
id = "hostile"
title = "Hostile rows"
people = 2000
requests = 1000000
seeds = {{ register = 1 }}
digests = {{ register = "{MODEL}" }}

[[bound]]
rule = "E1"
rows = "hostile"
under = "strict"
decisions = 778088
wrong = 0
upper = 3.8501e-06
wording = "WORDING"
list = "LIST"
"""


def a_folder(tmp_path: Path, text: str = RULES) -> Path:
    return write(tmp_path, text=text)


def now(agreement: Agreement, *, on: date = SPRING, model: str = MODEL) -> Current:
    """What each rule of `agreement` is on a day."""
    found = identities(basis(agreement, "strict", on=on), second_opinion=model)
    return {("strict", rule): one for rule, one in found.items()}


def measured(folder: Path, of: Identity, text: str = FILE) -> tuple[Bound, ...]:
    """The bounds in the folder's file, written of what `of` says."""
    (folder / MEASURED).write_text(text.replace("WORDING", of.wording).replace("LIST", of.list))
    return read_measured(read(folder), folder.name)


def test_a_bound_is_read_with_all_that_it_takes_to_repeat_it(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    of = now(load_small(folder))["strict", "E1"]
    (bound,) = measured(folder, of)
    assert (bound.rule, bound.under, bound.decisions, bound.wrong, bound.upper) == (
        "E1",
        "strict",
        778_088,
        0,
        3.8501e-6,
    )
    assert (bound.on, bound.command, bound.forms, bound.of) == (SPRING, "narrowgate bench match", FORMS, of)
    assert (bound.rows.people, bound.rows.requests, bound.rows.seeds) == (2_000, 1_000_000, {"register": 1})
    assert (bound.file, FILE.split("\n")[bound.line - 1]) == (f"small/{MEASURED}", 'rule = "E1"')


def test_the_file_may_be_left_out(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    agreement = load_small(folder)
    assert read_measured(read(folder), folder.name) == ()
    assert in_words(agreement.evidence["E1"], ()) == (UNMEASURED,)
    assert in_words(agreement.evidence["X1"], ()) == (NO_RATE,)
    assert list(lapsed(agreement, ())) == []


@pytest.mark.parametrize(
    ("old", "new", "words", "at"),
    [
        ("forms = ", "shapes = ", "`shapes` is not a key", "shapes"),
        ('command = "narrowgate bench match"\n', "", "has no `command`", "measured_on"),
        ("decisions = 778088", "decisions = 1000001", "0 wrong of 1000001 decisions on 1000000 requests", "wrong"),
        ("wrong = 0", "wrong = 778089", "is no count", "wrong = 778089"),
        ("wrong = 0", "wrong = -1", "is no count", "wrong = -1"),
        ("wrong = 0", "wrong = 0.0", "must be a whole number", "wrong = 0.0"),
        ("upper = 3.8501e-06", "upper = 1.5", "must be a decimal from 0 to 1", "upper = 1.5"),
        ("upper = 3.8501e-06", "upper = nan", "must be a decimal from 0 to 1", "upper = nan"),
        ("upper = 3.8501e-06", 'upper = "low"', "must be a decimal from 0 to 1", "upper ="),
        ('rows = "hostile"', 'rows = "friendly"', "there are no rows `friendly`", "rows = "),
        ('wording = "WORDING"', 'wording = "E1"', "`wording` is not a hex SHA-256", "wording = "),
        (f'digests = {{ register = "{MODEL}" }}', 'digests = { register = "x" }', "is not a hex SHA-256", "digests"),
        ("seeds = { register = 1 }", "seeds = 1", "`seeds` must be a table", "seeds"),
        ("measured_on = 2025-05-01", "measured_on = 2025-05-01 x", "is not TOML", "measured_on"),
        ("# nothing", "", "", ""),
    ],
)
def test_a_file_of_another_form_is_refused_where_it_stands_and_keeps_no_agreement_from_being_loaded(
    tmp_path: Path, old: str, new: str, words: str, at: str
) -> None:
    folder = a_folder(tmp_path)
    of = now(load_small(folder))["strict", "E1"]
    text = FILE.replace(old, new, 1)
    if not words:
        measured(folder, of, text)
        return
    assert text != FILE
    with pytest.raises(AgreementError, match=re.escape(words)) as refused:
        measured(folder, of, text)
    assert refused.value.file == f"small/{MEASURED}"
    assert at in text.split("\n")[(refused.value.line or 0) - 1]
    load_small(folder)


def test_a_rule_has_one_bound_on_a_set_of_rows(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    of = now(load_small(folder))["strict", "E1"]
    twice = FILE + FILE[FILE.index("[[bound]]") :]
    with pytest.raises(AgreementError, match="`E1` has a bound on the rows `hostile` already"):
        measured(folder, of, twice)


def test_what_was_measured_is_no_part_of_the_digest_and_anything_else_is(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    before = load_small(folder).digest
    measured(folder, now(load_small(folder))["strict", "E1"])
    assert load_small(folder).digest == before
    (folder / MEASURED).write_text("not even a table")
    assert load_small(folder).digest == before
    (folder / "notes").mkdir()
    (folder / "notes" / MEASURED).write_text("a note of that name")
    assert load_small(folder).digest != before


def test_a_link_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    (folder / MEASURED).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AgreementError, match="a link is not a file"):
        load_small(folder)


def test_the_words_give_the_bound_its_counts_its_rows_and_its_day(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    agreement = load_small(folder)
    current = now(agreement)
    found = quotes(measured(folder, current["strict", "E1"]), current)
    assert in_words(agreement.evidence["E1"], found) == (
        "at most 3.86 in a million (0 wrong of 778,088 decisions under strict, hostile rows, 2025-05-01)",
    )
    assert list(lapsed(agreement, found)) == []


def test_of_a_rule_that_decided_nobody_nothing_is_said(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    current = now(load_small(folder))
    text = FILE.replace("decisions = 778088", "decisions = 0").replace("3.8501e-06", "1.0")
    (found,) = quotes(measured(folder, current["strict", "E1"], text), current)
    assert found.words == "none: it decided nobody under strict (hostile rows, 2025-05-01)"


def _without_x1(text: str) -> str:
    begin, end = text.index('```toml evidence\nid = "X1"'), text.index('```toml parameter\nid = "close"')
    return (text[:begin] + text[end:]).replace('"E1", "X1"', '"E1"')


ITS_OWN, BESIDE = "is another one now", "the rules beside it"
CHANGES: dict[str, tuple[Callable[[str], str], str | None]] = {
    "its test": (lambda text: text.replace("address IN close", "address NOT IN close"), ITS_OWN),
    "a value that it reads": (lambda text: text.replace('value = ["exact"]', 'value = ["missing"]'), ITS_OWN),
    "another rule's test": (lambda text: text.replace("tin = 'near' OR", "tin = 'differs' OR"), BESIDE),
    "another rule's kind": (lambda text: text.replace('kind = "contradict"', 'kind = "rival"'), BESIDE),
    "a rule taken away": (_without_x1, BESIDE),
    "its reason": (lambda text: text.replace("Both agree.", "The two agree."), None),
    "white space": (lambda text: text.replace("'exact' AND address", "'exact'   AND  address"), None),
    "a value that it does not read": (lambda text: text.replace("value = 2\n", "value = 3\n"), None),
    "a clause": (lambda text: text.replace("copies <= copies_cap", "copies < copies_cap"), None),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_bound_goes_stale_with_its_rule_and_with_nothing_else(tmp_path: Path, name: str) -> None:
    change, why = CHANGES[name]
    of = now(load_small(a_folder(tmp_path)))["strict", "E1"]
    (tmp_path / "changed").mkdir()
    assert change(RULES) != RULES
    folder = a_folder(tmp_path / "changed", change(RULES))
    changed = load_small(folder)
    (found,) = quotes(measured(folder, of), now(changed))
    if why is None:
        assert found.stale is None
        return
    assert why in str(found.stale)
    (told,) = lapsed(changed, [found])
    assert told.startswith(f"small/{MEASURED}:{found.bound.line}: the bound of `E1` is stale")
    assert found.words.startswith("not measured under this wording (hostile rows, 2025-05-01: ")
    assert "778,088" not in found.words and "3.86" not in found.words


def test_a_value_of_another_day_makes_it_stale_on_that_day(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    agreement = load_small(folder)
    found = measured(folder, now(agreement)["strict", "E1"])
    assert [quotes(found, now(agreement, on=day))[0].stale is None for day in (SPRING, AUTUMN)] == [True, False]


def test_other_forms_or_another_second_opinion_make_it_stale(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    agreement = load_small(folder)
    of = now(agreement)["strict", "E1"]
    (other,) = quotes(measured(folder, of), now(agreement, model="1" * 64))
    assert "or the second opinion" in str(other.stale)
    (older,) = quotes(measured(folder, of, FILE.replace(f"forms = {FORMS}", "forms = 1")), now(agreement))
    assert f"other forms now, version {FORMS} and not 1" in str(older.stale)


def test_a_bound_of_no_rule_or_of_a_list_that_is_gone_is_stale(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    agreement = load_small(folder)
    (bound,) = measured(folder, now(agreement)["strict", "E1"])
    for gone in (replace(bound, rule="E9"), replace(bound, under="lenient")):
        (found,) = quotes([gone], now(agreement))
        assert found.stale == f"there is no `{gone.rule}` under `{gone.under}` now"


def test_an_accepting_rule_that_the_file_leaves_out_is_named(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    agreement = load_small(folder)
    (bound,) = measured(folder, now(agreement)["strict", "E1"])
    other = quotes([replace(bound, rule="X1", of=now(agreement)["strict", "X1"])], now(agreement))
    assert list(lapsed(agreement, other)) == [f"small/{MEASURED}: `E1` has no bound"]


def test_the_digests_are_those_that_the_specification_gives(tmp_path: Path) -> None:
    """Computed here by its words."""
    agreement = load_small(a_folder(tmp_path))
    wordings = [
        _sha256({"forms": FORMS, "kind": "accept", "parameters": {"close": ["'exact'"]},
            "test": "tin = 'exact' AND address IN close"}),
        _sha256({"forms": FORMS, "kind": "contradict", "parameters": {},
            "test": "tin = 'near' OR address = 'missing'"}),
    ]  # fmt: skip
    whole = _sha256({"rules": wordings, "second_opinion": MODEL})
    assert [now(agreement)["strict", rule] for rule in ("E1", "X1")] == [Identity(one, whole) for one in wordings]


def _sha256(value: dict[str, object]) -> str:
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert written == rfc8785.dumps(json.loads(written))
    return sha256(written).hexdigest()


def test_white_space_counts_within_quotes_only() -> None:
    assert one_line("\n  a = 'x  y'\n  AND b = 'it''s  so'  ") == "a = 'x  y' AND b = 'it''s  so'"


@given(st.floats(min_value=1e-12, max_value=1, allow_subnormal=False))
def test_a_bound_is_rounded_up_and_by_less_than_a_hundredth(rate: float) -> None:
    said = Decimal(per_million(rate).replace(",", "")) / 1_000_000
    assert Decimal(str(rate)) <= said <= Decimal(str(rate)) * Decimal("1.01")


@pytest.mark.parametrize(
    ("rate", "said"),
    [(3.8501e-6, "3.86"), (6.6e-6, "6.60"), (9.999e-6, "10.0"), (0.0434444, "43,500"), (1.0, "1,000,000")],
)
def test_three_digits_say_something(rate: float, said: str) -> None:
    assert per_million(rate) == said


def test_a_digest_over_nothing_but_what_was_measured_is_that_of_an_empty_folder() -> None:
    assert digest({MEASURED: b"x"}) == digest({})
