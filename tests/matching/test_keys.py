"""How candidates are found: for requests that stand, by every key, and with none left out silently."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest

from narrowgate.engine.parquet import relation
from narrowgate.errors import Fault
from narrowgate.matching import Limits
from narrowgate.matching.candidates import find
from narrowgate.matching.requests import take
from narrowgate.matching.search import BirthKey, HomeKey
from narrowgate.register import open_register
from tests.matching.asking import a_case, a_request, ask, ask_of, ask_one, outcome
from tests.register.shelf import a_partitioned_register, a_person, a_register, an_address

MATCH = ("match", "p1", "E1")
CROWDED = ("possible", None, "crowded")
OTHERS = [
    a_person(f"o{n}", tin=f"{800000000 + n}", first_name="Bo", last_name="Stone", birth_date=date(1950, 1, 1))
    for n in range(4)
]


@pytest.mark.parametrize("standing", [[False, None], []])
def test_if_no_request_stands_the_register_is_not_read(tmp_path: Path, standing: list[bool | None]) -> None:
    register = open_register(a_register(tmp_path / "register", [a_person()], [an_address()]))
    shutil.rmtree(register.folder)
    register.folder.mkdir()
    (register.folder / "person.parquet").write_bytes(b"poison")
    asked = ask_of(register, tmp_path, [a_request() for _ in standing], standing=standing)
    assert (asked.rows, asked.lookup.looked_up, asked.lookup.pairs) == ([], 0, 0)


def test_only_requests_that_stand_are_looked_up(tmp_path: Path) -> None:
    asked = ask(tmp_path, [a_person()], [an_address()], [a_request()] * 5, standing=[False, True, None, True, False])
    assert [row["row_no"] for row in asked.rows] == [1, 3]
    assert [outcome(row) for row in asked.rows] == [MATCH, MATCH]
    assert (asked.lookup.looked_up, asked.lookup.pairs) == (2, 2)
    assert set(asked.lookup.seconds) >= {"requests", "register's addresses", "register's persons"}


def test_a_request_with_nothing_in_it_is_answered_for_too(tmp_path: Path) -> None:
    empty = dict.fromkeys(a_request())
    rows = ask(tmp_path, [a_person()], [an_address()], [empty, a_request(), empty]).rows
    assert [outcome(row)[0] for row in rows] == ["none", "match", "none"]


def test_findings_that_are_not_of_these_requests_are_a_fault(tmp_path: Path) -> None:
    register = open_register(a_register(tmp_path / "register", [a_person()], [an_address()]))
    with pytest.raises(Fault, match="matching took 1 requests where 2 stand"):
        ask_of(register, tmp_path, [a_request()], standing=[True, True])


@pytest.mark.parametrize(
    "changed",
    [
        {"street": "9 Elm St"},
        {"street": "9 Elm St", "birth_date": None},
        {"street": "9 Elm St", "tin": None},
        {"tin": None, "birth_date": None},
        {"tin": "123456789", "birth_date": date(1990, 1, 1)},
    ],
)
def test_each_key_finds_the_person_by_itself(tmp_path: Path, changed: dict[str, object]) -> None:
    asked = ask(tmp_path, [a_person(), *OTHERS], [an_address()], [a_request(**changed)])
    assert asked.lookup.pairs == 1


@pytest.mark.parametrize(
    ("first_name", "last_name", "pairs"),
    [
        ("Alma", "Quinn", 1),
        ("A", "Quinn", 1),
        ("Inga", "Xo", 1),
        ("Inga", "Alvarez-Quinn", 1),
        ("Inga", "Alvarez Borja Quinn", 1),
        ("Ánna", "Öztürkó", 1),
        ("Alma", None, 0),
        ("Alma", "Xu", 0),
        ("Zoe", "Quinn", 0),
        ("Zoe", "Xu", 0),
    ],
)
def test_at_an_address_one_end_of_either_name_is_enough(
    tmp_path: Path, first_name: str, last_name: str | None, pairs: int
) -> None:
    asked = a_request(first_name=first_name, last_name=last_name, tin=None, birth_date=None)
    assert ask(tmp_path / "a", [a_person()], [an_address()], [asked]).lookup.pairs == pairs
    person = a_person(first_name=first_name, last_name=last_name)
    asked = a_request(tin=None, birth_date=None)
    assert ask(tmp_path / "b", [person], [an_address()], [asked]).lookup.pairs == pairs


@pytest.mark.parametrize("home", HomeKey)
@pytest.mark.parametrize("birth", BirthKey)
def test_hash_tables_are_built_on_the_requests(tmp_path: Path, birth: BirthKey, home: HomeKey) -> None:
    """The register is the larger side of every join that reads it, so it must be the one that streams."""
    register = open_register(
        a_register(
            tmp_path / "register",
            [a_person(f"p{n}") for n in range(400)],
            [an_address()] * 400 + [an_address(zip=None)],
        )
    )
    session = duckdb.connect()
    case = a_case(tmp_path, [a_request()] * 3)
    standing = "SELECT unnest([0, 1, 2]) AS row_no"
    take(session, request=relation(case / "request.parquet"), standing=standing, birth=birth)
    plans = []

    class Session:
        """Takes down how each table is to be made, then has it made."""

        def execute(self, query: str) -> duckdb.DuckDBPyConnection:
            if "read_parquet" in query and "TABLE" in query:
                wanted = query.split(" AS ", 1)[1]
                (row,) = session.execute(f"EXPLAIN (FORMAT json) {wanted}").fetchall()
                plans.append(json.loads(row[1]))
            return session.execute(query)

    find(cast(duckdb.DuckDBPyConnection, Session()), register, Limits(), lambda step: None, birth=birth, home=home)
    joins = [join for plan in plans for join in _joins_of_the_register(plan[0])]
    assert len(joins) >= 5
    for join in joins:
        streamed, built = join["children"]
        assert _reads_the_register(streamed), join
        assert not _reads_the_register(built), join


def _reads_the_register(node: dict[str, Any]) -> bool:
    return "PARQUET" in json.dumps(node["name"]).upper() or any(
        _reads_the_register(child) for child in node["children"]
    )


def _joins_of_the_register(node: dict[str, Any]) -> list[dict[str, Any]]:
    below = [join for child in node["children"] for join in _joins_of_the_register(child)]
    mine = "JOIN" in node["name"].upper() and _reads_the_register(node)
    return [node, *below] if mine else below


@pytest.mark.parametrize(
    ("held", "asked"),
    [("O'Brien", "OBrien"), ("D’Angelo", "Dangelo"), ("Ávila", "avila"), ("É\u0301x", "Ex")],
)
def test_a_beginning_is_found_however_it_is_written(tmp_path: Path, held: str, asked: str) -> None:
    person = a_person(first_name="Émile", last_name=held)
    elsewhere = a_request(first_name="EMILE", last_name=asked, street="9 Elm St", tin=None)
    assert ask(tmp_path, [person], [an_address()], [elsewhere]).lookup.pairs == 1


@pytest.mark.parametrize(
    ("limits", "people"),
    [
        (Limits(tin=2), [a_person(f"o{n}", first_name="Bo", birth_date=None) for n in range(2)]),
        (Limits(birth=2), [a_person(f"o{n}", tin=f"{800000000 + n}") for n in range(2)]),
    ],
)
def test_a_crowded_key_makes_the_request_possible_and_nothing_less(
    tmp_path: Path, limits: Limits, people: list[dict[str, object]]
) -> None:
    crowd = [a_person(), *people]
    rows = ask(tmp_path / "a", crowd, [an_address()], [a_request()], limits=limits).rows
    assert [outcome(row) for row in rows] == [CROWDED]
    rows = ask(tmp_path / "b", crowd[:2], [an_address()], [a_request()], limits=limits).rows
    assert [outcome(row)[2] for row in rows] != ["crowded"]


def test_a_crowded_place_makes_only_its_own_requests_possible(tmp_path: Path) -> None:
    crowd = [a_person(f"o{n}", tin=f"{800000000 + n}", birth_date=None) for n in range(3)]
    other = a_person("p2", first_name="Rita", tin="900700002")
    homes = [*(an_address(f"o{n}", unit=str(n)) for n in range(3)), an_address("p2", street="3 Elm St")]
    asked = ask(
        tmp_path, [*crowd, other], homes,
        [a_request(tin=None), a_request(first_name="Rita", tin="900700002", street="3 Elm St")],
        limits=Limits(place=2),
    )  # fmt: skip
    assert [outcome(row) for row in asked.rows] == [CROWDED, ("match", "p2", "E1")]


def test_everybody_at_an_address_crowds_it_whatever_their_names(tmp_path: Path) -> None:
    homes = [an_address(), *(an_address(f"o{n}") for n in range(4))]
    for limit, expected in ((4, CROWDED), (5, MATCH)):
        asked = ask(tmp_path / str(limit), [a_person(), *OTHERS], homes, [a_request()], limits=Limits(place=limit))
        assert [outcome(row) for row in asked.rows] == [expected]


def test_one_person_does_not_crowd_an_address_by_staying_long(tmp_path: Path) -> None:
    homes = [an_address(tax_period=year) for year in range(2015, 2025)]
    rows = ask(tmp_path, [a_person()], homes, [a_request()], limits=Limits(place=2)).rows
    assert [outcome(row) for row in rows] == [MATCH]


def test_whoever_lives_at_that_number_of_another_street_is_not_looked_at(tmp_path: Path) -> None:
    asked = ask(tmp_path, [a_person()], [an_address(street="1501 Elm St")], [a_request(tin=None, birth_date=None)])
    assert asked.lookup.pairs == 0


def test_a_placeholder_that_everybody_has_for_a_number_does_not_explode(tmp_path: Path) -> None:
    crowd = [a_person(f"o{n}", tin="000000000", first_name=f"F{n}", birth_date=None) for n in range(500)]
    asked = ask(tmp_path, crowd, [], [a_request(tin="000-00-0000")] * 500)
    assert {outcome(row) for row in asked.rows} == {CROWDED}
    assert asked.lookup.pairs == 0


@pytest.mark.parametrize(("person_by", "address_by"), [("tin_type", "zip"), ("birth_date", "state"), ("x", "y")])
def test_a_partitioned_register_gives_the_same_result(tmp_path: Path, person_by: str, address_by: str) -> None:
    people = [a_person(), a_person("p2", tin="900700002", birth_date=None), *OTHERS]
    homes = [
        an_address(),
        an_address("p2", unit="7"),
        an_address("o1", zip=None),
        an_address("o2", zip="02134"),
    ]
    requests = [
        a_request(),
        a_request(tin=None),
        a_request(first_name="Bo", last_name="Stone", tin="800000001"),
    ]
    whole = ask(tmp_path / "whole", people, homes, requests).rows
    parts = a_partitioned_register(tmp_path / "r", people, homes, person_by=person_by, address_by=address_by)
    assert ask_of(open_register(parts), tmp_path / "parts", requests).rows == whole


def test_text_of_a_request_is_only_ever_text(tmp_path: Path) -> None:
    nasty = "'); DROP TABLE request; --"
    row = ask_one(tmp_path, [a_person(last_name=nasty)], [an_address(street=f"5 {nasty}", unit=nasty)],
                  last_name=nasty, street=f"5 {nasty}", unit=nasty)  # fmt: skip
    assert outcome(row) == MATCH
