"""What a register is to those who read it: a name, a day, a mark, a digest and two relations.

Rules:
 * A register is only ever read. Nothing here or in an adapter writes to it.
 * `person` and `address` have the columns below, with these types, and nothing else may be asked of them.
 * An adapter settles whether the records have that shape when it opens them, never in the middle of a batch.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

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

    @property
    def person(self) -> str:
        """The persons, as they stand in a FROM clause."""
        ...

    @property
    def address(self) -> str:
        """The addresses, as they stand in a FROM clause."""
        ...
