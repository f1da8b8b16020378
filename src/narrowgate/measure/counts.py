"""Count who was decided rightly, wrongly or not at all, against the truth.

Rules:
 * A decision is right if the person is the one asked about, or another record of the same human being. Any other
   decision is a wrong person, also where the one asked about is nobody in the register.
 * Every request counts in every part that it belongs to; nothing is left out because it is hard.
 * Rates stand beside the counts they come from, and their bounds are exact (`bounds`). Wrong persons are a share of
   the decisions, and beside it of the requests.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from narrowgate.engine.parquet import relation
from narrowgate.measure.bounds import lower, upper
from narrowgate.measure.data_set import DataSet
from narrowgate.measure.verdict import Verdict

EVERYBODY = "everybody"


@dataclass(frozen=True)
class Count:
    """What came of some requests. `counterpart`: about somebody in the register; `matchable` None: nobody knows."""

    requests: int
    counterpart: int
    decided: int
    wrong: int
    possible: int
    none: int
    matchable: int | None
    right_of_matchable: int | None

    @property
    def right(self) -> int:
        """Decided, and the right person."""
        return self.decided - self.wrong

    @property
    def recall(self) -> float | None:
        """The share of those with a counterpart for whom it was decided upon."""
        return _share(self.right, self.counterpart)

    @property
    def recall_of_matchable(self) -> float | None:
        """The same share of those whose evidence suffices."""
        return None if self.matchable is None else _share(self.right_of_matchable or 0, self.matchable)

    def as_json(self) -> dict[str, object]:
        """Every count and rate, as the report has them."""
        return {
            "requests": self.requests,
            "counterpart": self.counterpart,
            "decided": self.decided,
            "right": self.right,
            "wrong": self.wrong,
            "possible": self.possible,
            "none": self.none,
            "wrong_rate": _share(self.wrong, self.decided),
            "wrong_rate_lower": lower(self.wrong, self.decided) if self.decided else None,
            "wrong_rate_upper": upper(self.wrong, self.decided) if self.decided else None,
            "wrong_of_requests": _share(self.wrong, self.requests),
            "wrong_of_requests_upper": upper(self.wrong, self.requests) if self.requests else None,
            "recall": self.recall,
            "recall_lower": lower(self.right, self.counterpart) if self.counterpart else None,
            "recall_upper": upper(self.right, self.counterpart) if self.counterpart else None,
            "matchable": self.matchable,
            "right_of_matchable": self.right_of_matchable,
            "recall_of_matchable": self.recall_of_matchable,
            "possible_share": _share(self.possible, self.requests),
            "none_share": _share(self.none, self.requests),
        }


@dataclass(frozen=True)
class RuleCount:
    """What one rule of evidence decided."""

    rule: str
    decided: int
    wrong: int

    def as_json(self) -> dict[str, object]:
        """The counts, and the bound that an agreement may quote for the rule."""
        return {
            "rule": self.rule,
            "decided": self.decided,
            "wrong": self.wrong,
            "wrong_rate": _share(self.wrong, self.decided),
            "wrong_rate_lower": lower(self.wrong, self.decided) if self.decided else None,
            "wrong_rate_upper": upper(self.wrong, self.decided) if self.decided else None,
        }


def overall(session: duckdb.DuckDBPyConnection, data: DataSet, verdict: Verdict) -> Count:
    """What came of all requests that were judged."""
    (found,) = _counted(session, data, verdict, f"'{EVERYBODY}'").values()
    return found


def by_subgroup(session: duckdb.DuckDBPyConnection, data: DataSet, verdict: Verdict) -> dict[str, Count]:
    """What came of the requests about each subgroup of people; a request counts in each that it names."""
    return _counted(session, data, verdict, "unnest(subgroups)")


def by_profile(session: duckdb.DuckDBPyConnection, data: DataSet, verdict: Verdict) -> dict[str, Count]:
    """What came of each kind of request."""
    return _counted(session, data, verdict, "coalesce(profile, 'unnamed')")


def by_noise(session: duckdb.DuckDBPyConnection, data: DataSet, verdict: Verdict) -> dict[str, Count]:
    """What came of the requests with each kind of miswriting; a request counts in each that it has."""
    return _counted(session, data, verdict, "unnest(noise)")


def by_rule(session: duckdb.DuckDBPyConnection, data: DataSet, verdict: Verdict) -> list[RuleCount]:
    """What each rule decided, in the order of their names."""
    rows = session.execute(f"""
        SELECT rule, count(*), count(*) FILTER (NOT is_right) FROM ({judged(data, verdict)})
        WHERE outcome = 'match' AND rule IS NOT NULL GROUP BY rule ORDER BY rule""").fetchall()  # fmt: skip
    return [RuleCount(rule, decided, wrong) for rule, decided, wrong in rows]


def reasons(session: duckdb.DuckDBPyConnection, data: DataSet, verdict: Verdict) -> dict[str, int]:
    """Why requests came to a possible match, most frequent first."""
    rows = session.execute(f"""
        SELECT rule, count(*) FROM {relation(verdict.file)} WHERE outcome = 'possible' AND rule IS NOT NULL
        GROUP BY rule ORDER BY count(*) DESC, rule""").fetchall()  # fmt: skip
    return dict(rows)


def judged(data: DataSet, verdict: Verdict) -> str:
    """A query for each judged request with its truth.

    Columns: row_no, outcome, rule, decided_id (the person decided upon), person_id (the true one), subgroups, profile,
    noise, matchable, has_counterpart, is_right.
    """
    return f"""
    SELECT v.row_no, v.outcome, v.rule, v.person_id AS decided_id, t.person_id, t.subgroups, t.profile, t.noise,
           coalesce(t.matchable, FALSE) AS matchable, t.person_id IS NOT NULL AS has_counterpart,
           v.outcome = 'match' AND (coalesce(v.person_id = t.person_id, FALSE)
               OR coalesce(list_contains(t.same_person, v.person_id), FALSE)) AS is_right
    FROM {relation(verdict.file)} AS v JOIN {relation(data.truth)} AS t USING (row_no)"""


def _counted(session: duckdb.DuckDBPyConnection, data: DataSet, verdict: Verdict, group: str) -> dict[str, Count]:
    rows = session.execute(f"""
        SELECT part, count(*), count(*) FILTER (has_counterpart), count(*) FILTER (outcome = 'match'),
               count(*) FILTER (outcome = 'match' AND NOT is_right), count(*) FILTER (outcome = 'possible'),
               count(*) FILTER (outcome = 'none'), count(*) FILTER (matchable), count(*) FILTER (matchable AND is_right)
        FROM (SELECT {group} AS part, outcome, has_counterpart, matchable, is_right FROM ({judged(data, verdict)}))
        WHERE part IS NOT NULL GROUP BY part ORDER BY part""").fetchall()  # fmt: skip
    known = data.knows_matchable
    return {
        part: Count(requests, counterpart, decided, wrong, possible, none, *((could, found) if known else (None, None)))
        for part, requests, counterpart, decided, wrong, possible, none, could, found in rows
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
