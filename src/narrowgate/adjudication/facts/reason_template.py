"""How many requests share a reason once what is particular to each is taken out, or once small changes are allowed.

Rules:
 * A request's own names, street, city, matter, case number and officers, and every number, are taken out of its
   reason: a template is the same whatever is filled into it. What is left is words in lower case.
 * Two texts are nearly the same if they share eight of ten of their words (Jaccard index of the sets of words, at
   least 0.8). Candidates come from min-hashes: six, in three bands of two, which miss a pair at 0.8 with
   probability 0.05 and one at 0.9 with 0.007. Each candidate is then compared in truth with the first text of its
   band, so nothing is joined by a collision.
 * The work is done once per distinct text, so that boilerplate is the cheap case.
"""

from __future__ import annotations

from functools import reduce

import duckdb

LEAST = 0.8
BANDS = ((1, 2), (3, 4), (5, 6))
"""The seeds of the min-hashes that make each band."""

_OWN = ("first_name", "middle_name", "last_name", "street", "city", "matter_id", "order_case_no", "engaged_officers")


def _words(column: str) -> str:
    """A text as lower-case words between single blanks, with one at each end; letters of every script count."""
    plain = f"regexp_replace(lower({column}), '[^a-z]+', ' ', 'g')"
    other = f"regexp_replace(lower(strip_accents({column})), '[^\\pL]+', ' ', 'g')"
    return f"concat(' ', trim(CASE WHEN strlen({column}) = length({column}) THEN {plain} ELSE {other} END), ' ')"


def _without_own(text: str) -> str:
    """`text` without the words of the request's own columns."""
    return reduce(
        lambda so_far, column: (
            f"CASE WHEN length(own_{column}) > 2 THEN replace({so_far}, own_{column}, ' ') ELSE {so_far} END"
        ),
        _OWN,
        text,
    )


def prepare(session: duckdb.DuckDBPyConnection, request: str) -> str:
    """Count; returns the temporary table (row_no, reason_template_copies, reason_near_copies) of reasons given."""
    _mask(session, request)
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE reason_text AS
        SELECT key, min(row_no) AS first_row, count(*) AS copies, any_value(said) AS said
        FROM reason_said GROUP BY key
        """
    )
    _join(session)
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE reason_template_fact AS
        SELECT s.row_no, t.copies AS reason_template_copies,
               greatest(t.copies, coalesce(n.near, 0)) AS reason_near_copies
        FROM reason_said AS s JOIN reason_text AS t USING (key) LEFT JOIN reason_near AS n USING (key)
        """
    )
    for table in ("reason_said", "reason_text", "reason_near"):
        session.execute(f"DROP TABLE {table}")
    return "reason_template_fact"


def _mask(session: duckdb.DuckDBPyConnection, request: str) -> None:
    """Make `reason_said`: row_no, the masked reason, and its key. A reason of nothing but particulars is empty."""
    own = ", ".join(f"{_words(column)} AS own_{column}" for column in _OWN)
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE reason_said AS
        SELECT row_no, said, md5_number(said) AS key
        FROM (SELECT row_no, {_without_own("text")} AS said
              FROM (SELECT row_no, {_words("reason")} AS text, {own} FROM {request} WHERE reason IS NOT NULL))
        """
    )


def _join(session: duckdb.DuckDBPyConnection) -> None:
    """Make `reason_near`: for each text that is near others, how many requests the largest such group has."""
    hashes = ", ".join(
        f"list_min(list_transform(words, lambda word: hash(word, {seed}))) AS h{seed}"
        for band in BANDS
        for seed in band
    )
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE reason_word AS
        SELECT key, first_row, copies, words, {hashes}
        FROM (SELECT key, first_row, copies,
                     list_transform(list_distinct(string_split(trim(said), ' ')), lambda word: hash(word)) AS words
              FROM reason_text)
        """
    )
    groups = " UNION ALL ".join(f"({_band(number, band)})" for number, band in enumerate(BANDS))
    session.execute(
        f"""CREATE OR REPLACE TEMP TABLE reason_near AS
        SELECT key, CAST(max(near) AS BIGINT) AS near FROM ({groups}) GROUP BY key"""
    )
    session.execute("DROP TABLE reason_word")


def _band(number: int, seeds: tuple[int, ...]) -> str:
    """A query for key and near over the groups of one band: those near the first text of the group, and their number.

    The first text is the one with the smallest row, so the result does not depend on the order of work.
    """
    same = ", ".join(f"h{seed}" for seed in seeds)
    return f"""
        WITH grouped AS (
            SELECT {same}, min(first_row) AS first_row FROM reason_word GROUP BY {same} HAVING count(*) > 1),
        beside AS (
            SELECT w.key, w.copies, g.first_row AS head, w.words, f.words AS first_words
            FROM reason_word AS w JOIN grouped AS g USING ({same})
            JOIN reason_word AS f ON f.first_row = g.first_row),
        near AS (
            SELECT key, copies, head FROM (
                SELECT key, copies, head, len(words) AS here, len(first_words) AS there,
                       len(list_intersect(words, first_words)) AS shared FROM beside)
            WHERE shared >= {LEAST} * (here + there - shared))
        SELECT key, sum(copies) OVER (PARTITION BY head) AS near FROM near"""
