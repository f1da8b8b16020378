"""What a simulated requester writes besides the person: order, matter, officer, reason, periods; the columns
of the file.

Rules:
 * Of sound form: an own officer with few matters, an own reason, a matter opened weeks ago, an order on a
   deportability ground that is older than 90 days by far, no relief pending, three periods.
 * Of any other form: one officer for all, shared reasons, and each defect in the share that is assumed for
   it.
 * Dates are counted from the day of the request, so that a batch can be rebuilt for any day.
"""

from __future__ import annotations

from collections.abc import Mapping

from narrowgate.synth.batch_people import people
from narrowgate.synth.batch_plan import Form, Plan, reference
from narrowgate.synth.numbers import Shuffle
from narrowgate.synth.reasons import own_reason_sql, shared_reason_sql
from narrowgate.synth.record_2025 import assumed
from narrowgate.terms.batch import REQUEST_COLUMNS

ONE_OFFICER = "AD-1"
_SOUND = "sound_number IS NOT NULL"


def requests(plan: Plan) -> str:
    """The rows of the requests file, all text, in file order."""
    return about(plan, people(plan), _person(plan))


def about(form: Form, people: str, person: Mapping[str, str]) -> str:
    """The rows of the requests file about `people` (n, position, sound_number, and what `person` is made of)."""
    columns = {**person, **_order(form), **_matter(form)}
    written = ", ".join(f"({columns[name]})::VARCHAR AS {name}" for name in REQUEST_COLUMNS)
    return f"SELECT {written} FROM ({people}) ORDER BY position"


def _person(plan: Plan) -> dict[str, str]:
    """The identifiers. Outside the sound form names are in capitals, and dates and numbers not of one
    form.
    """
    dated = f"{plan.chance('dated')} % 100"
    born_elsewhere = (
        f"CASE WHEN {plan.is_in('ill formed', assumed('ill_formed_date'))} "
        "THEN strftime(birth_date, '%m/%d/%Y') ELSE birth_date::VARCHAR END"
    )
    return {
        "request_ref": reference(),
        **{
            name: f"CASE WHEN {_SOUND} THEN {name} ELSE upper({name}) END"
            for name in ("first_name", "middle_name", "last_name")
        },
        "name_suffix": "name_suffix",
        "birth_date": f"CASE WHEN {_SOUND} THEN "
        f"CASE WHEN tin IS NULL OR {dated} < 85 THEN birth_date::VARCHAR END "
        f"WHEN {dated} < 95 THEN {born_elsewhere} END",
        "tin": dashed(plan),
        **{name: name for name in ("street", "unit", "city", "state", "zip")},
    }


def dashed(form: Form) -> str:
    """The number, every other time with dashes."""
    dashes = "left(tin, 3) || '-' || substr(tin, 4, 2) || '-' || right(tin, 4)"
    return f"CASE WHEN {form.chance('dashes')} % 2 = 0 THEN tin ELSE {dashes} END"


def _order(plan: Form) -> dict[str, str]:
    """The removal order. One in eight old ones was reviewed by a court, well before the request."""
    young = f"(NOT ({_SOUND}) AND {plan.is_in('young', assumed('young_order'))})"
    age = plan.chance("age")
    days = f"(CASE WHEN {young} THEN 1 + {age} % 90 ELSE 200 + {age} % 3000 END)::BIGINT"
    reviewed = f"(NOT {young} AND {age} % 3000 > 500 AND {plan.chance('reviewed')} % 8 = 0)"
    decided_after = f"(60 + {plan.pick('court', 400)})"
    return {
        "order_case_no": _case_no(plan),
        "order_ground": _unless_sound(plan, "ground", "inadmissibility", "'1182(a)(6)(A)(i)'", "'1227(a)(1)(B)'"),
        "order_final_on": plan.days_before(days),
        "court_final_on": f"CASE WHEN {reviewed} THEN {plan.days_before(f'{days} - {decided_after}')} END",
        "relief_pending": _unless_sound(plan, "relief", "relief_pending", "'yes'", "'no'"),
    }


def _matter(plan: Form) -> dict[str, str]:
    """Statute, matter, periods, officers and reason."""
    year = plan.on.year
    has_matter = f"({_SOUND} OR NOT {plan.is_in('no matter', assumed('no_matter'))})"
    opened = f"CASE WHEN {_SOUND} THEN 20 + {plan.chance('opened')} % 80 ELSE {plan.chance('opened')} % 3 END"
    statutes = "['8 USC 1253(a)(1)', '8 U.S.C. § 1253(a)(1)', '8 USC 1253(a)(1)(A)']"
    return {
        "tax_periods": f"CASE WHEN {_SOUND} THEN '{year - 3};{year - 2};{year - 1}' "
        f"WHEN NOT {plan.is_in('no period', assumed('no_period'))} THEN '{year - 1}' END",
        "statute": f"CASE WHEN {_SOUND} THEN '8 USC 1253(a)(1)(A)' "
        f"ELSE ({statutes})[{plan.pick('statute', 3)} + 1] END",
        "matter_id": f"CASE WHEN {has_matter} THEN 'M-{year}-' || lpad((position + 1)::VARCHAR, 8, '0') END",
        "matter_kind": f"CASE WHEN {has_matter} THEN CASE WHEN {_SOUND} AND {plan.chance('kind')} % 10 = 0 "
        "THEN 'proceeding' ELSE 'investigation' END END",
        "matter_opened_on": f"CASE WHEN {has_matter} THEN {plan.days_before(opened)} END",
        "engaged_officers": _officers(plan),
        "reason": f"CASE WHEN {_SOUND} THEN {own_reason_sql('coalesce(sound_number, 0)', seed=plan.seed)} "
        f"WHEN {plan.is_in('boilerplate', assumed('boilerplate'))} "
        f"THEN {shared_reason_sql(plan.chance('shared reason'), _case_no(plan))} END",
        "requested_fields": "'mailing_address'",
    }


def _officers(plan: Form) -> str:
    """The engaged officers: an own one, every tenth time with the next, or the one for all."""
    first = f"(sound_number // {plan.matters_per_officer})"
    second = f"(({first} + 1) % {max(plan.officers, 1)} + 1)"
    also = f"CASE WHEN sound_number % 10 = 3 AND {plan.officers} > 1 THEN ';O-' || {second} ELSE '' END"
    return f"CASE WHEN {_SOUND} THEN 'O-' || ({first} + 1) || {also} ELSE '{ONE_OFFICER}' END"


def _case_no(plan: Form) -> str:
    return f"'A' || lpad({Shuffle.seeded(10**9, seed=plan.seed, what='case').sql('n')}::VARCHAR, 9, '0')"


def _unless_sound(plan: Form, what: str, assumption: str, defect: str, sound: str) -> str:
    in_share = plan.is_in(what, assumed(assumption))
    return f"CASE WHEN NOT ({_SOUND}) AND {in_share} THEN {defect} ELSE {sound} END"
