"""The officers a request names: whether they can be recipients, and how many matters each is engaged in.

Rules:
 * An officer counts as engaged in every distinct matter of the batch that names him; a request that names no
   matter is a matter of its own. The fact of a request is the largest load among its officers (26 USC
   6103(i)(2)(A): personally and directly engaged).
 * The load is reckoned on distinct pairs, so that a batch of any size costs one grouping per officer and
   matter.
 * Over several batches an officer is known by certificate, so that another id makes nobody another person, and
   splitting a file in many makes nobody less engaged.
 * What unit and role say is read as words: whose office it is to head others, to remove people, or to work under
   contract. Whether that matters is the agreement's to say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb

from narrowgate.adjudication.facts.earlier import Earlier, rows
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
    Fact(
        "officer_matters_recent",
        Type.INTEGER,
        Reads.REQUEST,
        "The same over this batch and those that this gate received within a year before.",
        unit="matters",
    ),
    Fact(
        "officer_requests",
        Type.INTEGER,
        Reads.REQUEST,
        "The largest number of requests of this batch that name any one of them.",
        unit="requests",
    ),
    Fact(
        "officers_heading",
        Type.INTEGER,
        Reads.REQUEST,
        "How many of them the roster has as head of an agency, division or office, or as deputy of one.",
        unit="officers",
    ),
    Fact(
        "officers_contracted",
        Type.INTEGER,
        Reads.REQUEST,
        "How many of them the roster has as contractors.",
        unit="officers",
    ),
    Fact(
        "officers_in_removal_units",
        Type.INTEGER,
        Reads.REQUEST,
        "How many of them the roster has in a unit for civil enforcement and removal.",
        unit="officers",
    ),
)

LOADS = tuple(fact.name for fact in FACTS if fact.name.startswith("officer_"))
COUNTS = tuple(fact.name for fact in FACTS if fact.name not in LOADS)
"""The facts that are 0 where no officer is named; a load is missing then."""

_HEADING = "(?:^| )(?:director|commissioner|administrator|chief|head|in charge|secretary of)(?: |$)|(?:^| )secretary$"
_NOT_HEADING = "(?:^| )(?:chief counsel|chief of party|secretary to)(?: |$)|(?:unit|office|legal) secretary$"
_CONTRACTED = "(?:^| )contract(?:or|ors|ed)?(?: |$)"
_REMOVAL = "(?:^| )(?:ero|removals?|deportation)(?: |$)"


def prepare(
    session: duckdb.DuckDBPyConnection,
    request: str,
    *,
    roster: Sequence[Officer],
    certificates: Collection[str],
    earlier: Sequence[Earlier] = (),
) -> str:
    """Reckon the facts once per distinct `engaged_officers` text; returns the temporary table with them."""
    session.execute(
        "CREATE OR REPLACE TEMP TABLE roster "
        f"""AS SELECT *, coalesce(certificate, concat('id ', officer)) AS person,
            regexp_matches(role, '{_HEADING}') AND NOT regexp_matches(role, '{_NOT_HEADING}') AS heading,
            regexp_matches(concat_ws(' ', role, unit), '{_CONTRACTED}') AS contracted,
            regexp_matches(unit, '{_REMOVAL}') AS removing
        FROM (SELECT unnest(CAST($officer AS VARCHAR[])) AS officer, unnest(CAST($certified AS BOOLEAN[])) AS certified,
            unnest(CAST($certificate AS VARCHAR[])) AS certificate, {_words("$role")} AS role,
            {_words("$unit")} AS unit)""",
        {
            "officer": [one.id for one in roster],
            "certified": [one.certificate_sha256 in certificates for one in roster],
            "certificate": [one.certificate_sha256 for one in roster],
            "role": [one.role for one in roster],
            "unit": [one.unit for one in roster],
        },
    )
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE named_officer AS
        SELECT engaged_officers, trim(unnest(string_split(engaged_officers, ';'))) AS officer
        FROM (SELECT DISTINCT engaged_officers FROM {request} WHERE engaged_officers IS NOT NULL)
        """
    )
    session.execute(f"CREATE OR REPLACE TEMP TABLE engaged AS {_engaged(request)}")
    _remember(session, earlier)
    session.execute(f"CREATE OR REPLACE TEMP TABLE recent AS {_recent(earlier)}")
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE officer_fact AS
        WITH load AS (
            SELECT officer, count(*) AS matters, sum(requests) AS requests FROM engaged GROUP BY officer)
        SELECT n.engaged_officers, count(DISTINCT n.officer) AS officers_named,
               count(DISTINCT n.officer) FILTER (r.officer IS NULL) AS officers_not_on_roster,
               count(DISTINCT n.officer) FILTER (r.officer IS NULL OR NOT r.certified)
                   AS officers_without_certificate,
               count(DISTINCT n.officer) FILTER (r.heading) AS officers_heading,
               count(DISTINCT n.officer) FILTER (r.contracted) AS officers_contracted,
               count(DISTINCT n.officer) FILTER (r.removing) AS officers_in_removal_units,
               max(l.matters) AS officer_matters, CAST(max(l.requests) AS BIGINT) AS officer_requests,
               max(greatest(l.matters, coalesce(c.matters, 0))) AS officer_matters_recent
        FROM named_officer AS n JOIN load AS l USING (officer) LEFT JOIN roster AS r USING (officer)
        LEFT JOIN recent AS c USING (person)
        GROUP BY n.engaged_officers
        """
    )
    for table in ("engaged", "recent", "known"):
        session.execute(f"DROP TABLE {table}")
    return "officer_fact"


def _words(texts: str) -> str:
    """A list of texts as rows of lower-case words between single blanks."""
    return f"trim(regexp_replace(lower(unnest(CAST({texts} AS VARCHAR[]))), '[^a-z]+', ' ', 'g'))"


def _engaged(request: str) -> str:
    """A query for who is engaged in which matter, by how many requests."""
    return f"""
        SELECT n.officer, coalesce('m' || w.matter_id, 'r' || w.row_no) AS matter, count(*) AS requests
        FROM {request} AS w JOIN named_officer AS n USING (engaged_officers) GROUP BY n.officer, matter"""


def _remember(session: duckdb.DuckDBPyConnection, earlier: Sequence[Earlier]) -> None:
    """Make `known`: the officers of the `earlier` rosters who are on this batch's too, by their certificates."""
    listed = [
        (number, officer.id, officer.certificate_sha256)
        for number, one in enumerate(earlier)
        for officer in one.roster
        if officer.certificate_sha256 is not None
    ]
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE known AS
        SELECT * FROM (SELECT unnest(CAST($batch AS BIGINT[])) AS batch_no,
            unnest(CAST($officer AS VARCHAR[])) AS officer, unnest(CAST($person AS VARCHAR[])) AS person)
        WHERE person IN (SELECT person FROM roster)
        """,
        {
            "batch": [number for number, _, _ in listed],
            "officer": [officer for _, officer, _ in listed],
            "person": [person for _, _, person in listed],
        },
    )


def _recent(earlier: Sequence[Earlier]) -> str:
    """A query for the matters over this batch and the `earlier` ones of each person whose load is more than one id's.

    Those are people who are on this roster under several ids, or were on an earlier one.
    """
    here = "SELECT r.person, e.matter FROM engaged AS e JOIN roster AS r USING (officer) SEMI JOIN more USING (person)"
    before = f"""
        UNION ALL
        SELECT k.person, coalesce('m' || w.matter_id, concat('b', batch_no, ' r', w.row_no)) AS matter
        FROM (SELECT batch_no, row_no, matter_id, trim(unnest(string_split(engaged_officers, ';'))) AS officer
              FROM ({rows(earlier, "row_no, matter_id, engaged_officers")})) AS w
        JOIN known AS k USING (batch_no, officer)"""
    return f"""
        WITH more AS (
            SELECT person FROM roster GROUP BY person HAVING count(*) > 1 UNION SELECT person FROM known)
        SELECT person, count(DISTINCT matter) AS matters FROM ({here}{before if earlier else ""}) GROUP BY person"""
