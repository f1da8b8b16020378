"""What a simulated request gives as its reason: texts that are each their own, and three that are
everybody's.

Rules:
 * Own texts are made of eight sentences, each one of 17. Two requests never have more than five of the eight in
   common: somebody who wrote them one by one would repeat a turn of phrase, and not the whole of it.
 * The sentences tell of simulated matters: failure to depart under 8 USC 1253(a)(1), nobody's case.
"""

from __future__ import annotations

from narrowgate.engine.literal import text_list
from narrowgate.synth.numbers import Shuffle

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

_OPENED = (
    "The obligor surrendered the bond",
    "A travel document lapsed unused",
    "The booked flight left without its passenger",
    "Two call-in letters came back",
    "Supervision found the dwelling vacant",
    "Contact was lost, the surety wrote",
    "An airline recorded a no-show",
    "No verification form was returned",
    "Consular staff know of no arrival",
    "Both spring appointments were missed",
    "The sponsor withdrew",
    "Border records hold no crossing",
    "Counsel ended representation last winter",
    "An agreed departure passed without trace",
    "Forfeiture of security followed",
    "Somebody abroad renewed the identity card",
    "Detention ended on recognizance",
)

_LEAD = (
    "a former landlord is the lead",
    "our source is a return of service",
    "one workplace stands in the file",
    "before a notary accounts differed",
    "a diplomatic note started the inquiry",
    "three carriers' manifests were compared",
    "power bills suggest a household",
    "the county court's docket mentions a suit",
    "handwritten notes mention a repair shop",
    "a janitor describes moving boxes",
    "deeds filed downtown show a new signature",
    "registration of a pickup was transferred",
    "an autumn sublease turned up",
    "evening school enrolment stopped abruptly",
    "clinic intake sheets carry initials",
    "remittance slips lay in a parcel",
    "rental contracts list a storage unit",
)

_KNOWN = (
    "Investigators doubt that notice arrived",
    "It is unclear who signed for it",
    "Willfulness remains to be shown",
    "Mail was forwarded during ninety days",
    "Publication was tried and failed",
    "Two spellings occur in our papers",
    "A second residence may exist",
    "The immigration judge's copy was misdirected",
    "Refused travel money is disputed",
    "Employment continued under an alias",
    "Passport applications were promised only",
    "Interview slots abroad were declined",
    "No appeal was taken within thirty days",
    "An interpreter read the warning aloud",
    "Transit through another country was arranged",
    "Photographs show a different traveler",
    "Telephone records end early",
)

_NEED = (
    "venue depends on where letters go",
    "a target letter can then be served",
    "the summons needs a place",
    "arraignment cannot be scheduled otherwise",
    "it decides which district empanels jurors",
    "warnings must have reached that mailbox",
    "comparing envelopes requires this location",
    "the competent magistrate follows from it",
    "knowledge rests on delivery",
    "jurisdiction over the count turns here",
    "charges end if it lies overseas",
    "witnesses are drawn from the vicinity",
    "referral is incomplete while domicile stays open",
    "proof of receipt hangs on the doorstep",
    "defense counsel must learn where papers went",
    "claims of alibi name another town",
    "mistaken identity can be ruled out",
)

_STEP = (
    "Next comes questioning of the concierge.",
    "Agents will draft a memorandum.",
    "A handwriting examiner was retained.",
    "Certified slips are laid side by side.",
    "Prosecutors scheduled their conference.",
    "One supplemental report awaits this alone.",
    "We plan a subpoena to the phone carrier.",
    "Six pictures go before bystanders.",
    "Exit data is searched under each name.",
    "Testimony under oath is set.",
    "Fingerprint cards travel first.",
    "Pen registers were considered and rejected.",
    "The last foreman agreed to talk.",
    "Translators finish by Friday.",
    "Bank compliance preserved statements.",
    "Tolling is being researched.",
    "County detectives will assist.",
)

