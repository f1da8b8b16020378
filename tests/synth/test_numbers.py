from __future__ import annotations

from itertools import pairwise

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.engine.literal import text_literal as quoted
from narrowgate.synth.numbers import ITIN_DOMAIN, SSN_DOMAIN, Series, Shuffle, TinMaker, part_id_sql, person_id_sql


@given(domain=st.integers(2, 2_000), seed=st.integers(0, 50))
@settings(max_examples=30, deadline=None)
def test_a_shuffle_gives_each_position_a_place_of_its_own(domain: int, seed: int) -> None:
    shuffle = Shuffle.seeded(domain, seed=seed, what="test")
    rows = duckdb.execute(f"SELECT n, {shuffle.sql('n')} FROM range({domain}) r(n)").fetchall()
    assert {place for _, place in rows} == set(range(domain))
    assert all(shuffle.origin(place) == n for n, place in rows)


def test_numbers_have_the_form_of_their_type_and_are_never_given_twice() -> None:
    maker = TinMaker.seeded(3)
    rows = duckdb.execute(
        f"SELECT {maker.sql(quoted('SSN'), 'n')}, {maker.sql(quoted('ITIN'), 'n')} FROM range(200_000) r(n)"
    ).fetchall()
    ssns, itins = {ssn for ssn, _ in rows}, {itin for _, itin in rows}
    assert len(ssns) == len(itins) == 200_000
    assert all(len(ssn) == 9 and ssn[:3] not in {"000", "666"} and ssn[0] != "9" for ssn in ssns)
    assert all(ssn[3:5] != "00" and ssn[5:] != "0000" for ssn in ssns)
    groups = {int(itin[3:5]) for itin in itins}
    assert groups == {*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)}
    assert all(len(itin) == 9 and itin[0] == "9" for itin in itins)


def test_the_first_and_the_last_place_are_numbers_of_the_type() -> None:
    """Of an SSN's group every other serial is given out, in each group beginning elsewhere."""
    groups = SSN_DOMAIN // 9_999
    ssn = Series(Shuffle(1, 0, groups), Shuffle(1, 0, 9_999))
    maker = TinMaker(ssn, Shuffle(1, 0, ITIN_DOMAIN))
    for past, kind, first, last in (
        (groups * 4_999, "SSN", "001010001", "899996467"),
        (ITIN_DOMAIN, "ITIN", "900500000", "999999999"),
    ):
        ends = duckdb.execute(f"SELECT {maker.sql(quoted(kind), 'n')} FROM (VALUES (0), ({past - 1})) r(n)")
        assert [tin for (tin,) in ends.fetchall()] == [first, last]


def test_a_number_that_is_in_use_is_gone_around() -> None:
    maker = TinMaker.seeded(3)

    def at(kind: str, n: int) -> str:
        ((tin,),) = duckdb.execute(f"SELECT {maker.sql(quoted(kind), str(n))}").fetchall()
        return str(tin)

    used = [at("SSN", 5), at("SSN", 1_000), at("ITIN", 7), at("SSN", 99), "000000000"]
    found = maker.detours(used, ssns=1_000, itins=8)
    assert found == [("SSN", 5, 1_001), ("SSN", 99, 1_002), ("ITIN", 7, 8)]
    assert maker.detours(used, ssns=1_000, itins=7) == found[:2]


def test_person_ids_are_distinct_and_neighbours_are_not_alike() -> None:
    ids = [row for (row,) in duckdb.execute(f"SELECT {person_id_sql('n', 1)} FROM range(100_000) r(n)").fetchall()]
    assert len(set(ids)) == 100_000
    steps = {int(b[1:], 16) - int(a[1:], 16) for a, b in pairwise(ids)}
    assert len(steps) > 99_000
    assert all(len(one) == 9 and one[0] == "P" for one in ids)


def test_ids_of_a_part_are_distinct_in_order_and_nobody_elses() -> None:
    """The first six signs are those of a stretch of 4,096; within it nothing is in order."""
    asked = f"SELECT n // 4096 AS stretch, {part_id_sql('n', 1)} AS id FROM range(200_000) r(n)"
    rows = duckdb.execute(asked).fetchall()
    assert len({one for _, one in rows}) == 200_000
    assert all(len(one) == 9 and one[0] == "Q" for _, one in rows)
    assert len({one[:6] for _, one in rows}) == len({stretch for stretch, _ in rows})
    within = [int(one[6:], 16) for stretch, one in rows if stretch == 3]
    assert sorted(within) == list(range(4096))
    assert 0.4 < sum(b > a for a, b in pairwise(within)) / 4095 < 0.6
