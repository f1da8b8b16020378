"""What a simulated request gives as its reason: texts that are each their own, and three that are
everybody's.

Rules:
 * Own texts are combinations of six parts. Two requests never take the same combination, and combinations
   differ in letters, not only in digits.
 * The parts tell of simulated matters: failure to depart under 8 USC 1253(a)(1), nobody's case.
"""

from __future__ import annotations

from math import prod

from narrowgate.demo.numbers import Shuffle
from narrowgate.engine.literal import text_list

OFFICES = (
    "Atlanta",
    "Boston",
    "Buffalo",
    "Chicago",
    "Dallas",
    "Denver",
    "Detroit",
    "El Paso",
    "Houston",
    "Miami",
    "Newark",
    "Phoenix",
    "Sacramento",
    "Seattle",
    "Tampa",
    "Tucson",
)

_EVENTS = (
    "the bond obligor surrendered the bond",
    "the travel document lapsed unused",
    "the flight booked by the consulate left without the passenger",
    "two call-in letters came back unclaimed",
    "the supervision address proved vacant",
    "the surety reported contact lost",
    "the airline recorded a no-show",
    "the departure verification form was never returned",
    "the consulate confirmed that no departure was notified",
    "the reporting appointment was missed twice",
    "the sponsor withdrew and gave no forwarding address",
    "the exit record search found no crossing",
    "the representation was withdrawn by counsel",
    "the agreed departure date passed without a trace",
    "the voluntary departure bond was forfeited",
    "the identity card was renewed abroad by a third person",
)

_SOURCES = (
    "an interview of the former landlord",
    "a return of service",
    "a bond file",
    "a statement of the obligor",
    "a consular note",
    "an airline manifest",
    "a utility record",
    "a court docket",
    "a supervision file",
    "a sworn statement",
    "a marriage record",
    "a vehicle registration",
    "a lease agreement",
    "a school enrolment",
    "a clinic intake form",
    "a remittance receipt",
)

_NEEDS = (
    "the venue of the proceeding",
    "which office serves the target letter",
    "whether notice of the order was received",
    "whether the failure was wilful",
    "whether the person left before the ninety days ran out",
    "which prosecutor takes the referral",
    "whether the summons can be served",
    "whether the person named is the one ordered removed",
    "where the grand jury sits",
    "who must be interviewed as a neighbour",
    "whether the witness list is complete",
    "whether the mailed notice was delivered",
    "whether the matter can be closed without charge",
    "where the arraignment would be held",
    "whether the address on the order was current",
    "whether a second residence was kept",
)

_STEPS = (
    "interview of two witnesses",
    "service of a target letter",
    "comparison with the mailed notices",
    "a referral memorandum",
    "a closing memorandum",
    "an application for a summons",
    "a check of the certified mail slips",
    "a meeting with the prosecutor",
    "a supplemental report",
    "a record request to the consulate",
    "review of the exit records",
    "a subpoena return",
    "a statement under oath",
    "a handwriting comparison",
    "a photo array",
    "a visit to the last workplace",
)

_URGENCY = (
    "before the limitation runs",
    "before the quarter's docket call",
    "as the supervisor ordered on review",
    "as the prosecutor asked in writing",
    "after other sources were tried",
    "because no other record is dated as late",
    "because the file holds two spellings",
    "as the case plan provides",
)

_PARTS = (OFFICES, _EVENTS, _SOURCES, _NEEDS, _STEPS, _URGENCY)
COMBINATIONS = prod(len(part) for part in _PARTS)

SHARED = (
    "Subject has a final order of removal and is believed to have failed to depart.",
    "Information is needed to locate a person with a final order of removal, case {case}.",
    "Enforcement of the immigration laws; the person is under criminal investigation.",
)


def own_reason_sql(number: str, *, seed: int) -> str:
    """The text of request `number` (a BIGINT expression below COMBINATIONS): no two numbers have the same."""
    left = Shuffle.seeded(COMBINATIONS, seed=seed, what="reason").sql(number)
    picks = []
    for part in _PARTS:
        picks.append(f"({text_list(part)})[{left} % {len(part)} + 1]")
        left = f"({left} // {len(part)})"
    office, event, source, need, step, urgency = picks
    return (
        f"'HSI ' || {office} || ' opened this matter when ' || {event} || '; the lead is ' || {source} "
        f"|| '. The mailing address decides ' || {need} || ' and goes into ' || {step} || ', ' "
        f"|| {urgency} || '.'"
    )


def shared_reason_sql(chance: str, case_no: str) -> str:
    """One of the shared texts, by `chance` (a UBIGINT expression)."""
    texts = [f"replace({text_list([text])}[1], '{{case}}', coalesce({case_no}, 'none'))" for text in SHARED]
    whens = " ".join(f"WHEN {k} THEN {text}" for k, text in enumerate(texts))
    return f"CASE {chance} % {len(SHARED)} {whens} END"
