"""Build a synthetic register of any size: the custodian's clean record of simulated taxpayers.

Rules:
 * The same number of people and the same seed give the same rows, under one version of the engine.
 * Up to the size of the sample the people are the sample's own; beyond it, copies of its families under other
   names, other birth dates, other streets and other numbers. Families stay together, and so do couples.
 * The truth stays out of the register: a person id tells nothing, and which simulant it was lies in a folder
   beside it.
 * `register.toml` is written last, so that a register that is not whole cannot be opened.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb

from narrowgate.engine.literal import literal
from narrowgate.engine.parquet import write
from narrowgate.engine.session import open_session
from narrowgate.errors import WrongUse
from narrowgate.synth.numbers import MOST_PEOPLE, TinMaker, person_id_sql
from narrowgate.synth.sample import VERSION, Sample, find_sample
from narrowgate.synth.template import load_template

AS_OF = date(2025, 6, 16)
"""The day of the record: returns of tax year 2024 have been processed by then."""

IMPAIRMENT_PER_1000 = 2
IDENTITY_THEFT_PER_1000 = 5
JUNIOR_PER_100 = 25
"""Sons, out of a hundred whose father files from the same household under the same last name, who bear his
first name."""

COPIES_IN_A_FILE = 48
COPIES_WITH_BORROWERS = 16
MEMORY_LIMIT = "1500MB"

Progress = Callable[[str, int, int], None]
"""Called with what is written, how many are done, and of how many."""


def silent(what: str, done: int, of: int) -> None:
    """Report nothing."""


def truth_folder(register: Path) -> Path:
    """The folder beside a synthetic register that holds what the register must not."""
    return register.with_name(register.name + "-truth")


def build_register(folder: Path, *, people: int | None, seed: int, progress: Progress = silent) -> None:
    """Write a register of `people` (None: everybody in the sample) to `folder`, and its truth beside it."""
    sample = find_sample()
    if folder.exists() and any(folder.iterdir()):
        raise WrongUse(f"folder `{folder}` is not empty", "name a new folder; no record was looked up")
    if people is not None and not 0 < people <= MOST_PEOPLE:
        raise WrongUse(f"a register of `{people}` people cannot be built", f"1 to {MOST_PEOPLE} can")
    truth = truth_folder(folder)
    for part in (folder / "person", folder / "address", truth):
        part.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as spill:
        session = open_session(
            directories=(folder, truth, sample.folder), temp_directory=Path(spill), memory_limit=MEMORY_LIMIT
        )
        with session:
            _Build(session, folder, seed, people, progress).run(sample)


class _Build:
    """One build: its session, its size, and how a copy is numbered."""

    def __init__(
        self,
        session: duckdb.DuckDBPyConnection,
        folder: Path,
        seed: int,
        people: int | None,
        progress: Progress,
    ) -> None:
        self.session = session
        self.folder = folder
        self.seed = seed
        self.progress = progress
        self.asked = people
        self.tins = TinMaker.seeded(seed)

    def run(self, sample: Sample) -> None:
        load_template(self.session, sample, seed=self.seed)
        self.size = _count(self.session, "template_person")
        self.people = self.size if self.asked is None else self.asked
        self.copies = -(-self.people // self.size)
        self._choose_the_last_copy(self.people - (self.copies - 1) * self.size)
        self._set_detours()
        written = 0
        for number, copies in enumerate(_spans(self.copies, COPIES_IN_A_FILE)):
            written += write(self.session, self._person(*copies), self.folder / "person" / f"part-{number:04}.parquet")
            write(self.session, self._address(*copies), self.folder / "address" / f"part-{number:04}.parquet")
            self.progress("people", written, self.people)
        truth = truth_folder(self.folder)
        write(self.session, self._simulants(), truth / "simulant.parquet")
        write(self.session, self._borrowed(), truth / "borrowed.parquet")
        (self.folder / "register.toml").write_text(
            f'name = "simulated taxpayers: pseudopeople {VERSION}, {self.people} people, seed {self.seed}"\n'
            f"as_of = {AS_OF.isoformat()}\nsynthetic = true\n"
        )

    def _choose_the_last_copy(self, people: int) -> None:
        """Mark who is in the last, partial copy: as many people as asked for, no couple parted."""
        spouses = self.session.execute("SELECT i, spouse FROM template_person ORDER BY i").fetchall()
        chosen: list[int] = []
        for i, spouse in spouses:
            couple = sorted((i, spouse)) if spouse is not None else [i]
            if couple[0] == i and len(chosen) + len(couple) <= people:
                chosen += couple
        self.session.execute("CREATE TEMP TABLE in_last_copy AS SELECT unnest(?::BIGINT[]) AS i", [chosen])

    def _set_detours(self) -> None:
        """Where a simulated number would be one that the sample uses, take another."""
        used = [tin for (tin,) in self.session.execute("SELECT tin FROM template_person ORDER BY i").fetchall()]
        self.session.execute("CREATE TEMP TABLE detour(tin_type VARCHAR, n BIGINT, use BIGINT)")
        found = self.tins.detours(used, self.copies * self.size)
        if found:
            types, positions, uses = zip(*found, strict=True)
            self.session.execute(
                "INSERT INTO detour SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]), unnest(?::BIGINT[])",
                [list(types), list(positions), list(uses)],
            )

    def _members(self, first: int, past: int) -> str:
        """Every copied person as (copy k, template row p, position n)."""
        return f"""(SELECT k, k * {self.size} + p.i AS n, p.*
            FROM range({first}, {past}) c(k), template_person p
            WHERE k < {self.copies - 1} OR p.i IN (SELECT i FROM in_last_copy))"""

    def _chance(self, what: str, of: str) -> str:
        return f"hash({self.seed}, {literal(what)}, p.k, {of})"

    def _pick(self, what: str, of: str, among: int) -> str:
        return f"({self._chance(what, of)} % {among})::BIGINT"

    def _id(self, i: str) -> str:
        return person_id_sql(f"p.k * {self.size} + {i}", self.seed)

    def _person(self, first: int, past: int) -> str:
        named_after = f"{self._chance('junior', 'p.father')} % 100 < {JUNIOR_PER_100}"
        members = f"""(SELECT p.*, p.father IS NOT NULL AND {named_after} AS junior,
                CASE WHEN p.tin LIKE '9%' THEN 'ITIN' ELSE 'SSN' END AS tin_type
            FROM {self._members(first, past)} p)"""
        own_first_j = f"p.first_j + ({self._chance('first', 'p.i')} % p.names)::BIGINT"
        his_first_j = f"p.father_first_j + ({self._chance('first', 'p.father')} % p.father_names)::BIGINT"
        earlier = f"(CASE WHEN p.k = 0 THEN 0 ELSE {self._chance('born', 'p.family')} % 1461 END)::INTEGER"
        tin = self.tins.sql("p.tin_type", "coalesce(d.use, p.n)")
        return f"""SELECT {self._id("p.i")} AS person_id,
            CASE WHEN p.k = 0 THEN p.tin ELSE {tin} END AS tin, p.tin_type,
            CASE WHEN p.k > 0 THEN f.first_name
                WHEN p.junior THEN p.father_name ELSE p.first_name END AS first_name,
            p.middle_name, CASE WHEN p.k = 0 THEN p.last_name ELSE s.last_name END AS last_name,
            CASE WHEN p.junior THEN 'JR' END AS name_suffix,
            (p.birth_date - {earlier})::DATE AS birth_date,
            CASE WHEN p.spouse IS NOT NULL THEN {self._id("p.spouse")} END AS joint_with,
            {self._chance("identity theft", "p.i")} % 1000 < {IDENTITY_THEFT_PER_1000} AS identity_theft,
            {self._chance("impairment", "p.i")} % 1000 < {IMPAIRMENT_PER_1000} AS impairment,
            CASE WHEN p.died_on <= {literal(AS_OF)} THEN p.died_on END AS deceased_on
            FROM {members} p
            JOIN first_name f ON f.j = CASE WHEN p.junior THEN {his_first_j} ELSE {own_first_j} END
            JOIN surname s ON s.j = {self._pick("last", "p.surname", self.size)}
            LEFT JOIN detour d ON d.tin_type = p.tin_type AND d.n = p.n"""

    def _address(self, first: int, past: int) -> str:
        number = f"({self._chance('number', 'p.at')} % 9899 + 101)::VARCHAR"
        box = f"CASE WHEN p.k = 0 THEN t.box ELSE {self._chance('box', 'p.at')} % 9999 + 1 END"
        # Beyond the sample a city has a hundred ZIP codes of its own first three digits: a country has 40,000.
        zip_code = f"left(c.zip, 3) || right('0' || ({self._chance('zip', 'p.at')} % 100)::VARCHAR, 2)"
        return f"""SELECT {self._id("p.i")} AS person_id,
            CASE WHEN t.box IS NOT NULL THEN 'PO BOX ' || {box}
                WHEN p.k = 0 THEN t.number || ' ' || t.street ELSE {number} || ' ' || s.street END AS street,
            CASE WHEN t.box IS NULL THEN t.unit END AS unit, c.city, c.state,
            CASE WHEN p.k = 0 THEN c.zip ELSE {zip_code} END AS zip,
            p.tax_period::INTEGER AS tax_period, p.source, p.effective_on
            FROM (SELECT m.k, a.*, a.place + CASE WHEN m.k = 0 OR w.place IS NULL THEN 0
                    ELSE 1000000 * (1 + a.i % w.quarters) END AS at
                FROM {self._members(first, past)} m JOIN template_address a USING (i)
                LEFT JOIN template_crowd w ON w.place = a.place
                WHERE a.effective_on <= {literal(AS_OF)}) p
            JOIN template_place t ON t.place = p.place
            JOIN street s ON s.j = {self._pick("street", "p.at", _count(self.session, "street"))}
            JOIN place c ON c.j = {self._pick("city", "p.at", _count(self.session, "place"))}"""

    def _simulants(self) -> str:
        """Which simulant of the sample each person of copy 0 is; copies are nobody but themselves."""
        return f"""SELECT p.simulant_id, {self._id("p.i")} AS person_id FROM {self._members(0, 1)} p"""

    def _borrowed(self) -> str:
        """Who uses whose number on a wage statement; those outside the register are in copy 0 only."""
        last = min(self.copies, COPIES_WITH_BORROWERS)
        return f"""SELECT {self._id("p.i")} AS owner_id,
            CASE WHEN m.i IS NOT NULL THEN {self._id("b.borrower")} END AS borrower_id,
            b.first_name, b.middle_name, b.last_name, b.birth_date, b.street
            FROM {self._members(0, last)} p JOIN template_borrower b ON b.owner = p.i
            LEFT JOIN {self._members(0, last)} m ON m.k = p.k AND m.i = b.borrower
            WHERE m.i IS NOT NULL OR (b.borrower IS NULL AND p.k = 0)"""


def _count(session: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(session.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _spans(copies: int, step: int) -> Iterator[tuple[int, int]]:
    for first in range(0, copies, step):
        yield first, min(first + step, copies)
