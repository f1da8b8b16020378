"""The names of the facts of a request, as `docs/facts.md` has them: what a test of an agreement may name."""

from __future__ import annotations

REQUEST_FACTS = frozenset((
    "layout_errors", "copies_in_batch", "name_class", "address_class", "address_present", "address_has_zip_token",
    "tax_period_count", "tax_periods_wellformed", "earliest_tax_period", "latest_tax_period", "request_year",
    "statute", "order_named", "order_ground_class", "days_by_1253_clock", "days_by_1231_clock", "relief_pending",
    "date_conflicts", "matter_named", "matter_kind", "matter_age_days", "matter_requests", "reason_length",
    "reason_copies", "reason_template_copies", "reason_near_copies", "officers_named", "officers_not_on_roster",
    "officers_without_certificate", "officer_matters", "officer_matters_recent", "officer_requests",
    "officers_heading", "officers_contracted", "officers_in_removal_units", "fields_requested",
    "fields_not_releasable", "subject_requests", "subject_variants", "subject_earlier_requests",
    "subject_earlier_variants",
))  # fmt: skip
