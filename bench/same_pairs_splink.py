"""Decide the pairs that are laid out by Splink: `python -m bench.same_pairs_splink FOLDER MODEL`.

Rules:
 * Splink predicts between two tables of which each row has its like, the quickest of its ways with pairs that are
   settled: with registered pairs, or comparing records, it takes longer over the same.
 * The model is trained before. Timed from the tables in memory to the outcomes written, with the least threshold. The
   scores are written after that, for whoever counts at the other thresholds.
 * The best of the rows of a person counts. More than one person above the threshold is no decision.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import duckdb
import splink

from bench.rounds import ROUNDS, Rounds
from bench.same_pairs import SIDES
from narrowgate.engine.parquet import relation, write
from narrowgate.matching.tables import make
from narrowgate.measure.data_set import session_for
from narrowgate.measure.splink_peer import LEAST
from narrowgate.measure.verdict import one_person_each

EACH_TO_ITS_LIKE = "l.pair = r.pair"


def main() -> None:
    """Decide with one model, several times, and print the seconds."""
    folder, model = Path(sys.argv[1]), sys.argv[2]
    logging.getLogger("splink").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    rounds = Rounds()
    with session_for(folder, spill=folder / "spill") as session:
        make(session, "request", f"SELECT row_no FROM {relation(folder / 'request.parquet')}")
        for table in (*SIDES, "pair"):
            make(session, table, f"FROM {relation(folder / model / f'{table}.parquet')}")
        linker, sides = _linker(session, folder / model)
        for _ in range(ROUNDS):
            with rounds.one():
                scored = linker.inference.predict_between(
                    *sides, link_type="dedupe_only", blocking_rules_to_generate_predictions=[EACH_TO_ITS_LIKE],
                    threshold_match_probability=LEAST,
                )  # fmt: skip
                pairs = f"(SELECT row_no, person_id FROM {scored.physical_name} JOIN pair ON pair = pair_l)"
                write(session, one_person_each("request", pairs), folder / f"verdict-{model}.parquet")
            write(session, _scores(scored.physical_name), scores_of(folder, model))
            scored.drop_table_from_database_and_remove_from_cache()  # or the next round would find it there
    print(json.dumps({model: rounds.as_json()}))


def scores_of(folder: Path, model: str) -> Path:
    """Where the scores of `model` lie, from the least threshold on: row_no, person_id, weight."""
    return folder / f"scores-{model}.parquet"


def _scores(scored: str) -> str:
    return f"""SELECT row_no, person_id, max(match_weight) AS weight
        FROM {scored} JOIN pair ON pair = pair_l GROUP BY row_no, person_id ORDER BY row_no, person_id"""


def _linker(session: duckdb.DuckDBPyConnection, laid: Path) -> tuple[Any, list[Any]]:
    """A linker with the trained model and its frequencies of names, and both sides of the pairs."""
    api = splink.DuckDBAPI(connection=session)
    settings = {**json.loads((laid / "model.json").read_text(encoding="utf-8")),
        "link_type": "dedupe_only", "unique_id_column_name": "pair"}  # fmt: skip
    sides = [api.register(side) for side in SIDES]
    linker = splink.Linker(sides[1], settings, log_level=None)
    for file in sorted(laid.glob("tf_*.parquet")):
        make(session, file.stem, f"FROM {relation(file)}")
        linker.table_management.register_term_frequency_lookup(api.register(file.stem), file.stem.removeprefix("tf_"))
    return linker, sides


if __name__ == "__main__":
    main()
