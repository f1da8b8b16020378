"""What a register is to those who read it: a name, a day, a mark, a digest, and four questions.

Rules:
 * A register is only ever read. Nothing here or in an adapter writes to it.
 * Its records have the columns below, with these types. An adapter settles that when it opens them, never in the
   middle of a batch.
 * What is asked for lies in tables of the session. An answer is a relation, as it stands in a FROM clause. Where the
   records are (files, a server, a lake) is the adapter's own affair and changes no answer.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Protocol

import duckdb

from narrowgate.register.questions import Keys

PERSON_COLUMNS: dict[str, str] = {
    "person_id": "VARCHAR",
    "tin": "VARCHAR",
    "tin_type": "VARCHAR",
    "first_name": "VARCHAR",
    "middle_name": "VARCHAR",
    "last_name": "VARCHAR",
    "name_suffix": "VARCHAR",
    "birth_date": "DATE",
    "joint_with": "VARCHAR",
    "identity_theft": "BOOLEAN",
    "impairment": "BOOLEAN",
    "deceased_on": "DATE",
}
"""One row per person; `impairment` is the determination of 26 USC 6103(i)(6)."""

ADDRESS_COLUMNS: dict[str, str] = {
    "person_id": "VARCHAR",
    "street": "VARCHAR",
    "unit": "VARCHAR",
    "city": "VARCHAR",
    "state": "VARCHAR",
    "zip": "VARCHAR",
    "tax_period": "INTEGER",
    "source": "VARCHAR",
    "effective_on": "DATE",
}
"""One row per address that a return, a notice or the change-of-address file gave for a person."""


class Register(Protocol):
    """The records of the custodian as stations see them (`spec/register.md`)."""

    @property
    def folder(self) -> Path:
        """The folder that describes it; a session in which it is asked can read what lies there."""
        ...

    @property
    def name(self) -> str:
        """What the custodian calls this register."""
        ...

    @property
    def as_of(self) -> date:
        """The day up to which what was received has been processed into it."""
        ...

    @property
    def synthetic(self) -> bool:
        """Whether nobody in it exists."""
        ...

    @property
    def digest(self) -> str:
        """Hex SHA-256 by which a determination names the register it was made on."""
        ...

    def addresses_at(self, session: duckdb.DuckDBPyConnection, places: str) -> str:
        """Addresses at `places` (place, area, number, kind): place, person_id, street, unit.

        What an area is, the kind says: `questions.addresses_at`.
        """
        ...

    def people_met(self, session: duckdb.DuckDBPyConnection, asked: Keys) -> str:
        """Everybody who has one of the keys, with the columns of `questions.PERSON_MET`; others may be among them."""
        ...

    def addresses_of(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        """All addresses of `people` (person_id), with the columns of `ADDRESS_COLUMNS`."""
        ...

    def people(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        """Everybody in `people` (person_id), with the columns of `PERSON_COLUMNS`."""
        ...

    def unchanged(self) -> None:
        """A Fault if the records are not those that were opened."""
        ...
