"""The fields a request asks for, against those that the agreement releases at all."""

from __future__ import annotations

from collections.abc import Sequence

from narrowgate.engine.literal import text_list
from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (
    Fact("fields_requested", Type.INTEGER, Reads.REQUEST, "How many fields are asked for.", unit="fields"),
    Fact(
        "fields_not_releasable",
        Type.INTEGER,
        Reads.REQUEST,
        "How many of them the agreement does not release.",
        unit="fields",
    ),
)


def columns(releasable: Sequence[str]) -> dict[str, str]:
    """The two counts; a field named twice counts twice, an empty part between two `;` is not releasable."""
    named = "list_transform(string_split(requested_fields, ';'), lambda field: trim(field))"
    outside = f"list_filter({named}, lambda field: NOT list_contains({text_list(releasable)}, field))"
    # Nearly every row asks for the one field there is: that answer needs no list.
    only = " OR ".join(f"requested_fields = {text_list([one])}[1]" for one in releasable) or "FALSE"
    return {
        "fields_requested": f"""CASE WHEN requested_fields IS NULL THEN 0 WHEN {only} THEN 1
            ELSE len({named}) END""",
        "fields_not_releasable": f"""CASE WHEN requested_fields IS NULL OR {only} THEN 0
            ELSE len({outside}) END""",
    }
