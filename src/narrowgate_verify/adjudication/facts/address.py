"""What the address of a request is: a place that mail can be delivered to, or what it lacks.

Rules:
 * The first class that applies decides, in the order of `docs/facts.md`.
 * Fields are read tidied; whether state and ZIP code agree is asked of what was written.
 * Nothing is inferred from one field for another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from narrowgate_verify.adjudication.facts import address_patterns as patterns
from narrowgate_verify.adjudication.facts import address_street as street_forms
from narrowgate_verify.adjudication.facts.address_places import (
    is_foreign,
    is_state,
    is_zip,
    lies_in,
    tidied,
)
from narrowgate_verify.adjudication.kleene import Value

_MILITARY_STATES = ("AA", "AE", "AP")
_MILITARY_CITIES = ("APO", "FPO", "DPO")
_ONE_DIGIT_BUT_REAL = ("22222VA", "44444OH", "55555MN")
"""ZIP codes of one digit throughout that are delivered to: Arlington, Newton Falls, Young America."""


@dataclass(frozen=True)
class Address:
    """The five fields of an address as they were written; '' is missing."""

    street: str
    unit: str
    city: str
    state: str
    zip: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields in their order."""
        return (self.street, self.unit, self.city, self.state, self.zip)


@dataclass(frozen=True)
class _Tidy:
    """The same, tidied and settled: `first` and `town` as written, the rest as they are read.

    `street` is without the place where that stands once more at its end, `unit` empty where it says that there is none,
    `city` where it is the state or the ZIP code.
    """

    first: str
    town: str
    street: str
    unit: str
    city: str
    state: str
    zip: str

    @property
    def line(self) -> str:
        """Street and unit as one text."""
        return _together(self.street, self.unit)

    @property
    def whole(self) -> str:
        """Street, unit and city as one text."""
        return _together(self.street, self.unit, self.city)

    @property
    def state_and_city(self) -> str:
        """What a city is looked up by."""
        return f"{self.state} {self.city}"


def address_facts(address: Address) -> dict[str, Value | None]:
    """The three facts of an address."""
    digits = re.split("[^0-9]+", "|".join(address.fields))
    return {
        "address_class": address_class(address),
        "address_present": any(address.fields),
        "address_has_zip_token": any(len(run) in (5, 9) for run in digits),
    }


def address_class(address: Address) -> str:
    """The class of `address`."""
    if not any(address.fields):
        return "missing"
    tidy = _tidy(address)
    foreign = is_foreign(address.street + address.unit + address.city)
    held = _is_detention(tidy.whole)
    places = [_place(field, tidy, held=held) for field in (tidy.street, tidy.unit)]
    on_street = "street" in places
    if _is_placeholder(tidy, foreign=foreign, on_street=on_street):
        return "placeholder"
    if (not tidy.whole and tidy.zip) or re.fullmatch(f"(?:[A-Z]{{2}} )?{patterns.ZIP}", tidy.whole):
        return "zip_only"
    if _is_city_only(tidy):
        return "city_only"
    if held and not on_street:
        return "facility_without_location"
    if foreign or patterns.GENERAL_DELIVERY.search(tidy.whole):
        return "incomplete"
    named = _delivered_to(tidy, places[0], on_street=on_street, held=held)
    return _if_whole(named.removeprefix(_IF_WHOLE), address, tidy) if named.startswith(_IF_WHOLE) else named


def _tidy(address: Address) -> _Tidy:
    street, unit, city, state, code = map(tidied, address.fields)
    return _Tidy(
        first=street,
        town=city,
        street=_without_place(street, city, state, code),
        unit="" if patterns.NO_UNIT.match(unit) else unit,
        city="" if city in (code, state) else city,
        state=state,
        zip=code,
    )


def _without_place(street: str, city: str, state: str, code: str) -> str:
    """`street` without city, state and ZIP code where they stand once more at its end.

    A ZIP code goes only with the city or the state: alone it may be the number of a box.
    """
    codes = (code, code[:5])
    ends = [f"{place} {one}" for place in (f"{city} {state}", state, city) for one in codes] + [f"{city} {state}", city]
    if street in (*ends, code):
        return ""
    if city and state and code:
        for end in ends:
            if street.endswith(f" {end}"):
                return street[: -len(end) - 1]
    return street


def _is_placeholder(tidy: _Tidy, *, foreign: bool, on_street: bool) -> bool:
    """Whether any field says that there is no answer, or says nothing, or that there is no home."""
    everything = _together(tidy.whole, tidy.state, tidy.zip)
    if any(words.search(everything) for words in patterns.NO_ANSWER):
        return True
    if patterns.FILLER.match(tidy.first) or patterns.FILLER_UNIT.match(tidy.unit) or patterns.FILLER.match(tidy.state):
        return True
    if patterns.FILLER.match(tidy.town) and not patterns.CITY_AFTER_ALL.match(tidy.state_and_city):
        return True
    if patterns.FILLER_STREET.match(tidy.street) or patterns.FILLER_STREET.match(tidy.unit):
        return True
    if tidy.zip and _is_idle_zip(tidy):
        return True
    says_nothing = not any((tidy.whole, tidy.first, tidy.town, tidy.state, tidy.zip))
    if says_nothing and not foreign:
        return True
    return bool(patterns.HOMELESS.search(tidy.city) or (not on_street and patterns.HOMELESS.search(tidy.whole)))


