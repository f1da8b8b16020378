"""Make numbers that look right and stand for nobody: taxpayer numbers and person ids.

Rules:
 * A number is a one-to-one image of a position, so no two people share one and nothing need be remembered.
 * SSN type: areas 001 to 899 without 666, groups 01 to 99, serials 0001 to 9999. ITIN type: 900 to 999 with
   the middle digits 50 to 65, 70 to 88, 90 to 92 and 94 to 99. They look valid; they are simulated.
 * A number that the sample uses is not given out again.
 * A person id tells nothing about its person: neighbours, spouses and copies have unlike ids.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd

_GROUPS, _SERIALS, _GIVEN = 99, 9_999, 4_999
_ITIN_GROUPS = (*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100))
SSN_DOMAIN = 898 * _GROUPS * _SERIALS
ITIN_DOMAIN = 100 * len(_ITIN_GROUPS) * 10_000
MOST_PEOPLE = 400_000_000


@dataclass(frozen=True)
class Shuffle:
    """The one-to-one map n -> (a n + b) mod m on 0..m-1."""

    a: int
    b: int
    m: int

    @classmethod
    def seeded(cls, domain: int, *, seed: int, what: str) -> Shuffle:
        """A shuffle of 0..domain-1 that `seed` and `what` determine."""
        chance = random.Random(f"{what}/{seed}")  # noqa: S311 - simulated numbers guard nothing
        a = chance.randrange(domain // 3, domain) if domain > 3 else 1
        while gcd(a, domain) != 1:
            a = a + 1 if a < domain else 1
        return cls(a, chance.randrange(domain), domain)

    def sql(self, n: str) -> str:
        """The image of the BIGINT expression `n`; stays below 2^63 for n below 2^32."""
        return f"(({self.a}::BIGINT * ({n}) + {self.b}) % {self.m})"

    def origin(self, image: int) -> int:
        """The n whose image this is."""
        return (image - self.b) * pow(self.a, -1, self.m) % self.m


@dataclass(frozen=True)
class Series:
    """A one-to-one map that keeps neighbours under the same first digits: SSNs are issued by area and group.

    Half the serials of a group are given out, so that the number beside one's own is somebody's as often as not.
    """

    groups: Shuffle
    serials: Shuffle

    @classmethod
    def seeded(cls, *, seed: int, what: str) -> Series:
        """Groups and serials in an order that `seed` and `what` determine."""
        groups = Shuffle.seeded(SSN_DOMAIN // _SERIALS, seed=seed, what=f"{what} groups")
        return cls(groups, Shuffle.seeded(_SERIALS, seed=seed, what=f"{what} serials"))

    def sql(self, n: str) -> str:
        """The image of the BIGINT expression `n`, below `SSN_DOMAIN` for n below 444 million."""
        group = self.groups.sql(f"({n}) // {_GIVEN}")
        # Each group begins elsewhere, so that two of them do not give out the same serials.
        return f"({group} * {_SERIALS} + ({self.serials.sql(f'({n}) % {_GIVEN}')} + {group} * 17) % {_SERIALS})"

    def origin(self, image: int) -> int | None:
        """The n whose image this is, if there is one."""
        group, serial = divmod(image, _SERIALS)
        place = self.serials.origin((serial - group * 17) % _SERIALS)
        return self.groups.origin(group) * _GIVEN + place if place < _GIVEN else None


@dataclass(frozen=True)
class TinMaker:
    """The taxpayer numbers of one build: one map for each type."""

    ssn: Series
    itin: Shuffle

    @classmethod
    def seeded(cls, seed: int) -> TinMaker:
        return cls(
            Series.seeded(seed=seed, what="ssn"),
            Shuffle.seeded(ITIN_DOMAIN, seed=seed, what="itin"),
        )

    def sql(self, tin_type: str, n: str) -> str:
        """The TIN text of type `tin_type` at position `n` (both SQL expressions)."""
        itin, ssn = _itin_text(self.itin.sql(n)), _ssn_text(self.ssn.sql(n))
        return f"CASE {tin_type} WHEN 'ITIN' THEN {itin} ELSE {ssn} END"

    def detours(self, used: list[str], *, ssns: int, itins: int) -> list[tuple[str, int, int]]:
        """(type, position, position to use instead) for each position below `ssns` or `itins`, by its type, whose
        number is in `used`.
        """
        return [
            *_detours("SSN", _origins(self.ssn, map(_ssn_place, used)), ssns),
            *_detours("ITIN", _origins(self.itin, map(_itin_place, used)), itins),
        ]


def person_id_sql(n: str, seed: int) -> str:
    """A person id for position `n` below 2^32: MurmurHash3's 32-bit finaliser, which is one-to-one, written
    in hex.
    """
    start = random.Random(f"person/{seed}").getrandbits(32)  # noqa: S311
    mixed = f"xor(({n})::UBIGINT, {start}::UBIGINT)"
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        mixed = f"((xor({mixed}, {mixed} >> {shift}) * {factor}::UBIGINT) & 4294967295::UBIGINT)"
    return f"'P' || lpad(to_hex(xor({mixed}, {mixed} >> 16)), 8, '0')"


def part_id_sql(n: str, seed: int) -> str:
    """A person id for position `n` below 2^32 that begins with the same six signs for 4,096 neighbours.

    So much of an id takes no room in a file. It says of a person which stretch of the register they are in, and nothing
    else: within it neighbours have unlike ids. None is an id of `person_id_sql`, which begin with `P`.
    """
    chance = random.Random(f"part/{seed}")  # noqa: S311
    start, step, first = chance.getrandbits(12), chance.getrandbits(19) * 2 + 1, chance.getrandbits(20)
    block = f"((({n}) >> 12) * {step} + {first} & 1048575)"
    mixed = f"xor(({n}) & 4095, ({block} * 2531 + {start}) & 4095)"
    for shift, factor in ((6, 0xC9B), (5, 0xD35)):
        mixed = f"(xor({mixed}, {mixed} >> {shift}) * {factor} & 4095)"
    return f"'Q' || lpad(to_hex({block} * 4096 + xor({mixed}, {mixed} >> 6)), 8, '0')"


def _ssn_text(place: str) -> str:
    area = f"({place} // {_GROUPS * _SERIALS} + 1)"
    area = f"({area} + ({area} >= 666)::BIGINT)"
    group = f"({place} // {_SERIALS} % {_GROUPS} + 1)"
    return f"lpad(({area} * 1000000 + {group} * 10000 + {place} % {_SERIALS} + 1)::VARCHAR, 9, '0')"


def _itin_text(place: str) -> str:
    index = f"({place} // 10000 % {len(_ITIN_GROUPS)})"
    skipped = f"CASE WHEN {index} < 16 THEN 0 WHEN {index} < 35 THEN 4 WHEN {index} < 38 THEN 5 ELSE 6 END"
    group = f"({index} + 50 + {skipped})"
    return f"((900 + {place} // {ITIN_DOMAIN // 100}) * 1000000 + {group} * 10000 + {place} % 10000)::VARCHAR"


def _ssn_place(tin: str) -> int | None:
    area, group, serial = int(tin[:3]), int(tin[3:5]), int(tin[5:])
    if not (0 < area < 900 and area != 666 and group and serial):
        return None
    return ((area - 1 - (area > 666)) * _GROUPS + group - 1) * _SERIALS + serial - 1


def _itin_place(tin: str) -> int | None:
    area, group, serial = int(tin[:3]), int(tin[3:5]), int(tin[5:])
    if area < 900 or group not in _ITIN_GROUPS:
        return None
    return ((area - 900) * len(_ITIN_GROUPS) + _ITIN_GROUPS.index(group)) * 10_000 + serial


def _origins(map_: Series | Shuffle, places: Iterable[int | None]) -> set[int]:
    origins = (map_.origin(place) for place in places if place is not None)
    return {n for n in origins if n is not None}


def _detours(tin_type: str, taken: set[int], people: int) -> list[tuple[str, int, int]]:
    spare = people
    found = []
    for position in sorted(n for n in taken if n < people):
        while spare in taken:
            spare += 1
        found.append((tin_type, position, spare))
        spare += 1
    return found
