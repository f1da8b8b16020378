"""Count what the second opinion costs and what it finds, on a simulated batch whose truth is known.

    python -m tests.second_opinion.measured REGISTER BATCH

Rules:
 * The rules of evidence decide first, under the strict reading and under the practice that is reported of August 2025:
   the second decides wrongly, so that there is something to find.
 * A decision is right if it is the person asked about, or another record of the same human being.
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
from tests.second_opinion.station import decide

READINGS = ("strict", "as-practised-2025-08")


@dataclass(frozen=True)
class Counted:
    """How many of the rules' decisions were right and wrong, and how many of each were referred."""

    right: int
    right_referred: int
    wrong: int
    wrong_referred: int


def count(data: DataSet, reading: str) -> tuple[Counted, list[tuple[str, bool, int, int]]]:
    """All of them, and (kind of request, right, decided, referred) for those kinds of which some were referred."""
    with session_for(data.folder, data.register.folder, spill=data.folder / "spill") as session:
        decide(session, data.register, data.request, basis(flagship(), reading, on=date(2025, 8, 7)))
        session.execute(
            "CREATE TEMP TABLE ruled AS SELECT row_no, candidate FROM decision WHERE match_outcome = 'match'"
        )
        refer(session, shipped())
        session.execute(f"CREATE TEMP TABLE told AS {_told(data)}")
        counted = Counted(
            *session.execute("""
            SELECT count(*) FILTER (correct), count(*) FILTER (correct AND referred),
                   count(*) FILTER (NOT correct), count(*) FILTER (NOT correct AND referred) FROM told""").fetchall()[0]
        )
        kinds = session.execute("""
            SELECT profile, correct, count(*), count(*) FILTER (referred) FROM told
            GROUP BY ALL HAVING bool_or(referred) OR NOT correct ORDER BY correct, 4 DESC, 3 DESC""").fetchall()
    return counted, kinds


def _told(data: DataSet) -> str:
    return f"""
        SELECT t.profile, coalesce(c.person_id = t.person_id OR list_contains(t.same_person, c.person_id), FALSE)
                   AS correct, d.match_rule = '{SECOND_OPINION}' AS referred
        FROM ruled JOIN decision AS d USING (row_no) JOIN candidate AS c ON c.candidate = ruled.candidate
        JOIN {relation(data.truth)} AS t USING (row_no)"""


def main(register: Path, batch: Path) -> None:
    """Print the counts of each reading."""
    with tempfile.TemporaryDirectory() as folder:
        data = take_in(Path(folder), id="measured", title="", about="", register=register,
            requests=batch / "requests.parquet", truth=batch / "truth.parquet")  # fmt: skip
        for reading in READINGS:
            counted, kinds = count(data, reading)
            print(reading, counted)
            for profile, right, decided, referred in kinds:
                print(f"  {'right' if right else 'wrong'}  {profile}: {referred} of {decided} referred")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
