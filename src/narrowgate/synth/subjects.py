"""Choose whom a simulated batch asks about, and the addresses and names that are nobody's.

Rules:
 * Living adults are asked about, each at most once; the dead only where a profile asks for them.
 * A couple asked about by the wrong number shares four letters of its last name, and so do borrower and
   owner: those are the cases in which the check of 2025 took one person for another.
 * Where there are too few couples, borrowers or sons for the batch, the same ones are asked about again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from narrowgate.engine.literal import literal
from narrowgate.engine.parquet import relation
from narrowgate.errors import WrongUse
from narrowgate.register.parquet import ParquetRegister
from narrowgate.synth.places import PLACES
from narrowgate.synth.population import truth_folder
from narrowgate.synth.profiles import Share

NAMES = 20_000
STREETS = 60_000
"""How many rows from the head of the register the names and streets of nobody are taken from."""
FORMER_PER_100 = 20
"""Of a hundred addresses that the custodian holds and a request gives, how many are the earliest instead of
the last."""

_ALIVE = "deceased_on IS NULL"
_NO_MORE = "build a larger register or ask for fewer rows; nothing was written"


@dataclass(frozen=True)
class Pools:
    """How many there are in the pools that are drawn from again and again."""

    special: Mapping[str, int]
    """By kind of subject: couples, borrowers, sons who bear their father's name, the dead."""
    names: int
    streets: int


def choose(
    session: duckdb.DuckDBPyConnection,
    register: ParquetRegister,
    shares: Sequence[Share],
    *,
    seed: int,
    on: date,
) -> Pools:
    """Make the tables subject (one row per chosen person, numbered in its pool), name_pool, street_pool."""
    kinds = ("person", "spouse", "borrower", "junior", "deceased")
    wanted = {kind: sum(s.count for s in shares if s.profile.subject == kind) for kind in kinds}
    grown_up = f"birth_date <= ({literal(on)} - INTERVAL 18 YEAR)::DATE"
    eligible = _count(session, f"{register.person} WHERE {_ALIVE} AND {grown_up}")
    if eligible < wanted["person"]:
        raise WrongUse(
            f"a register with `{eligible}` living adults is too small for a batch about `{wanted['person']}`",
            _NO_MORE,
        )
    truth = truth_folder(register.folder) / "borrowed.parquet"
    if not truth.is_file():
        raise WrongUse(f"register `{register.name}` has no `{truth.name}` in the folder of truths beside it", _NO_MORE)
    borrowed = relation(truth)
    session.execute(f"""CREATE TEMP TABLE candidate AS SELECT * FROM {register.person} WHERE {grown_up} AND (
        joint_with IS NOT NULL OR name_suffix = 'JR'
        OR person_id IN (SELECT unnest([owner_id, borrower_id]) FROM {borrowed})
        OR hash({seed}, 'person', person_id) <= {_threshold(max(wanted.values()), eligible)})""")
    session.execute(f"CREATE TEMP TABLE subject AS {_persons('person', _ALIVE, seed, wanted['person'])}")
    special = {
        "spouse": _spouses(seed, wanted["spouse"]),
        "borrower": _borrowers(borrowed, seed, wanted["borrower"]),
        "junior": _persons("junior", f"{_ALIVE} AND name_suffix = 'JR'", seed, wanted["junior"]),
        "deceased": _persons("deceased", "deceased_on IS NOT NULL", seed, wanted["deceased"]),
    }
    found = {kind: _append(session, kind, query, wanted[kind]) for kind, query in special.items() if wanted[kind]}
    _take_nobody(session, register)
    return Pools(found, _count(session, "name_pool"), _count(session, "street_pool"))


def hold_addresses(
    session: duckdb.DuckDBPyConnection, register: ParquetRegister, shares: Sequence[Share], *, seed: int
) -> None:
    """Make the table held: of each chosen person one address, the latest or, if to be former, the first."""
    chosen = f"(SELECT subject, pick, person_id, {_former(shares, seed)} AS former FROM subject)"
    session.execute(f"""CREATE TEMP TABLE held AS
        SELECT s.subject, s.pick, arg_max(
            struct_pack(street := a.street, unit := a.unit, city := a.city, state := a.state, zip := a.zip),
            CASE WHEN s.former THEN -1 ELSE 1 END * epoch(a.effective_on)) AS at
        FROM {register.address} a JOIN {chosen} s USING (person_id) GROUP BY s.subject, s.pick""")


def take_names(session: duckdb.DuckDBPyConnection, register: ParquetRegister) -> None:
    """Make the table name_pool, of which names of people who do not exist are put together."""
    session.execute(f"""CREATE TEMP TABLE name_pool AS
        SELECT row_number() OVER (ORDER BY person_id) - 1 AS j, first_name, middle_name, last_name, tin
        FROM (SELECT * FROM {register.person} LIMIT {NAMES})""")


