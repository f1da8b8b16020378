"""Whether the words of a field are a house on a street, and what they lack where they are not.

Rules:
 * A house has a number in digits that is not zero; what follows it must be recognised as a street: by a kind of way
   behind its name or before it, by a highway's number, by a place on a grid, or because its name alone is known.
 * Words are read one after the other, and every way of reading them is followed at once: no word that somebody adds
   doubles the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from narrowgate_verify.adjudication.facts.address_places import PREFIXES
from narrowgate_verify.adjudication.facts.address_words import alone, any_of

_STATE = f"(?:{'|'.join(PREFIXES)})"
_UNIT_NUMBER = r"(?: ?#? ?[0-9][0-9A-Z/-]{0,6}| #?[A-Z][0-9-]{0,4})"
UNIT = any_of("units") + _UNIT_NUMBER
"""A unit with its number or letter."""

_GRID = "[0-9]+[NSEW][0-9]+[A-Z]?|[NSEW] ?[0-9]+ ?[NSEW] ?[0-9]+[A-Z]?|[NSEW][0-9]{2,5}"
_PAIR = "[0-9]{1,2}-[0-9]{1,6}[A-Z]?|[0-9]{3}-[0-9]{1,3}[A-Z]?|[0-9]{4,6}-[0-9]{4,6}"
_NUMBER = f"[0-9]{{1,6}}-?[A-Z]?|{_PAIR}|{_GRID}"
"""Seven digits, or 555-1234, are a telephone's or a file's number."""
_HOUSE = re.compile(rf"\A#?(?:{_NUMBER})(?:[ -][1-9]/[1-9][0-9]?)? ", re.ASCII)
_UNIT_FIRST = re.compile(rf"\A(?:{UNIT}|#[0-9A-Z-]+) ", re.ASCII)
_NO_HOUSE = re.compile(
    rf"\A#?(?:0+[A-Z]?|9{{5,}}|{'|'.join(f'{digit}{{6,}}' for digit in '12345678')}|123456) ", re.ASCII
)
"""Zero, and a row of one digit that is too long to be met by chance."""
_COUNTED = alone(rf"{any_of('counted')} .*|BLOCK|BLK|(?:[0-9]{{3}}[ -])?[0-9]{{3}}[ -]?[0-9]{{4}} .*")
"""What follows a number that counts something, or is a telephone's."""
_NO_NAME = alone(
    rf"(?:{any_of('directions', 'ways_alone')}|[A-Z]|[0-9]+(?:[ -][0-9]+)*)?"
    rf"(?: ?{any_of('units')}{_UNIT_NUMBER}?| ?#.*)?"
    rf"|{any_of('directions')} {any_of('directions')}|{any_of('parks_without_a_name')}"
)
"""What follows a number and names no street."""

_NAME = re.compile(r"[A-Z0-9/&-]+")
_LETTERS = re.compile("[A-Z]+")
_MOSTLY = alone(any_of("ways_mostly"))
_WAY = alone(any_of("ways_mostly", "ways"))
_WAY_PLAINLY = alone(any_of("ways_plainly"))
_MORE = alone(
    rf"{any_of('directions', 'ways_mostly', 'ways', 'ways_plainly', 'units')}|{UNIT}|# ?[0-9A-Z-]+"
    r"|[0-9]{1,2}(?:ST|ND|RD|TH) (?:FL|FLOOR)|[0-9]{1,5}-?[A-Z]?|[A-Z]-?[0-9]{0,4}"
    r"|REAR|FRONT|FRNT|UPPER|UPPR|LOWER|LOWR"
    r"|BASEMENT|BSMT|UPSTAIRS|DOWNSTAIRS|DOWN|UP|SIDE|OFC|OFFICE|HOUSE|GARAGE"
)
"""What may follow the kind of way: more of it, a direction, a unit."""
_HOUSES = alone(rf"{any_of('houses')}|PO BOX [0-9]+")
_WAY_FIRST = alone(
    rf"{any_of('ways_before')} (?:[A-Z-]{{2,}}|[0-9]{{1,4}})(?: [A-Z0-9-]+){{0,3}}"
    rf"|{any_of('ways_before_number')}[ -]?#?[A-Z]?[0-9]{{1,4}}-?[A-Z]{{0,2}}|{_STATE}[ -][0-9]{{1,3}}"
    rf"|{any_of('ways_before_letter')} (?:TK )?[A-Z]{{1,2}}|(?:THE )?{any_of('streets_by_name')}"
)
"""A way whose kind stands before its name, number or letter; or one that is known by its name alone."""
_DIRECTION = alone(any_of("directions"))
_ON_GRID = alone(rf"{any_of('directions')} [0-9]{{1,5}} {any_of('directions')}")
_LONGEST = 6
"""Words in the longest phrase of one of these."""

