"""What is not clearly a whole postal address has no postal class, however it is put together."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.adjudication.facts import address, address_told, address_ways, address_words
from tests.adjudication.test_address_classes import FIELDS, Written, labelled, read

PLACE = ("Dallas", "TX", "75201")
PHRASES = (
    "unknown", "unk", "failed to provide", "refused to state", "did not provide", "does not live", "not available",
    "none given", "no address", "no fixed abode", "n/a", "refused", "undisclosed", "TBD", "xx", "same as above",
    "see file", "see attached", "listed above", "on file", "bad address", "any town", "somewhere", "whereabouts",
    "deported", "at large", "address withheld", "redacted", "sdfg", "qwerty", "desconocido", "sin domicilio",
    "sin numero", "no tiene", "no sabe", "no recuerda", "domicilio conocido", "misma direccion", "ver expediente",
    "inconnu", "sans domicile", "SDF", "pa konnen", "desconhecido", "sem endereco", "nao informado", "unbekannt",
)  # fmt: skip
DETENTION = ("County Jail", "Jail", "ICE Detention", "State Prison", "Detention Center", "Processing Center", "inmates")


def words(alternatives: str) -> list[str]:
    """Those alternatives of a list that are plain words."""
    depth = 0
    found = [""]
    for letter in alternatives:
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [one for one in found if re.fullmatch("[A-Z]+(?: [A-Z]+)*", one)]


FILLERS = words(address_words._FILLERS)
WAYS = words(address_ways.AFTER)


def taken(written: Sequence[Written]) -> list[Written]:
    """Those that are taken for a postal address, whichever way they are read."""
    return [
        one
        for closely in (False, True)
        for one, (found, _, _) in zip(written, read(written, all_closely=closely), strict=True)
        if found in address.POSTAL
    ]


def accepted(
    streets: Sequence[str] | Sequence[tuple[str, str | None]], place: tuple[str, str, str] = PLACE
) -> list[Written]:
    """Those of `streets`, or of pairs of street and unit, that are taken for an address there."""
    return taken([(*((one, None) if isinstance(one, str) else one), *place) for one in streets])


def test_a_number_beside_a_placeholder_is_no_address() -> None:
    numbers = ("1", "123", "12345", "12B")
    assert len(FILLERS) > 60
    assert not accepted([f"{number} {word}" for number in numbers for word in (*FILLERS, *PHRASES)])
    assert not accepted([f"{word} {number}" for number in numbers for word in (*FILLERS, *PHRASES)])


def test_a_placeholder_does_not_become_a_street_by_a_kind_of_way() -> None:
    fillers = [word for word in FILLERS if word not in address_words._NAMES_TOO]
    ways = ("St", "AVE", "Road", "ln", "Blvd", "Cv")
    assert not accepted([f"{word} {way}" for word in (*FILLERS, *PHRASES) for way in ways])
    assert not accepted([f"123 {word} {way}" for word in (*fillers, *PHRASES) for way in ways])
    assert not accepted([f"123 {word} {way} N" for word in fillers for way in ways])


def test_beside_a_good_street_a_placeholder_in_unit_or_city_still_is_one() -> None:
    no_unit = ("n/a", "NA", "NONE", "NULL", "NIL", "NAN", "NADA", "X", "BLANK", "EMPTY", "NINGUNA", "NINGUNO", "NINGUN")
    units = [word for word in (*FILLERS, *PHRASES) if word not in no_unit]
    assert not accepted([("123 Main St", word) for word in units])
    # Two fillers are towns in Texas.
    cities = [word for word in (*FILLERS, *PHRASES) if word not in ("NADA", "UNCERTAIN")]
    assert not taken([("123 Main St", None, word, "TX", "75201") for word in cities])


def test_a_kind_of_way_alone_is_no_street() -> None:
    directions = ("", "N ", "South ")
    assert not accepted([f"123 {way}" for way in (*WAYS, *words(address_ways.AFTER_PLAINLY))
                         if way not in words(address_ways.WITHOUT_KIND)])  # fmt: skip
    assert not accepted([f"{lead}{way}" for way in WAYS for lead in directions])


def test_a_bare_word_after_a_number_is_no_street() -> None:
    bare = ["Oak", "Dallas", "Garcia", "Walmart", "Friends", "Texas", "Guatemala", "The", "Left", "Bedroom", "Years"]
    assert not accepted([f"{number} {word}" for number in ("1", "75201", "12-34", "12 1/2") for word in bare])
    assert not accepted([f"12 {one} {other}" for one, other in itertools.permutations(bare, 2)])


def once_more(city: str, state: str, zip_code: str) -> list[Written]:
    """A place with nothing but itself, and a number, for a street."""
    streets = [city, f"123 {city}", f"{zip_code} {city}", f"{zip_code} {city} {state}", f"{city} {state} {zip_code}",
               f"{zip_code} {city}, {state} {zip_code}", f"1 {city} {zip_code}", f"12 {city} {state}"]  # fmt: skip
    return [(street, None, city, state, zip_code) for street in streets]


def test_a_city_of_the_corpus_written_as_the_street_is_none() -> None:
    places = {(row["city"], row["state"], row["zip"]) for row in labelled() if row["expected_class"] == "street"}
    assert len(places) > 60
    assert not taken([row for place in sorted(places) for row in once_more(*place)])


_CITY = st.lists(st.sampled_from(["Oak", "Grove", "Federal", "Way", "Lake", "Park", "San", "Broadway", "Court", "East",
                                  "St", "Louis", "Calle", "Rue", "Highway", "Elm", "The", "Ne"]),
                 min_size=1, max_size=4).map(" ".join)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(st.lists(_CITY, min_size=30, max_size=60), st.sampled_from([("TX", "75201"), ("CT", "06001"), ("NE", "68503")]))
def test_a_city_repeated_as_the_street_is_none(cities: list[str], there: tuple[str, str]) -> None:
    written = [row for city in cities for row in once_more(city, *there)]
    in_capitals: list[Written] = [((street or "").upper(), *rest) for street, *rest in written]
    assert not taken([*written, *in_capitals])


_NO_DIGIT = st.lists(
    st.sampled_from(["Main", "St", "PO", "Box", "RR", "HC", "Calle", "Carr", "Km", "Apt", "A", "#", "c/o", "Broadway",
                     "One", "Highway", "USS", "N", "of", "the", "Edif", "B"]),
    min_size=1, max_size=6,
).map(" ".join)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(_NO_DIGIT, st.none() | _NO_DIGIT), min_size=30, max_size=60))
def test_without_a_digit_in_street_or_unit_there_is_no_address(streets: list[tuple[str, str | None]]) -> None:
    assert not taken(
        [(*fields, *PLACE) for fields in streets] + [(*fields, "APO", "TX", "75201") for fields in streets]
    )


def test_a_number_before_a_place_of_detention_is_no_street() -> None:
    rows: list[tuple[str, str | None]] = []
    for place in DETENTION:
        for street in (f"1 {place}", f"12345 {place}", f"{place} 12", f"c/o {place}", f"12 c/o {place}"):
            rows.append((street, None))
        rows += [(f"PO Box 5 {place}", None), ("PO Box 5", place), ("Main St", place)]
    assert not accepted(rows)


def test_words_that_tell_something_make_no_street() -> None:
    told = words(address_told._TOLD)
    little = words(address_told._LITTLE)
    assert len(told) > 60
    assert not accepted([f"12 {word} Oak St" for word in (*told, *little)])
    assert not accepted([f"12 Oak St {word} Elm St" for word in (*told, *little)])
    assert not accepted([f"{word} 12 Oak St" for word in told])
    assert not accepted([("12 Oak St", f"{word} Juan") for word in (*told, *little)])


def test_nobody_is_at_a_military_address_in_a_state_that_is_not_the_militarys() -> None:
    places = (("TX", "75201"), ("CA", "90001"), ("NY", "09021"), ("PR", "00901"), ("WA", "98101"))
    streets = ("USS Main", "PSC 3 Box 12", "Unit 2050 Box 4190")
    assert not taken([(street, None, city, *there)
                      for street in streets for city in ("APO", "FPO", "DPO") for there in places])  # fmt: skip


def test_a_field_for_the_city_that_holds_something_else_makes_no_address() -> None:
    cities = ("TX", "Dallas TX", "Dallas, TX 75201", "Dallas Texas", "Texas", "75201", "Dallas 75201", "homeless",
              "Dallas County", "USA", "Guatemala", "Mexico", "Main St", "Apt 4", "A", "County Jail",
              "near Dallas")  # fmt: skip
    streets = ("123 Main St", "PO Box 5", "RR 2 Box 5")
    assert not taken([(street, None, city, "TX", "75201") for street in streets for city in cities])


def test_the_corpus_has_no_postal_class_without_a_digit_but_for_ships() -> None:
    for row in labelled():
        if row["expected_class"] in address.POSTAL and not row["street"].startswith("USS"):
            assert re.search("[0-9½]", "".join(row[field] for field in FIELDS[:2])), row
