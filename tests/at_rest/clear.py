"""Planted people, and whether any file of a gate tells of them in the clear."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.agency import a_request

PLANTED = ("Quillfeather", "Zebulonia", "987651234", "Planted Lantern Way", "1971-03-09", "lanternfish")
PERSON = {"first_name": "Zebulonia", "last_name": "Quillfeather", "tin": "987651234"}
STREET = "4711 Planted Lantern Way"


def rows() -> list[dict[str, str | None]]:
    """Requests about the planted person, of which one is answered, one returned and one comes to nothing."""
    return [
        a_request(1, **PERSON, street=STREET, reason="The lanternfish file has words of its own at this address"),
        a_request(2, tax_periods=None, reason="Quillfeather is named in a reason of quite another kind"),
        a_request(3, first_name="Zebulonia", birth_date="1971-03-09", street="99 Planted Lantern Way"),
    ]


def in_the_clear(gate: Path) -> list[tuple[str, str]]:
    """File and text of everything planted that some file of the gate holds, and of tables that are not encrypted."""
    return list(_found(gate))


def _found(gate: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(gate.rglob("*")):
        if not file.is_file():
            continue
        content = file.read_bytes()
        name = str(file.relative_to(gate))
        for planted in PLANTED:
            for form in (planted.encode(), planted.encode("utf-16-le"), planted.encode().hex().encode()):
                if form in content or form.lower() in content.lower():
                    yield name, planted
        if content.startswith((b"PAR1", b"PK\x03\x04")):  # compressed, so that a name would not be seen
            yield name, "a table that is not encrypted"
