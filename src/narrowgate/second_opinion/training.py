"""Train the second opinion's model on a simulated register and a batch about it, without their truth.

    python -m narrowgate.second_opinion.training REGISTER REQUESTS --on 2026-11-25 --out FOLDER --made-with "..."

Rules:
 * Nothing is chosen by its results: u comes from random pairs, m from expectation maximisation, each by Splink's own
   methods; the weight that a pair starts from is stated in `settings`.
 * What was never seen is not taken for impossible: in its place stands the most that can be behind seeing none
   (three among all that were looked at, with 95 % confidence).
 * The same register and batch give the same JSON under one version of Splink and of the engine: random pairs are
   drawn by hash, and every number is rounded to six digits.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import splink

from narrowgate.engine.session import open_session
from narrowgate.errors import NarrowgateError
from narrowgate.files import digest
from narrowgate.register.parquet import open_parquet, open_simulated
from narrowgate.second_opinion import examples
from narrowgate.second_opinion.model import MODEL, PROVENANCE, Model
from narrowgate.second_opinion.pairs import GIVEN, HELD, clear_away, lay_out
from narrowgate.second_opinion.settings import FORMS, settings

SEED = 20251125
RANDOM_PAIRS = 10_000_000
EQUAL = (("tin",), ("birth_date", "last"), ("first", "last", "birth_date"))
"""What is held equal while the rest is estimated, in turn, so that every comparison is."""
DIGITS = 6
MEMORY = "3GB"

Settings = dict[str, Any]


def train(register: Path, requests: Path, *, random_pairs: int = RANDOM_PAIRS) -> Model:
    """The model that the people of `register` and the rows of `requests` (Parquet) give."""
    people = open_simulated(register, hint="nothing was trained")
    with tempfile.TemporaryDirectory() as spill:
        session = open_session(directories=(register, requests.parent), temp_directory=Path(spill), memory_limit=MEMORY)
        with session:
            examples.take(session, people, requests)
            found = _by_chance(session, settings(), random_pairs)
            return Model(_text(_in_one_person(session, found)))


def describe(
    model: Model,
    register: Path,
    requests: Path,
    *,
    on: date,
    made_with: Sequence[str],
    random_pairs: int = RANDOM_PAIRS,
) -> str:
    """The provenance of `model` as TOML: what it was trained on, with what, and when."""
    people = open_parquet(register)
    facts: dict[str, object] = {
        "model": model.digest,
        "trained_on": on.isoformat(),
        "with": [f"{name} {version(name)}" for name in ("splink", "duckdb", "narrowgate")],
        "register": people.name,
        "register_digest": people.digest,
        "requests_digest": digest(requests),
        "made_with": list(made_with),
        "seed": SEED,
        "random_pairs": random_pairs,
        "held_equal": [" and ".join(equal) for equal in EQUAL],
        "significant_digits": DIGITS,
    }
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in facts.items())


def _by_chance(session: duckdb.DuckDBPyConnection, start: Settings, random_pairs: int) -> Settings:
    """`start` with each u: how often each level is found in a request and somebody drawn at random."""
    found = deepcopy(start)
    address = found["comparisons"].pop()
    for side, table, number in ((GIVEN, "asked", "row_no"), (HELD, "people", "candidate")):
        session.execute(f"CREATE OR REPLACE TEMP VIEW {side} AS SELECT {number} AS pair, {_FORMS} FROM {table}")
    linker = _linker(session, found)
    linker.training.estimate_u_using_random_sampling(max_pairs=random_pairs, seed=SEED, min_count_per_level=None)
    found["comparisons"] = [*_trained(linker), address]
    for level, share in zip(_levels(address), examples.address_by_chance(session).values(), strict=True):
        level["u_probability"] = share
    _not_seen(found, "u_probability", random_pairs)
    return found


def _in_one_person(session: duckdb.DuckDBPyConnection, found: Settings) -> Settings:
    """`found` with each m: how often each level is found in two records that expectation maximisation holds for one."""
    lay_out(session, examples.pairs(), requests="asked", people="people")
    ((pairs,),) = session.execute("SELECT count(*) FROM opinion_pair").fetchall()
    linker = _linker(session, found)
    for equal in EQUAL:
        rule = " AND ".join(f"l.{column} = r.{column}" for column in ("pair", *equal))
        linker.training.estimate_parameters_using_expectation_maximisation(rule, fix_u_probabilities=True)
    clear_away(session)
    trained = {**deepcopy(found), "comparisons": _trained(linker)}
    _not_seen(trained, "m_probability", pairs)
    return trained


def _linker(session: duckdb.DuckDBPyConnection, given: Settings) -> splink.Linker:
    """A linker of what is laid out in the session."""
    api = splink.DuckDBAPI(connection=session)
    return splink.Linker([api.register(GIVEN), api.register(HELD)], deepcopy(given), log_level=None)


def _trained(linker: splink.Linker) -> list[dict[str, Any]]:
    """The comparisons of `linker` with what was estimated, in Splink's JSON format."""
    comparisons: list[dict[str, Any]] = linker.misc.save_model_to_json()["comparisons"]
    return comparisons


def _levels(comparison: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The levels of a comparison but for the missing."""
    return [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]


def _not_seen(given: Settings, probability: str, among: int) -> None:
    """Put the most that can be behind seeing none `among` so many in the place of what was not seen."""
    for comparison in given["comparisons"]:
        for level in _levels(comparison):
            level[probability] = max(level.get(probability, 0.0), 3 / among)


def _text(trained: Settings) -> str:
    """Splink's JSON, every number rounded."""
    for comparison in trained["comparisons"]:
        for level in _levels(comparison):
            for name in ("m_probability", "u_probability"):
                level[name] = float(f"{level[name]:.{DIGITS}g}")
    # The pairs are given: of the two inputs neither is told apart by name, which Splink calls `dedupe_only`.
    shipped = {**trained, "link_type": "dedupe_only", "sql_dialect": "duckdb"}
    return json.dumps(shipped, indent=2, ensure_ascii=False) + "\n"


_FORMS = ", ".join(FORMS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write `model.json` and `provenance.toml` to the folder that is named."""
    asked = argparse.ArgumentParser(prog="narrowgate.second_opinion.training", description=__doc__.split("\n")[0])
    asked.add_argument("register", type=Path, help="folder of a simulated register")
    asked.add_argument("requests", type=Path, help="`requests.parquet` of a simulated batch about it")
    asked.add_argument("--on", type=date.fromisoformat, required=True, help="the day to put into the provenance")
    asked.add_argument("--out", type=Path, required=True, help="where to write")
    asked.add_argument("--made-with", action="append", default=[], help="a command that made register or batch")
    asked.add_argument("--random-pairs", type=int, default=RANDOM_PAIRS, help="how many to draw")
    given = asked.parse_args(arguments)
    try:
        model = train(given.register, given.requests, random_pairs=given.random_pairs)
    except NarrowgateError as error:
        sys.stderr.write(f"narrowgate: error: {error.message}\nnarrowgate: hint: {error.hint}\n")
        return error.exit_code
    described = describe(model, given.register, given.requests, on=given.on, made_with=given.made_with,
        random_pairs=given.random_pairs)  # fmt: skip
    given.out.mkdir(parents=True, exist_ok=True)
    for name, text in ((MODEL.name, model.text), (PROVENANCE.name, described)):
        (given.out / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
