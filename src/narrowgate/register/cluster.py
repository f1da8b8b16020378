"""A register in Parquet files that a Spark cluster reads, where it lies.

Rules:
 * The files are those that the gate sees, at the same paths for every worker; if the cluster counts other rows than the
   gate, nothing is asked.
 * What is asked for goes to the cluster as columns, all that may be the answer comes back as columns, and the session
   asks it the question once more: who has a key is decided by the same words as in files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from narrowgate.engine.spark import Spark
from narrowgate.errors import Fault
from narrowgate.register import outside
from narrowgate.register.narrowing import ASKED, LIVED, Dialect, Narrowing, at_once, given
from narrowgate.register.parquet import ParquetRegister, ReadByOthers
from narrowgate.register.parquet_files import Files
from narrowgate.register.protocol import ADDRESS_COLUMNS, PERSON_COLUMNS
from narrowgate.register.questions import Keys
from narrowgate.register.tables import Tables, at_places, kinds_of

_END = "(?![0-9]|[^0-9])"
"""Where nothing follows. To Java `$` is also before an end of line."""
NARROWED = Narrowing(
    Dialect(
        asked=lambda name: name,
        bytewise=lambda column: f"{column} COLLATE UTF8_BINARY",
        first=lambda text, pattern: f"coalesce(regexp_extract({text}, '{pattern}', 0), '')",
        replaced=lambda text, pattern, by: f"regexp_replace({text}, '{pattern}', '{by}')",
        fits=lambda text, pattern: f"{text} RLIKE '{pattern.replace('$', _END)}'",
        either=at_once,
    )
)
_LIVED = {column: ADDRESS_COLUMNS[column] for column in LIVED}


@dataclass(frozen=True)
class ClusterRegister(ReadByOthers):
    """A register in Parquet files, whose tables the cluster knows as `person` and `address`."""

    spark: Spark
    person: str
    address: str

    def addresses_at(self, session: duckdb.DuckDBPyConnection, places: str) -> str:
        asked = {"asked_place": places}
        tables = {
            kind: self._ask(session, kind, _LIVED, NARROWED.addresses_at(self.address, kind), asked)
            for kind in kinds_of(session, places)
        }
        return at_places(places, tables)

    def people_met(self, session: duckdb.DuckDBPyConnection, asked: Keys) -> str:
        query = NARROWED.people_met(self.person, asked)
        met = self._ask(session, "people_met", outside.PEOPLE_MET, query, given(asked))
        return Tables(person=met, address="").people_met(session, asked)

    def addresses_of(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        query = NARROWED.rows_of(self.address, tuple(ADDRESS_COLUMNS))
        return self._ask(session, "addresses_of", ADDRESS_COLUMNS, query, {"asked_person": people})

    def people(self, session: duckdb.DuckDBPyConnection, people: str) -> str:
        query = NARROWED.rows_of(self.person, tuple(PERSON_COLUMNS))
        return self._ask(session, "people_of", PERSON_COLUMNS, query, {"asked_person": people})

    def _ask(
        self,
        session: duckdb.DuckDBPyConnection,
        name: str,
        columns: Mapping[str, str],
        query: str,
        asked: Mapping[str, str],
    ) -> str:
        """The table of the session with what the cluster answers to `query`, given the rows that are `asked` for."""
        handed = {
            table: outside.handed_out(session, outside.asked(rows, ASKED[table])).read_all()
            for table, rows in asked.items()
        }
        try:
            answer = self.spark.ask(query, handed)
        except Fault:
            # Records that changed while they were read may have stopped the cluster: then that is what happened.
            self.unchanged()
            raise
        with outside.streamed(session, answer.to_reader()) as rows:
            return outside.take_in(session, name, columns, rows)


def open_on_cluster(files: ParquetRegister, spark: Spark) -> ClusterRegister:
    """The register `files` as `spark` reads it; a Fault if the cluster sees other files than the gate."""
    names = []
    for table, columns, found in (
        ("person", PERSON_COLUMNS, files.person_files),
        ("address", ADDRESS_COLUMNS, files.address_files),
    ):
        name, single = f"{table}_{files.digest[:16]}", found.paths == (files.folder / f"{table}.parquet",)
        spark.know(
            name,
            _parts(found, columns),
            base=files.folder if single else files.folder / table,
            columns={column: "STRING" if type_ == "VARCHAR" else type_ for column, type_ in columns.items()},
        )
        counted = spark.ask(f"SELECT count(*) AS counted FROM {name}", {})["counted"][0].as_py()
        if counted != found.count:
            raise Fault(
                f"register `{files.name}`: the cluster counts `{counted}` rows of `{table}`, the gate {found.count}",
                f"every worker must see `{files.folder}` as the gate does; no record was looked up",
            )
        names.append(name)
    person, address = names
    return ClusterRegister(files, spark, person, address)


def _parts(files: Files, columns: Mapping[str, str]) -> list[list[Path]]:
    """The files, those together whose columns are stored alike: Spark takes one file's schema for that of all."""
    parts: dict[tuple[str, ...], list[Path]] = {}
    for path in files.paths:
        schema = pq.read_schema(path)
        stored = tuple(str(schema.field(name).type) if name in schema.names else "" for name in columns)
        parts.setdefault(stored, []).append(path)
    return list(parts.values())
