"""Find in a simulated register the people whom a hostile request may be about, and who stands close to them.

Rules:
 * All are of the first parts of the register, which families and pairs never leave. Everybody else in it is there to be
   taken for somebody.
 * Whoever is asked about is a living adult, but for the pool of the dead.
 * Pairs are found in the records themselves; only two records of one person and borrowed numbers need the truth that
   lies beside the register.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from narrowgate.engine.literal import literal, text_list, text_literal
from narrowgate.engine.parquet import relation
from narrowgate.errors import WrongUse
from narrowgate.register.parquet import ParquetRegister
from narrowgate.synth.name_variants import FEMALE, LAST, MALE, Groups
from narrowgate.synth.population import truth_folder

PEOPLE_A_REQUEST = 2
"""So many people are read for each request: enough living adults, each asked about once or twice."""
LEAST_PEOPLE = 250_000
"""So many are read even for a few requests, since what is rare has to be among them."""
CROWD = 10
"""A block is a number in a street with at least so many apartments."""

NO_MORE = "build a larger register or ask for fewer rows; nothing was written"
Pools = Mapping[str, int]
"""How many each pool has."""

ADDRESS = ("street", "unit", "city", "state", "zip")


def find(session: duckdb.DuckDBPyConnection, register: ParquetRegister, rows: int, *, seed: int, on: date) -> Pools:
    """Make near (people, each with addresses `home` and `former`), pool (pool, pick, a, b), subgroup (person_id, name).

    Returns how many each pool has.
    """
    parts = _parts(register, rows)
    session.execute(f"CREATE TEMP TABLE near AS {_near(register, parts, on)}")
    session.execute(f"CREATE TEMP TABLE spelling AS {_spellings()}")
    session.execute("CREATE TEMP TABLE bound (pool VARCHAR, a VARCHAR, b VARCHAR)")
    for pool, query in _pairs(register).items():
        session.execute(f"INSERT INTO bound SELECT {text_literal(pool)}, a, b FROM ({query})")
    session.execute(f"""CREATE TEMP TABLE pool AS
        SELECT pool, a, b, row_number() OVER (PARTITION BY pool ORDER BY hash({seed}, pool, a, b), a, b) - 1 AS pick
        FROM bound JOIN near ON person_id = a WHERE grown_up AND (alive OR pool = 'deceased')""")
    session.execute(f"CREATE TEMP TABLE subgroup AS {_SUBGROUPS}")
    return dict(session.execute("SELECT pool, count(*) FROM pool GROUP BY pool").fetchall())


def _parts(register: ParquetRegister, rows: int) -> list[str]:
    """The first parts of the register, as many as it takes for `rows` requests; their names."""
    people, found = 0, []
    for file in sorted((register.folder / "person").glob("part-*.parquet")):
        found.append(file.name)
        people += pq.read_metadata(file).num_rows
        if people >= max(PEOPLE_A_REQUEST * rows, LEAST_PEOPLE):
            break
    if not found or people < rows:
        raise WrongUse(f"register `{register.name}` has `{people}` people in parts for `{rows}` requests", NO_MORE)
    return found


def _near(register: ParquetRegister, parts: list[str], on: date) -> str:
    """Everybody in the parts with the latest address and the earliest, if that is another."""

    def of(table: str) -> str:
        return f"read_parquet({text_list(str(register.folder / table / part) for part in parts)})"

    at = ", ".join(f"{name} := {name}" for name in ADDRESS)
    return f"""SELECT p.*, l.latest.home AS home, nullif(l.earliest.home, l.latest.home) AS former,
            deceased_on IS NULL AS alive,
            coalesce(birth_date, DATE '1970-01-01') <= ({literal(on)} - INTERVAL 18 YEAR)::DATE AS grown_up
        FROM {of("person")} p JOIN (
            SELECT person_id, max(dated) AS latest, min(dated) AS earliest FROM (
                SELECT person_id, struct_pack(effective_on := effective_on, home := struct_pack({at})) AS dated
                FROM {of("address")}) GROUP BY person_id) l USING (person_id)"""


def _spellings() -> str:
    """name, other: the other spellings of names that are written in several ways, one of them for each."""
    rows = [(name, other) for name, other in _others((*MALE, *FEMALE, *LAST)).items()]
    return f"""SELECT unnest({[name for name, _ in rows]}) AS name, unnest({[other for _, other in rows]}) AS other"""


def _others(groups: Groups) -> dict[str, str]:
    """Of each spelling the next one of its group."""
    return {name: group[(place + 1) % len(group)] for group in groups for place, name in enumerate(group)}


def _pairs(register: ParquetRegister) -> Mapping[str, str]:
    """A query (a, b) for each pool; b is missing where there is only one person."""
    two = "SELECT a.person_id AS a, b.person_id AS b FROM near a JOIN near b"
    apart = "AND a.person_id <> b.person_id"
    named_alike = "a.first_name = b.first_name AND a.last_name = b.last_name"
    alone = f"SELECT person_id FROM near n QUALIFY count(*) OVER (PARTITION BY {_letters('n')}, home) = 1"
    unlike = f"{_letters('a')} <> {_letters('b')}"
    one_home = "a.home = b.home"
    house = "NOT starts_with(a.home.street, 'PO BOX') AND NOT starts_with(a.home.street, 'C/O')"
    block = "a.home.street = b.home.street AND a.home.zip = b.home.zip"
    one = "SELECT person_id AS a, CAST(NULL AS VARCHAR) AS b FROM near"
    several = "contains(last_name, ' ') OR contains(last_name, '-')"
    same, borrowed = (truth_folder(register.folder) / f"{name}.parquet" for name in ("same_person", "borrowed"))
    records = _told(same, "person_id AS a, same_as AS b")
    return {
        "person": f"{one} WHERE alive",
        "deceased": f"{one} WHERE NOT alive",
        "in care": f"{one} WHERE starts_with(home.street, 'C/O LAW OFFICE')",
        "two surnames": f"{one} WHERE {several}",
        "spelled otherwise": f"{one} WHERE last_name IN (SELECT name FROM spelling)",
        "spouse": f"{two} ON b.person_id = a.joint_with",
        "household": f"{two} ON {one_home} {apart} AND a.birth_date <> b.birth_date AND {unlike} AND {house} "
        f"SEMI JOIN ({alone}) u ON u.person_id = a.person_id "
        "QUALIFY row_number() OVER (PARTITION BY a.person_id ORDER BY b.person_id) = 1",
        "twin": f"{two} ON a.last_name = b.last_name AND a.birth_date = b.birth_date AND {one_home} "
        f"{apart} AND a.first_name <> b.first_name",
        "son": f"{two} ON {named_alike} AND {one_home} AND b.birth_date + 5000 < a.birth_date",
        "borrower": _told(borrowed, "borrower_id AS a, owner_id AS b"),
        "shared number": f"{two} ON a.tin = b.tin {apart}",
        "namesake": f"{two} ON {named_alike} AND a.birth_date = b.birth_date AND NOT {one_home} {apart} "
        f"ANTI JOIN ({records}) t ON t.a IN (a.person_id, b.person_id)",
        "block namesake": f"{two} ON {named_alike} AND {block} AND a.home.unit <> b.home.unit {apart}",
        "two records": f"{records} UNION ALL SELECT b, a FROM ({records})",
    }


def _letters(person: str) -> str:
    """The letters of a name, whatever the marks: of two who have the same, a request cannot mean only one."""
    name = f"{person}.first_name || {person}.last_name"
    return f"upper(regexp_replace(strip_accents({name}), '[^A-Za-z]', '', 'g'))"


def _told(truth: Path, columns: str) -> str:
    """Pairs of which the truth beside the register knows; none where it does not say."""
    if not truth.is_file():
        return "SELECT CAST(NULL AS VARCHAR) AS a, CAST(NULL AS VARCHAR) AS b WHERE FALSE"
    return f"""SELECT a, b FROM (SELECT {columns} FROM {relation(truth)})
        SEMI JOIN near x ON x.person_id = a SEMI JOIN near y ON y.person_id = b"""


_SUBGROUPS = f"""
    WITH block AS (SELECT home.street AS street, home.zip AS zip FROM near GROUP BY ALL
        HAVING count(DISTINCT home.unit) >= {CROWD})
    SELECT DISTINCT person_id, name FROM (
        SELECT a AS person_id, CASE pool WHEN 'son' THEN 'same-name household' ELSE pool END AS name FROM bound
            WHERE pool IN ('twin', 'son', 'borrower', 'shared number', 'namesake', 'two records', 'in care',
                'two surnames', 'spelled otherwise')
        UNION ALL SELECT b, CASE pool WHEN 'son' THEN 'same-name household' ELSE 'number lent' END FROM bound
            WHERE pool IN ('son', 'borrower')
        UNION ALL SELECT person_id, tin_type || ' filer' FROM near WHERE tin_type IS NOT NULL
        UNION ALL SELECT person_id, 'joint filer' FROM near WHERE joint_with IS NOT NULL
        UNION ALL SELECT person_id, 'identity theft' FROM near WHERE identity_theft
        UNION ALL SELECT person_id, 'impairment' FROM near WHERE impairment
        UNION ALL SELECT person_id, 'no middle name' FROM near WHERE middle_name IS NULL
        UNION ALL SELECT person_id, 'moved' FROM near WHERE former IS NOT NULL
        UNION ALL SELECT person_id, 'post box' FROM near WHERE starts_with(home.street, 'PO BOX')
        UNION ALL SELECT person_id, 'apartment block' FROM near
            SEMI JOIN block ON block.street = home.street AND block.zip = home.zip)"""
