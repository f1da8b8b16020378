"""How many of those who use one reworded template are found out, among reasons that are each their own.

Rules:
 * A template is one own reason, used by several requests; in each use some of its words, drawn by chance, are
   exchanged for words that nobody else has. Templates stand scattered among the own reasons of all others.
 * Found out is a request for which the facts count more than three near reasons, itself included, which is what the
   flagship's clause asks. An own reason that is found out is a false alarm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import duckdb
import pyarrow as pa

from bench.figures import Figure
from narrowgate.adjudication.facts import reason_near, reason_said, reason_template
from narrowgate.synth.reasons import own_reason_sql

USERS = (4, 8, 15, 40)
CHANGED = (1, 2, 3, 4)
TEMPLATES = 40
"""Templates of each number of users and of words changed."""
CAP = 3
SEED = 20250807


@dataclass(frozen=True)
class Use:
    """One request's use of a template: how many use it, and how many words each of them changed."""

    users: int
    changed: int
    reason: str


def measure(rows: int) -> list[Figure]:
    """Percent found out by users and words changed, and false alarms, in a batch of `rows` own reasons and more."""
    session = duckdb.connect(config={"threads": 2})
    session.execute("SET enable_progress_bar = false")
    uses = _scattered(list(_uses(session, rows)), rows)
    session.register("used", uses)
    session.execute(
        f"""CREATE TABLE given AS
        SELECT n AS row_no, {own_reason_sql("n", seed=SEED)} AS reason, 0 AS users, 0 AS changed FROM range({rows}) t(n)
        ANTI JOIN used ON used.row_no = n UNION ALL BY NAME SELECT * FROM used"""
    )
    nothing = ", ".join(f"CAST(NULL AS VARCHAR) AS {column}" for column in reason_said.PARTICULARS)
    said = reason_said.prepare(session, f"(SELECT row_no, reason, {nothing} FROM given)")
    near = reason_near.prepare(session, said, reason_template.prepare(session, said))
    found = session.execute(
        f"""SELECT users, changed, count(*), count(*) FILTER (reason_near_copies > {CAP})
        FROM given LEFT JOIN {near} USING (row_no) GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    return [
        Figure(f"own reasons of {count:,} taken for a template", out, "requests", 0)
        if users == 0
        else Figure(f"template of {users} users, {changed} words changed in each: found out", 100 * out / count, "%")
        for users, changed, count, out in found
    ]


def _uses(session: duckdb.DuckDBPyConnection, rows: int) -> Iterator[Use]:
    """Every use of every template. The texts they are made of are own reasons that no row of the batch has."""
    number = TEMPLATES * len(USERS) * len(CHANGED)
    texts = session.execute(
        f"SELECT {own_reason_sql('n', seed=SEED)} FROM range({rows}, {rows + number}) t(n)"
    ).fetchall()
    chance = Random(SEED)
    kinds = [(users, changed) for users in USERS for changed in CHANGED] * TEMPLATES
    for (users, changed), (text,) in zip(kinds, texts, strict=True):
        for _ in range(users):
            yield Use(users, changed, _reworded(text, changed, chance))


def _reworded(text: str, changed: int, chance: Random) -> str:
    words = text.split()
    for place in chance.sample(range(len(words)), changed):
        words[place] = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8))
    return " ".join(words)


def _scattered(uses: list[Use], rows: int) -> pa.Table:
    """The uses as rows of the batch, in places drawn by chance."""
    places = Random(SEED).sample(range(rows), len(uses))
    return pa.table(
        {
            "row_no": places,
            "reason": [use.reason for use in uses],
            "users": pa.array([use.users for use in uses], pa.int32()),
            "changed": pa.array([use.changed for use in uses], pa.int32()),
        }
    )
