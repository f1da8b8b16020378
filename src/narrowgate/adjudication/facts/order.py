"""Facts of the removal order: whether one is named, on which ground, and how long ago by either clock.

Rules:
 * The clock of 8 USC 1253(a)(1)(A) starts with the administrative final order or, if there was judicial review, with the
   final order of the court.
 * The clock of 8 USC 1231(a)(1)(B), the removal period, starts with the latest of those dates.
 * Both run to the day of the request. A clock without a start is missing.
"""

from __future__ import annotations

from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact("order_named", Type.BOOLEAN, Reads.REQUEST, "A case number of the removal order is given."),
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
    Fact("relief_pending", Type.BOOLEAN, Reads.REQUEST, "A motion, stay, deferral or other relief is on record."),
)

# `8 USC 1227(a)(1)(B)`, `INA 237(a)` and the like are written in many ways; only the codified section counts, and
# what is not one of the two is `other`, which no clause accepts.
_GROUND = "lower(replace(replace(replace(order_ground, ' ', ''), '.', ''), '§', ''))"

COLUMNS = {
    "order_named": "order_case_no IS NOT NULL",
    "order_ground_class": f"""CASE WHEN order_ground IS NULL THEN NULL
        WHEN starts_with({_GROUND}, '1227(a)') OR starts_with({_GROUND}, '8usc1227(a)') THEN '1227(a)'
        WHEN starts_with({_GROUND}, '1182(a)') OR starts_with({_GROUND}, '8usc1182(a)') THEN '1182(a)'
        ELSE 'other' END""",
    "days_by_1253_clock": "CAST(requested_on - coalesce(court_final_on, order_final_on) AS BIGINT)",
    "days_by_1231_clock": """CAST(requested_on - CASE WHEN court_final_on > order_final_on OR order_final_on IS NULL
        THEN court_final_on ELSE order_final_on END AS BIGINT)""",
    "relief_pending": "relief_pending",
}