_TRIED = (
    "Motor vehicle offices had nothing current",
    "Credit bureaus are closed to us",
    "Postal forwarding expired long ago",
    "Voter rolls gave no hit",
    "Canvassing the block led nowhere",
    "Hospital registries may not be asked",
    "Three dawn visits met an empty hallway",
    "Parole officers know nobody so called",
    "Embassies decline to answer",
    "Commercial directories mix up namesakes",
    "Employers left our inquiries unopened",
    "School districts require signatures",
    "A tip line produced useless calls",
    "Utility companies pointed back to us",
    "Clergy was approached without result",
    "Prior attorneys invoked privilege",
    "Shelters keep no list of guests",
)

_ASKED = (
    "the United States Attorney wrote for it",
    "our supervisor marked this point",
    "a deputy chief wants the gap closed",
    "grand jurors put the same question",
    "an assistant returned the draft over it",
    "item four of the plan lists it",
    "quality control flagged the omission",
    "legal advisers found that chapter thin",
    "intake would not docket the complaint",
    "a clerk in chambers inquired",
    "regional management assigned follow-up in June",
    "inspectors recommended asking the custodian once",
    "headquarters approved a single request",
    "paralegals could not finish the binder",
    "the charging committee adjourned for lack of it",
    "visiting colleagues noticed what was missing",
    "the duty agent noted it in red ink",
)

_BEFORE = (
    "Limitation runs out within the year.",
    "The docket call is near.",
    "Such leads go stale by autumn.",
    "One witness emigrates soon.",
    "Evidence storage is paid until December.",
    "The lease ends shortly.",
    "Speed spares an innocent namesake.",
    "Terms expire in eight weeks.",
    "Travel budgets lapse with the fiscal year.",
    "Somebody plans to clear the attic.",
    "Retention ends after eighteen months.",
    "Memory is fading.",
    "Judges rotate next month.",
    "The retained expert retires.",
    "Lobby video is overwritten regularly.",
    "Another plea hinges on timing.",
    "Filing or dropping is due by summer.",
)

_PARTS = (_OPENED, _LEAD, _KNOWN, _NEED, _STEP, _TRIED, _ASKED, _BEFORE)
_JOINS = ("", "; ", ". ", ": ", ". ", " ", ", and ", ". ")
FIELD = 17
"""Sentences of a part: a prime, so that the numbers below it are a field."""
FREE = 6
"""Parts that a number chooses freely. The other two follow, so that two numbers differ in three parts or more."""
COMBINATIONS = FIELD**FREE

SHARED = (
    "Subject has a final order of removal and is believed to have failed to depart.",
    "Information is needed to locate a person with a final order of removal, case {case}.",
    "Enforcement of the immigration laws; the person is under criminal investigation.",
)


def own_reason_sql(number: str, *, seed: int) -> str:
    """The text of request `number` (a BIGINT expression below COMBINATIONS).

    The parts are the values of a polynomial of degree FREE - 1 over the field at as many places: two polynomials agree
    at FREE - 1 places at most (Reed and Solomon, 1960).
    """
    left = Shuffle.seeded(COMBINATIONS, seed=seed, what="reason").sql(number)
    digits = [f"({left} // {FIELD**power} % {FIELD})" for power in range(FREE)]
    texts = []
    for place, (part, join) in enumerate(zip(_PARTS, _JOINS, strict=True)):
        value = " + ".join(f"{digit} * {place**power % FIELD}" for power, digit in enumerate(digits))
        texts.append(f"'{join}' || ({text_list(part)})[({value}) % {FIELD} + 1]")
    return " || ".join(texts)


def shared_reason_sql(chance: str, case_no: str) -> str:
    """One of the shared texts, by `chance` (a UBIGINT expression)."""
    texts = [f"replace({text_list([text])}[1], '{{case}}', coalesce({case_no}, 'none'))" for text in SHARED]
    whens = " ".join(f"WHEN {k} THEN {text}" for k, text in enumerate(texts))
    return f"CASE {chance} % {len(SHARED)} {whens} END"
