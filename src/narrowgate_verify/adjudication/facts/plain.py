"""Facts that one request says by itself: form, periods, statute, order, matter, fields, the length of its reason.

Rules:
 * What is missing stays missing; a count of nothing is 0.
 * A cite, a ground and a matter are made even in writing alone; which of them counts is the agreement's to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from narrowgate_verify.adjudication.facts.address import Address, address_facts
from narrowgate_verify.adjudication.facts.name import name_class
from narrowgate_verify.adjudication.kleene import Value
from narrowgate_verify.adjudication.letters import ascii_lower, is_blank, lower, without_format
from narrowgate_verify.adjudication.request import Request

_YEARS = re.compile("[0-9]{4}( *; *[0-9]{4})*")
_CITE = re.compile(r"\A([0-9]+)[Uu][Ss][Cc]A?(?:[Ss]ec(?:tion)?)?")
_SECTION = re.compile(r"(?:8usc)?(1227|1182)\(a\)(?:\([0-9a-z]{1,5}\))*")
_NO_MATTER = re.compile(r"n ?/? ?a|none|null|nil|unk|unknown|tb[acd]|pending|various|multiple|test|x+|[-0. /?]+")
_NEVER_BEFORE = (
    ("order_final_on", "birth_date"),
    ("court_final_on", "birth_date"),
    ("matter_opened_on", "birth_date"),
    ("requested_on", "birth_date"),
    ("court_final_on", "order_final_on"),
)
"""Pairs of days of which the first is never before the second."""


def plain_facts(request: Request, *, requested_on: date, releasable: Collection[str]) -> dict[str, Value | None]:
    """The facts of `request` that no other row has a part in."""
    return {
        "layout_errors": request.layout_errors,
        "name_class": name_class(request.text("first_name"), request.text("last_name")),
        **address_facts(Address(*(request.text(name) or "" for name in ("street", "unit", "city", "state", "zip")))),
        **_periods(request.text("tax_periods")),
        "request_year": requested_on.year,
        "statute": _statute(request.text("statute")),
        **_order(request, requested_on),
        **_matter(request, requested_on),
        "reason_length": _length(request.text("reason") or ""),
        **_fields(request.text("requested_fields"), releasable),
    }


def _periods(written: str | None) -> dict[str, Value | None]:
    wellformed = None if written is None else _YEARS.fullmatch(written) is not None
    years = [int(year) for year in re.findall("[0-9]{4}", written or "")] if wellformed else []
    return {
        "tax_period_count": 0 if written is None else written.count(";") + 1,
        "tax_periods_wellformed": wellformed,
        "earliest_tax_period": min(years, default=None),
        "latest_tax_period": max(years, default=None),
    }


def _statute(written: str | None) -> str | None:
    """The cite without blanks, dots, commas and section signs; paragraph letters keep their case."""
    return None if written is None else _CITE.sub(r"\1 USC ", re.sub("[ .§,]", "", written))


def _order(request: Request, requested_on: date) -> dict[str, Value | None]:
    ordered, court = request.day("order_final_on"), request.day("court_final_on")
    days = {
        "requested_on": requested_on,
        **{name: request.day(name) for name in ("birth_date", "order_final_on", "court_final_on", "matter_opened_on")},
    }
    return {
        "order_named": re.search("[1-9]", request.text("order_case_no") or "") is not None,
        "order_ground_class": _ground(request.text("order_ground")),
        "days_by_1253_clock": _days(court or ordered, requested_on),
        "days_by_1231_clock": _days(max((day for day in (ordered, court) if day), default=None), requested_on),
        "relief_pending": request.values["relief_pending"],
        "date_conflicts": sum(_is_before(days[first], days[second]) for first, second in _NEVER_BEFORE),
    }


def _ground(written: str | None) -> str | None:
    if written is None:
        return None
    cited = _SECTION.fullmatch(lower(re.sub("[ .§]", "", written)))
    return "other" if cited is None else f"{cited[1]}(a)"


def _matter(request: Request, requested_on: date) -> dict[str, Value | None]:
    named = request.text("matter_id")
    return {
        "matter_named": named is not None and _NO_MATTER.fullmatch(ascii_lower(named)) is None,
        "matter_kind": request.text("matter_kind"),
        "matter_age_days": _days(request.day("matter_opened_on"), requested_on),
    }


def _fields(written: str | None, releasable: Collection[str]) -> dict[str, Value | None]:
    """How many fields are asked for, and how many of them are not releasable; one named twice counts twice."""
    named = [] if written is None else [field.strip(" ") for field in written.split(";")]
    return {
        "fields_requested": len(named),
        "fields_not_releasable": sum(field not in releasable for field in named),
    }


def _length(reason: str) -> int:
    """Characters that are neither white space nor invisible."""
    return sum(not is_blank(character) for character in without_format(reason))


def _days(start: date | None, end: date) -> int | None:
    return None if start is None else (end - start).days


def _is_before(first: date | None, second: date | None) -> bool:
    return first is not None and second is not None and first < second
