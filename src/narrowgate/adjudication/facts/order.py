"""Facts of the removal order: whether one is named, on which ground, and how long ago by either clock.

Rules:
 * The clock of 8 USC 1253(a)(1)(A) starts with the administrative final order or, if there was judicial
   review, with the final order of the court.
 * The clock of 8 USC 1231(a)(1)(B), the removal period, starts with the latest of those dates.
 * Both run to the day of the request. A clock without a start is missing.
"""

from __future__ import annotations

from narrowgate.engine.literal import text_literal
from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact(
        "order_named",
        Type.BOOLEAN,
        Reads.REQUEST,
        "A case number of the removal order is given, with a digit other than zero.",
    ),
    Fact(
        "order_ground_class",
        Type.TEXT,
        Reads.REQUEST,
        "The section of Title 8 that the ground of the order is in; missing if none is given.",
        values=("1227(a)", "1182(a)", "other"),
    ),
    Fact(
        "days_by_1253_clock",
        Type.INTEGER,
        Reads.REQUEST,
        "Days from the start of the clock of 8 USC 1253(a)(1)(A) to the request.",
        unit="days",
    ),
    Fact(
        "days_by_1231_clock",
        Type.INTEGER,
        Reads.REQUEST,
        "Days from the start of the removal period of 8 USC 1231(a)(1)(B) to the request.",
        unit="days",
    ),
    Fact(
        "relief_pending",
        Type.BOOLEAN,
        Reads.REQUEST,
        "A motion, stay, deferral or other relief is on record.",
    ),
    Fact(
        "date_conflicts",
        Type.INTEGER,
        Reads.REQUEST,
        "Pairs of dates of the request that cannot both be true.",
        unit="pairs",
    ),
)

_BEFORE = (
    ("order_final_on", "birth_date"),
    ("court_final_on", "birth_date"),
    ("matter_opened_on", "birth_date"),
    ("requested_on", "birth_date"),
    ("court_final_on", "order_final_on"),
)
"""Pairs of dates of which the first is never before the second. A date that is missing conflicts with none."""

# A ground is written with or without its title and in either case. A list of grounds, a ground of the
# Immigration and Nationality Act, or words beside the cite are `other`, which no clause accepts: the
# requester can write one ground.
_GROUND = "lower(replace(replace(replace(order_ground, ' ', ''), '.', ''), '§', ''))"


def _cites(section: str) -> str:
    pattern = rf"(?:8usc)?{section}\(a\)(?:\([0-9a-z]{{1,5}}\))*"
    return f"regexp_full_match({_GROUND}, {text_literal(pattern)})"


COLUMNS = {
    # A case number has a digit other than zero; words such as NONE or PENDING in its place name no case.
    "order_named": "order_case_no IS NOT NULL AND regexp_matches(order_case_no, '[1-9]')",
    "order_ground_class": f"""CASE WHEN order_ground IS NULL THEN NULL WHEN {_cites("1227")} THEN '1227(a)'
        WHEN {_cites("1182")} THEN '1182(a)' ELSE 'other' END""",
    "days_by_1253_clock": "CAST(requested_on - coalesce(court_final_on, order_final_on) AS BIGINT)",
    "days_by_1231_clock": """CAST(requested_on
        - CASE WHEN court_final_on > order_final_on OR order_final_on IS NULL THEN court_final_on
            ELSE order_final_on END AS BIGINT)""",
    "relief_pending": "relief_pending",
    "date_conflicts": " + ".join(f"CASE WHEN {first} < {second} THEN 1 ELSE 0 END" for first, second in _BEFORE),
}
