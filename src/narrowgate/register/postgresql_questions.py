"""What a PostgreSQL server is asked to hand over for each question: all that can be in the answer, and little else.

Rules:
 * The server compares bytes. Capitals, digits and punctuation are its affair only where a text is plain ASCII, about
   which no two engines differ; what else has the day or the number of the house goes to the session, which decides.
 * Each row is handed over once, however many keys it has: branches exclude each other.
 * A branch is an equality with what is asked for, so that the server may use an index or hash the small side. The
   expressions are those of the indexes in `docs/scale.md`.
"""

from __future__ import annotations

from narrowgate.register import outside
from narrowgate.register.questions import PERSON_MET

ASKED = {
    "asked_place": {name: outside.PLACES[name] for name in ("area", "number", "kind")},
    "asked_tin": outside.WRITTEN,
    "asked_birth": outside.BIRTHS,
    "asked_named": outside.NAMED,
    "asked_home": outside.PEOPLE,
    "asked_person": outside.PEOPLE,
}
"""The temporary tables in which questions are put to the server, and their columns."""

LIVED = ("person_id", "street", "unit", "city", "state", "zip")
"""The columns of an address that is handed over for a place."""


def tables() -> tuple[str, ...]:
    """Statements that make the temporary tables."""
    types = {"VARCHAR": 'text COLLATE "C"', "DATE": "date"}
    return tuple(
        f"CREATE TEMPORARY TABLE {name} ({', '.join(f'{column} {types[type_]}' for column, type_ in columns.items())})"
        for name, columns in ASKED.items()
    )


def addresses_at(address: str, kind: str) -> str:
    """Addresses that may lie at a place of `kind` in `asked_place`."""
    place = f"SELECT FROM pg_temp.asked_place AS p WHERE p.kind = '{kind}' AND p.number = {_number('a.street')}"
    listed = f"SELECT {', '.join(f'a.{column}' for column in LIVED)} FROM {address} AS a WHERE a.street IS NOT NULL"
    if kind == "zip":
        return f'{listed} AND EXISTS ({place} AND p.area = left(a.zip COLLATE "C", 5))'
    some = f"{listed} AND {_without_zip('a.zip')}" if kind == "unzipped" else listed
    plain = f"{_ascii('a.city')} AND {_ascii('a.state')}"
    return f"""{some} AND {plain} AND EXISTS ({place} AND p.area = {_town("a.city", "a.state")})
        UNION ALL
        {some} AND NOT ({plain}) AND EXISTS ({place})"""


def people_met(person: str, *, named: bool) -> str:
    """People who may have one of the keys in `asked_tin`, `asked_birth` and `asked_home`.

    If `named`, those whose names are plain words have a birth key only if it is in `asked_named`.
    """
    listed = f"SELECT {', '.join(f'p.{column}' for column in PERSON_MET)} FROM {person} AS p WHERE"
    numbered = 'EXISTS (SELECT FROM pg_temp.asked_tin AS t WHERE t.written = p.tin COLLATE "C")'
    home = 'EXISTS (SELECT FROM pg_temp.asked_home AS h WHERE h.person_id = p.person_id COLLATE "C")'
    born = _born(named=named)
    several = [f"{listed} {numbered}"]
    several += [f"{listed} {key} AND NOT {numbered}" for key in born]
    several += [" AND NOT ".join((f"{listed} {home}", numbered, *born))]
    return "\nUNION ALL\n".join(several)


def _born(*, named: bool) -> tuple[str, ...]:
    """Whether a person may have a birth key: conditions for each way of writing names, no two of which can hold."""
    # What is true of the person alone stands inside, so that the server can make a join of each EXISTS.
    exists = "EXISTS (SELECT FROM pg_temp.{0} AS b WHERE b.birth_date = p.birth_date AND {1})"
    plain = f"{_ascii('p.last_name')} AND {_ascii('p.first_name')}"
    letters = f"b.beginning = {_letters('p.last_name', 2)} AND b.initial = {_letters('p.first_name', 1)}"
    marked = exists.format("asked_birth", f"NOT ({plain})")
    if not named:
        return exists.format("asked_birth", f"{plain} AND {letters}"), marked
    words = f"{_one_word('p.last_name')} AND {_one_word('p.first_name')}"
    whole = f"b.last = {_capitals('p.last_name')} AND b.first = {_capitals('p.first_name')}"
    return (
        exists.format("asked_named", f"{words} AND {whole}"),
        exists.format("asked_birth", f"{plain} AND NOT ({words}) AND {letters}"),
        marked,
    )


def rows_of(table: str, columns: tuple[str, ...]) -> str:
    """Rows of `table` of the people in `asked_person`."""
    return f"""SELECT {", ".join(f"r.{column}" for column in columns)} FROM {table} AS r
        WHERE EXISTS (SELECT FROM pg_temp.asked_person AS p WHERE p.person_id = r.person_id COLLATE "C")"""


def _number(street: str) -> str:
    """The first digits in a street, '' if it has none."""
    return f"coalesce(substring({street} COLLATE \"C\" from '[0-9]+'), '')"


def _without_zip(zip_: str) -> str:
    """Whether a ZIP code is not of five or nine digits."""
    return f"({zip_} COLLATE \"C\" ~ '^[0-9]{{5}}(-?[0-9]{{4}})?$') IS NOT TRUE"


def _town(city: str, state: str) -> str:
    """City and state, plain, in the form of `forms.keys.town`."""
    return f"{_words(city)} || ', ' || {_words(state)}"


def _words(column: str) -> str:
    """The words of a plain text in capitals, one space between."""
    joined = f"regexp_replace(translate({column} COLLATE \"C\", '''`.', ''), '[^A-Za-z0-9]+', ' ', 'g')"
    return f"upper(btrim({joined}))"


def _letters(column: str, count: int) -> str:
    """The first letters of a plain name in capitals, whatever stands before or between them."""
    return f"upper(left(regexp_replace({column} COLLATE \"C\", '[^A-Za-z0-9]+', '', 'g'), {count}))"


def _capitals(column: str) -> str:
    """A plain word in capitals."""
    return f'upper({column} COLLATE "C")'


def _one_word(column: str) -> str:
    """Whether a name is of nothing but plain letters."""
    return f"{column} COLLATE \"C\" !~ '[^A-Za-z]'"


def _ascii(column: str) -> str:
    """Whether a text has one byte a letter; missing if it is."""
    # As a CASE, of which the planner expects that it holds of every other row. Of the comparison itself it would expect
    # that it hardly ever holds, and choose to look through all that is asked for, row by row.
    return f"CASE WHEN octet_length({column}) = char_length({column}) THEN TRUE WHEN {column} <> '' THEN FALSE END"
