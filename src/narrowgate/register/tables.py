"""The four questions of two relations that the session itself can read.

Rules:
 * Files are asked here, and so is a worker's share of them and whatever a server hands over: who has a key is said in
   one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from narrowgate.register import questions
from narrowgate.register.questions import Keys


@dataclass(frozen=True)
class Tables:
    """`person` and `address`, as they stand in a FROM clause, with the columns of `protocol`."""

    person: str
    address: str

    def addresses_at(self, session: duckdb.DuckDBPyConnection, places: str) -> str:
        kinds = kinds_of(session, places)
        if "unzipped" in kinds and not self._any_without_zip(session):
            kinds.remove("unzipped")
        return at_places(places, dict.fromkeys(kinds, self.address))

    def _any_without_zip(self, session: duckdb.DuckDBPyConnection) -> bool:
        found = session.execute(f"SELECT 1 FROM {self.address} WHERE {questions.without_zip()} LIMIT 1").fetchone()
        return found is not None

    def people_met(self, session: duckdb.DuckDBPyConnection, asked: Keys) -> str:
        return f"({questions.people_met(self.person, asked)})"

    def addresses_of(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        return f"({questions.rows_of(self.address, people)})"

    def people(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        return f"({questions.rows_of(self.person, people)})"


def kinds_of(session: duckdb.DuckDBPyConnection, places: str) -> list[str]:
    """The kinds of `places` that there are."""
    return [kind for (kind,) in session.execute(f"SELECT DISTINCT kind FROM {places} ORDER BY kind").fetchall()]


def at_places(places: str, address: Mapping[str, str]) -> str:
    """The addresses at `places`, those of each kind looked for in an `address` of its own."""
    asked = [
        questions.addresses_at(table, f"(FROM {places} WHERE kind = '{kind}')", kind) for kind, table in address.items()
    ]
    return f"({' UNION ALL '.join(asked) or questions.NOWHERE})"