_NUMBER_INSIDE = re.compile(r"[1-9][0-9]*(?:-?[A-Z]|-[0-9]+)?")
_NAME_INSIDE = re.compile("[A-Z]{2,}|[0-9]+(?:ST|ND|RD|TH)?")
_WORD_INSIDE = re.compile("[A-Z0-9-]+")
_WAY_INSIDE = alone(rf"{any_of('ways_mostly', 'ways', 'ways_plainly')}|HIGHWAY [0-9]+|ROAD [0-9]+")
_NO_HOUSE_INSIDE = re.compile(
    rf"\A[^0-9]*\b{any_of('not_before_house', 'units')}(?:-? ?| [A-Z] )#?[0-9]"
    rf"|\A[^0-9]*\b{any_of('somebody_elses')}\b[^0-9]*[0-9]",
    re.ASCII,
)

_SPANISH = re.compile(
    rf"(?:\A| ){any_of('spanish_ways')} (?:[A-Z0-9-]+ )+?(?:NO|NUM)? ?#? ?0*[1-9][0-9]*[A-Z]?(?:-[0-9A-Z]+)?\Z",
    re.ASCII,
)
_SPANISH_LOT = re.compile(rf"\b{any_of('lots')} ?[0-9A-Z-]+\Z", re.ASCII)
_UNIT_ANYWHERE = re.compile(f" {UNIT}", re.ASCII)
_ROAD_THEN_KM = (
    re.compile(r"\b(?:CARR|CARRETERA|ROAD|RD|PR|CAMINO|RUTA)[ -]?[0-9]+\b", re.ASCII),
    re.compile(r"\bKM ?[0-9]", re.ASCII),
)
_KM_THEN_ROAD = re.compile(r"\bKM ?[0-9]+ (?:[A-Z0-9]+ )*?(?:CARR|CARRETERA|ROAD|RD|PR|RUTA)[ -]?[0-9]", re.ASCII)
_PUERTO_RICO_HOUSE = re.compile(
    r"(?:\A| )(?:BLQ |BLOQUE )?[A-Z]{0,2}-?[0-9]+[A-Z]?(?:-[0-9]+)?(?: [0-9]+)? "
    r"(?:CALLE|AVE|AVENIDA|VIA|CAMINO|PASEO) [A-Z0-9]+",
    re.ASCII,
)
_PUERTO_RICO_FLAT = (
    re.compile(r"(?:\A| )(?:COND|CONDOMINIO|RES|RESIDENCIAL|EDIF|EDIFICIO)\b", re.ASCII),
    re.compile(r"\b(?:EDIF|EDIFICIO|BLDG|TORRE) ?[0-9A-Z]+ ", re.ASCII),
    re.compile(r"\b(?:APT|APTO|APARTAMENTO) ?#?[0-9A-Z-]+", re.ASCII),
)


def from_house(field: str, *, telling: bool) -> str:
    """The part of `field` that begins with the number of a house: all, or what follows a unit or a name.

    `telling` is whether the field tells about somebody or somewhere; then no house is looked for inside it.
    """
    after_unit = _UNIT_FIRST.sub("", field, count=1)
    for part in (field, after_unit):
        if _HOUSE.match(part):
            return part
    if telling or not re.search("[0-9] ", field) or _NO_HOUSE_INSIDE.search(field):
        return field
    return _house_inside(after_unit.split(" ")) or field


def behind_number(field: str) -> str | None:
    """What follows the number of the house; None where the field does not begin with one."""
    house = _HOUSE.match(field)
    return None if house is None else field[house.end() :]


def is_no_house(field: str, rest: str) -> bool:
    """Whether the number before `rest` is none of a house."""
    return _NO_HOUSE.match(field) is not None or _COUNTED.match(rest) is not None


