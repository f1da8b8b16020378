"""Facts of the record, as matching hands them on: they are known only for a request that stands."""

from __future__ import annotations

from narrowgate.terms.fact import Fact, Reads, Type


def _fact(name: str, kind: Type, doc: str, unit: str | None = None, values: tuple[str, ...] = ()) -> Fact:
    return Fact(name, kind, Reads.RECORD, doc, unit, values)


FACTS = (
    _fact(
        "match_outcome",
        Type.TEXT,
        "Whether exactly one person, possibly one, or nobody was found.",
        values=("match", "possible", "none"),
    ),
    _fact("one_person", Type.BOOLEAN, "Exactly one person was found; missing if a person must settle it."),
    _fact(
        "agreeing_identifiers",
        Type.INTEGER,
        "How many of number, birth date and address agree exactly, beside the name.",
        "identifiers",
    ),
    _fact("address_confirmed", Type.BOOLEAN, "The supplied address is one the custodian holds for that person."),
    _fact("address_current", Type.BOOLEAN, "It is the last known address."),
    _fact("impairment", Type.BOOLEAN, "The record is marked under 26 USC 6103(i)(6)."),
    _fact("identity_theft", Type.BOOLEAN, "The record is marked for identity theft."),
    _fact("deceased", Type.BOOLEAN, "The record carries a date of death."),
    _fact("last_known_period", Type.INTEGER, "The taxable period that the last known address came with.", "year"),
    _fact("last_known_period_stated", Type.BOOLEAN, "The request states that period."),
    _fact(
        "last_known_kind",
        Type.TEXT,
        "Whose mailing address the last known one is: the person's own, in the care of another, or of a place of "
        "detention.",
        values=("own", "care_of", "facility"),
    ),
)
