"""How often the same subject is asked about, in this batch and before, and in how many versions.

Rules:
 * Two requests are about the same subject if they give the same taxpayer number, or the same first and last name
   with the same birth date. Chains are not followed: the larger of the two groups counts.
 * A version is everything a request says of who the person is and where. The same version again is a repetition;
   another one is a correction, and a third may be an attempt to find out (26 USC 6103(b)(2)(A)).
 * Groups are found by a 64-bit hash and counted on the values themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from narrowgate.adjudication.facts.earlier import Earlier, rows
from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact(
        "subject_requests",
        Type.INTEGER,
        Reads.REQUEST,
        "Requests of the batch about the same subject, itself included; 1 is sound.",
        unit="requests",
    ),
    Fact(
        "subject_variants",
        Type.INTEGER,
        Reads.REQUEST,
        "In how many versions of name, birth date, number and address they describe that subject.",
        unit="versions",
    ),
    Fact(
        "subject_earlier_requests",
        Type.INTEGER,
        Reads.REQUEST,
        "Requests about the same subject in batches that this gate received within a year before.",
        unit="requests",
    ),
    Fact(
        "subject_earlier_variants",
        Type.INTEGER,
        Reads.REQUEST,
        "In how many versions they and this request describe that subject; 0 if there were none.",
        unit="versions",
    ),
)

_ASKED = "first_name, middle_name, last_name, name_suffix, birth_date, tin, street, unit, city, state, zip"
_NUMBER = "nullif(replace(replace(tin, '-', ''), ' ', ''), '')"


def _plain(column: str) -> str:
    """A name without accents, case, spaces, hyphens and apostrophes."""
    bare = f"replace(replace(replace(replace({column}, ' ', ''), '-', ''), '''', ''), '.', '')"
    return f"nullif(upper(strip_accents({bare})), '')"


_NAMED = f"""CASE WHEN {_plain("first_name")} IS NOT NULL AND {_plain("last_name")} IS NOT NULL
    AND birth_date IS NOT NULL THEN concat_ws('|', {_plain("first_name")}, {_plain("last_name")}, birth_date) END"""
_VERSION = f"""hash(upper(concat_ws('|', coalesce(first_name, ''), coalesce(middle_name, ''), coalesce(last_name, ''),
    coalesce(name_suffix, ''), birth_date, coalesce({_NUMBER}, ''), coalesce(street, ''), coalesce(unit, ''),
    coalesce(city, ''), coalesce(state, ''), coalesce(left(zip, 5), ''))))"""
KEYS = ("number", "named")


def prepare(session: duckdb.DuckDBPyConnection, request: str, earlier: Sequence[Earlier]) -> str:
    """Count by either key; returns the temporary table (row_no, the four facts) of requests that are not alone."""
    session.execute(
        f"""CREATE OR REPLACE TEMP TABLE subject_key AS
        SELECT row_no, {_NUMBER} AS number, {_NAMED} AS named FROM {request}"""
    )
    for key in KEYS:
        _count(session, request, key)
        _look_back(session, request, key, earlier)
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE subject_fact AS
        SELECT row_no, max(requests) AS subject_requests, max(variants) AS subject_variants,
               max(earlier_requests) AS subject_earlier_requests, max(earlier_variants) AS subject_earlier_variants
        FROM (FROM together_number UNION ALL BY NAME FROM together_named
              UNION ALL BY NAME FROM before_number UNION ALL BY NAME FROM before_named)
        GROUP BY row_no
        """
    )
    for table in ("subject_key", *(f"{kind}_{key}" for kind in ("together", "before") for key in KEYS)):
        session.execute(f"DROP TABLE {table}")
    return "subject_fact"


def _count(session: duckdb.DuckDBPyConnection, request: str, key: str) -> None:
    """Make `together_KEY`: the requests whose subject is asked about more than once in the batch."""
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE together_{key} AS
        WITH several AS (
            SELECT {key} FROM subject_key WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1),
        member AS (
            SELECT row_no, {key} FROM subject_key SEMI JOIN several USING ({key})),
        described AS (
            SELECT m.row_no, m.{key}, {_VERSION} AS version FROM member AS m JOIN {request} AS q USING (row_no)),
        counted AS (
            SELECT {key}, count(*) AS requests, count(DISTINCT version) AS variants FROM described GROUP BY {key})
        SELECT row_no, requests, variants FROM member JOIN counted USING ({key})
        """
    )


def _look_back(session: duckdb.DuckDBPyConnection, request: str, key: str, earlier: Sequence[Earlier]) -> None:
    """Make `before_KEY`: the requests whose subject was asked about in one of the `earlier` batches."""
    if not earlier:
        session.execute(f"CREATE OR REPLACE TEMP TABLE before_{key} AS {_NEVER}")
        return
    expression = {"number": _NUMBER, "named": _NAMED}[key]
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE before_{key} AS
        WITH asked AS (
            SELECT * FROM (SELECT {expression} AS {key}, {_VERSION} AS version FROM ({rows(earlier, _ASKED)}))
            SEMI JOIN subject_key USING ({key})),
        counted AS (SELECT {key}, count(*) AS requests FROM asked GROUP BY {key}),
        mine AS (
            SELECT row_no, {key}, {_VERSION} AS version
            FROM (SELECT row_no, {key} FROM subject_key SEMI JOIN counted USING ({key})) JOIN {request} USING (row_no)),
        versions AS (
            SELECT row_no, a.version FROM mine JOIN asked AS a USING ({key})
            UNION SELECT row_no, version FROM mine)
        SELECT row_no, any_value(c.requests) AS earlier_requests, count(v.version) AS earlier_variants
        FROM mine AS m JOIN counted AS c USING ({key}) JOIN versions AS v USING (row_no) GROUP BY row_no
        """
    )


_NEVER = """SELECT CAST(NULL AS BIGINT) AS row_no, CAST(NULL AS BIGINT) AS earlier_requests,
    CAST(NULL AS BIGINT) AS earlier_variants LIMIT 0"""
