"""Which matches are referred, with the station's own tables, in its own locked session."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from narrowgate.engine.session import open_session
from narrowgate.register import open_register
from narrowgate.second_opinion import refer, shipped
from narrowgate.second_opinion.disagreement import COMPARED
from narrowgate.second_opinion.opinion import opinions
from tests.matching.asking import a_case, a_request, reading
from tests.register.shelf import Row, a_person, a_register, an_address
from tests.second_opinion.station import by_rules, decide, heard, outcomes

REFERRED = ("possible", "second opinion")
SPOUSE = a_person("p2", first_name="Tomas", middle_name="J", tin="123456780", birth_date=date(1981, 1, 30))
FATHER = a_person("p2", tin="123456780", birth_date=date(1955, 11, 2))
TWIN = a_person("p2", first_name="Petra", middle_name=None, tin="123456780")
HOME, THEIRS = an_address(), an_address("p2")
UNNUMBERED = a_request(tin=None)


@pytest.mark.parametrize("asked", [a_request(), UNNUMBERED, a_request(birth_date=None)], ids=["E1", "E4", "E3"])
def test_a_match_by_any_rule_stays_a_match_if_nobody_else_is_near(tmp_path: Path, asked: Row) -> None:
    with by_rules(tmp_path, [a_person(), SPOUSE], [HOME, THEIRS], [asked]) as session:
        before = outcomes(session)
        assert before[0][0] == "match"
        assert heard(session) == before


@pytest.mark.parametrize("other", [FATHER, TWIN], ids=["father", "twin"])
def test_a_namesake_or_a_twin_at_the_same_address_is_another_who_is_likely(tmp_path: Path, other: Row) -> None:
    with by_rules(tmp_path, [a_person(), other], [HOME, THEIRS], [UNNUMBERED]) as session:
        assert outcomes(session) == [("match", "E4")]
        assert heard(session) == [REFERRED]


def test_a_number_and_four_letters_that_decide_upon_the_spouse_are_referred(tmp_path: Path) -> None:
    """What the reported practice of August 2025 decides wrongly."""
    asked = a_request(tin="123456780")
    with by_rules(tmp_path, [a_person(), SPOUSE], [HOME, THEIRS], [asked], under=reading(PRACTICE)) as session:
        assert outcomes(session) == [("match", "T1")]
        assert heard(session) == [REFERRED]


def test_a_number_and_four_letters_of_somebody_else_entirely_are_referred(tmp_path: Path) -> None:
    lent = a_person(first_name="Bo", middle_name=None, last_name="Quinn", birth_date=date(1950, 1, 2))
    with by_rules(tmp_path, [lent], [an_address(street="9 Elm St")], [a_request(last_name="Quincy", birth_date=None)],
                  under=reading(PRACTICE)) as session:  # fmt: skip
        if outcomes(session)[0][0] != "match":
            pytest.fail("the practice is expected to match here")
        assert heard(session) == [REFERRED]


def test_what_is_possible_or_none_stays_so(tmp_path: Path) -> None:
    dead = a_person("p3", first_name="Ivo", tin="555443333", deceased_on=date(2020, 1, 1))
    asked = [a_request(first_name="Ivo", tin="555443333"), a_request(first_name="Nobody", tin=None)]
    with by_rules(tmp_path, [a_person(), dead], [HOME, an_address("p3")], asked) as session:
        before = outcomes(session)
        assert [outcome for outcome, _ in before] == ["possible", "none"]
        assert heard(session) == before
        assert session.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'opinion'").fetchall() == [(0,)]


def test_it_is_told_how_the_address_agrees_and_asked_only_about_matches(tmp_path: Path) -> None:
    near, building = an_address("p2", street="1501 Oakes Ave"), an_address("p3", unit="Apt 4")
    people = [a_person(), *(a_person(f"p{n}", tin=f"11122333{n}", birth_date=date(1950, 1, n)) for n in (2, 3)),
              a_person("p4", first_name="Bo", last_name="Stone", birth_date=date(1951, 1, 2))]  # fmt: skip
    homes = [HOME, near, building, an_address("p4", zip="98104")]
    asked = [a_request(), a_request(birth_date=None, tin=None)]
    with by_rules(tmp_path, people, homes, asked) as session:
        assert [outcome for outcome, _ in outcomes(session)] == ["match", "none"]
        assert _told(session) == [(0, "p1", "exact"), (0, "p2", "house"), (0, "p3", "house"), (0, "p4", "elsewhere")]


def test_an_address_that_is_not_given_is_told_as_missing(tmp_path: Path) -> None:
    with by_rules(tmp_path, [a_person()], [HOME], [a_request(street=None)], under=reading(PRACTICE)) as session:
        assert outcomes(session) == [("match", "T1")]
        assert _told(session) == [(0, "p1", None)]


def test_a_weight_depends_on_the_pair_alone(tmp_path: Path) -> None:
    """Not on the other requests, on the parts a batch is looked up in, or on who else is in the register."""
    people = [a_person(), FATHER, a_person("p3", first_name="Ivo", tin="555443333")]
    homes = [HOME, THEIRS, an_address("p3")]
    asked = [UNNUMBERED, a_request(), a_request(first_name="Ivo", tin="555443333")]
    together = _weights(tmp_path / "all", people, homes, asked, ["TRUE"])
    assert len(together) > 4
    assert _weights(tmp_path / "parts", people, homes, asked, [f"row_no = {n}" for n in range(3)]) == together
    fewer = _weights(tmp_path / "fewer", people[:1], homes[:1], asked, ["TRUE"])
    assert fewer.items() <= together.items()


def test_the_station_may_go_on_in_the_session_and_nothing_is_left_that_it_does_not_drop(tmp_path: Path) -> None:
    with by_rules(tmp_path, [a_person(), FATHER], [HOME, THEIRS], [UNNUMBERED]) as session:
        session.execute("SELECT * FROM range(10)").fetchone()  # a result that nobody reads to its end
        refer(session, shipped())
        kept = session.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
        assert kept == []
        with pytest.raises(duckdb.Error):
            session.execute("SET threads = 1")


PRACTICE = "as-practised-2025-08"


def _told(session: duckdb.DuckDBPyConnection) -> list[tuple[int, str, str | None]]:
    """Whom the second opinion is asked about, and what it is told of the address."""
    return session.execute(f"""SELECT row_no, person_id, c.address
        FROM ({COMPARED}) AS c JOIN candidate USING (candidate) ORDER BY ALL""").fetchall()


def _weights(
    folder: Path, people: list[Row], homes: list[Row], asked: list[Row], parts: list[str]
) -> dict[tuple[int, str], int]:
    """The weight of each request with each person, by id."""
    register = open_register(a_register(folder / "register", people, homes))
    case = a_case(folder, asked)
    found: dict[tuple[int, str], int] = {}
    with open_session(directories=[register.folder, case], temp_directory=folder / "spill") as session:
        for part in parts:
            decide(session, register, case / "request.parquet", reading("strict"), some=part)
            opinions(session, shipped(), COMPARED, requests="request", people="candidate")
            found |= {
                (row_no, person): weight
                for row_no, person, weight in session.execute(
                    "SELECT row_no, person_id, weight FROM opinion JOIN candidate USING (candidate)").fetchall()
            }  # fmt: skip
    return found