def names_nothing(rest: str) -> bool:
    """Whether what follows the number names no street at all."""
    return _NO_NAME.match(rest) is not None


def begins_with_street(rest: str) -> bool:
    """Whether a name and one of the commonest kinds of way stand first, whatever follows."""
    words = rest.split(" ")
    return any(_MOSTLY.match(words[end]) for end in _names(words, 7))


def is_street(rest: str) -> bool:
    """Whether all that follows the number is a street, with at most a direction, a unit or a house named behind it."""
    words = rest.split(" ")
    behind = {end + 1 for end in _names(words, 7) if _WAY.match(words[end])}
    behind = _more(words, behind)
    plainly = {end + 1 for end in _names(words, 5) if _WAY_PLAINLY.match(words[end])}
    first = set(_ends(_WAY_FIRST, words, _openings(words))) | set(_ends(_ON_GRID, words, {0}))
    return len(words) in behind | _more(words, _houses(words, behind)) | _more(words, plainly | first)


def is_spanish(field: str) -> bool:
    """Whether the number stands behind the name of a way: CALLE LUNA 45, and not that of a lot or a unit."""
    bare = _UNIT_ANYWHERE.sub("", field)
    return _SPANISH.search(bare) is not None and _SPANISH_LOT.search(bare) is None


def is_at_kilometre(field: str) -> bool:
    """Whether it is a kilometre of a numbered road, in either order."""
    return _in_order(field, *_ROAD_THEN_KM) or _KM_THEN_ROAD.search(field) is not None


def is_puerto_rican(text: str) -> bool:
    """Whether it is a house in an urbanizacion, or a flat in a numbered building of a residencial."""
    return _PUERTO_RICO_HOUSE.search(text) is not None or _in_order(text, *_PUERTO_RICO_FLAT)


def _house_inside(words: list[str]) -> str | None:
    """From the first number on, if a name and a kind of way follow it; words before it have no digit."""
    at = next((place for place, word in enumerate(words) if not re.fullmatch("[A-Z&/%#-]+", word)), len(words))
    if at == len(words) or not _NUMBER_INSIDE.fullmatch(words[at]):
        return None
    for begin in (at + 1, at + 2) if words[at + 1 : at + 2] == ["1/2"] else (at + 1,):
        for place in range(begin, len(words)):
            if _NAME_INSIDE.fullmatch(words[place]) and any(_ends(_WAY_INSIDE, words, {place + 1})):
                return " ".join(words[at:])
            if not _WORD_INSIDE.fullmatch(words[place]):
                break
    return None


def _names(words: list[str], most: int) -> Iterator[int]:
    """The places before which one to `most` words of a name stand."""
    for place, word in enumerate(words[:most]):
        if not _NAME.fullmatch(word):
            return
        if place + 1 < len(words):
            yield place + 1


def _openings(words: list[str]) -> set[int]:
    """Where a way may begin: at once, behind a direction, behind OLD."""
    places = {0}
    if words and _DIRECTION.match(words[0]):
        places.add(1)
    return places | {place + 1 for place in places if words[place : place + 1] == ["OLD"]}


def _ends(phrase: re.Pattern[str], words: list[str], begins: set[int]) -> Iterator[int]:
    """Where a phrase ends that begins at one of `begins`."""
    for begin in begins:
        for end in range(begin + 1, min(begin + _LONGEST, len(words)) + 1):
            if phrase.match(" ".join(words[begin:end])):
                yield end


def _more(words: list[str], begins: set[int]) -> set[int]:
    """The places that are reached from `begins` over any number of phrases that may follow a street."""
    reached, open_ends = set(begins), set(begins)
    while open_ends:
        open_ends = set(_ends(_MORE, words, open_ends)) - reached
        reached |= open_ends
    return reached


def _houses(words: list[str], behind: set[int]) -> set[int]:
    """The ends of houses that are named behind a street, with up to three words of a name before them."""
    begins = set(behind)
    for _ in range(3):
        begins |= {place + 1 for place in begins if place < len(words) and _LETTERS.fullmatch(words[place])}
    return set(_ends(_HOUSES, words, begins))


def _in_order(text: str, *patterns: re.Pattern[str]) -> bool:
    """Whether the patterns are found one behind the other."""
    place = 0
    for pattern in patterns:
        found = pattern.search(text, place)
        if found is None:
            return False
        place = found.end()
    return True
