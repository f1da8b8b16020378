"""Names with the frequency that they have in a country: the 1990 census files, as tables to draw from.

The United States Census Bureau published in 1995 how often each last name, and each first name by sex, was given in
a sample of the 1990 census (`dist.all.last`, `dist.female.first`, `dist.male.first`). The package `names` (MIT)
carries the three files; nothing of it is imported, only the files are read.

Rules:
 * A table has one row per slot; whoever draws takes a slot by chance, and a name has as many slots as its
   frequency asks for. The files print per cent to three places: names printed alike share what the cumulative
   column leaves for them.
 * The files leave out the rarest names, a tenth of all people. Of last names that tenth is filled with names of two
   words and with names from other scripts, and what is then left goes to the rarest in the file. Of first names it
   is filled with those names of the sample that the census did not list.
 * Names are written with one capital, as the sample writes them.
 * Shares are whole numbers, because what a sum of fractions comes to depends on the order in which it is added up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb

from narrowgate.synth.hard_cases import TRANSLITERATED, TWO_SURNAMES
from narrowgate.synth.installed import folder_of
from narrowgate.synth.name_variants import FEMALE, LAST, MALE, PARTICLED, SPANISH, TWIN_FEMALE, TWIN_MALE

VERSION = "0.3.0"

PER_CENT = 1_000_000
"""A share of one per cent."""

LAST_SLOTS = 1_000_000
"""Of last names: one slot for each ten-thousandth of a per cent of all people."""
TWO_SURNAMES_SLOTS = round(LAST_SLOTS * TWO_SURNAMES.share)
VARIANT_SLOTS = round(LAST_SLOTS * TRANSLITERATED.share)
FIRST_VARIANT = LAST_SLOTS - VARIANT_SLOTS
"""From this slot of the last names on: names that are written in several ways."""
FIRST_TWO_SURNAMES = FIRST_VARIANT - TWO_SURNAMES_SLOTS

FIRST_SLOTS = 100_000
"""Of first names of one sex: one slot for each thousandth of a per cent, which is what the files print."""
OTHER_SLOTS = 10_000
MALE_FROM, FEMALE_FROM = 0, FIRST_SLOTS
MALE_VARIANT_FROM, FEMALE_VARIANT_FROM = 2 * FIRST_SLOTS, 2 * FIRST_SLOTS + OTHER_SLOTS
TWIN_FROM = 2 * FIRST_SLOTS + 2 * OTHER_SLOTS
"""From here the names of twins, male pairs before female ones: two slots for each pair."""
TWIN_MALE_PAIRS, TWIN_FEMALE_PAIRS = len(TWIN_MALE), len(TWIN_FEMALE)


@dataclass(frozen=True)
class Census:
    """The three files."""

    last: Path
    female: Path
    male: Path


def find_census() -> Census:
    """The files of the installed `names`; WrongUse if it is missing or another version."""
    folder = folder_of(
        "names",
        missing="the name frequencies of `names` are not installed",
        hint="install it with `pip install 'narrowgate[bench]'`; no record was looked up",
        version=VERSION,
    )
    return Census(folder / "dist.all.last", folder / "dist.female.first", folder / "dist.male.first")


def load_names(session: duckdb.DuckDBPyConnection, census: Census, *, seed: int) -> None:
    """Make the tables last_name_slot and first_name_slot (j, name), from the files and `template_person`."""
    for name, file in (("census_last", census.last), ("census_male", census.male), ("census_female", census.female)):
        rows = list(_shares(file))
        session.execute(
            f"""CREATE TEMP TABLE {name} AS SELECT unnest(?::VARCHAR[]) AS name, unnest(?::BIGINT[]) AS share,
                unnest(range({len(rows)})) AS rank""",
            [[one for one, _ in rows], [share for _, share in rows]],
        )
    session.execute(f"CREATE TEMP TABLE last_name_slot AS {_last_names(seed)}")
    session.execute(f"CREATE TEMP TABLE first_name_slot AS {_first_names()}")
    for name in ("census_last", "census_male", "census_female"):
        session.execute(f"DROP TABLE {name}")


def _shares(file: Path) -> Iterator[tuple[str, int]]:
    """Each name with its share: names printed with one frequency share alike what is theirs together."""
    lines = (line.split() for line in file.read_text(encoding="ascii").splitlines())
    before = 0
    for _, alike in groupby(
        ((name, share, round(float(up_to) * PER_CENT)) for name, share, up_to, _ in lines), lambda row: row[1]
    ):
        rows = list(alike)
        up_to = rows[-1][2]
        yield from ((name.capitalize(), (up_to - before) // len(rows)) for name, _, _ in rows)
        before = up_to


def _slots(weighted: str, first: int, slots: int) -> str:
    """`slots` slots from `first` on, divided among the rows (name, share, rank) of `weighted` by their share."""
    past = f"(sum(share) OVER (ORDER BY rank) * {slots} // sum(share) OVER ())::BIGINT"
    return f"""SELECT {first} + unnest(range(begins, past)) AS j, name
        FROM (SELECT name, rank, coalesce(lag(past) OVER (ORDER BY rank), 0) AS begins, past
            FROM (SELECT name, rank, {past} AS past FROM ({weighted})))
        ORDER BY j"""


def _last_names(seed: int) -> str:
    """Census names first, the rarest of them taking what is left over; then two surnames; then variants."""
    left_over = f"({FIRST_TWO_SURNAMES * 100 * PER_CENT // LAST_SLOTS} - (SELECT sum(share) FROM census_last))"
    rarest = "(SELECT min(share) FROM census_last)"
    census = f"""SELECT name, rank, share + CASE WHEN share = {rarest} THEN {left_over}
        // (SELECT count(*) FROM census_last WHERE share = {rarest}) ELSE 0 END AS share FROM census_last"""
    return f"""({_slots(census, 0, FIRST_TWO_SURNAMES)}) UNION ALL ({_two_surnames(seed)})
        UNION ALL ({_slots(_of_variants(LAST), FIRST_VARIANT, VARIANT_SLOTS)})"""


