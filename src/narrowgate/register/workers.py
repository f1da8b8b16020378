"""A register in Parquet files whose files are shared among processes of one machine.

Rules:
 * Each question is answered by every worker of its own files, at once; the answers are read together in the order of
   the workers. Every file is some worker's and nobody else's, so that nothing is lost or said twice.
 * The memory and the threads of the session that asks are divided among the workers.
 * What passes between them lies on the disk encrypted, with the key of the session that asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from narrowgate.encrypted import SUFFIX, url
from narrowgate.engine.literal import text_list
from narrowgate.engine.parquet import write
from narrowgate.engine.session import passing_key
from narrowgate.errors import Fault
from narrowgate.register import outside
from narrowgate.register.parquet import CHANGED, ReadByOthers
from narrowgate.register.parquet_files import Files
from narrowgate.register.questions import Keys
from narrowgate.register.worker_processes import work


@dataclass(frozen=True)
class SharedRegister(ReadByOthers):
    """A register in Parquet files, read by `workers` processes (fewer if a table has fewer files)."""

    workers: int

    def addresses_at(self, session: duckdb.DuckDBPyConnection, places: str) -> str:
        asked = {"places": outside.asked(places, outside.PLACES)}
        return self._ask(session, "addresses_at", self.files.address_files, asked, outside.ADDRESSES_AT)

    def people_met(self, session: duckdb.DuckDBPyConnection, asked: Keys) -> str:
        keys = {
            "tin": outside.asked(asked.tin, outside.WRITTEN),
            "birth": outside.asked(asked.birth, outside.BIRTHS),
            "home": outside.asked(asked.home, outside.HOMES),
        }
        if asked.named is not None:
            keys["named"] = outside.asked(asked.named, outside.NAMED)
        if asked.born is not None:
            keys["born"] = outside.asked(asked.born, outside.BORN)
        return self._ask(session, "people_met", self.files.person_files, keys, outside.PEOPLE_MET)

    def addresses_of(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        asked = {"people": outside.asked(people, outside.PEOPLE)}
        return self._ask(session, "addresses_of", self.files.address_files, asked, outside.ADDRESSES_OF)

    def people(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        asked = {"people": outside.asked(people, outside.PEOPLE)}
        return self._ask(session, "people", self.files.person_files, asked, outside.PEOPLE_OF)

    def _ask(
        self,
        session: duckdb.DuckDBPyConnection,
        question: str,
        files: Files,
        asked: Mapping[str, str],
        columns: Mapping[str, str],
    ) -> str:
        """The table of the session with what all workers answer to `question`, each of its share of `files`."""
        shares = shared(files, self.workers)
        with outside.private_folder(session) as folder:
            for name, query in asked.items():
                write(session, query, folder / f"{name}.parquet{SUFFIX}")
            common = {
                "question": question,
                "asked": {name: str(folder / f"{name}.parquet{SUFFIX}") for name in asked},
                **outside.part_of(session, len(shares)),
                "register": str(self.folder),
                "folder": str(folder),
                "key": passing_key(session).hex(),
            }
            jobs = [common | _of_one(share, folder / f"answer-{number}") for number, share in enumerate(shares, 1)]
            said = work(jobs)
            answers = text_list(url(Path(job["out"])) for job in jobs)
            table = outside.take_in(session, question, columns, f"read_parquet({answers})")
            ((taken,),) = session.execute(f"SELECT count(*) FROM {table}").fetchall()
            if taken != sum(said):
                raise Fault(f"the workers answered `{question}` with {sum(said)} rows, and {taken} came", CHANGED)
            return table


def shared(files: Files, workers: int) -> tuple[Files, ...]:
    """The files in at most `workers` shares of about as many rows each, none of them empty."""
    shares: list[list[int]] = [[] for _ in range(min(workers, len(files.paths)))]
    rows = [0] * len(shares)
    for number in sorted(range(len(files.paths)), key=lambda number: -files.rows[number]):
        least = rows.index(min(rows))
        shares[least].append(number)
        # One more for the file itself, so that files without rows are shared out too.
        rows[least] += files.rows[number] + 1
    return tuple(
        replace(
            files, paths=tuple(files.paths[n] for n in sorted(share)), rows=tuple(files.rows[n] for n in sorted(share))
        )
        for share in shares
    )


def _of_one(share: Files, out: Path) -> dict[str, Any]:
    """What of a job is one worker's own."""
    return {
        "paths": [str(path) for path in share.paths],
        "folders": sorted(share.folders),
        "out": str(out.with_suffix(f".parquet{SUFFIX}")),
        "spill": str(out.with_suffix(".spill")),
    }