def _is_idle_zip(tidy: _Tidy) -> bool:
    """Whether the ZIP code is of one digit and no place has it, or a filler."""
    five = tidy.zip[:5]
    if len(five) == 5 and five.isdigit() and len(set(five)) == 1:
        return five + tidy.state not in _ONE_DIGIT_BUT_REAL
    return not is_zip(tidy.zip) and patterns.FILLER.match(tidy.zip) is not None


def _is_city_only(tidy: _Tidy) -> bool:
    """Whether nothing but a city is given, in its own field or in the street's."""
    if not tidy.line and tidy.city:
        return True
    in_street = re.fullmatch(rf"[A-Z -]+ {patterns.STATES}(?: {patterns.ZIP})?", tidy.street)
    return not tidy.city and not tidy.unit and in_street is not None


def _is_detention(text: str) -> bool:
    """Whether a place of detention is named; a road may be named after one."""
    return bool(patterns.DETENTION.search(text) and patterns.DETENTION.search(patterns.DETENTION_ROAD.sub("", text)))


def _place(field: str, tidy: _Tidy, *, held: bool) -> str:
    """Whether street or unit is a house on a street: `street`, '' where the field is empty, or what it lacks."""
    if not field:
        return ""
    if patterns.TELLING.search(tidy.line):
        return "no_house_number"
    field = street_forms.from_house(field, telling=patterns.TELLING.search(field) is not None)
    puerto_rican = tidy.state == "PR" and street_forms.is_puerto_rican(tidy.line)
    rest = street_forms.behind_number(field)
    if rest is None:
        return _numbered_behind(field, puerto_rican=puerto_rican)
    if street_forms.is_no_house(field, rest) or (tidy.zip and field.startswith(f"{tidy.zip[:5]} ")):
        return "no_house_number"
    if street_forms.names_nothing(rest) or patterns.BOX.match(rest):
        return "no_street_name"
    if ((held or not tidy.city) and street_forms.begins_with_street(rest)) or puerto_rican:
        return "street"
    return "street" if street_forms.is_street(rest) and not patterns.ABROAD.search(rest) else "no_street_name"


def _numbered_behind(field: str, *, puerto_rican: bool) -> str:
    """The same of a field that does not begin with a number: it may stand behind the name."""
    if re.fullmatch("#?[0-9-]+[A-Z]?", field):
        return "no_street_name"
    if not re.search("[0-9]", field):
        return "no_house_number"
    if street_forms.is_spanish(field) or street_forms.is_at_kilometre(field) or puerto_rican:
        return "street"
    return "no_house_number"


_IF_WHOLE = "if whole: "
"""Before a class that counts only if city, state and ZIP code are there and agree."""


def _delivered_to(tidy: _Tidy, place: str, *, on_street: bool, held: bool) -> str:
    """Where street and unit say that it is, or what they lack; a defect of theirs comes before one of the place."""
    military_state, military_city = tidy.state in _MILITARY_STATES, tidy.city in _MILITARY_CITIES
    if military_city:
        if not patterns.MILITARY.match(tidy.line):
            return "incomplete"
        return _IF_WHOLE + ("military" if military_state else "incomplete")
    if military_state:
        return "incomplete"
    if patterns.TELLING.search(tidy.line):
        return "no_house_number"
    if patterns.ROUTE.search(tidy.line):
        return _IF_WHOLE + "rural_route"
    if on_street:
        return _IF_WHOLE + ("facility_with_location" if held else "street")
    if patterns.NO_BOX.search(tidy.line):
        return "incomplete"
    if patterns.BOX.match(tidy.street) or patterns.BOX.match(tidy.unit):
        return _IF_WHOLE + "po_box"
    if patterns.BOX_WITHOUT_NUMBER.match(tidy.line) or patterns.ROUTE_WITHOUT_BOX.match(tidy.line):
        return "incomplete"
    return "incomplete" if not tidy.street or patterns.CARE_OF.search(tidy.line) else place


def _if_whole(named: str, address: Address, tidy: _Tidy) -> str:
    """`named` if city, state and ZIP code are there and agree; otherwise what is wrong with them."""
    if not (_is_city(tidy) and is_state(address.state) and is_zip(address.zip)):
        return "incomplete"
    return named if lies_in(address.state + address.zip) else "zip_state_disagree"


def _is_city(tidy: _Tidy) -> bool:
    """Whether the city is the name of one."""
    if not re.search("[A-Z]{2}", tidy.city) or patterns.DETENTION.search(tidy.city):
        return False
    if patterns.CITY_AFTER_ALL.match(tidy.state_and_city):
        return True
    if patterns.NO_CITY.match(tidy.state_and_city):
        return False
    return tidy.city != "MEXICO" or patterns.IN_STATE_WITH_A_MEXICO.match(tidy.state_and_city) is not None


def _together(*texts: str) -> str:
    """Tidied texts as one, those that say nothing left out."""
    return " ".join(text for text in texts if text)
