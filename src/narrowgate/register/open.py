"""Open a register, wherever its records are.

Rules:
 * Where they are, `register.toml` says; who reads files, and in how many processes, is for whoever opens them to say.
 * What comes of a request is the same for every kind. Only the digest names what was read in its own way.
"""

from __future__ import annotations

from pathlib import Path

from narrowgate.engine.spark import Spark
from narrowgate.errors import WrongUse
from narrowgate.register import description
from narrowgate.register.cluster import open_on_cluster
from narrowgate.register.parquet import open_parquet
from narrowgate.register.postgresql import open_postgresql
from narrowgate.register.protocol import Register
from narrowgate.register.workers import SharedRegister


def open_register(folder: Path, *, workers: int = 1, cluster: Spark | None = None) -> Register:
    """The register that `folder` describes (`spec/register.md`), its files read by so many processes or by a `cluster`.

    One worker is no process of its own: the session that asks reads the files itself. A cluster has workers of its own.
    """
    if description.kind(folder) == description.POSTGRESQL:
        if workers > 1 or cluster:
            raise WrongUse(
                f"register `{folder}` is served by PostgreSQL, which shares out its own work among processes",
                "leave out the workers and the engine; no record was looked up",
            )
        return open_postgresql(folder)
    files = open_parquet(folder)
    if cluster:
        return open_on_cluster(files, cluster)
    return SharedRegister(files, workers) if workers > 1 else files
