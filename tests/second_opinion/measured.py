"""Count what the second opinion costs and what it finds, on a simulated batch whose truth is known.

    python -m tests.second_opinion.measured REGISTER BATCH

Rules:
 * The rules of evidence decide first, under the strict reading and under the practice that is reported of August 2025:
   the second decides wrongly, so that there is something to find.
 * A decision is right if it is the person asked about, or another record of the same human being.
 * Beside what is referred stands what a laxer form would refer: only if another is preferred to the person decided
   upon, or that person is unlikely.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from narrowgate.agreement.in_force import basis
from narrowgate.engine.parquet import relation
from narrowgate.measure.data_set import DataSet, session_for, take_in
from narrowgate.measure.evidence import flagship
from narrowgate.second_opinion import SECOND_OPINION, refer, shipped
from narrowgate.second_opinion.opinion import EVEN
from tests.second_opinion.station import decide

READINGS = ("strict", "as-practised-2025-08")


@dataclass(frozen=True)
class Counted:
    """How many of the rules' decisions were right and wrong, and how many of each were or would have been referred."""

    right: int
    right_referred: int
    right_laxer: int
    wrong: int
    wrong_referred: int
    wrong_laxer: int


Kinds = list[tuple[str, bool, int, int]]
"""Of a kind of request or of person: its name, whether decided rightly, how many decided, and how many referred."""


def count(data: DataSet, reading: str) -> tuple[Counted, Kinds, Kinds]:
    """All of them; by kind of request, if some were referred or wrong; and by kind of person."""
    with session_for(data.folder, data.register.folder, spill=data.folder / "spill") as session:
        decide(session, data.register, data.request, basis(flagship(), reading, on=date(2025, 8, 7)))
        session.execute(
            "CREATE TEMP TABLE ruled AS SELECT row_no, candidate FROM decision WHERE match_outcome = 'match'"
        )
        refer(session, shipped())
        session.execute(f"CREATE TEMP TABLE told AS {_told(data)}")
        (counts,) = session.execute(f"SELECT {_of('correct')}, {_of('NOT correct')} FROM told").fetchall()
        kinds = session.execute("""
            SELECT profile, correct, count(*), count(*) FILTER (referred) FROM told
            GROUP BY ALL HAVING bool_or(referred) OR NOT correct ORDER BY correct, 4 DESC, 3 DESC""").fetchall()
        people = session.execute("""
            SELECT subgroup, correct, count(*), count(*) FILTER (referred)
            FROM (SELECT unnest(subgroups) AS subgroup, correct, referred FROM told)
            GROUP BY ALL ORDER BY correct, 4 DESC, 3 DESC""").fetchall()
    return Counted(*counts), kinds, people


def _of(which: str) -> str:
    """How many there are of which this holds, and how many of them are or would be referred."""
    return ", ".join(f"count(*) FILTER ({which} AND {also})" for also in ("TRUE", "referred", "laxer"))


def _told(data: DataSet) -> str:
    return f"""
        SELECT t.profile, t.subgroups,
               coalesce(c.person_id = t.person_id OR list_contains(t.same_person, c.person_id), FALSE) AS correct,
               d.match_rule = '{SECOND_OPINION}' AS referred,
               coalesce(o.weight <= {EVEN} OR o.weight < best.weight, TRUE) AS laxer
        FROM ruled JOIN decision AS d USING (row_no) JOIN candidate AS c ON c.candidate = ruled.candidate
        JOIN {relation(data.truth)} AS t USING (row_no)
        LEFT JOIN opinion AS o ON o.row_no = ruled.row_no AND o.candidate = ruled.candidate
        LEFT JOIN (SELECT row_no, max(weight) AS weight FROM opinion GROUP BY row_no) AS best
            ON best.row_no = ruled.row_no"""


def main(register: Path, batch: Path) -> None:
    """Print the counts of each reading."""
    with tempfile.TemporaryDirectory() as folder:
        data = take_in(Path(folder), id="measured", title="", about="", register=register,
            requests=batch / "requests.parquet", truth=batch / "truth.parquet")  # fmt: skip
        for reading in READINGS:
            counted, kinds, people = count(data, reading)
            print(reading, counted)
            for title, found in (("by request", kinds), ("by person", people)):
                print(f"  {title}")
                for name, right, decided, referred in found:
                    print(f"    {'right' if right else 'wrong'}  {name}: {referred} of {decided} referred")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
