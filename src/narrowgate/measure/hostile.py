"""The hard rows: a register of a country's simulated people, and requests that are made to lead astray.

Rules:
 * Register and batch come from the generator, by stated seeds, or from folders that were made before.
 * What the generator says of each request is taken as it is; nothing here chooses which rows count.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from narrowgate.errors import WrongUse
from narrowgate.measure.data_set import DataSet, take_in
from narrowgate.synth.hostile import build_hostile
from narrowgate.synth.population import build_register

SEEDS = {"register": 20251125, "batch": 20251126}
MADE_ON = date(2025, 8, 7)
"""The day of the batch, a day on which the agreement's exchange took place: rows do not change with the calendar."""
ABOUT = (
    "A register of simulated people with the name frequencies, families and shared numbers of a country, and requests "
    "made to lead matching astray: miswritten, with lent numbers, out of date, about relatives, namesakes and nobody."
)
ROWS = ("requests.parquet", "requests.csv", "requests.jsonl")


def make(folder: Path, *, people: int, rows: int) -> DataSet:
    """Build a register of `people` and `rows` requests about them in `folder`."""
    register, batch = folder / "register", folder / "batch"
    build_register(register, people=people, seed=SEEDS["register"])
    created = datetime.combine(MADE_ON, time(), UTC)
    build_hostile(register, batch, rows=rows, seed=SEEDS["batch"], created_at=created,
        expires_at=created + timedelta(days=30), batch_id="measured")  # fmt: skip
    return read(folder / "taken", register=register, batch=batch, seeds=SEEDS)


def read(folder: Path, *, register: Path, batch: Path, seeds: dict[str, int] | None = None) -> DataSet:
    """The requests and the truth that lie in `batch`, about `register`."""
    found = [batch / name for name in ROWS if (batch / name).is_file()]
    if len(found) != 1:
        raise WrongUse(f"folder `{batch}` has {len(found)} of {', '.join(ROWS)}; one is needed", "nothing was measured")
    return take_in(
        folder, id="hostile", title="Hostile rows", about=ABOUT, register=register, requests=found[0],
        truth=batch / "truth.parquet", seeds=seeds,
    )  # fmt: skip
