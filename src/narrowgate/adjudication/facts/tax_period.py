"""The taxable periods a request states (26 USC 6103(i)(2)(B)(ii)): how many, whether they are years, and
their range.
"""

from __future__ import annotations

from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact("tax_period_count", Type.INTEGER, Reads.REQUEST, "How many taxable periods are stated.", unit="years"),
    Fact("tax_periods_wellformed", Type.BOOLEAN, Reads.REQUEST, "Every period stated is a year of four digits."),
    Fact("earliest_tax_period", Type.INTEGER, Reads.REQUEST, "The earliest year stated.", unit="year"),
    Fact("latest_tax_period", Type.INTEGER, Reads.REQUEST, "The latest year stated.", unit="year"),
    Fact("request_year", Type.INTEGER, Reads.REQUEST, "The year of the request.", unit="year"),
)

_WELLFORMED = "regexp_full_match(tax_periods, '[0-9]{4}( *; *[0-9]{4})*')"
# Years of four digits order as text as they do as numbers, so the list is taken apart once and never sorted.
_YEARS = f"CASE WHEN {_WELLFORMED} THEN string_split(replace(tax_periods, ' ', ''), ';') END"
COLUMNS = {
    "tax_period_count": """CASE WHEN tax_periods IS NULL THEN 0
        ELSE length(tax_periods) - length(replace(tax_periods, ';', '')) + 1 END""",
    "tax_periods_wellformed": _WELLFORMED,
    "earliest_tax_period": f"CAST(list_min({_YEARS}) AS BIGINT)",
    "latest_tax_period": f"CAST(list_max({_YEARS}) AS BIGINT)",
    "request_year": "CAST(year(requested_on) AS BIGINT)",
}
