"""Facts of the matter: the one proceeding or investigation a request is made in (26 USC 6103(i)(2)(A))."""

from __future__ import annotations

from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact(
        "matter_named",
        Type.BOOLEAN,
        Reads.REQUEST,
        "The request names a matter, and not by a word that stands for none.",
    ),
    # As written: a kind that no clause accepts is a value too, so the list of values is open.
    Fact("matter_kind", Type.TEXT, Reads.REQUEST, "What kind of matter the request says it is."),
    Fact(
        "matter_age_days",
        Type.INTEGER,
        Reads.REQUEST,
        "Days from the opening of the matter to the request; negative if it was opened later.",
        unit="days",
    ),
)

_NONE = "(?i)(?:N ?/? ?A|NONE|NULL|NIL|UNK|UNKNOWN|TB[ACD]|PENDING|VARIOUS|MULTIPLE|TEST|X+|[-0. /?]+)"
COLUMNS = {
    "matter_named": f"matter_id IS NOT NULL AND NOT regexp_full_match(matter_id, '{_NONE}')",
    "matter_kind": "matter_kind",
    "matter_age_days": "CAST(requested_on - matter_opened_on AS BIGINT)",
}
