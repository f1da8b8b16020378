"""The kinds of request that are made to lead matching astray, and how many of each: one table.

Rules:
 * A request is about `a`, about `b`, or about nobody in the register, and states data of `a` unless `states` says
   otherwise: SQL over a and b (the two people of the pool), x (somebody of another name elsewhere) and `{chance}`.
 * `decidable` says that what a request of this kind states of the person is true and that nobody was put beside them
   who fits as well. Whether the evidence then suffices is counted from the values, row by row (`hostile_truth`).
 * Not among them: a request that states another person's own data and nothing else. No judge of what was written could
   tell what was meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Pool = Literal[
    "person", "spouse", "household", "twin", "son", "borrower", "shared number", "namesake", "block namesake",
    "two records", "deceased", "in care", "two surnames", "spelled otherwise",
]  # fmt: skip
About = Literal["a", "b", "nobody"]
Noise = Literal["none", "slip", "breaking", "surnames", "spelling"]


@dataclass(frozen=True)
class Hostile:
    """One kind of request: how many of ten thousand, from which pool, about whom, and what it states otherwise."""

    id: str
    weight: int
    what: str
    pool: Pool = "person"
    about: About = "a"
    states: Mapping[str, str] = field(default_factory=dict)
    noise: Noise = "none"
    decidable: bool = False


NO_NUMBER, NO_BIRTH, NO_MIDDLE = {"tin": "NULL"}, {"birth_date": "NULL"}, {"middle_name": "NULL"}
_NEAR_NAME = "left(a.first_name, 1) || substr(a.first_name, 3)"
"""A first name with its second letter left out: what a twin, or a slip of the pen, may be called."""
_BORN_OTHERWISE = "(coalesce(a.birth_date, DATE '1970-01-01') - (400 + {chance} % 9000)::INTEGER)::DATE"
_A_CHILD = "(coalesce(a.birth_date, DATE '1970-01-01') + (6600 + {chance} % 5000)::INTEGER)::DATE"
_OFFICE = """struct_pack(street := regexp_extract(a.home.street, '^C/O [A-Z ]+ ([0-9].*)$', 1), unit := a.home.unit,
    city := a.home.city, state := a.home.state, zip := a.home.zip)"""

HOSTILE: tuple[Hostile, ...] = (
    Hostile("own", 4_060, "the person's own data", decidable=True),
    Hostile("own, no number", 1_900, "without the number", states=NO_NUMBER, decidable=True),
    Hostile("own, no birth date", 1_300, "without the date of birth", states=NO_BIRTH, decidable=True),
    Hostile("own, one slip", 300, "one name miswritten", noise="slip", decidable=True),
    Hostile("own, former address", 400, "an address held before", decidable=True,
            states={"home": "coalesce(a.former, a.home)"}),
    Hostile("own, surnames", 80, "one of two surnames, or the two in the other order", pool="two surnames",
            noise="surnames", decidable=True),
    Hostile("own, spelling", 60, "another spelling of a name from another script", pool="spelled otherwise",
            noise="spelling", decidable=True),
    Hostile("own, broken", 400, "data after which the evidence does not suffice", noise="breaking", decidable=True),

    Hostile("spouse's number", 80, "with the number of the spouse", pool="spouse", states={"tin": "b.tin"}),
    Hostile("number of a, name of b", 40, "one spouse's number and birth date missing, the other's name",
            pool="spouse", about="b", states={"first_name": "b.first_name", "middle_name": "NULL",
                                              "last_name": "b.last_name", "birth_date": "NULL"}),
    Hostile("household's birth date", 60, "the birth date of somebody else in the household", pool="household",
            states={"birth_date": "b.birth_date", **NO_NUMBER}),
    Hostile("twin", 80, "a twin, without number or middle name", pool="twin", states={**NO_NUMBER, **NO_MIDDLE}),
    Hostile("twin's number", 40, "a twin with the other's number", pool="twin", states={"tin": "b.tin", **NO_MIDDLE}),
    Hostile("twin unknown", 80, "a twin of somebody, whom the register does not know", about="nobody",
            states={"first_name": _NEAR_NAME, **NO_NUMBER, **NO_MIDDLE}),
    Hostile("twin unknown, number", 40, "the same with the number of the one it knows", about="nobody",
            states={"first_name": _NEAR_NAME, **NO_MIDDLE}),
    Hostile("son", 60, "a son of his father's name, without suffix", pool="son",
            states={"name_suffix": "NULL", **NO_NUMBER}),
    Hostile("son, no birth date", 40, "the same without a birth date, with the father's number", pool="son",
            states={"name_suffix": "NULL", "tin": "b.tin", **NO_BIRTH}),
    Hostile("son unknown", 50, "a son of his father's name, whom the register does not know", about="nobody",
            states={"birth_date": _A_CHILD, **NO_NUMBER}),
    Hostile("son unknown, number", 20, "the same with his father's number", about="nobody",
            states={"birth_date": _A_CHILD}),
    Hostile("borrower", 40, "somebody with the number of another", pool="borrower", states={"tin": "b.tin"}),
    Hostile("borrower at owner's", 40, "somebody unknown with the number, last name and address of another",
            about="nobody", states={"first_name": "x.first_name", "birth_date": _BORN_OTHERWISE, **NO_MIDDLE}),
    Hostile("shared number", 30, "a number that two records have", pool="shared number"),
    Hostile("namesake", 40, "one of two of one name and birth date", pool="namesake", states=NO_NUMBER),
    Hostile("namesake's number", 20, "the same with the other's number", pool="namesake", states={"tin": "b.tin"}),
    Hostile("namesake unknown", 80, "a namesake, born otherwise, who lives elsewhere", about="nobody",
            states={"birth_date": _BORN_OTHERWISE, "home": "x.home", **NO_NUMBER, **NO_MIDDLE}),
    Hostile("namesake at address", 40, "a namesake, born otherwise, at the address", about="nobody",
            states={"birth_date": _BORN_OTHERWISE, **NO_NUMBER, **NO_MIDDLE}),
    Hostile("block namesake", 30, "one of two of one name in a block, without unit or birth date",
            pool="block namesake", states={**NO_BIRTH, "home": """struct_pack(street := a.home.street,
                unit := NULL::VARCHAR, city := a.home.city, state := a.home.state, zip := a.home.zip)"""}),
    Hostile("block namesake's door", 20, "the same with the unit of the other", pool="block namesake",
            states={**NO_BIRTH, **NO_NUMBER, "home": "b.home"}),
    Hostile("neighbour's number", 60, "the number of somebody else, one digit away",
            states={"tin": "left(a.tin, 8) || ((right(a.tin, 1)::INTEGER + 1) % 10)::VARCHAR", **NO_BIRTH}),
    Hostile("somebody's number", 40, "the number of somebody of another name", states={"tin": "x.tin"}),
    Hostile("new occupant", 40, "at an address of somebody else", states={"home": "x.home"}),
    Hostile("office", 40, "at the office of a lawyer, without the name of the firm", pool="in care",
            states={"home": _OFFICE}),
    Hostile("client of the office", 20, "somebody else at that office", pool="in care", about="nobody",
            states={"first_name": "x.first_name", "middle_name": "NULL", "birth_date": "x.birth_date", **NO_NUMBER}),
    Hostile("deceased", 60, "somebody who has died", pool="deceased"),
    Hostile("number of the dead", 40, "somebody unknown under the name and number of a dead person", pool="deceased",
            about="nobody", states={"birth_date": _BORN_OTHERWISE, "home": "x.home"}),
    Hostile("two records", 40, "one of the two records of a person", pool="two records"),
    Hostile("unknown at address", 60, "nobody of that name lives at the address", about="nobody",
            states={"first_name": "x.first_name", "last_name": "x.last_name", "middle_name": "x.middle_name",
                    **NO_NUMBER}),
    Hostile("unknown", 170, "nobody in the register", about="nobody",
            states={"last_name": "x.last_name", "birth_date": _BORN_OTHERWISE, "home": "x.home", **NO_NUMBER}),
)  # fmt: skip
