"""What a tidied field of an address says, field by field: fillers, homelessness, detention, telling, boxes and routes.

Rules:
 * Patterns are made of the lists of `address_words`; a phrase is found at the edges of words, a filler where it is all.
 * `TELLING` says where something is or tells about somebody: what the number of a house is it does not say.
"""

from __future__ import annotations

import re

from narrowgate_verify.adjudication.facts.address_places import PREFIXES
from narrowgate_verify.adjudication.facts.address_words import WORDS, alone, any_of, one_of, phrase

ZIP = "[0-9]{5}(?:[- ]?[0-9]{4})?"
STATES = f"(?:{'|'.join(PREFIXES)})"

_LETTER_THRICE = "|".join(f"{letter}{{3,}}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGIT_TWICE = "|".join(f"{digit}{{2,}}" for digit in "0123456789")
_ROW_OF_FILLERS = rf"(?:{any_of('fillers')} )*{any_of('fillers')}"
NO_ANSWER = (phrase("no_answer"), re.compile(r"\bX{2,}\b", re.ASCII))
FILLER = alone(rf"(?:[0-9]+ )?{_ROW_OF_FILLERS}(?: [0-9]+)?|{any_of('field_names')}|{_LETTER_THRICE}|{_DIGIT_TWICE}|0")
FILLER_UNIT = alone(rf"(?:[0-9]+ )?{_ROW_OF_FILLERS}")
_IDLE_NAMES = one_of(one for one in WORDS["fillers"] if one not in WORDS["fillers_and_names"])
_WAYS = any_of("ways_mostly", "ways")
FILLER_STREET = alone(
    rf"#?[0-9A-Z-]+ (?:(?:(?:{_IDLE_NAMES}|{any_of('fillers_before_way')}|{_LETTER_THRICE}) )+{_WAYS}"
    rf"(?: {any_of('directions')})?|NO {_WAYS}|(?:A )?THE {any_of('ways_mostly')})|US(?:S|NS|CGC) {_IDLE_NAMES}"
)
"""123 NONE ST, 5 NO RD, 12 THE STREET: nothing, between a number and a kind of way."""
NO_UNIT = alone(any_of("no_unit"))
HOMELESS = phrase("homeless")
DETENTION = phrase("detention")
DETENTION_ROAD = re.compile(
    rf"\b{any_of('detention_roads')}(?: {any_of('detention_roads_middle')})* {any_of('detention_roads_end')}\b",
    re.ASCII,
)
CARE_OF = re.compile(rf"(?:\A| ){any_of('care_of')}(?: |\Z)", re.ASCII)
GENERAL_DELIVERY = phrase("general_delivery")
TELLING = re.compile(
    rf"\b{any_of('somewhere', 'told')}\b|\ACORNER |\b{any_of('little')} [A-Z0-9#]|\bIN (?:[ABD-Z0-9]|C[^A])"
    rf"|\b{any_of('numbered')} ?(?:NO|NUM|NUMBER|ID)? ?#? ?-?[0-9]"
    r"|[A-Z0-9]@[A-Z0-9]|\bHTTP|\bWWW|\b[0-9]{1,2} ?[AP]M\b",
    re.ASCII,
)
"""Says where something is, or tells about somebody; what the number of a house is it does not say."""
ABROAD = re.compile(
    rf"\A(?:[A-Z0-9#-]+ ){{2,}}{any_of('abroad', 'abroad_ends')}\Z"
    r"|\b(?:COLONIA|FRACCIONAMIENTO|ALDEA|CASERIO|ZONA [0-9]+)\b",
    re.ASCII,
)

_CODES = f"(?:{'|'.join(code for code in PREFIXES if code != 'MT')})"
"""Codes of states at the end of what is no city. ROCKY MT is Rocky Mount."""
NO_CITY = alone(
    rf"[A-Z]* (?:(?:[A-Z -]+ )?{_CODES}(?: {ZIP})?|{any_of('abroad')}|[A-Z]|RURAL"
    rf"|.*(?:[0-9@%]|C/O|S/N|SIN NUM|DETEN).*|(?:.* )?{any_of('told')}(?: .*)?"
    rf"|[A-Z -]+ {any_of('areas')}|{any_of('before_city')}(?: [A-Z -]+)?)"
    rf"|{'|'.join('{} (?:[A-Z -]+ )?{}'.format(*state.split(' ', 1)) for state in WORDS['states'])}"
)
"""A state's code and, for the city, what is no city's name."""
CITY_AFTER_ALL = alone(any_of("cities_after_all"))
IN_STATE_WITH_A_MEXICO = re.compile(rf"\A{any_of('states_with_a_mexico')} ", re.ASCII)

MILITARY = re.compile(
    r"\A(?:(?:PSC|CMR|UNIT|OMC|OPC|UMR) ?#? ?[0-9]+ BO?X ?#? ?[0-9]+[A-Z]?\Z|US(?:S|NS|CGC) [A-Z]{2})", re.ASCII
)
ROUTE = re.compile(
    rf"(?:\A| ){any_of('routes')} ?(?:NO)? ?#?-? ?0*[1-9][0-9]*[A-Z]? (?:BO?X|BZN|BUZON) ?(?:NO)? ?#?-? "
    r"?0*[1-9][0-9A-Z-]*(?: |\Z)",
    re.ASCII,
)
ROUTE_WITHOUT_BOX = alone(rf"{any_of('routes_without_box')} ?#?-? ?[0-9]+[A-Z]?")
BOX = re.compile(
    rf"\A(?:{any_of('box_care_of')} .* )?{any_of('boxes')} ?(?:NO|NUM|NUMBER)? ?#? ?"
    r"(?:[A-Z]{1,2}-?)?0*[1-9][0-9]{0,5}(?:-?[A-Z]|-[0-9]{1,4}[A-Z]?)?(?: |\Z)",
    re.ASCII,
)
NO_BOX = re.compile(r"\bBO?X ?(?:NO|NUM|NUMBER)? ?#? ?(?:9{5,}|1{6,}|123456)(?: |\Z)", re.ASCII)
BOX_WITHOUT_NUMBER = alone(rf"{any_of('boxes_without_number')}(?: .*)?")
