"""Build a synthetic register of any size: the custodian's clean record of simulated taxpayers.

Rules:
 * The same number of people and the same seed give the same rows, under one version of the engine and whatever the
   number of threads.
 * Up to the size of the sample the people are the sample's own (`sample_part`); beyond it they are copies of its
   families under the names of a country and at addresses all over it, with the hard cases of identity at stated
   rates (`national`, `hard_cases`).
 * Families stay together, and so do couples and pairs: all that is said of one lies in parts of one number, so that
   any part is a register by itself.
 * The truth stays out of the register: a person id tells nothing, and which simulant it was, who borrowed whose
   number and which two records are of one person lies in a folder beside it.
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
from narrowgate.synth.census_names import Census, find_census, load_names
from narrowgate.synth.country import load_country
from narrowgate.synth.national import National, borrowed, doubles, members, persons
from narrowgate.synth.national_template import load_national
from narrowgate.synth.numbers import MOST_PEOPLE, TinMaker
from narrowgate.synth.sample import PEOPLE, VERSION, Sample, find_sample
from narrowgate.synth.sample_part import SamplePart
from narrowgate.synth.sites import addresses, at_sites, hosts
from narrowgate.synth.template import load_template

AS_OF = date(2025, 6, 16)
"""The day of the record: returns of tax year 2024 have been processed by then."""

COPIES_IN_A_PART = 48
"""A million people: so many are in memory at once."""
COPIES_WITH_BORROWERS = 16
MEMORY_LIMIT = "1500MB"

Progress = Callable[[str, int, int], None]
"""Called with what is written, how many are done, and of how many."""


def silent(what: str, done: int, of: int) -> None:
    """Report nothing."""


def truth_folder(register: Path) -> Path:
    """The folder beside a synthetic register that holds what the register must not."""
    return register.with_name(register.name + "-truth")


def build_register(
    folder: Path, *, people: int | None, seed: int, progress: Progress = silent, threads: int = 2
) -> None:
    """Write a register of `people` (None: everybody in the sample) to `folder`, and its truth beside it."""
    sample = find_sample()
    if folder.exists() and any(folder.iterdir()):
        raise WrongUse(f"folder `{folder}` is not empty", "name a new folder; no record was looked up")
    if people is not None and not 0 < people <= MOST_PEOPLE:
        raise WrongUse(f"a register of `{people}` people cannot be built", f"1 to {MOST_PEOPLE} can")
    census = find_census() if people is not None and people > PEOPLE else None
    truth = truth_folder(folder)
    for part in (folder / "person", folder / "address", truth):
        part.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as spill:
        session = open_session(
            directories=(folder, truth, sample.folder), temp_directory=Path(spill), memory_limit=MEMORY_LIMIT,
            threads=threads,
        )  # fmt: skip
        with session:
            _Build(session, folder, seed, people, progress).run(sample, census)


class _Build:
    """One build: its session, its size, and how far it is."""

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
        self.written = 0

    def run(self, sample: Sample, census: Census | None) -> None:
        """Write every file."""
        load_template(self.session, sample, seed=self.seed)
        self.people = PEOPLE if self.asked is None else self.asked
        self.copies = -(-self.people // PEOPLE)
        self._keep("in_sample_part", min(self.people, PEOPLE), "SELECT i, spouse FROM template_person ORDER BY i")
        tins = TinMaker.seeded(self.seed)
        self._set_detours(tins)
        of_sample = SamplePart(self.seed, tins, literal(AS_OF), self._count("street"), self._count("place"))
        truth = truth_folder(self.folder)
        self._write_part(0, of_sample.person(), of_sample.address())
        write(self.session, of_sample.simulants(), truth / "simulant.parquet")
        known = of_sample.borrowed()
        if census is not None:
            national = self._national(census, tins)
            self._write_copies(national)
            write(self.session, doubles(national, self._of_doubles()), truth / "same_person.parquet")
            known = f"({known}) UNION ALL ({borrowed(national, self._of_borrowers())})"
        write(self.session, known, truth / "borrowed.parquet")
        (self.folder / "register.toml").write_text(
            f'name = "simulated taxpayers: pseudopeople {VERSION}, {self.people} people, seed {self.seed}"\n'
            f"as_of = {AS_OF.isoformat()}\nsynthetic = true\n"
        )

    def _national(self, census: Census, tins: TinMaker) -> National:
        """Load what copies are made from, and choose who is in the last one."""
        session, seed = self.session, self.seed
        load_names(session, census, seed=seed)
        load_country(session, seed=seed)
        load_national(session, seed=seed)
        session.execute(f"CREATE TEMP TABLE host AS {hosts(seed)}")
        national = National.of(session, seed=seed, tins=tins, as_of=literal(AS_OF))
        last = self.people - (self.copies - 1) * PEOPLE
        self._keep("in_last_copy", last, "SELECT i, coalesce(spouse, partner) FROM national_person ORDER BY i")
        return national

    def _keep(self, table: str, people: int, links: str) -> None:
        """Keep as many people as asked for in `table`, in their order, and none without whom `links` ties them to."""
        chosen: list[int] = []
        for i, other in self.session.execute(links).fetchall():
            tied = sorted((i, other)) if other is not None else [i]
            if tied[0] == i and len(chosen) + len(tied) <= people:
                chosen += tied
        self.session.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT unnest(?::BIGINT[]) AS i", [chosen])

    def _set_detours(self, tins: TinMaker) -> None:
        """Where a simulated number would be one that the sample uses, take another."""
        used = [tin for (tin,) in self.session.execute("SELECT tin FROM template_person ORDER BY i").fetchall()]
        itins = sum(tin.startswith("9") for tin in used)
        found = tins.detours(used, ssns=self.copies * PEOPLE, itins=self.copies * itins)
        types, positions, uses = zip(*found, strict=True) if found else ((), (), ())
        self.session.execute(
            """CREATE TEMP TABLE detour AS SELECT unnest(?::VARCHAR[]) AS tin_type, unnest(?::BIGINT[]) AS n,
                unnest(?::BIGINT[]) AS use""",
            [list(types), list(positions), list(uses)],
        )

    def _write_copies(self, national: National) -> None:
        """Write the copies, a part at a time."""
        apartments, streets = self._count("apartment"), self._count("national_street")
        for number, (first, past) in enumerate(_spans(1, self.copies, COPIES_IN_A_PART), start=1):
            for name, query in (
                (
                    "position",
                    f"SELECT range AS n FROM range({first * PEOPLE}, {past * PEOPLE}) {self._in_register('range')}",
                ),
                ("member", members(national, "position")),
                ("at_site", at_sites(national, "member", apartments=apartments)),
            ):
                self.session.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
            self._write_part(number, persons(national, "member"), addresses(national, "at_site", streets=streets))

    def _write_part(self, number: int, person: str, address: str) -> None:
        name = f"part-{number:04}.parquet"
        self.written += write(self.session, person, self.folder / "person" / name, often_read=number > 0)
        write(self.session, address, self.folder / "address" / name, often_read=number > 0)
        self.progress("people", self.written, self.people)

    def _in_register(self, n: str) -> str:
        """Which positions are, of the last copy."""
        return f"WHERE {n} < {(self.copies - 1) * PEOPLE} OR {n} % {PEOPLE} IN (SELECT i FROM in_last_copy)"

    def _of_doubles(self) -> str:
        """The positions of those who may be the second record of somebody."""
        return f"""(SELECT n FROM (SELECT k * {PEOPLE} + i AS n FROM range(1, {self.copies}) c(k),
            (SELECT i FROM national_person WHERE may_be_double AND is_second)) {self._in_register("n")})"""

    def _of_borrowers(self) -> str:
        """Everybody in the copies of whom it is known who borrows whose number on wage statements."""
        past = min(self.copies, COPIES_WITH_BORROWERS) * PEOPLE
        return f"(SELECT range AS n FROM range({PEOPLE}, {past}) {self._in_register('range')})"

    def _count(self, table: str) -> int:
        return int(self.session.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _spans(first: int, past: int, step: int) -> Iterator[tuple[int, int]]:
    for begin in range(first, past, step):
        yield begin, min(begin + step, past)
