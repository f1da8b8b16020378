"""The addresses of a copy: houses, boxes, apartment blocks, institutions, and those in care of somebody.

Rules:
 * An address is a site and perhaps a unit. A site has one number, so that all who are there work out one street, one
   house number and one ZIP code from one hash.
 * A block is a site of many families. Its apartments are numbered through, so that no two families of the copies
   share one; blocks are of the sizes in `hard_cases.BLOCKS`.
 * Only the latest address of a family is in care of somebody: a lawyer, with a hundred families at one office, or a
   private person.
"""

from __future__ import annotations

from narrowgate.synth import hard_cases as rates
from narrowgate.synth.country import SLOTS, STREETS_OF_A_ZIP
from narrowgate.synth.national import National

QUARTER = 1_000_000
"""Between the sites of one institution's quarters."""
COPY = 100_000_000
BLOCK, OFFICE = 10**13, 2 * 10**13
"""Where the numbers of blocks and of offices begin; those of other sites are below."""

REGION = SLOTS // 64
"""People of a copy live in one part of the country, but for some: it has so many of the slots of ZIP codes."""

FIRMS, HOSTS = 2_000, 50_000


def hosts(seed: int) -> str:
    """The table host (j, care_of): law offices first, then private people, by names of the census."""
    return f"""SELECT h.j, CASE WHEN h.j < {FIRMS} THEN 'C/O LAW OFFICE OF ' || upper(f.name) || ' ' || upper(l.name)
            ELSE 'C/O ' || upper(f.name) || ' ' || upper(l.name) END || ' ' AS care_of
        FROM (SELECT j, (hash({seed}, 'host', j) % 900000)::BIGINT AS last_j,
                (hash({seed}, 'host first', j) % 200000)::BIGINT AS first_j FROM range({FIRMS + HOSTS}) r(j)) h
            JOIN first_name_slot f ON f.j = h.first_j JOIN last_name_slot l ON l.j = h.last_j ORDER BY h.j"""


def at_sites(national: National, member: str, *, apartments: int) -> str:
    """The members of the table `member` at their latest addresses, then at their former ones: site, unit, care."""
    return " UNION ALL ".join(f"({_sited(national, member, apartments, former=former)})" for former in (False, True))


def addresses(n: National, at_site: str, *, streets: int) -> str:
    """The rows of `address` for the table `at_site`.

    Street number, street and ZIP code each take their own bits of the site's hash.
    """
    sized = "((at_hash >> 20) % 1000000)::BIGINT"
    size = "((at_hash >> 40) % 100)"
    number = f"""CASE WHEN {size} < 6 THEN 1 + {sized} % 99 WHEN {size} < 40 THEN 100 + {sized} % 900
        WHEN {size} < 92 THEN 1000 + {sized} % 9000 ELSE 10000 + {sized} % 15000 END"""
    near = f"(hash({n.seed}, 'region', region) + at_hash % {REGION}) % {SLOTS}"
    far = f"(at_hash >> 58) * 100 < {64 * rates.ELSEWHERE.share * 100:.0f}"
    zipped = f"""SELECT *, ((z.first_street + (at_hash >> 50 & {STREETS_OF_A_ZIP - 1})::BIGINT) % {streets})::BIGINT
            AS street_j
        FROM (SELECT *, (CASE WHEN {far} THEN at_hash % {SLOTS} ELSE {near} END)::BIGINT AS zip_j FROM {at_site}) a
            JOIN zip_slot z ON z.j = a.zip_j"""
    return f"""SELECT {n.person_id("i")} AS person_id,
            CASE WHEN box THEN 'PO BOX ' || (1 + {sized} % 9999)
                ELSE coalesce(h.care_of, '') || ({number}) || ' ' || s.street END AS street,
            CASE WHEN box THEN NULL WHEN office THEN 'STE ' || (100 + {sized} % 900) ELSE unit END AS unit,
            city, state, zip, tax_period, source, effective_on
        FROM ({zipped}) a JOIN national_street s ON s.j = a.street_j LEFT JOIN host h ON h.j = a.host
        ORDER BY former, k, i"""


