"""Facts of the batch: one value for all its requests, established before any of them is looked at
(`adjudication.batch`).
"""

from __future__ import annotations

import dataclasses

from narrowgate.agreement.language.duckdb import TYPES
from narrowgate.engine.literal import identifier, literal
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.fact import Fact, Reads, Type


def _fact(name: str, kind: Type, doc: str, unit: str | None = None) -> Fact:
    return Fact(name, kind, Reads.BATCH, doc, unit)


FACTS = (
    _fact("judged_on", Type.DATE, "The day of judging, by the custodian's clock (UTC)."),
    _fact("requested_on", Type.DATE, "The day on which the manifest was made (UTC)."),
    _fact(
        "signature_verified",
        Type.BOOLEAN,
        "The manifest's signature verified under the custodian's trust anchors.",
    ),
    _fact(
        "official_office",
        Type.TEXT,
        "The office registered for the certificate that signed; missing if none.",
    ),
    _fact("official_agrees", Type.BOOLEAN, "The manifest names that same office."),
    _fact("requester_agency", Type.TEXT, "The agency that the manifest names as requester."),
    _fact("attests_active_criminal_investigation", Type.BOOLEAN, "An active criminal investigation is attested."),
    _fact("attests_sole_use", Type.BOOLEAN, "Use for the matter alone is attested."),
    _fact("attests_safeguards", Type.BOOLEAN, "Safeguards are attested."),
    _fact("attests_true_and_correct", Type.BOOLEAN, "That the requests are true and correct is attested."),
    _fact("safeguards_reviewed_on", Type.DATE, "The day of the last safeguard review of the recipient."),
    _fact("safeguards_current_until", Type.DATE, "The last day on which that review counts."),
    _fact("safeguards_open_findings", Type.INTEGER, "Critical findings of it that are open.", "findings"),
    _fact("storage_approved", Type.BOOLEAN, "The storage named in the manifest is one the custodian approved."),
    _fact("stays_in_force", Type.INTEGER, "Stays in force that forbid release.", "stays"),
)


def columns(batch: BatchFacts) -> str:
    """The facts of `batch` as a select list of typed constants."""
    values = dataclasses.asdict(batch)
    return ", ".join(
        f"CAST({literal(values[fact.name])} AS {TYPES[fact.type]}) AS {identifier(fact.name)}" for fact in FACTS
    )
