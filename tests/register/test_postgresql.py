"""A register in PostgreSQL is opened whole or not at all, read from one snapshot, and named by its content."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import psycopg
import pytest

from narrowgate.engine.session import open_session
from narrowgate.errors import Fault, WrongUse
from narrowgate.register import Register
from narrowgate.register.open import open_register
from narrowgate.register.postgresql import PostgresqlRegister
from tests.matching.asking import Asked, a_request, ask_of
from tests.postgresql import a_register_in_postgresql, running, schema_of, sql_of
from tests.register.hard import a_hard_town
from tests.register.kinds import in_one_file
from tests.register.shelf import a_person, an_address

PEOPLE = [a_person(), a_person("p2", tin="900700002", first_name="Bela", birth_date=None)]
HOMES = [an_address(), an_address("p2", zip="02134", state="MA"), an_address("p2", unit="4", zip=None)]
SOMEBODY = "(SELECT 'p1' AS person_id)"


@contextmanager
def owner(folder: Path) -> Iterator[psycopg.Connection]:
    """The owner of the register in `folder`, at its tables."""
    with running().connect() as connection:
        connection.execute(f"SET search_path = {schema_of(folder)}".encode())
        yield connection


def run(folder: Path, *statements: str) -> None:
    """Have the owner of the register change it."""
    with owner(folder) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def asks(register: Register, folder: Path) -> Asked:
    return ask_of(register, folder, [a_request(), a_request(tin=None)])  # type: ignore[arg-type]


def connections(expected: int) -> bool:
    """Whether the server comes to have so many connections of the program: it takes leave of one in its own time."""
    query = b"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'narrowgate'"
    with running().connect() as connection:
        return _comes_true(lambda: connection.execute(query).fetchall() == [(expected,)])


def _comes_true(said: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not (true := said()) and time.monotonic() < until:
        time.sleep(0.02)
    return true


@pytest.fixture
def session(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = open_session(directories=[tmp_path], temp_directory=tmp_path / "spill")
    yield opened
    opened.close()


def test_a_register_says_what_it_is(tmp_path: Path) -> None:
    register = open_register(a_register_in_postgresql(tmp_path, PEOPLE, HOMES))
    assert isinstance(register, PostgresqlRegister)
    assert (register.name, register.as_of, register.synthetic) == ("simulated people", date(2025, 8, 1), True)
    assert register.folder == tmp_path.resolve()
    assert connections(0)


def test_the_same_rows_have_the_same_digest_in_any_order_and_anywhere(tmp_path: Path) -> None:
    digest = open_register(a_register_in_postgresql(tmp_path / "a", PEOPLE, HOMES)).digest
    again = a_register_in_postgresql(tmp_path / "b", PEOPLE[::-1], HOMES[::-1], collation="tr-x-icu")
    assert open_register(again).digest == digest
    run(again, "UPDATE address SET unit = '' WHERE unit IS NULL")
    changed = open_register(again).digest
    run(again, "UPDATE address SET unit = NULL WHERE unit = ''")
    assert open_register(again).digest == digest != changed


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE person SET impairment = TRUE WHERE person_id = 'p1'",
        "DELETE FROM address WHERE unit = '4'",
        "INSERT INTO address SELECT * FROM address LIMIT 1",
        "UPDATE address SET street = city, city = street",
        "UPDATE register SET as_of = '2025-08-02'",
        "UPDATE register SET name = 'others'",
    ],
)
def test_another_row_is_another_digest(tmp_path: Path, change: str) -> None:
    folder = a_register_in_postgresql(tmp_path, PEOPLE, HOMES)
    digest = open_register(folder).digest
    run(folder, change)
    assert open_register(folder).digest != digest


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("DROP TABLE address", 'no table .*"address"'),
        ("ALTER TABLE person DROP COLUMN impairment", '"person" has no column `impairment`'),
        ("ALTER TABLE address ALTER zip TYPE integer USING NULL", "`zip` is `integer`, it must be text or"),
        ("ALTER TABLE address ALTER zip TYPE character(5)", "`zip` is `character`, it must be text or"),
        ("ALTER TABLE person ALTER birth_date TYPE timestamp", "`birth_date` is `timestamp without time zone`"),
        (
            "ALTER TABLE address ALTER tax_period TYPE bigint",
            "`tax_period` is `bigint`, it must be integer or smallint",
        ),
        ("ALTER TABLE person ALTER impairment TYPE text", "`impairment` is `text`, it must be boolean"),
        ("DELETE FROM register", '"register" must have one row, it has none'),
        ("INSERT INTO register SELECT * FROM register", '"register" must have one row, it has more'),
        ("UPDATE register SET synthetic = NULL", "`synthetic` must be true or false"),
        ("UPDATE person SET birth_date = 'infinity'", '"person" has `2` rows with a day that is not of the years'),
        ("UPDATE address SET effective_on = '0044-03-15 BC'", '"address" has `3` rows with a day that is not of'),
        ("REVOKE SELECT ON person FROM gate", "may not read column `person_id`"),
        ("ALTER TABLE person ENABLE ROW LEVEL SECURITY", "would be affected by row-level security policy"),
    ],
)
def test_what_does_not_fit_is_named_before_any_record_is_looked_up(tmp_path: Path, change: str, wrong: str) -> None:
    folder = a_register_in_postgresql(tmp_path, PEOPLE, HOMES)
    run(folder, change)
    with pytest.raises(Fault, match=wrong) as told:
        open_register(folder)
    assert told.value.hint == "no record was looked up"
    assert connections(0)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('password = "secret"', "has a key `password`"),
        ('passfile = "x"', "unknown key `passfile`"),
        ('sslmode = "disable"', "unknown key `sslmode`"),
        ("port = 0", "`port` must be a number"),
        ("host = 5", "`host` must be a text"),
        ('user = "nobody"', "cannot be reached: .*role .nobody. does not exist"),
        ('schema = "elsewhere"', 'no table "elsewhere"."register"'),
        ('host = "127.0.0.1"', "cannot be reached: .*(SSL|root certificate)"),
    ],
)
def test_how_the_server_is_reached_is_said_without_a_password_and_over_the_network_with_tls(
    tmp_path: Path, line: str, wrong: str
) -> None:
    file = a_register_in_postgresql(tmp_path, PEOPLE, HOMES) / "register.toml"
    kept = [one for one in file.read_text(encoding="utf-8").splitlines() if one.split(" ")[0] != line.split(" ", 1)[0]]
    file.write_text("\n".join([*kept, line]), encoding="utf-8")
    with pytest.raises(Fault, match=wrong):
        open_register(tmp_path)


def test_a_register_without_a_server_is_none(tmp_path: Path) -> None:
    (tmp_path / "register.toml").write_text('kind = "postgresql"\n', encoding="utf-8")
    with pytest.raises(Fault, match=r"has no table `\[postgresql\]`"):
        open_register(tmp_path)
    (tmp_path / "register.toml").write_text('kind = "postgresql"\nname = "r"\n', encoding="utf-8")
    with pytest.raises(Fault, match="unknown key `name`"):
        open_register(tmp_path)


def test_a_database_that_is_not_in_utf_8_is_refused(tmp_path: Path) -> None:
    file = a_register_in_postgresql(tmp_path, PEOPLE, HOMES) / "register.toml"
    with running().connect() as connection:
        connection.execute("CREATE DATABASE old ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    file.write_text(file.read_text().replace('dbname = "postgres"', 'dbname = "old"'))
    with pytest.raises(Fault, match="has the encoding `LATIN1`"):
        open_register(tmp_path)


def test_a_user_who_may_make_no_temporary_table_is_told_so(tmp_path: Path) -> None:
    folder = a_register_in_postgresql(tmp_path, PEOPLE, HOMES)
    run(folder, "REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
    try:
        with pytest.raises(Fault, match="lets this user make no temporary tables"):
            open_register(folder)
    finally:
        run(folder, "GRANT TEMPORARY ON DATABASE postgres TO PUBLIC")


def test_without_psycopg_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = a_register_in_postgresql(tmp_path, PEOPLE, HOMES)
    monkeypatch.setitem(sys.modules, "psycopg", None)  # what an import meets that finds nothing
    with pytest.raises(WrongUse, match="needs `psycopg`") as told:
        open_register(folder)
    assert "narrowgate[postgresql]" in told.value.hint


def test_a_change_before_the_first_question_stops_the_batch(tmp_path: Path) -> None:
    folder = a_register_in_postgresql(tmp_path / "r", PEOPLE, HOMES)
    register = open_register(folder)
    run(folder, "UPDATE address SET zip = '98104' WHERE zip = '98103'")
    with pytest.raises(Fault, match="has changed since it was opened") as told:
        asks(register, tmp_path)
    assert told.value.hint == "no record was looked up"
    assert connections(0)
    with pytest.raises(Fault, match="has changed since it was opened"):
        register.unchanged()


def test_a_change_while_it_is_read_is_not_seen(tmp_path: Path, session: duckdb.DuckDBPyConnection) -> None:
    folder = a_register_in_postgresql(tmp_path / "r", PEOPLE, HOMES)
    register = open_register(folder)
    before = session.execute(f"FROM {register.people(session, SOMEBODY)}").fetchall()
    run(folder, "DELETE FROM address", "UPDATE person SET impairment = TRUE")
    assert session.execute(f"FROM {register.people(session, SOMEBODY)}").fetchall() == before
    assert len(session.execute(f"FROM {register.addresses_of(session, SOMEBODY)}").fetchall()) == 1
    register.unchanged()  # what was read is what the digest names
    with pytest.raises(Fault, match="has changed since it was opened"):
        register.people(session, SOMEBODY)


def test_a_connection_lasts_as_long_as_a_batch(tmp_path: Path, session: duckdb.DuckDBPyConnection) -> None:
    register = open_register(a_register_in_postgresql(tmp_path / "r", PEOPLE, HOMES))
    register.people(session, SOMEBODY)
    register.addresses_of(session, SOMEBODY)
    assert connections(1)
    register.unchanged()
    assert connections(0)
    asks(register, tmp_path)
    assert connections(0)


def test_a_connection_does_not_outlive_the_session_that_asked(tmp_path: Path) -> None:
    register = open_register(a_register_in_postgresql(tmp_path / "r", PEOPLE, HOMES))
    session = open_session(directories=[tmp_path], temp_directory=tmp_path / "spill")
    register.people(session, SOMEBODY)
    session.close()
    del session
    gc.collect()
    assert connections(0)


def test_a_question_that_goes_wrong_ends_the_connection(tmp_path: Path, session: duckdb.DuckDBPyConnection) -> None:
    register = open_register(a_register_in_postgresql(tmp_path / "r", PEOPLE, HOMES))
    with pytest.raises(duckdb.Error):
        register.people(session, "no_such_table")
    assert connections(0)
    assert len(session.execute(f"FROM {register.people(session, SOMEBODY)}").fetchall()) == 1
    register.unchanged()


def _lost(folder: Path) -> None:
    run(folder, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'narrowgate'")


@pytest.mark.parametrize(
    "go_on",
    [
        lambda register, session: register.people(session, SOMEBODY),
        lambda register, session: register.unchanged(),
    ],
)
def test_a_server_that_goes_away_stops_the_batch(
    tmp_path: Path,
    session: duckdb.DuckDBPyConnection,
    go_on: Callable[[Register, duckdb.DuckDBPyConnection], object],
) -> None:
    folder = a_register_in_postgresql(tmp_path / "r", PEOPLE, HOMES)
    register = open_register(folder)
    register.people(session, SOMEBODY)
    _lost(folder)
    with pytest.raises(Fault, match="terminating connection") as told:
        go_on(register, session)
    assert told.value.hint == "records were looked up; nothing was disclosed"


def test_a_fault_in_the_middle_of_an_answer_is_told_in_the_servers_words(
    tmp_path: Path, session: duckdb.DuckDBPyConnection
) -> None:
    """Rows are on their way already: the view fails at the last of many, which the digest has not seen."""
    folder = a_register_in_postgresql(tmp_path / "r", [a_person(f"p{n}") for n in range(20_000)], [])
    run(
        folder,
        "ALTER TABLE person RENAME TO people",
        """CREATE VIEW person AS SELECT person_id, tin, tin_type, first_name, middle_name, last_name, name_suffix,
           birth_date, joint_with, identity_theft, impairment,
           CASE WHEN person_id = 'p19999' AND current_setting('narrowgate.fail', TRUE) = 'yes'
                THEN CAST(1 / (length(person_id) - 6) || '' AS date) END AS deceased_on FROM people""",
        "GRANT SELECT ON person TO gate",
    )
    register = open_register(folder)
    assert isinstance(register, PostgresqlRegister)
    register.people(session, SOMEBODY)
    (connection,) = register._readings.values()
    connection.execute("SELECT set_config('narrowgate.fail', 'yes', FALSE)")
    session.execute("CREATE TEMP TABLE everybody AS SELECT 'p' || i AS person_id FROM range(20000) AS t(i)")
    with pytest.raises(Fault, match="cannot answer: division by zero"):
        register.people(session, "everybody")
    assert connections(0)


def test_two_people_with_one_id_stop_the_batch(tmp_path: Path) -> None:
    register = open_register(a_register_in_postgresql(tmp_path / "r", [*PEOPLE, a_person()], HOMES))
    with pytest.raises(Fault, match="has `2` persons with the id `p1`"):
        asks(register, tmp_path)


def test_views_and_other_columns_beside_are_no_matter(tmp_path: Path) -> None:
    folder = a_register_in_postgresql(tmp_path / "r", PEOPLE, HOMES)
    before = open_register(folder)
    run(
        folder,
        "ALTER TABLE address RENAME TO homes; ALTER TABLE homes ADD COLUMN remark text DEFAULT 'x'",
        "CREATE VIEW address AS SELECT * FROM homes; GRANT SELECT ON address TO gate",
    )
    after = open_register(folder)
    assert after.digest == before.digest
    assert asks(after, tmp_path / "after").rows == asks(before, tmp_path / "before").rows


def test_the_indexes_of_the_page_are_used_and_change_no_answer(
    tmp_path: Path, session: duckdb.DuckDBPyConnection
) -> None:
    people, homes, requests = a_hard_town(3, 40)
    folder = a_register_in_postgresql(tmp_path / "r", people, homes)
    expected = ask_of(in_one_file(tmp_path / "one", people, homes), tmp_path / "a", requests)  # type: ignore[arg-type]
    run(
        folder,
        sql_of("docs/scale.md"),
        # So few rows would be read through, whatever indexes there are.
        "ALTER ROLE gate SET enable_seqscan = off",
        "ALTER ROLE gate SET enable_bitmapscan = off",
    )
    register = open_register(folder)
    try:
        answered = ask_of(register, tmp_path / "b", requests)  # type: ignore[arg-type]
        register.people(session, SOMEBODY)
        register.unchanged()
    finally:
        run(folder, "ALTER ROLE gate RESET ALL")
    assert answered.rows == expected.rows
    unused = b"SELECT FROM pg_stat_user_indexes WHERE schemaname = current_schema() AND idx_scan = 0"
    with owner(folder) as connection:
        assert len(connection.execute(unused.replace(b"= 0", b">= 0")).fetchall()) == 6
        assert _comes_true(lambda: connection.execute(unused).fetchall() == [])
