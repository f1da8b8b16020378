"""Where people of a whole country live: 36,000 ZIP codes of unlike size, their towns, and the streets in them.

Rules:
 * A ZIP code lies in the state that its first three digits belong to. Which of the hundred codes behind three
   digits are in use, and how many people each has, is simulated; so is the town, unless `places` has the city of the
   first three digits.
 * States have the people that the census of 2020 counted, to a hundred thousand; the digits of the large cities in
   `places` have more than others of their state, and the size of a ZIP code within them is uneven.
 * A ZIP code has some hundred streets of its own: a house number that is off by a few is somebody else's house.
"""

from __future__ import annotations

import duckdb

from narrowgate.synth.places import PLACES

SLOTS = 400_000
"""An address takes one of so many slots by chance, and a ZIP code has as many as it is large."""
STREETS_OF_A_ZIP = 128
ZIPS_PER_100 = 40
CITY_WEIGHT = 4
"""How many times more people live behind the three digits of a large city than behind others of its state."""

_STATES = """
AL 50 350-369|AK 7 995-999|AZ 72 850-853 855-857 859-860 863-865|AR 30 716-729|CA 395 900-908 910-928 930-961
CO 58 800-816|CT 36 060-069|DE 10 197-199|DC 7 200 203-205|FL 215 320-342 344 346-347 349|GA 107 300-319 398-399
HI 15 967-968|ID 18 832-838|IL 128 600-620 622-629|IN 68 460-479|IA 32 500-516 520-528|KS 29 660-662 664-679
KY 45 400-418 420-427|LA 47 700-701 703-708 710-714|ME 14 039-049|MD 62 206-212 214-219|MA 70 010-027|MI 101 480-499
MN 57 550-551 553-567|MS 30 386-397|MO 62 630-631 633-641 644-658|MT 11 590-599|NE 20 680-681 683-693
NV 31 889-891 893-895 897-898|NH 14 030-038|NJ 93 070-089|NM 21 870-871 873-875 877-884|NY 202 100-149
NC 104 270-289|ND 8 580-588
OH 118 430-459|OK 40 730-731 734-741 743-749|OR 42 970-979|PA 130 150-196
RI 11 028-029|SC 51 290-299|SD 9 570-577|TN 69 370-385|TX 291 750-770 772-799 885|UT 33 840-847|VT 6 050-054 056-059
VA 86 201 220-246|WA 77 980-986 988-994|WV 18 247-268|WI 59 530-532 534-535 537-549|WY 6 820-831
"""
_TOWN_BEGINS = """
Cedar Oak Maple Spring Green Fair Lake River Mill Stone Wood Clear Pine Elm North South East West New Glen High Rock
Sand Silver Golden Red White Black Union Liberty Franklin Madison Jackson Clinton Salem Marion George Clay Ash Birch
Bridge Brook Cherry Crystal Eagle Forest Grand Harbor Hazel Holly Iron
""".upper().split()
_TOWN_ENDS = """
Grove Hill Creek Falls Springs Valley Park Ridge City Heights Point Bend Crossing Junction Station Beach Haven Bluff
Prairie Corners Mills Landing Ferry Forks Harbor Hollow Meadows Summit Village Town
""".upper().split()
_NAMED = """Main Oak Maple Cedar Elm Pine Walnut Chestnut Washington Lincoln Jefferson Madison Jackson Adams Park Lake
Hill Church School Mill River Spring Center Union Highland Franklin Sunset Railroad Broad Market Cherry Dogwood Willow
Locust Hickory Poplar Birch Spruce Magnolia Laurel Meadow Prospect Pleasant Ridge Valley Forest College Court Water
Front Bridge Liberty Grant Monroe Harrison Cleveland Wilson""".upper().split()


