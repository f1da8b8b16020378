"""The questions that may be asked of a register, as SQL over its two tables.

Rules:
 * There are four, and no other way to a record: who is or was at these places; who has one of these keys; all
   addresses of these people; these people.
 * The small side is what is asked for: hash tables are built on it, and the register streams past.
 * An answer may hold more than was asked for, never less: matching looks at every key again.
"""

from __future__ import annotations

from dataclasses import dataclass

from narrowgate.forms import keys

PERSON_MET = (
    "person_id", "tin", "birth_date", "impairment", "identity_theft", "deceased_on",
    "first_name", "middle_name", "last_name", "name_suffix",
)  # fmt: skip
"""The columns in which people who were met are handed on."""

NOWHERE = "SELECT 0 AS place, '' AS person_id, '' AS street, '' AS unit WHERE FALSE"
"""The addresses at no place."""


@dataclass(frozen=True)
class Keys:
    """What people are asked for by: relations of the session, as they stand in a FROM clause.

    `tin` has a column `written`, each number as it may be written; `birth` has birth_date, beginning (two letters of a
    last name) and initial; `home` has person_id, last_ends and first_ends: people known to be at an address asked
    for, and some of the letters that their names must have there (`forms.keys.ends`), both missing for whoever is
    asked for whatever their name. Somebody may be there more than once. `named` has birth_date, last and first, names
    in their forms: if it is there, a birth key of somebody whose names are plain words finds them only with one of
    these. `born` has birth_date: if it is there, everybody born on one of these days is asked for, and `birth` and
    `named` say nothing.
    """

    tin: str
    birth: str
    home: str
    named: str | None = None
    born: str | None = None


def addresses_at(address: str, places: str, kind: str) -> str:
    """Rows of `address` that lie at one of `places` (place, area, number): place, person_id, street, unit.

    All of `places` are of one kind: `zip`, an area is a ZIP code; `unzipped`, a town, for addresses without a ZIP code;
    `town`, a town, for every address there.
    """
    area = keys.zip5("zip") if kind == "zip" else keys.town("city", "state")
    some = f"WHERE {without_zip()}" if kind == "unzipped" else ""
    return f"""
        SELECT p.place, a.person_id, a.street, a.unit
        FROM (SELECT person_id, street, unit, {area} AS area, {keys.FIRST_NUMBER} AS number FROM {address} {some}) AS a
        JOIN {places} AS p USING (area, number)"""


def without_zip() -> str:
    """Whether an address has no ZIP code of five or nine digits."""
    return f"({keys.zip5('zip')}) IS NULL"


def people_met(person: str, asked: Keys) -> str:
    """Rows of `person` who have one of the keys: the columns of `PERSON_MET`."""
    listed = ", ".join(PERSON_MET)
    return f"""
        SELECT {listed}
        FROM (SELECT {listed}, {_birth(asked)} AS birth, hash(person_id) AS person FROM {person}) AS p
        -- By number and not by text: millions may be at the addresses asked for.
        LEFT JOIN (SELECT hash(person_id) AS person, bit_or(last_ends) AS last_ends, bit_or(first_ends) AS first_ends
                   FROM {asked.home} WHERE person_id IS NOT NULL GROUP BY ALL) AS h USING (person)
        -- One case after the other, so that what costs something is worked out only for those still open. What letters
        -- a name of several words has is seen in its form: whoever lives there under one is taken along.
        WHERE tin IN (SELECT written FROM {asked.tin})
           OR birth IN ({_births(asked)})
           OR CASE
              WHEN h.person IS NULL THEN FALSE
              WHEN h.last_ends IS NULL THEN TRUE
              WHEN h.last_ends & {keys.ends_as_written("p.last_name")} <> 0
                  AND h.first_ends & {keys.ends_as_written("p.first_name")} <> 0 THEN TRUE
              ELSE NOT ({keys.one_word("p.last_name")} AND {keys.one_word("p.first_name")})
              END"""


def _birth(asked: Keys) -> str:
    """The birth key of somebody in the register."""
    if asked.born is not None:
        return "birth_date"
    by_letters = f"hash(birth_date, {keys.beginning('last_name')}, {keys.initial('first_name')})"
    if asked.named is None:
        return by_letters
    return f"""CASE WHEN {keys.one_word("last_name")} AND {keys.one_word("first_name")}
        THEN hash(birth_date, upper(last_name), upper(first_name), TRUE) ELSE {by_letters} END"""


def _births(asked: Keys) -> str:
    """The birth keys asked for."""
    if asked.born is not None:
        return f"SELECT birth_date FROM {asked.born}"
    by_letters = f"SELECT hash(birth_date, beginning, initial) FROM {asked.birth}"
    if asked.named is None:
        return by_letters
    return f"{by_letters} UNION ALL SELECT hash(birth_date, last, first, TRUE) FROM {asked.named}"


def rows_of(table: str, people: str) -> str:
    """Rows of `table` whose `person_id` is among those of `people`."""
    return f"SELECT * FROM {table} SEMI JOIN (SELECT person_id FROM {people}) USING (person_id)"
