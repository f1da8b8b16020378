"""The officers a request names: whether they can be recipients, and how many matters each is engaged in.

Rules:
 * An officer counts as engaged in every distinct matter of the batch that names him; a request that names no
   matter is a matter of its own. The fact of a request is the largest load among its officers (26 USC
   6103(i)(2)(A): personally and directly engaged).
 * The load is reckoned on distinct pairs, so that a batch of any size costs one grouping per officer and
   matter.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb

from narrowgate.terms.batch import Officer
from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact("officers_named", Type.INTEGER, Reads.REQUEST, "How many officers the request names.", unit="officers"),
    Fact(
        "officers_not_on_roster",
        Type.INTEGER,
        Reads.REQUEST,
        "How many of them the manifest's roster does not list.",
        unit="officers",
    ),
    Fact(
        "officers_without_certificate",
        Type.INTEGER,
        Reads.REQUEST,
        "How many of them have no certificate that the custodian holds.",
        unit="officers",
    ),
    Fact(
        "officer_matters",
        Type.INTEGER,
        Reads.REQUEST,
        "The largest number of distinct matters in this batch that any one of them is engaged in.",
        unit="matters",
    ),
)

NAMES = tuple(fact.name for fact in FACTS)


def prepare(
    session: duckdb.DuckDBPyConnection,
    request: str,
    *,
    roster: Sequence[Officer],
    certificates: Collection[str],
) -> str:
    """Reckon the facts once per distinct `engaged_officers` text; returns the temporary table with them."""
    session.execute(
        "CREATE OR REPLACE TEMP TABLE roster "
        "AS SELECT unnest(CAST($officer AS VARCHAR[])) AS officer, unnest(CAST($certified AS BOOLEAN[])) "
        "AS certified",
        {
            "officer": [one.id for one in roster],
            "certified": [one.certificate_sha256 in certificates for one in roster],
        },
    )
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE named_officer AS
        SELECT engaged_officers, trim(unnest(string_split(engaged_officers, ';'))) AS officer
        FROM (SELECT DISTINCT engaged_officers FROM {request} WHERE engaged_officers IS NOT NULL)
        """
    )
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE officer_fact AS
        WITH load AS (
            SELECT n.officer, count(DISTINCT coalesce('m' || w.matter_id, 'r' || w.row_no)) AS matters
            FROM {request} AS w JOIN named_officer AS n USING (engaged_officers) GROUP BY n.officer)
        SELECT n.engaged_officers, count(DISTINCT n.officer) AS officers_named,
               count(DISTINCT n.officer) FILTER (r.officer IS NULL) AS officers_not_on_roster,
               count(DISTINCT n.officer) FILTER (r.officer IS NULL OR NOT r.certified)
                   AS officers_without_certificate,
               max(l.matters) AS officer_matters
        FROM named_officer AS n JOIN load AS l USING (officer) LEFT JOIN roster AS r USING (officer)
        GROUP BY n.engaged_officers
        """
    )
    return "officer_fact"
