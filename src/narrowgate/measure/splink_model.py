"""The Splink 5 model that stands beside the evidence rules: a sensible one, as its documentation teaches it.

Rules:
 * Nothing is tuned on the truth: name comparisons with term frequencies, a comparison of birth dates, one slip in the
   number, the street by Jaro-Winkler. u comes from random pairs, m from expectation maximisation in two sessions, the
   prior from rules that are taken to find four of five matches.
 * A column that one side has nothing in is neither compared nor looked up by.
"""

from __future__ import annotations

from typing import Any

from narrowgate.measure import needs

COLUMNS = ("tin", "first", "last", "born", "line", "zip5")
SEED = 20251128
RANDOM_PAIRS = 2_000_000
RECALL_OF_PRIOR = 0.8

_BLOCKS = (("tin",), ("born", "last"), ("born", "first"), ("line", "zip5"), ("first", "last", "zip5"))
"""By which columns pairs are found."""
_CERTAIN = (("tin", "last"), ("first", "last", "born"), ("first", "last", "line"))
"""What is held equal by the rules of which the prior is taken."""


def trained(api: Any, tables: list[Any], columns: frozenset[str]) -> Any:
    """A linker of `tables` (requests, register) whose model was estimated from their rows."""
    splink = needs.load("splink")
    linker = splink.Linker(tables, _settings(columns), log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [splink.block_on(*rule) for rule in _CERTAIN if columns.issuperset(rule)], recall=RECALL_OF_PRIOR)  # fmt: skip
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for rule in _sessions(columns):
        training.estimate_parameters_using_expectation_maximisation(
            splink.block_on(*rule), fix_u_probabilities=True)  # fmt: skip
    return linker


def _settings(columns: frozenset[str]) -> Any:
    """One comparison for each of `columns`."""
    splink = needs.load("splink")
    library = needs.load("splink.comparison_library")
    comparisons = {
        "first": library.NameComparison("first").configure(term_frequency_adjustments=True),
        "last": library.NameComparison("last").configure(term_frequency_adjustments=True),
        "born": library.DateOfBirthComparison("born", input_is_string=True),
        "tin": library.DamerauLevenshteinAtThresholds("tin", 1),
        "line": library.JaroWinklerAtThresholds("line", [0.95, 0.88]),
        "zip5": library.ExactMatch("zip5"),
    }
    return splink.SettingsCreator(
        link_type="link_only",
        comparisons=[comparison for name, comparison in comparisons.items() if name in columns],
        blocking_rules_to_generate_predictions=[splink.block_on(*rule) for rule in _BLOCKS if columns.issuperset(rule)],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _sessions(columns: frozenset[str]) -> list[tuple[str, ...]]:
    """What is held equal while the rest is estimated, in turn, so that every comparison is."""
    if "tin" in columns:
        return [("tin",), ("first", "last")]
    return [("first", "last"), ("born",) if "born" in columns else ("line",)]