def load_country(session: duckdb.DuckDBPyConnection, *, seed: int) -> None:
    """Make the tables zip_slot (j, zip, city, state, first_street) and national_street (j, street)."""
    session.execute(f"CREATE TEMP TABLE national_street AS {_streets()}")
    prefixes = [(digits, state, people) for state, people, digits in _prefixes()]
    cities = {place.zip[:3]: place.city.upper() for place in PLACES}
    session.execute(
        """CREATE TEMP TABLE zip_prefix AS SELECT unnest(?::VARCHAR[]) AS digits, unnest(?::VARCHAR[]) AS state,
            unnest(?::BIGINT[]) AS people, unnest(?::VARCHAR[]) AS city""",
        [*map(list, zip(*prefixes, strict=True)), [cities.get(digits) for digits, _, _ in prefixes]],
    )
    session.execute(f"CREATE TEMP TABLE zip_slot AS {_zips(seed)}")
    session.execute("DROP TABLE zip_prefix")


def _prefixes() -> list[tuple[str, int, str]]:
    """(state, its people, three digits) for all first three digits of ZIP codes."""
    found = []
    for entry in _STATES.strip().replace("\n", "|").split("|"):
        state, people, *spans = entry.split()
        for span in spans:
            first, last = span[:3], span[-3:]
            found += [(state, int(people), f"{digits:03}") for digits in range(int(first), int(last) + 1)]
    return found


def _zips(seed: int) -> str:
    """One row per slot. People of a state are divided among its digits, those of the digits among ZIP codes."""

    def chance(what: str) -> str:
        return f"hash({seed}, '{what}', zip)"

    def uniform(what: str) -> str:
        return f"(({chance(what)} % 1000000 + 1) / 1000001.0)"

    towns = " || ' ' || ".join(
        f"{words}[1 + ({chance(f'town {place}')} % {len(words)})::BIGINT]"
        for place, words in enumerate((_TOWN_BEGINS, _TOWN_ENDS))
    )
    # The logarithm of a ZIP code's size is normal, by Box and Muller, with a deviation of one.
    size = f"round(1000 * exp(sqrt(-2 * ln({uniform('size')})) * cos(2 * pi() * {uniform('angle')})))::BIGINT"
    # Whole numbers: what a sum of fractions comes to depends on the order in which it is added up.
    cuts = f"(sum(people) OVER (ORDER BY zip) * {SLOTS} // sum(people) OVER ())::BIGINT"
    return f"""WITH code AS (SELECT digits || right('0' || last_two::VARCHAR, 2) AS zip, state, city, people,
                CASE WHEN city IS NULL THEN 1 ELSE {CITY_WEIGHT} END AS weight, digits
            FROM zip_prefix, range(100) r(last_two)),
        used AS (SELECT *, weight * {size} AS size FROM code WHERE {chance("used")} % 100 < {ZIPS_PER_100}),
        sized AS (SELECT zip, state, coalesce(city, {towns}) AS city,
            people * 1000000 * size // sum(size) OVER (PARTITION BY state) AS people FROM used)
        SELECT unnest(range(begins, greatest(past, begins))) AS j, zip, city, state,
            (hash({seed}, 'streets', zip) % (SELECT count(*) FROM national_street))::BIGINT AS first_street
        FROM (SELECT *, coalesce(lag(past) OVER (ORDER BY zip), 0) AS begins
            FROM (SELECT *, {cuts} AS past FROM sized))
        ORDER BY j"""


def _streets() -> str:
    """The sample's streets, numbered ones, and those that every town has; numbered in an order of no meaning."""
    ordinal = """n::VARCHAR || CASE WHEN n % 100 IN (11, 12, 13) THEN 'TH' WHEN n % 10 = 1 THEN 'ST'
        WHEN n % 10 = 2 THEN 'ND' WHEN n % 10 = 3 THEN 'RD' ELSE 'TH' END"""
    return f"""SELECT row_number() OVER (ORDER BY hash('street', street), street) - 1 AS j, street FROM (
        SELECT street FROM street
        UNION SELECT direction || name || ' ' || suffix
            FROM (SELECT {ordinal} AS name FROM range(1, 151) r(n) UNION ALL SELECT unnest({_NAMED})),
                (SELECT unnest(['', 'N ', 'S ', 'E ', 'W ']) AS direction),
                (SELECT unnest(['ST', 'AVE', 'DR', 'RD', 'LN']) AS suffix))"""
