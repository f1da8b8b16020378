"""An agreement is loaded whole or not at all, and says where it is unsound."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from narrowgate.agreement.shipped import shipped, shipped_names
from narrowgate.errors import AgreementError, WrongUse
from narrowgate.terms.agreement import Dated
from narrowgate.terms.fact import Reads
from tests.agreement.small import STAYS, TEXT, load_small, write


def test_a_sound_agreement_is_loaded_with_everything_in_it(tmp_path: Path) -> None:
    small = load_small(write(tmp_path))
    assert (small.id, small.default_reading, small.releasable) == ("small", "strict", ("colour",))
    assert (small.begins, small.ends) == (date(2025, 1, 1), date(2025, 12, 31))
    assert list(small.clauses) == ["C1", "C2", "C3"]
    assert small.clauses["C2"].reads is Reads.REQUEST
    assert small.clauses["C2"].told == "ask once"
    assert TEXT.split("\n")[small.clauses["C2"].line - 1] == 'id = "C2"'
    assert small.parameters["copies_cap"] == (
        Dated(1, date(2025, 1, 1), date(2025, 6, 30), "first rule"),
        Dated(2, date(2025, 7, 1), None, "second rule"),
    )
    assert small.readings["lax"].parameters == {"copies_cap": 99}
    assert small.readings["lax"].historical
    assert [stay.docket for stay in small.stays] == ["1:25"]


@pytest.mark.parametrize(
    ("old", "new", "words", "at"),
    [
        ('title = "Few copies"', 'titel = "Few copies"', "`titel` is not a key of clause", 'titel = "Few'),
        ('why = "Not two."', "", "clause has no `why`", 'id = "C3"'),
        ('id = "C3"', 'id = "c2"', "the clause `c2` stands on line", 'id = "c2"'),
        ('id = "C3"', 'id = "C 3"', "cannot be the id", 'id = "C 3"'),
        ('id = "C3"', "id = 3", "must be a text", "id = 3"),
        ('cites = ["1 XYZ 3"]', "cites = []", "`cites` is empty", "cites = []"),
        (
            'face = false\ntest = "one',
            'face = true\ntest = "one',
            "may never be told",
            'face = true\ntest = "one',
        ),
        ('told = "ask once"', "", "has no `told`", 'id = "C2"'),
        ('why = "Not two."', 'why = "x"\ntold = "y"', "is not told of has a `told`", 'told = "y"'),
        ('test = "one_person"', 'test = "one_persn"', "`one_persn` is neither", 'test = "one_persn"'),
        ("AND NOT pending", "AND NOT colour", "`colour` is not true or false", "copies <="),
        ("copies <= copies_cap", "copies <= copy_cap", "`copy_cap` is neither", "copies <="),
        ('test = "one_person"', 'test = "1 = 1"', "reads no fact", 'test = "1 = 1"'),
        (
            "face = true",
            "face = true\nends = 2024-01-01",
            "is not TOML",
            "ends = 2025-10-31",
        ),
        ("ends = 2025-10-31", "ends = 2025-02-28", "before it begins", "ends = 2025-02-28"),
        ('reads = "request"', 'reads = "batch"', "`copies` is of the request", "copies <="),
        ('reads = "request"', 'reads = "later"', "`later` is no `reads`", 'reads = "later"'),
        ("face = true", "face = false", "is not told of has a `told`", "told ="),
        (
            'reads = "request"\nface = true',
            'reads = "release"\nface = true',
            "the release says may never",
            "face = true",
        ),
        ('test = "tin =', 'test = "copies = 1 AND tin =', "`copies` is neither", 'test = "copies'),
        ('kind = "accept"', 'kind = "decide"', "`decide` is no `kind`", 'kind = "decide"'),
        ("ends = 2025-06-30", "ends = 2025-07-01", "two values of `copies_cap`", "begins = 2025-07-01"),
        ("ends = 2025-06-30", "", "two values of `copies_cap`", "begins = 2025-07-01"),
        ("begins = 2025-07-01", "begins = 2025-07-02", "no value on 2025-07-01", 'id = "copies_cap"'),
        (
            'begins = 2025-01-01\nends = 2025-06-30\nsource = "first',
            'begins = 2025-01-02\nends = 2025-06-30\nsource = "first',
            "no value on 2025-01-01",
            'id = "copies_cap"',
        ),
        (
            "begins = 2025-07-01\n",
            "begins = 2025-07-01\nends = 2025-12-30\n",
            "no value on 2025-12-31",
            'id = "copies_cap"',
        ),
        ("value = 2\n", 'value = "2"\n', "not all of one type", 'id = "copies_cap"'),
        ("value = 2\n", "value = []\n", "empty list", "value = []"),
        ("value = 2\n", "value = 1e400\n", "no value of the language", "value = 1e400"),
        ("value = 2\n", "value = nan\n", "no value of the language", "value = nan"),
        ("value = 2\n", "value = 2025-01-01T00:00:00Z\n", "no value of the language", "value = 2025"),
        ("value = 2\n", "value = 2\nunit = 1\n", "`unit` is not a key", "unit = 1"),
        ('source = "second rule"', "", "has no `source`", "[[value]]\nvalue = 2"),
        ('id = "copies_cap"', 'id = "copies"', "the name `copies` is taken", 'id = "copies"'),
        ('id = "copies_cap"', 'id = "agreement_ends"', "is taken", 'id = "agreement_ends"'),
        ("copies <= copies_cap", "copies <= 1", "reads the parameter `copies_cap`", 'id = "copies_cap"'),
        ('binds = ["C1", "C2", "C3"]', "binds = []", "`binds` is empty", "binds = []"),
        ('binds = ["C1", "C2", "C3"]', 'binds = ["C1", "C2", "C3", "C4"]', "clause `C4`", 'id = "strict"'),
        ('binds = ["C1", "C2", "C3"]', 'binds = ["C1", "C2", "C2"]', "twice", 'binds = ["C1", "C2", "C2"]'),
        (
            'binds = ["C1", "C2", "C3"]',
            'binds = ["C1", "C3"]',
            "no reading or position binds the clause `C2`",
            'id = "C2"',
        ),
        ('binds = ["C1", "C2", "C3"]', 'binds = ["C2", "C3"]', "reads `agreement_begins`", 'id = "strict"'),
        ('evidence = ["E1"]\n```', "evidence = []\n```", "accepts no evidence", 'id = "strict"'),
        ('binds = ["C1", "C2", "C3"]', 'binds = ["C1", "C2"]', "binds no clause that reads", 'id = "strict"'),
        ('evidence = ["E1"]\n```', 'evidence = ["E1", "E2"]\n```', "rule `E2`", 'id = "strict"'),
        ("value = 10\n", "value = 0\n", "`sample_size` must be a whole number above 0", 'id = "sample_size"'),
        ("value = 10\n", "value = true\n", "`sample_size` must be a whole number above 0", 'id = "sample_size"'),
        (
            'id = "destroy_within_days"',
            'id = "destroy_days"',
            "`destroy_within_days` must be",
            'id = "small"',
        ),
        ("copies_cap = 99", "copies_cap = 99\nsample_size = 1", "not for a reading to set", 'id = "lax"'),
        ("copies_cap = 99", "copy_cap = 99", "parameter `copy_cap`", 'id = "lax"'),
        ("copies_cap = 99", "copies_cap = 99\nagreement_ends = 2099-01-01", "not exist", 'id = "lax"'),
        ("copies_cap = 99", "copies_cap = true", "not all of one type", 'id = "copies_cap"'),
        ("historical = true", 'historical = "yes"', "must be true or false", 'historical = "yes"'),
        ('default_reading = "strict"', 'default_reading = "lenient"', "no reading `lenient`", 'id = "small"'),
        (
            'default_reading = "strict"',
            'default_reading = "lax"',
            "only records what was done",
            'id = "small"',
        ),
        ("ends = 2025-12-31", "ends = 2024-12-31", "before it begins", "ends = 2024-12-31"),
        ("begins = 2025-01-01\nends = 2025-12-31", 'begins = "x"', "must be a date", 'begins = "x"'),
        ("```toml evidence", "```toml evidense", "opens no block", "```toml evidense"),
        ("```toml evidence", "``` toml evidence", "opens no block", "``` toml evidence"),
        ("```toml evidence", "~~~toml evidence", "opens no block", "~~~toml evidence"),
        ("```toml evidence", " ```toml evidence", "opens no block", " ```toml evidence"),
        ("```toml evidence", "> ```toml evidence", "opens no block", "> ```toml evidence"),
        ("Two offices", "<!-- Two offices -->", "HTML", "<!-- Two"),
        ("Two offices", "Two\u202e offices", "`U+202E`, which cannot be seen", "Two\u202e"),
        ("Two offices", "Two\u200b offices", "`U+200B`", "Two\u200b"),
        ("Two offices", "Two\r\noffices", "`U+000D`", "Two"),
        ('why = "Not two."', 'why = "Not two."\nwhy = "again"', "is not TOML", 'why = "again"'),
        ("copies_cap = 99", "copies_cap = " + "[" * 10_000, "nested or written", 'id = "lax"'),
        ("copies_cap = 99", "copies_cap = " + "9" * 5_000, "nested or written", 'id = "lax"'),
        ("copies <= copies_cap", "(" * 10_000 + "pending", "too long", "((((("),
    ],
)
def test_what_is_unsound_is_refused_with_its_file_and_line(
    tmp_path: Path, old: str, new: str, words: str, at: str
) -> None:
    assert TEXT.count(old) >= 1
    text = TEXT.replace(old, new, 1)
    with pytest.raises(AgreementError) as refused:
        load_small(write(tmp_path, text=text))
    line = text[: text.index(at)].count("\n") + 1
    assert words in refused.value.message
    assert refused.value.message.startswith(f"small/agreement.md:{line}: ")
    assert refused.value.hint == "the agreement was not loaded; no record was looked up"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "0 agreement blocks"),
        (
            TEXT + TEXT[TEXT.index("```toml agreement") : TEXT.index("```toml parameter")].replace("small", "x"),
            "2 ag",
        ),
        (TEXT.removesuffix("```\n"), "is not closed"),
        (TEXT.replace("```\n\n```toml reading", "\n```toml reading", 1), "still open"),
    ],
)
def test_a_text_that_does_not_hold_together_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(AgreementError, match=words):
        load_small(write(tmp_path, text=text))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('effect = "no_release"', 'effect = "none"', "`none` is no effect"),
        ("effective = 2025-05-01T12:00:00Z", "effective = 2025-05-01", "must be a time with an offset"),
        (
            "effective = 2025-05-01T12:00:00Z",
            "effective = 2025-05-01T12:00:00",
            "must be a time with an offset",
        ),
        ("ends = 2025-06-01T12:00:00Z", "ends = 2025-04-01T12:00:00Z", "before it takes effect"),
        ("last_checked = 2025-01-01\n", "", "has no `last_checked`"),
        ("[[stay]]", "[[stays]]", "`stays` is not a key"),
        ("precedence = 2", "precedence = true", "must be a whole number"),
        ('caption = "A v. B"', "", "has no `caption`"),
        ("precedence = 2\n", "precedence = 2\n" + STAYS[STAYS.index("[[stay]]") :], "a second time"),
    ],
)
def test_unsound_stays_are_refused_and_never_skipped(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(AgreementError, match=r"small/stays\.toml:\d+: ") as refused:
        load_small(write(tmp_path, stays=STAYS.replace(old, new, 1)))
    assert words in refused.value.message


def test_a_folder_in_which_nobody_looked_for_stays_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match=r"no `stays\.toml`"):
        load_small(write(tmp_path, stays=None))


def test_a_folder_without_a_text_and_no_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match=r"no `agreement\.md`"):
        load_small(tmp_path)
    with pytest.raises(AgreementError, match="there is no folder"):
        load_small(tmp_path / "nowhere")


def test_a_link_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "note.md").symlink_to(folder / "agreement.md")
    with pytest.raises(AgreementError, match="a link is not a file"):
        load_small(folder)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "agreement.md").write_bytes(b"\xff\xfe")
    with pytest.raises(AgreementError, match="is not UTF-8"):
        load_small(folder)


def test_the_digest_is_the_same_for_the_same_folder_and_moves_with_every_file_in_it(tmp_path: Path) -> None:
    folder = write(tmp_path)
    first = load_small(folder).digest
    assert load_small(folder).digest == first
    digests = {first}
    (folder / "cases").mkdir()
    for path, content in (("cases/a.toml", "x"), ("cases/b.toml", "x"), ("cases/a.toml", "y"), ("note", "")):
        (folder / path).write_text(content)
        digests.add(load_small(folder).digest)
    assert len(digests) == 5


def test_the_digest_does_not_depend_on_where_the_folder_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert load_small(write(tmp_path / "a")).digest == load_small(write(tmp_path / "b")).digest


def test_the_digest_is_the_one_that_the_specification_gives(tmp_path: Path) -> None:
    """Computed here by its words: one line per file, path, NUL, hex digest, LF, in order of path."""
    from hashlib import sha256

    folder = write(tmp_path)
    lines = b"".join(
        name.encode() + b"\0" + sha256((folder / name).read_bytes()).hexdigest().encode() + b"\n"
        for name in ("agreement.md", "stays.toml")
    )
    assert load_small(folder).digest == sha256(lines).hexdigest()


def test_an_agreement_that_ships_is_found_by_name_and_by_nothing_else() -> None:
    assert "irs-ice-2025" in shipped_names()
    assert (shipped("irs-ice-2025") / "agreement.md").is_file()
    for name in ("nothing", "..", "../agreements/irs-ice-2025", ""):
        with pytest.raises(WrongUse, match="is no agreement that ships"):
            shipped(name)
