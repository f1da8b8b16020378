"""How many requests give nearly the same reason: a template of which a few words are changed from one to the next.

Rules:
 * Two reasons are near if at least seven tenths of the places that have a word in either of them have one in both, what
   is particular to each request taken out first (`reason_said`). Words that share a place are not told apart.
 * They are looked for where they are likely: texts are put in the order of one of their parts, each part in its turn,
   and each is compared with those that follow it. So near ones may be missed, and the number is of those found. How
   many are missed is measured (docs/benchmarks.md): of a template that many use nearly everybody is found out.
 * The work grows with the batch and not with its square: a text that has more near ones than any clause asks about is
   compared no further.
"""

from __future__ import annotations

import duckdb

from narrowgate.adjudication.facts.reason_said import PARTS

SHARED, OF = 7, 10
"""Of the places of two texts together, the share that both must have for them to be near."""
FOLLOWING = 2
"""Texts behind it with which each is compared in an order."""
ENOUGH = 12
"""Requests with a near reason beyond which nobody asks whether there are more."""

ROUGH = ("rough_0", "rough_1")
"""The places folded into 128. What differs in these differs in those, and two numbers are compared at once."""


def prepare(session: duckdb.DuckDBPyConnection, said: str, templates: str) -> str:
    """Count; returns the temporary table (row_no, reason_near_copies) of the reasons that have a near one.

    `said` is the table of `reason_said`, `templates` that of `reason_template`.
    """
    session.execute(f"CREATE OR REPLACE TEMP TABLE reason_text AS {_texts(said, templates)}")
    session.execute("CREATE OR REPLACE TEMP TABLE near_text (text BIGINT, other BIGINT, copies BIGINT)")
    for first, second in zip(PARTS, (*PARTS[1:], PARTS[0]), strict=True):
        session.execute(f"INSERT INTO near_text {_found(first, second)}")
        session.execute(f"DELETE FROM reason_text WHERE text IN (SELECT text FROM ({_COUNTED}) WHERE more >= {ENOUGH})")
    session.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE reason_near_fact AS
        SELECT row_no, reason_template_copies + more AS reason_near_copies
        FROM {templates} JOIN ({_COUNTED}) USING (text)
        """
    )
    for table in ("reason_text", "near_text"):
        session.execute(f"DROP TABLE {table}")
    return "reason_near_fact"


def _texts(said: str, templates: str) -> str:
    """A query for each text once: its parts, those folded, how many places have a word, how many requests say it."""
    folded = ", ".join(f"{' | '.join(PARTS[number::2])} AS {half}" for number, half in enumerate(ROUGH))
    places = " + ".join(f"CAST(bit_count({part}) AS SMALLINT)" for part in PARTS)
    return f"""
        SELECT text, reason_template_copies AS copies, {places} AS places, {folded}, {", ".join(PARTS)}
        FROM {said} JOIN {templates} USING (row_no) WHERE row_no = text"""


_COUNTED = """SELECT text, CAST(sum(copies) AS BIGINT) AS more
    FROM (SELECT DISTINCT text, other, copies FROM near_text) GROUP BY text"""
"""How many requests say something near each text, as far as found."""


def _found(first: str, second: str) -> str:
    """A query for the texts that share part `first` with one behind them in the order of `second`, and are near it.

    Either way round: text, other, copies (of the other).
    """
    steps = range(1, FOLLOWING + 1)
    ahead = ", ".join(f"lead({column}, {step}) OVER place AS {column}_{step}" for step in steps for column in _COMPARED)
    likely = ", ".join(f"CASE WHEN {_likely(step)} THEN text_{step} END" for step in steps)
    return f"""
        WITH likely AS (
            SELECT text, unnest([{likely}]) AS other
            FROM (SELECT {", ".join(_COMPARED)}, places, {ahead} FROM reason_text
                  WINDOW place AS (PARTITION BY {first} ORDER BY {second}, text))),
        pair AS (
            SELECT a.text, a.copies, b.text AS other, b.copies AS of_other
            FROM (SELECT text, other FROM likely WHERE other IS NOT NULL) AS l
            JOIN reason_text AS a ON a.text = l.text JOIN reason_text AS b ON b.text = l.other
            WHERE {_near("a", "b")})
        SELECT text, other, of_other FROM pair UNION ALL SELECT other, text, copies FROM pair"""


_COMPARED = ("text", *ROUGH)


def _likely(step: int) -> str:
    """Whether a text and the one `step` behind it can be near, by their folded places."""
    differ = " + ".join(f"CAST(bit_count(xor({half}, {half}_{step})) AS SMALLINT)" for half in ROUGH)
    # If both have SHARED of OF places, those of one alone are at most this many for each that either has.
    return f"{SHARED} * ({differ}) <= {OF - SHARED} * places"


def _near(one: str, other: str) -> str:
    both, either = (
        " + ".join(f"CAST(bit_count({one}.{part} {sign} {other}.{part}) AS SMALLINT)" for part in PARTS)
        for sign in ("&", "|")
    )
    return f"{OF} * ({both}) >= {SHARED} * ({either})"
