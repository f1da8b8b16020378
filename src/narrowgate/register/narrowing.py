"""What whoever holds the records is asked to hand over for each question: all that can be in the answer, and little
else.

Rules:
 * Bytes are compared. Capitals, digits and punctuation are the holder's affair only where a text is plain ASCII, about
   which no two engines differ; what else has the day or the number of the house goes to the session, which decides.
 * Each row is handed over once, however many keys it has.
 * A way to be met is an equality with what is asked for, so that the holder may use an index or hash the small side.
 * The words are those of the SQL standard; the few that engines have words of their own for are a `Dialect`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from narrowgate.register import outside
from narrowgate.register.questions import PERSON_MET, Keys

ASKED = {
    "asked_place": {name: outside.PLACES[name] for name in ("area", "number", "kind")},
    "asked_tin": outside.WRITTEN,
    "asked_birth": outside.BIRTHS,
    "asked_named": outside.NAMED,
    "asked_born": outside.BORN,
    "asked_home": outside.PEOPLE,
    "asked_person": outside.PEOPLE,
}
"""The tables in which questions are put to the holder, and their columns."""

LIVED = ("person_id", "street", "unit", "city", "state", "zip")
"""The columns of an address that is handed over for a place."""


def given(asked: Keys) -> dict[str, str]:
    """The tables that the holder is given to find people by their keys, and the relations that go into them."""
    several = {"tin": asked.tin, "birth": asked.birth, "named": asked.named, "born": asked.born, "home": asked.home}
    return {f"asked_{name}": rows for name, rows in several.items() if rows is not None}


@dataclass(frozen=True)
class Dialect:
    """How an engine says a table of what is asked for, and does with text what standard SQL has no word for.

    Text comes and goes as an expression; patterns are of letters, figures and classes, which all engines read alike.
    """

    asked: Callable[[str], str]
    bytewise: Callable[[str], str]
    first: Callable[[str, str], str]
    """The first that fits a pattern in a text, '' if nothing does."""
    replaced: Callable[[str, str, str], str]
    """A text with all that fits a pattern replaced."""
    fits: Callable[[str, str], str]
    """Whether something in a text fits a pattern."""
    either: Callable[[str, Sequence[Sequence[str]]], str]
    """A query and conditions, as a query for what meets one of them, each row once. They come in groups: of a group, no
    row meets two."""


def branches(listed: str, groups: Sequence[Sequence[str]]) -> str:
    """A query for each condition, for whoever has an index for each."""
    queries: list[str] = []
    met: list[str] = []
    for group in groups:
        queries += [" AND NOT ".join((f"{listed} AND {condition}", *met)) for condition in group]
        met += group
    return "\nUNION ALL\n".join(queries)


def at_once(listed: str, groups: Sequence[Sequence[str]]) -> str:
    """One query, for whoever reads the table from one end to the other."""
    return f"{listed} AND ({' OR '.join(f'({condition})' for group in groups for condition in group)})"


@dataclass(frozen=True)
class Narrowing:
    """The queries, in one dialect."""

    dialect: Dialect

    def addresses_at(self, address: str, kind: str) -> str:
        """Addresses that may lie at a place of `kind` in `asked_place`."""
        place = f"SELECT 1 FROM {self._asked('place')} AS p WHERE p.kind = '{kind}' AND p.number = {self._number}"
        listed = f"SELECT {', '.join(f'a.{column}' for column in LIVED)} FROM {address} AS a WHERE a.street IS NOT NULL"
        if kind == "zip":
            return f"{listed} AND EXISTS ({place} AND p.area = left({self._bytewise('a.zip')}, 5))"
        some = f"{listed} AND {self._without_zip}" if kind == "unzipped" else listed
        plain = f"{_ascii('a.city')} AND {_ascii('a.state')}"
        town = f"{self._words('a.city')} || ', ' || {self._words('a.state')}"
        ways = (f"{plain} AND EXISTS ({place} AND p.area = {town})", f"NOT ({plain}) AND EXISTS ({place})")
        return self.dialect.either(some, [ways])

    def people_met(self, person: str, asked: Keys) -> str:
        """People who may have one of the keys of `asked`, which lie in the tables that `given` names."""
        listed = f"SELECT {', '.join(f'p.{column}' for column in PERSON_MET)} FROM {person} AS p WHERE TRUE"
        numbered = self._exists("tin", f"o.written = {self._bytewise('p.tin')}")
        home = self._exists("home", f"o.person_id = {self._bytewise('p.person_id')}")
        birth = self._born() if asked.born is not None else self._birth(named=asked.named is not None)
        return self.dialect.either(listed, [(numbered,), birth, (home,)])

    def rows_of(self, table: str, columns: tuple[str, ...]) -> str:
        """Rows of `table` of the people in `asked_person`."""
        of_them = self._exists("person", f"o.person_id = {self._bytewise('r.person_id')}")
        return f"SELECT {', '.join(f'r.{column}' for column in columns)} FROM {table} AS r WHERE {of_them}"

    def _born(self) -> tuple[str, ...]:
        """Whether a person has the birth date as a key."""
        return (self._exists("born", "o.birth_date = p.birth_date"),)

    def _birth(self, *, named: bool) -> tuple[str, ...]:
        """Whether a person may have a birth key with names, by ways of writing them: no two of these can hold."""
        # What is true of the person alone stands inside, so that the holder can make a join of each EXISTS.
        day, plain = "o.birth_date = p.birth_date", f"{_ascii('p.last_name')} AND {_ascii('p.first_name')}"
        last, first = self._letters("p.last_name", 2), self._letters("p.first_name", 1)
        letters = f"{day} AND o.beginning = {last} AND o.initial = {first}"
        marked = self._exists("birth", f"{day} AND NOT ({plain})")
        if not named:
            return self._exists("birth", f"{letters} AND {plain}"), marked
        words = f"{self._one_word('p.last_name')} AND {self._one_word('p.first_name')}"
        whole = f"o.last = {self._capitals('p.last_name')} AND o.first = {self._capitals('p.first_name')}"
        return (
            self._exists("named", f"{day} AND {whole} AND {words}"),
            self._exists("birth", f"{letters} AND {plain} AND NOT ({words})"),
            marked,
        )

    def _exists(self, asked: str, condition: str) -> str:
        return f"EXISTS (SELECT 1 FROM {self._asked(asked)} AS o WHERE {condition})"

    def _asked(self, what: str) -> str:
        return self.dialect.asked(f"asked_{what}")

    def _bytewise(self, column: str) -> str:
        return self.dialect.bytewise(column)

    @property
    def _number(self) -> str:
        """The first digits in a street, '' if it has none."""
        return self.dialect.first(self._bytewise("a.street"), "[0-9]+")

    @property
    def _without_zip(self) -> str:
        """Whether a ZIP code is not of five or nine digits."""
        return f"({self.dialect.fits(self._bytewise('a.zip'), '^[0-9]{5}(-?[0-9]{4})?$')}) IS NOT TRUE"

    def _words(self, column: str) -> str:
        """The words of a plain text in capitals, one space between."""
        unmarked = f"translate({self._bytewise(column)}, '''`.', '')"
        return f"upper(btrim({self.dialect.replaced(unmarked, '[^A-Za-z0-9]+', ' ')}))"

    def _letters(self, column: str, count: int) -> str:
        """The first letters of a plain name in capitals, whatever stands before or between them."""
        return f"upper(left({self.dialect.replaced(self._bytewise(column), '[^A-Za-z0-9]+', '')}, {count}))"

    def _capitals(self, column: str) -> str:
        """A plain word in capitals."""
        return f"upper({self._bytewise(column)})"

    def _one_word(self, column: str) -> str:
        """Whether a name is of nothing but plain letters."""
        return f"NOT ({self.dialect.fits(self._bytewise(column), '[^A-Za-z]')})"


def _ascii(column: str) -> str:
    """Whether a text has one byte a letter; missing if it is."""
    # As a CASE, of which the planner expects that it holds of every other row. Of the comparison itself it would expect
    # that it hardly ever holds, and choose to look through all that is asked for, row by row.
    return f"CASE WHEN octet_length({column}) = char_length({column}) THEN TRUE WHEN {column} <> '' THEN FALSE END"
