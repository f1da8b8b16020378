"""A session on a Spark cluster, in which a custodian's cluster judges clauses and reads a register.

Rules:
 * Tables go there and come back as columns in memory: nothing of them lies on a disk of the gate, and what the cluster
   itself must put on its disks is encrypted.
 * What decides what comes out of a query is set here, whatever the cluster's own settings say: ANSI mode, the time
   zone, how a day of long ago is read, and that a file that cannot be read is an error and not an empty one.
 * Where the cluster is and who may use it are said to Spark as to any other program of its (`spark-defaults.conf`).
 * A cluster that does not answer, or has nobody to do the work, is a Fault.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from narrowgate.errors import Fault, WrongUse

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

ENOUGH = 60.0
"""So many seconds a cluster may take to give the session somebody who works."""

SETTINGS: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    # Else a folder `zip=02134` would be read as the number 2134.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    # A doubled quote and a backslash within quotes are as in the standard, and `${...}` is text.
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.legacy.consecutiveStringLiterals.enabled": "false",
    "spark.sql.variable.substitute": "false",
    # Whatever leaves the memory of the cluster or of the driver for a disk. Plans, which name columns and constants of
    # an agreement, are neither shown to whoever finds a port nor logged.
    "spark.io.encryption.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.log.level": "ERROR",
    # A driver without memory ends, and with it the batch. Else it would go on without the threads that came to harm.
    "spark.driver.defaultJavaOptions": "-XX:+ExitOnOutOfMemoryError",
    # What is asked for and what comes back may be larger than Spark expects of a query's result.
    "spark.driver.maxResultSize": "0",
    "spark.rpc.message.maxSize": "1024",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
}
"""What is set for every session, as `spark-defaults.conf` would say it."""


@dataclass(frozen=True)
class Spark:
    """A session on a cluster; `name` is what a determination records of it."""

    session: SparkSession
    name: str

    def ask(self, query: str, given: Mapping[str, pa.Table]) -> pa.Table:
        """The rows that `query` comes to, in no order; what is `given` are tables of the session for as long."""
        with in_its_words():
            try:
                for name, rows in given.items():
                    self.session.createDataFrame(rows).createOrReplaceTempView(name)
                return self.session.sql(query).toArrow()
            finally:
                for name in given:
                    self.session.catalog.dropTempView(name)

    def know(self, name: str, parts: Iterable[Sequence[Path]], *, base: Path, columns: Mapping[str, str]) -> None:
        """Make a table `name` of Parquet files, in parts whose files are of one schema, with `columns` by type.

        A folder `column=value` below `base` gives its files that column. A column that a part has not is missing in it.
        """
        with in_its_words():
            read = [self._read(files, base, columns) for files in parts]
            reduce(lambda one, other: one.unionAll(other), read).createOrReplaceTempView(name)

    def _read(self, files: Sequence[Path], base: Path, columns: Mapping[str, str]) -> DataFrame:
        rows = self.session.read.option("basePath", f"file:{base}").parquet(*(_pattern(file) for file in files))
        held = {field.name for field in rows.schema if field.dataType.typeName() != "void"}
        return rows.selectExpr(
            *(f"CAST({f'`{name}`' if name in held else 'NULL'} AS {type_}) AS `{name}`"
              for name, type_ in columns.items())
        )  # fmt: skip


@contextmanager
def open_spark(master: str) -> Iterator[Spark]:
    """A session on the cluster at `master` (`spark://host:port`, or as Spark says it), closed at the end."""
    try:
        import pyspark  # noqa: PLC0415 - an extra: a gate that uses no cluster does not have it
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as missing:
        raise WrongUse(
            "the engine `spark` needs a package that is not installed",
            "pip install 'narrowgate[spark]', and Java 17 or later; no record was looked up",
        ) from missing
    _reach(master)
    builder = SparkSession.builder.master(master).appName("narrowgate")
    with in_its_words(), _words_of_java():
        session = builder.config(map={**SETTINGS}).getOrCreate()
    try:
        _await_workers(session, master)
        yield Spark(session, f"spark {pyspark.__version__}")
    finally:
        with suppress(Fault), in_its_words():
            session.stop()


def _reach(master: str) -> None:
    """See that somebody listens where a master should be: Spark itself would try for a minute, and say less."""
    if not master.startswith("spark://"):
        return
    said: list[str] = []
    for place in master.removeprefix("spark://").split(","):
        host, _, port = place.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=10).close()
        except (OSError, ValueError) as problem:
            said.append(str(problem))
        else:
            return
    raise Fault(f"no Spark master answers at `{master}`: {said[0]}", "nothing was done; no record was looked up")


def _await_workers(session: SparkSession, master: str) -> None:
    """See that somebody will do the work: a job that nobody takes would wait for ever."""
    if master.startswith("local"):
        return
    until = time.monotonic() + ENOUGH
    while _members(session) < 2:  # the driver is one of them
        if time.monotonic() > until:
            raise Fault(
                f"no worker of the cluster `{master}` has taken up work within {ENOUGH:.0f} seconds",
                "see that workers are there and have cores and memory to give; no record was looked up",
            )
        time.sleep(0.1)


def _members(session: SparkSession) -> int:
    """How many processes work for the session, its driver among them."""
    with in_its_words():
        return len(session.sparkContext._jsc.sc().statusTracker().getExecutorInfos())


def _pattern(path: Path) -> str:
    """The pattern that fits the file `path` alone, whatever file system the cluster is at home in."""
    return "file:" + re.sub(r"([\\\[\]{}*?])", r"\\\1", str(path))


@contextmanager
def in_its_words() -> Iterator[None]:
    """Say as a Fault what Spark could not do, with the first line of what it says, or that nobody speaks any more."""
    try:
        yield
    except Exception as problem:
        package = type(problem).__module__.partition(".")[0]
        said_in_java = type(problem).__name__ == "Py4JJavaError"
        if isinstance(problem, ConnectionError) or (package == "py4j" and not said_in_java):
            hint = "it may have had too little memory: raise `spark.driver.memory` in `spark-defaults.conf`; " + NOTHING
            raise Fault("Spark's driver, which this program started, does not answer any more", hint) from problem
        if package not in ("pyspark", "py4j"):
            raise
        raise Fault(f"the Spark cluster could not do its work: {_first_line(problem)}", NOTHING) from problem


@contextmanager
def _words_of_java() -> Iterator[None]:
    """Say as a Fault that Spark did not start."""
    try:
        yield
    except (OSError, RuntimeError) as problem:
        raise Fault(f"Spark does not start here: {problem}", "it needs Java 17 or later; " + NOTHING) from problem


NOTHING = "look into the cluster's own logs and give the same command again; nothing was disclosed"


def _first_line(problem: Exception) -> str:
    return next((line.strip() for line in str(problem).splitlines() if line.strip()), type(problem).__name__)
