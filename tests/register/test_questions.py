"""Every adapter answers each of the four questions with exactly what files answer, whatever is asked of whom."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowgate.engine.session import open_session
from narrowgate.forms import keys, names
from narrowgate.register import Register
from narrowgate.register.questions import Keys
from tests.matching.asking import REQUEST_SCHEMA
from tests.register.hard import a_hard_town
from tests.register.kinds import Kept, in_one_file, in_postgresql, with_two_workers
from tests.register.shelf import Row

Asking = Callable[[duckdb.DuckDBPyConnection, Register], str]

_LETTERS = Keys(tin="asked_tin", birth="asked_birth", home="asked_home")
_NAMED = Keys(tin="asked_tin", birth="asked_birth", home="asked_home", named="asked_named")
_BORN = Keys(tin="asked_tin", birth="asked_birth", home="asked_home", named="asked_named", born="asked_born")
_AT_HOME = Keys(tin="asked_tin", birth="asked_birth", home="asked_anybody")
_WIDEST = Keys(tin="asked_tin", birth="asked_birth", home="asked_anybody", born="asked_born")
QUESTIONS: dict[str, Asking] = {
    "addresses at": lambda session, register: register.addresses_at(session, "asked_place"),
    "people met": lambda session, register: register.people_met(session, _LETTERS),
    "people met by name": lambda session, register: register.people_met(session, _NAMED),
    "people met by date": lambda session, register: register.people_met(session, _BORN),
    "people met at home": lambda session, register: register.people_met(session, _AT_HOME),
    "people met by date and at home": lambda session, register: register.people_met(session, _WIDEST),
    "addresses of": lambda session, register: register.addresses_of(session, "asked_home"),
    "people": lambda session, register: register.people(session, "asked_home"),
}


@contextmanager
def asked(folder: Path, requests: list[Row], ids: list[Any]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A session in which all that `requests` give is asked for, and the people `ids`."""
    folder.mkdir(parents=True)
    session = open_session(directories=[folder.parent], temp_directory=folder / "spill")
    numbered = [{"row_no": number, **row} for number, row in enumerate(requests)]
    session.register("request", pa.Table.from_pylist(numbered, REQUEST_SCHEMA))
    session.register("person_asked", pa.table({"person_id": pa.array(ids, pa.string())}))
    session.execute(f"""
        CREATE TEMP TABLE formed AS SELECT *, {keys.ends("last_words")} AS last_ends, {keys.ends("first")} AS first_ends
        FROM ({names.with_names("request", "row_no, birth_date, tin, street, city, state, zip")})""")
    session.execute(f"""
        CREATE TEMP TABLE place AS
        SELECT {keys.zip5("zip")} AS area, {keys.FIRST_NUMBER} AS number, 'zip' AS kind FROM formed
        UNION SELECT {keys.town("city", "state")}, {keys.FIRST_NUMBER}, unnest(['unzipped', 'town']) FROM formed""")
    session.execute("""
        CREATE TEMP TABLE asked_place AS SELECT CAST(row_number() OVER () AS INTEGER) AS place, area, number, kind
        FROM place WHERE area IS NOT NULL AND number IS NOT NULL""")
    session.execute("CREATE TEMP TABLE asked_tin AS SELECT DISTINCT tin AS written FROM formed WHERE tin IS NOT NULL")
    born = "FROM formed WHERE birth_date IS NOT NULL AND last <> '' AND first <> ''"
    session.execute(f"""
        CREATE TEMP TABLE asked_birth AS
        SELECT row_no, birth_date, left(unnest(string_split(last_words || ' ' || last, ' ')), 2) AS beginning,
               left(first, 1) AS initial {born}""")
    session.execute(f"CREATE TEMP TABLE asked_named AS SELECT row_no, birth_date, last, first {born}")
    # Not of every day, so that there are people who are not asked for.
    session.execute("""
        CREATE TEMP TABLE asked_born AS SELECT row_no, birth_date FROM formed
        WHERE birth_date IS NOT NULL AND birth_date < DATE '1984-05-18'""")
    session.execute("""
        CREATE TEMP TABLE asked_anybody AS
        SELECT person_id, CAST(NULL AS BIGINT) AS last_ends, CAST(NULL AS BIGINT) AS first_ends FROM person_asked""")
    # Somebody is there more than once, and each time some of the letters are asked for.
    session.execute("""
        CREATE TEMP TABLE asked_home AS
        SELECT person_id, last_ends, first_ends
        FROM person_asked CROSS JOIN (SELECT * FROM formed WHERE row_no % 5 = 0)""")
    try:
        yield session
    finally:
        session.close()


def answer(session: duckdb.DuckDBPyConnection, register: Register, question: str) -> Counter[tuple[Any, ...]]:
    """How often each row is in the answer."""
    relation = QUESTIONS[question](session, register)
    rows = session.execute(f"SELECT COLUMNS(*) FROM {relation}")
    columns = [column[0] for column in rows.description or ()]
    order = sorted(range(len(columns)), key=lambda place: columns[place])
    return Counter(tuple(row[place] for place in order) for row in rows.fetchall())


def _same(folder: Path, kept: Kept, seed: int, size: int) -> int:
    """Ask both registers everything; how many rows they answered."""
    people, homes, requests = a_hard_town(seed, size)
    chance = random.Random(seed)
    ids = [chance.choice([*people, *homes])["person_id"] for _ in range(size // 2)]
    one, other = in_one_file(folder / "one", people, homes), kept(folder / "other", people, homes)
    rows = 0
    with asked(folder / "session", requests[: chance.randrange(len(requests) + 1)], ids) as session:
        for question in QUESTIONS:
            expected = answer(session, one, question)
            assert answer(session, other, question) == expected, question
            rows += expected.total()
    other.unchanged()
    return rows


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), size=st.integers(1, 50))
def test_a_server_answers_what_files_answer(tmp_path_factory: pytest.TempPathFactory, seed: int, size: int) -> None:
    _same(tmp_path_factory.mktemp("asked"), in_postgresql, seed, size)


def test_workers_answer_what_files_answer(tmp_path: Path) -> None:
    assert _same(tmp_path, with_two_workers, seed=1, size=40) > 0


@pytest.mark.parametrize("seed", range(3))
def test_there_is_something_to_answer(tmp_path: Path, seed: int) -> None:
    """Each question finds rows, and leaves rows out, in the towns that are asked about."""
    people, homes, requests = a_hard_town(seed, 60)
    register = in_one_file(tmp_path / "one", people, homes)
    with asked(tmp_path / "session", requests[:40], [person["person_id"] for person in people[:20]]) as session:
        for question in QUESTIONS:
            held = len(homes) if question.startswith("addresses") else len(people)
            assert 0 < len(set(answer(session, register, question))) < held, question


def test_nothing_that_a_server_hands_over_is_far_from_what_was_asked(tmp_path: Path) -> None:
    """It hands over what may be the answer: here, at most twice as many rows as are."""
    people, homes, requests = a_hard_town(7, 200)
    register = in_postgresql(tmp_path / "r", people, homes)
    with asked(tmp_path / "session", requests[:60], []) as session:
        for question in (question for question in QUESTIONS if question.startswith("people met")):
            answered = answer(session, register, question).total()
            ((handed,),) = session.execute("SELECT count(*) FROM handed_people_met").fetchall()
            assert answered <= handed <= 2 * answered < 2 * len(people)