def _sited(n: National, member: str, apartments: int, *, former: bool) -> str:
    """The members at one of their addresses, with its site's hash, its unit and whose care it is in."""
    attorneys, hosts_ = round(rates.ATTORNEYS.share * 1000), round(rates.HOSTS.share * 1000)
    in_care = (
        "1000"
        if former
        else f"CASE WHEN box OR crowded OR namesake THEN 1000 ELSE {n.chance('care', 'family')} % 1000 END"
    )
    any_apartment = f"({n.chance('block', 'pair')} % {apartments})::BIGINT"
    dwelling = f"k * {apartments} + CASE WHEN namesake THEN {any_apartment} ELSE apartment END"
    office = f"(k // {rates.COPIES_FOR_AN_OFFICE})"
    return f"""SELECT *, hash({n.seed}, 'site', site) AS at_hash FROM (
        SELECT k, i, {former} AS former, box AND NOT namesake AS box,
            tax_period, source, effective_on, care < {attorneys} AS office,
            CASE WHEN care < {attorneys} THEN {OFFICE} + {office}
                WHEN dwelling IS NOT NULL AND care >= {attorneys + hosts_} THEN {BLOCK} + {_block("dwelling")}
                ELSE k * {COPY} + place + CASE WHEN crowded THEN {QUARTER} * (1 + i % quarters) ELSE 0 END END AS site,
            CASE WHEN care < {attorneys} THEN {office} * {rates.COPIES_FOR_AN_OFFICE}
                WHEN dwelling IS NOT NULL AND care >= {attorneys + hosts_}
                    THEN dwelling // {_APARTMENTS} * {_APARTMENTS} // {apartments} ELSE k END AS region,
            CASE WHEN namesake THEN CASE WHEN is_second THEN 'APT 110' ELSE 'APT 109' END
                WHEN dwelling IS NOT NULL THEN 'APT ' || {_door("dwelling")} ELSE unit END AS unit,
            CASE WHEN care < {attorneys} THEN (hash({n.seed}, 'firm', {office}) % {FIRMS})::BIGINT
                WHEN care < {attorneys + hosts_}
                    THEN {FIRMS} + ({n.chance("host", "family")} % {HOSTS})::BIGINT END AS host
        FROM (SELECT *, {in_care} AS care, {dwelling} AS dwelling FROM (
            SELECT m.k, m.i, m.pair, m.is_second, m.kind = 'block_namesakes' AS namesake, h.* EXCLUDE (i, former),
                h.quarters IS NOT NULL AS crowded
            FROM (SELECT k, i, pair, is_second, coalesce(kind, '') AS kind,
                    CASE WHEN is_second AND kind IN ('twins', 'double') THEN partner ELSE i END AS home
                FROM {member}) m
                JOIN national_home h ON h.i = m.home AND {"h.former" if former else "NOT h.former"})))"""


_APARTMENTS = sum(size * count for size, count in rates.BLOCKS)
"""After so many apartments the sizes of blocks come round again."""
DOORS_OF_A_FLOOR = 8
"""So the ninth and tenth doors of a floor, at which namesakes live, are nobody else's."""


def _block(dwelling: str) -> str:
    """The number of the block that an apartment is in."""
    within, past, blocks, whens = f"({dwelling} % {_APARTMENTS})", 0, 0, []
    for size, count in rates.BLOCKS:
        whens.append(f"WHEN {within} < {past + size * count} THEN {blocks} + ({within} - {past}) // {size}")
        past, blocks = past + size * count, blocks + count
    return f"({dwelling} // {_APARTMENTS} * {blocks} + CASE {' '.join(whens)} END)"


def _door(dwelling: str) -> str:
    """The number at an apartment's door: its floor, and two digits."""
    within, past, whens = f"({dwelling} % {_APARTMENTS})", 0, []
    for size, count in rates.BLOCKS:
        whens.append(f"WHEN {within} < {past + size * count} THEN ({within} - {past}) % {size}")
        past += size * count
    place = f"(CASE {' '.join(whens)} END)"
    return f"({place} // {DOORS_OF_A_FLOOR} * 100 + {place} % {DOORS_OF_A_FLOOR} + 101)"
