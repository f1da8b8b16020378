"""The flagship agreement, loaded with the vocabularies its clauses and evidence rules are written in."""

from __future__ import annotations

from functools import cache

from narrowgate.agreement.load import load
from narrowgate.agreement.shipped import shipped
from narrowgate.terms.agreement import Agreement
from narrowgate.terms.fact import Fact, Reads, Type, Vocabulary, vocabulary

FOLDER = shipped("irs-ice-2025")


def _facts(reads: Reads, **types: Type | tuple[str, ...]) -> tuple[Fact, ...]:
    return tuple(
        Fact(name, Type.TEXT, reads, name, values=kind)
        if isinstance(kind, tuple)
        else Fact(name, kind, reads, name)
        for name, kind in types.items()
    )


_D, _B, _I, _T = Type.DATE, Type.BOOLEAN, Type.INTEGER, Type.TEXT

FACTS: Vocabulary = vocabulary(
    _facts(
        Reads.BATCH,
        judged_on=_D,
        requested_on=_D,
        signature_verified=_B,
        official_office=_T,
        official_agrees=_B,
        requester_agency=_T,
        attests_active_criminal_investigation=_B,
        attests_sole_use=_B,
        attests_safeguards=_B,
        attests_true_and_correct=_B,
        safeguards_reviewed_on=_D,
        safeguards_current_until=_D,
        safeguards_open_findings=_I,
        storage_approved=_B,
        stays_in_force=_I,
    ),
    _facts(
        Reads.REQUEST,
        layout_errors=_I,
        copies_in_batch=_I,
        name_class=("structured", "missing", "placeholder"),
        address_class=(
            "street",
            "po_box",
            "rural_route",
            "military",
            "facility_with_location",
            "missing",
            "placeholder",
            "zip_only",
            "city_only",
            "facility_without_location",
            "no_house_number",
            "no_street_name",
            "incomplete",
            "zip_state_disagree",
        ),
        address_present=_B,
        address_has_zip_token=_B,
        tax_period_count=_I,
        tax_periods_wellformed=_B,
        earliest_tax_period=_I,
        latest_tax_period=_I,
        request_year=_I,
        statute=_T,
        order_named=_B,
        order_ground_class=("1227(a)", "1182(a)", "other"),
        days_by_1253_clock=_I,
        days_by_1231_clock=_I,
        relief_pending=_B,
        matter_named=_B,
        matter_kind=_T,
        matter_age_days=_I,
        reason_length=_I,
        reason_copies=_I,
        officers_named=_I,
        officers_not_on_roster=_I,
        officers_without_certificate=_I,
        officer_matters=_I,
        fields_requested=_I,
        fields_not_releasable=_I,
    ),
    _facts(
        Reads.RECORD,
        match_outcome=("match", "possible", "none"),
        one_person=_B,
        agreeing_identifiers=_I,
        address_confirmed=_B,
        address_current=_B,
        impairment=_B,
        identity_theft=_B,
        deceased=_B,
        last_known_period=_I,
    ),
)

COMPARISONS: Vocabulary = vocabulary(
    _facts(
        Reads.RECORD,
        tin=("exact", "near", "differs", "missing"),
        first_name=("exact", "near", "initial", "differs", "missing"),
        middle_name=("exact", "initial", "differs", "missing"),
        last_name=("exact", "near", "differs", "missing"),
        last_name_control=_B,
        name_suffix=("exact", "differs", "missing"),
        birth_date=("exact", "near", "differs", "missing"),
        address=("exact", "near", "building", "differs", "missing"),
        address_is_current=_B,
        deceased=_B,
    )
)


@cache
def agreement() -> Agreement:
    """The flagship agreement as it ships."""
    return load(FOLDER, facts=FACTS, comparisons=COMPARISONS)
