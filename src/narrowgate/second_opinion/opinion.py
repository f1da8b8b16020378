"""Let Splink say what it holds of pairs: its weight of each, by the model that is shipped.

Rules:
 * Splink works in the session that it is given, through its public interface, and leaves nothing behind there.
 * A weight depends on the pair and the model alone: not on the batch, its parts, or anybody else in the register.
 * Weights are thousandths of a bit, whole numbers, so that no rounding of a processor tells two runs apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import splink

from narrowgate.second_opinion.model import Model
from narrowgate.second_opinion.pairs import GIVEN, HELD, clear_away, lay_out

if TYPE_CHECKING:
    from splink.internals.splink_dataframe import SplinkDataFrame

EVEN = 0
"""The weight of even odds. Above it the two records are likelier of one person than of two people."""
_EACH_TO_ITS_LIKE = "l.pair = r.pair"


def opinions(session: duckdb.DuckDBPyConnection, model: Model, pairs: str, *, requests: str, people: str) -> None:
    """Make `opinion` (row_no, candidate, weight): one row for each of `pairs`.

    For those, `requests` and `people`: `pairs.lay_out`.
    """
    lay_out(session, pairs, requests=requests, people=people)
    try:
        table = scored(session, model)
        session.execute(f"""CREATE OR REPLACE TEMP TABLE opinion AS
            SELECT p.row_no, p.candidate, CAST(round(1000 * s.match_weight) AS INTEGER) AS weight
            FROM {table.physical_name} AS s JOIN opinion_pair AS p ON p.pair = s.pair_l""")
        table.drop_table_from_database_and_remove_from_cache()
    finally:
        clear_away(session)


def scored(session: duckdb.DuckDBPyConnection, model: Model, *, retain: bool = False) -> SplinkDataFrame:
    """Splink's table of the pairs that are laid out; with `retain` also values, levels and weights by field."""
    api = splink.DuckDBAPI(connection=session)
    given, held = api.register(GIVEN), api.register(HELD)
    retained = {"retain_matching_columns": retain, "retain_intermediate_calculation_columns": retain}
    # The model is ours and was tried when it was trained; to try it again takes longer than to weigh a small batch.
    linker = splink.Linker(held, {**model.settings, **retained}, log_level=None, validate_settings=False)
    return linker.inference.predict_between(
        given, held, link_type="dedupe_only", blocking_rules_to_generate_predictions=[_EACH_TO_ITS_LIKE]
    )
