"""Look for pairs that the rules of evidence have something to say of, and that the keys of candidates do not find.

Rules:
 * Nobody is blocked here: each request of a random sample is compared with every person of another one, with everybody
   who is truly asked about, and with people who have a number, both names or an address in common with some request of
   the sample, so that rivals are among them. The station's own comparison and rules say of each pair what they say.
 * The level of an address is asked of addresses at one place, as `spec/match.md` defines it. That is what the level
   means, no key: an address elsewhere differs.
 * The samples are drawn by a hash of a seed and of what is drawn, so they are the same every time.
 * This is the one module of the measurement that looks inside the matching station.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from narrowgate.engine.parquet import relation
from narrowgate.forms import keys, names
from narrowgate.matching.comparison import address_rank, comparisons
from narrowgate.matching.current import in_forms
from narrowgate.matching.decision import judged
from narrowgate.matching.steps import find
from narrowgate.measure.bounds import lower, upper
from narrowgate.measure.data_set import DataSet, session_for
from narrowgate.measure.evidence import Ruling
from narrowgate.measure.number_rules import asked as plainly
from narrowgate.measure.number_rules import homes, people
from narrowgate.terms.agreement import Basis

SEED = 20251127
PAIRS_AT_ONCE = 2_000_000

Say = Callable[[str], None]


@dataclass(frozen=True)
class BlindSpots:
    """What a blind look at `pairs` found.

    Of `true_pairs`, the requests with their counterparts, the keys found `true_found`. `crowded` requests have no
    pairs, because they are referred whatever is found. `marked` are pairs that some rule accepts or calls a rival,
    `others` those among them that are not the true one, and of both the keys found so many; `missed` counts what they
    did not find by what it is.
    """

    pairs: int
    requests: int
    people: int
    of_people: int
    crowded: int
    true_pairs: int
    true_found: int
    true_accepted: int
    true_accepted_found: int
    marked: int
    marked_found: int
    others: int
    others_found: int
    missed: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """Every count, and pairs completeness with its bounds."""
        return {
            "requests": self.requests,
            "people": self.people,
            "of_people": self.of_people,
            "pairs": self.pairs,
            "crowded": self.crowded,
            "true_pairs": self.true_pairs,
            "true_pairs_found": self.true_found,
            "pairs_completeness": self.true_found / self.true_pairs if self.true_pairs else None,
            "pairs_completeness_lower": lower(self.true_found, self.true_pairs) if self.true_pairs else None,
            "true_pairs_accepted_by_a_rule": self.true_accepted,
            "true_pairs_accepted_and_found": self.true_accepted_found,
            "marked_pairs": self.marked,
            "marked_pairs_found": self.marked_found,
            "marked_pairs_of_others": self.others,
            "marked_pairs_of_others_found": self.others_found,
            "marked_pairs_lost_upper": upper(self.marked - self.marked_found, self.marked) if self.marked else None,
            "missed": self.missed,
        }


def look(data: DataSet, ruling: Ruling, *, asked: int, among: int, say: Say) -> BlindSpots:
    """Compare `asked` requests of `data` with `among` people, chosen by chance, and with who they are truly about."""
    with session_for(data.folder, data.register.folder, spill=data.folder / "spill") as session:
        say("the sample, by the keys")
        _found(session, data, asked, ruling.basis)
        say("the sample, by no key")
        _everyone(session, data, among)
        pairs = _compare(session, ruling)
        return _counted(session, data, pairs)


def _found(session: duckdb.DuckDBPyConnection, data: DataSet, asked: int, basis: Basis) -> None:
    """Make `request`, the sample in its forms, `found`, whom the keys find for each, and `crowded`."""
    sample = _sample(relation(data.request), "row_no", asked)
    find(session, data.register, basis, request=relation(data.request), standing=sample)
    session.execute("CREATE TEMP TABLE found AS SELECT row_no, person_id FROM pair JOIN candidate USING (candidate)")
    for table in ("pair", "candidate"):
        session.execute(f"DROP TABLE {table}")


def _sample(rows: str, column: str, size: int) -> str:
    """`size` values of `column` of `rows`, chosen by chance, as a query."""
    return f"SELECT {column} FROM {rows} ORDER BY hash({SEED}, {column}), {column} LIMIT {size}"


def _everyone(session: duckdb.DuckDBPyConnection, data: DataSet, among: int) -> None:
    """Make `candidate`, the people to compare with in their forms, and `lived`, how addresses agree."""
    session.execute(f"""CREATE TEMP TABLE truth AS
        SELECT DISTINCT row_no, unnest(list_append(coalesce(same_person, []), person_id)) AS person_id
        FROM {relation(data.truth)} SEMI JOIN request USING (row_no) ANTI JOIN crowded USING (row_no)
        WHERE person_id IS NOT NULL""")  # fmt: skip
    session.execute(f"CREATE TEMP TABLE plain AS FROM ({plainly(data)}) SEMI JOIN request USING (row_no)")
    session.execute(f"""CREATE TEMP TABLE chosen AS
        ({_sample(data.register.person, "person_id", among)}) UNION ({_sample(_close(data), "person_id", among)})
        UNION SELECT person_id FROM truth""")
    columns = "candidate, person_id, tin, birth_date, deceased_on"
    session.execute(f"""CREATE TEMP TABLE someone AS
        SELECT row_number() OVER (ORDER BY person_id) AS candidate, * FROM {data.register.person}
        SEMI JOIN chosen USING (person_id)""")
    session.execute(f"""CREATE TEMP TABLE candidate AS
        SELECT * REPLACE ({keys.tin("tin")} AS tin) FROM ({names.with_names("someone", columns)})""")
    session.execute(f"""CREATE TEMP TABLE abode AS
        SELECT candidate, street, unit, city, state, zip
        FROM {data.register.address} JOIN candidate USING (person_id)""")
    session.execute(f"CREATE TEMP TABLE held AS SELECT DISTINCT * FROM ({in_forms('abode', 'candidate')})")
    session.execute(f"CREATE TEMP TABLE lived AS {_LIVED}")


def _close(data: DataSet) -> str:
    """People who have a number, both names or an address in common with a request of the sample, in plain forms."""
    return f"""(SELECT person_id FROM ({people(data)})
            WHERE tin IN (SELECT tin FROM plain) OR (first, last) IN (SELECT (first, last) FROM plain)
        UNION SELECT person_id FROM ({homes(data)}) WHERE (line, zip5) IN (SELECT (line, zip5) FROM plain))"""


_RANKED = f"SELECT r.row_no, h.candidate, {address_rank('r', 'h')} AS rank FROM request AS r JOIN held AS h"
_LIVED = f"""
    SELECT row_no, candidate, CAST(min(rank) AS TINYINT) AS rank
    FROM ({_RANKED} ON h.zip5 = r.zip5
          UNION ALL
          {_RANKED} ON h.town = r.town WHERE r.zip5 IS NULL OR h.zip5 IS NULL)
    WHERE rank IS NOT NULL GROUP BY row_no, candidate"""
"""How well the best address agrees, of pairs where one does."""


def _compare(session: duckdb.DuckDBPyConnection, ruling: Ruling) -> int:
    """Make `marked`, the pairs that a rule accepts or calls a rival; returns how many were compared."""
    ((asked, people),) = session.execute("""SELECT
        (SELECT count(*) FROM request ANTI JOIN crowded USING (row_no)), (SELECT count(*) FROM candidate)""").fetchall()
    session.execute("CREATE TEMP TABLE marked (row_no BIGINT, candidate BIGINT, accepted BOOLEAN)")
    step = max(1, PAIRS_AT_ONCE // max(asked, 1))
    for first in range(1, people + 1, step):
        session.execute(f"""CREATE OR REPLACE TEMP TABLE pair AS
            SELECT r.row_no, c.candidate, l.rank
            FROM (SELECT row_no FROM request ANTI JOIN crowded USING (row_no)) AS r
            CROSS JOIN (SELECT candidate FROM candidate WHERE candidate BETWEEN {first} AND {first + step - 1}) AS c
            LEFT JOIN lived AS l USING (row_no, candidate)""")
        session.execute(f"CREATE OR REPLACE TEMP TABLE comparison AS {comparisons('pair', current=None)}")
        session.execute(f"""INSERT INTO marked
            SELECT row_no, candidate, rule IS NOT NULL FROM ({judged("comparison", ruling.basis)})
            WHERE rule IS NOT NULL OR rival""")
    return int(asked) * int(people)


_COUNTS = {
    "requests": "request",
    "people": "candidate",
    "crowded": "request SEMI JOIN crowded USING (row_no)",
    "true_pairs": "truth",
    "true_found": "truth SEMI JOIN found USING (row_no, person_id)",
    "true_accepted": "seen WHERE is_true AND accepted",
    "true_accepted_found": "seen WHERE is_true AND accepted AND is_found",
    "marked": "seen",
    "marked_found": "seen WHERE is_found",
    "others": "seen WHERE NOT is_true",
    "others_found": "seen WHERE NOT is_true AND is_found",
}
"""What each count of `BlindSpots` counts."""


def _counted(session: duckdb.DuckDBPyConnection, data: DataSet, pairs: int) -> BlindSpots:
    session.execute("""CREATE TEMP TABLE seen AS
        SELECT m.row_no, c.person_id, m.accepted, f.row_no IS NOT NULL AS is_found, t.row_no IS NOT NULL AS is_true
        FROM marked AS m JOIN candidate AS c USING (candidate)
        LEFT JOIN found AS f ON f.row_no = m.row_no AND f.person_id = c.person_id
        LEFT JOIN truth AS t ON t.row_no = m.row_no AND t.person_id = c.person_id""")
    sources = {**_COUNTS, "of_people": data.register.person}
    queries = ", ".join(f"(SELECT count(*) FROM {source})" for source in sources.values())
    (counts,) = session.execute(f"SELECT {queries}").fetchall()
    missed = session.execute("""
        SELECT CASE WHEN is_true THEN 'the true person' ELSE 'somebody else' END
               || CASE WHEN accepted THEN ', accepted by a rule' ELSE ', a rival' END AS what, count(*)
        FROM seen WHERE NOT is_found GROUP BY what ORDER BY what""").fetchall()
    return BlindSpots(pairs=pairs, missed=dict(missed), **dict(zip(sources, counts, strict=True)))