def _take_nobody(session: duckdb.DuckDBPyConnection, register: ParquetRegister) -> None:
    """Make the tables name_pool, street_pool and place, of which people who do not exist are put together."""
    take_names(session, register)
    session.execute(f"""CREATE TEMP TABLE street_pool AS
        SELECT row_number() OVER (ORDER BY name) - 1 AS j, name FROM (
            SELECT DISTINCT regexp_extract(street, '^[0-9-]+ (.+)$', 1) AS name
            FROM (SELECT street FROM {register.address} LIMIT {STREETS})) WHERE name <> ''""")
    session.execute("CREATE TEMP TABLE place(j BIGINT, city VARCHAR, state VARCHAR, zip VARCHAR)")
    session.executemany("INSERT INTO place VALUES (?, ?, ?, ?)", [[j, *place] for j, place in enumerate(PLACES)])


def first_picks(shares: Sequence[Share]) -> Iterator[tuple[Share, int]]:
    """Each share with the number of its first subject in the pool that it draws from."""
    taken: dict[str, int] = {}
    for share in shares:
        pool = share.profile.subject
        yield share, taken.get(pool, 0)
        taken[pool] = taken.get(pool, 0) + share.count


def _former(shares: Sequence[Share], seed: int) -> str:
    whens = [
        f"WHEN subject = {literal(share.profile.subject)} "
        f"AND pick >= {first} AND pick < {first + share.count} "
        f"THEN {literal(share.profile.address == 'former')}"
        for share, first in first_picks(shares)
        if share.profile.address in ("former", "current")
    ]
    by_chance = f"hash({seed}, 'former', subject, pick) % 100 < {FORMER_PER_100}"
    return f"CASE {' '.join(whens)} WHEN TRUE THEN {by_chance} END"


def _persons(kind: str, which: str, seed: int, count: int) -> str:
    """Candidates of one kind, in an order that nothing about them determines."""
    order = f"hash({seed}, 'person', person_id), person_id"
    return f"""SELECT {literal(kind)} AS subject, row_number() OVER (ORDER BY {order}) - 1 AS pick,
            person_id, first_name, middle_name, last_name, name_suffix, birth_date, tin,
            CAST(NULL AS VARCHAR) AS other_tin, CAST(NULL AS VARCHAR) AS street
        FROM candidate WHERE {which} QUALIFY pick < {count}"""


def _spouses(seed: int, count: int) -> str:
    """Candidates with the number of a spouse who shares four letters of the last name, both living."""
    return f"""SELECT 'spouse',
            row_number() OVER (ORDER BY hash({seed}, 'spouse', a.person_id), a.person_id) - 1 AS pick,
            a.person_id, a.first_name, a.middle_name, a.last_name, a.name_suffix, a.birth_date,
            a.tin, b.tin, NULL
        FROM candidate a JOIN candidate b ON b.person_id = a.joint_with
        WHERE a.{_ALIVE} AND b.{_ALIVE} AND upper(left(a.last_name, 4)) = upper(left(b.last_name, 4))
        QUALIFY pick < {count}"""


def _borrowers(borrowed: str, seed: int, count: int) -> str:
    """Borrowers in the register, and those outside it with the name and street of their wage statement."""
    return f"""SELECT 'borrower', row_number() OVER (
                ORDER BY hash({seed}, 'borrower', w.owner_id, w.borrower_id, w.first_name),
                w.owner_id, w.borrower_id, w.birth_date, w.first_name) - 1 AS pick,
            p.person_id, coalesce(p.first_name, w.first_name), coalesce(p.middle_name, w.middle_name),
            coalesce(p.last_name, w.last_name), p.name_suffix, coalesce(p.birth_date, w.birth_date),
            p.tin, o.tin, CASE WHEN p.person_id IS NULL THEN w.street END
        FROM {borrowed} w JOIN candidate o ON o.person_id = w.owner_id
            LEFT JOIN candidate p ON p.person_id = w.borrower_id
        WHERE o.{_ALIVE} AND (p.{_ALIVE} OR p.person_id IS NULL)
            AND (p.person_id IS NOT NULL OR w.borrower_id IS NULL)
            AND upper(left(coalesce(p.last_name, w.last_name), 4)) = upper(left(o.last_name, 4))
        QUALIFY pick < {count}"""


def _append(session: duckdb.DuckDBPyConnection, kind: str, query: str, wanted: int) -> int:
    """Add a pool to `subject` and say how many it holds; nobody is wrong use if somebody is wanted."""
    found = int(session.execute(f"INSERT INTO subject {query}").fetchall()[0][0])
    if wanted and not found:
        raise WrongUse(f"the register has no `{kind}` that the batch could ask about", _NO_MORE)
    return found


def _threshold(wanted: int, eligible: int) -> int:
    """A hash up to which enough people are expected, so that not all of a large register need be sorted."""
    return min(2**64 - 1, (wanted + wanted // 4 + 1_000) * 2**64 // max(eligible, 1))


def _count(session: duckdb.DuckDBPyConnection, rows: str) -> int:
    return int(session.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0])