def _two_surnames(seed: int) -> str:
    """Spanish surnames in twos, with a space or a hyphen; names with particles; and two of any names, hyphenated."""
    spanish = f"""(SELECT row_number() OVER (ORDER BY rank, copy) - 1 AS s, name
        FROM census_last JOIN (SELECT unnest({list(SPANISH)}) AS name) USING (name),
            range(1 + share * 1000 // {PER_CENT}) c(copy))"""
    kind = f"hash({seed}, 'two surnames', j) % 100"

    def pick(what: str, among: str) -> str:
        return f"(hash({seed}, '{what} surname', j) % {among})::BIGINT"

    count = f"(SELECT count(*) FROM {spanish})"
    any_name = "least(1000, (SELECT count(*) FROM census_last))"
    return f"""SELECT j, CASE WHEN kind < 55 THEN a.name || ' ' || b.name
            WHEN kind < 75 THEN a.name || '-' || b.name
            WHEN kind < 82 THEN particled WHEN kind < 86 THEN a.name || ' ' || particled
            WHEN kind < 90 THEN particled || ' ' || b.name ELSE c.name || '-' || d.name END AS name
        FROM (SELECT j, {kind} AS kind, {list(PARTICLED)}[1 + {pick("particled", str(len(PARTICLED)))}] AS particled,
                {pick("first", count)} AS first, {pick("second", count)} AS second,
                {pick("any first", any_name)} AS any_first, {pick("any second", any_name)} AS any_second
            FROM range({FIRST_TWO_SURNAMES}, {FIRST_VARIANT}) r(j))
        JOIN {spanish} a ON a.s = first JOIN {spanish} b ON b.s = second
        JOIN census_last c ON c.rank = any_first JOIN census_last d ON d.rank = any_second
        ORDER BY j"""


def _first_names() -> str:
    twins = [name for pair in (*TWIN_MALE, *TWIN_FEMALE) for name in pair]
    return f"""({_slots(_of_sex("Male", "census_male"), MALE_FROM, FIRST_SLOTS)})
        UNION ALL ({_slots(_of_sex("Female", "census_female"), FEMALE_FROM, FIRST_SLOTS)})
        UNION ALL ({_slots(_of_variants(MALE), MALE_VARIANT_FROM, OTHER_SLOTS)})
        UNION ALL ({_slots(_of_variants(FEMALE), FEMALE_VARIANT_FROM, OTHER_SLOTS)})
        UNION ALL (SELECT {TWIN_FROM} + unnest(range({len(twins)})) AS j, unnest({twins}) AS name)"""


def _of_sex(sex: str, census: str) -> str:
    """The names of one sex in the census, and those of the sample that it lacks, which share what is left over."""
    return f"""WITH other AS (SELECT first_name AS name, count(*) AS people FROM template_person
                WHERE starts_with(alike, '{sex}') AND first_name NOT IN (SELECT name FROM {census}) GROUP BY ALL)
        SELECT name, share, rank FROM {census}
        UNION ALL SELECT name, (people * ({100 * PER_CENT} - (SELECT sum(share) FROM {census}))
                // (SELECT sum(people) FROM other))::BIGINT,
            1000000 + row_number() OVER (ORDER BY people DESC, name) FROM other"""


def _of_variants(groups: Sequence[Sequence[str]]) -> str:
    """Every spelling with the same share."""
    names = [name for group in groups for name in group]
    return f"SELECT unnest({names}) AS name, 1 AS share, unnest(range({len(names)})) AS rank"
