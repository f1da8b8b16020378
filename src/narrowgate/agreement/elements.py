"""Map the elements of the law to the clauses that ask for them, so that none is left out unnoticed.

Rules:
 * `elements.toml` lists what the law asks for, element by element, with the clauses that answer for each.
 * An element without a clause, a clause that the file names and that does not exist, and a clause that answers for
   no element are shortcomings. An agreement without the file has said nothing of its elements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from narrowgate.agreement.folder import decode
from narrowgate.agreement.table import Table, read_table
from narrowgate.terms.agreement import Agreement

FILE = "elements.toml"


@dataclass(frozen=True)
class Element:
    """One element: where the law has it, what it asks in our words, and the ids of the clauses that ask for it."""

    part: str
    cite: str
    asks: str
    clauses: tuple[str, ...]
    line: int


def elements(files: Mapping[str, bytes], name: str) -> tuple[Element, ...]:
    """The elements in the files of an agreement; none where it has no such file."""
    if FILE not in files:
        return ()
    file = f"{name}/{FILE}"
    table = read_table(decode(files[FILE], file=file), kind="the elements", file=file, line=1)
    table.only(needs=("element",))
    return tuple(_element(one) for one in table.tables("element"))


def _element(table: Table) -> Element:
    table.only(needs=("part", "cite", "asks", "clauses"))
    return Element(table.text("part"), table.text("cite"), table.prose("asks"), table.texts("clauses"), table.line)


def unmapped(agreement: Agreement, files: Mapping[str, bytes], name: str) -> Iterator[str]:
    """What is not mapped, with its place."""
    found = elements(files, name)
    for element in found:
        for clause in element.clauses:
            if clause not in agreement.clauses:
                yield f"{name}/{FILE}:{element.line}: there is no clause `{clause}`"
    mapped = {clause for element in found for clause in element.clauses}
    for one in agreement.clauses.values():
        if found and one.id not in mapped:
            yield f"{name}/agreement.md:{one.line}: the clause `{one.id}` answers for no element in {FILE}"


def coverage(agreement: Agreement, found: tuple[Element, ...]) -> str:
    """The page that shows the elements with their clauses, and the clauses with what they cite."""
    lines = [
        f"# What the law asks for, and the clauses of `{agreement.id}` that ask for it",
        "",
        "Made from the agreement by `narrowgate agreement coverage`; a test holds it to that. Every element has a",
        "clause, every clause answers for an element and cites its source.",
    ]
    for part in dict.fromkeys(element.part for element in found):
        lines += ["", f"## {part}", "", "| Where | What is asked | Clauses |", "|---|---|---|"]
        lines += [f"| {one.cite} | {one.asks} | {', '.join(one.clauses)} |" for one in found if one.part == part]
    lines += ["", "## The clauses", "", "| Clause | Reads | Title | Cites |", "|---|---|---|---|"]
    lines += [
        f"| {one.id} | {one.reads.value} | {one.title} | {'; '.join(one.cites)} |" for one in agreement.clauses.values()
    ]
    return "\n".join(lines) + "\n"
