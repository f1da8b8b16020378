"""Read what was measured of an agreement's rules of evidence: `measured.toml`, which a measurement writes.

Rules:
 * It binds nobody: it is not digested, no gate reads it, and an agreement without it is sound.
 * It says of each bound all that somebody needs to repeat it: the rows, the day, the command, and of what wording of
   the rule, in what list of rules, it is (`wording`).
 * One entry for each rule and set of rows. Sets are never added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from narrowgate.agreement.folder import MEASURED, decode
from narrowgate.agreement.table import Table, read_table
from narrowgate.agreement.wording import Identity
from narrowgate.files import SHA256

_HEAD = ("measured_on", "command", "program", "engine", "forms", "rows", "bound")
_ROWS = ("id", "title", "people", "requests", "seeds", "digests")
_BOUND = ("rule", "rows", "under", "decisions", "wrong", "upper", "wording", "list")


@dataclass(frozen=True)
class Rows:
    """A set of rows: how many requests about a register of how many people, from which seeds, with which digests."""

    id: str
    title: str
    people: int
    requests: int
    seeds: Mapping[str, int]
    digests: Mapping[str, str]


@dataclass(frozen=True)
class Bound:
    """What was counted of one rule on one set of rows, under the list of rules `under`.

    `upper` is the highest rate of wrong persons that these counts leave likely (one-sided, at 95 %); `on` the day whose
    agreement counted; `forms` the version of the forms in which values were compared.
    """

    rule: str
    rows: Rows
    under: str
    decisions: int
    wrong: int
    upper: float
    of: Identity
    on: date
    command: str
    forms: int
    file: str
    line: int


def read_measured(files: Mapping[str, bytes], name: str) -> tuple[Bound, ...]:
    """The bounds in the files of the agreement's folder `name`, in their order; none where it has no such file."""
    if MEASURED not in files:
        return ()
    file = f"{name}/{MEASURED}"
    head = read_table(decode(files[MEASURED], file=file), kind=MEASURED, file=file, line=1)
    head.only(needs=_HEAD)
    for key in ("program", "engine"):
        head.text(key)
    sets: dict[str, Rows] = {}
    for table in head.tables("rows"):
        rows = _rows(table)
        if rows.id in sets:
            raise table.refuse(f"the rows `{rows.id}` stand here a second time", "id")
        sets[rows.id] = rows
    found: dict[tuple[str, str], Bound] = {}
    for table in head.tables("bound"):
        bound = _bound(table, head, sets)
        if (bound.rule, bound.rows.id) in found:
            raise table.refuse(f"`{bound.rule}` has a bound on the rows `{bound.rows.id}` already", "rule")
        found[bound.rule, bound.rows.id] = bound
    return tuple(found.values())


def _rows(table: Table) -> Rows:
    table.only(needs=_ROWS)
    seeds, digests = table.table("seeds"), table.table("digests")
    return Rows(
        id=table.text("id"),
        title=table.prose("title"),
        people=table.number("people"),
        requests=table.number("requests"),
        seeds={name: seeds.number(name) for name in seeds.values},
        digests={name: _sha256(digests, name) for name in digests.values},
    )


def _bound(table: Table, head: Table, sets: Mapping[str, Rows]) -> Bound:
    table.only(needs=_BOUND)
    if table.text("rows") not in sets:
        raise table.refuse(f"there are no rows `{table.text('rows')}`", "rows")
    rows, decisions, wrong = sets[table.text("rows")], table.number("decisions"), table.number("wrong")
    if not 0 <= wrong <= decisions <= rows.requests:
        raise table.refuse(f"{wrong} wrong of {decisions} decisions on {rows.requests} requests is no count", "wrong")
    return Bound(
        rule=table.text("rule"),
        rows=rows,
        under=table.text("under"),
        decisions=decisions,
        wrong=wrong,
        upper=float(table.share("upper")),
        of=Identity(_sha256(table, "wording"), _sha256(table, "list")),
        on=head.day("measured_on"),
        command=head.text("command"),
        forms=head.number("forms"),
        file=table.file,
        line=table.place("rule"),
    )


def _sha256(table: Table, key: str) -> str:
    if SHA256.fullmatch(table.text(key)) is None:
        raise table.refuse(f"`{key}` is not a hex SHA-256", key)
    return table.text(key)
