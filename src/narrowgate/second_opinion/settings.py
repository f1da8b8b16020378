"""What the second opinion compares, and at which levels: Splink's settings before they are trained.

Rules:
 * It reads the values of both sides in their forms and measures them by itself, otherwise than the rules of evidence
   do. Only how the address agrees it is told: that is found out once, over all addresses held.
 * A value that either side lacks has no level and no weight.
 * Nothing is looked up beside the pair: no frequency of a name, no count of a batch, no other record.
"""

from __future__ import annotations

from typing import Any

FORMS = ("tin", "first", "middle", "last", "suffix", "birth_date")
"""The columns of a request and of a person, in their forms, that are compared."""
ADDRESS = ("exact", "house", "elsewhere")
"""How the address agrees, as it is told: one that is or was held; the same house or street line, otherwise; neither."""

COUNTRY = 340_110_988
"""People any of whom a request might be about: the population of the United States on 1 July 2024 (Census Bureau,
Vintage 2024). The weight that a pair starts from before anything is compared is one in so many."""

ALIKE = 0.88
"""Jaro-Winkler similarity from which two names are alike."""


def settings() -> dict[str, Any]:
    """Splink's settings, untrained, in its own JSON format."""
    return {
        "link_type": "link_only",
        "probability_two_random_records_match": 1 / COUNTRY,
        "unique_id_column_name": "pair",
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "additional_columns_to_retain": [],
        "blocking_rules_to_generate_predictions": [],
        "linker_uid": "second_opinion",
        "comparisons": [
            _comparison("tin", _level("the same", "tin_l = tin_r"),
                _level("one digit differs", "hamming(tin_l, tin_r) = 1")),
            _comparison("first", _level("the same", "first_l = first_r"),
                _level("one is the initial", "(length(first_l) = 1 OR length(first_r) = 1) "
                                             "AND left(first_l, 1) = left(first_r, 1)"),
                _level("alike", f"jaro_winkler_similarity(first_l, first_r) >= {ALIKE}")),
            # Registers hold an initial oftener than a name.
            _comparison("middle", _level("the same initial", "left(middle_l, 1) = left(middle_r, 1)")),
            _comparison("last", _level("the same", "last_l = last_r"),
                _level("one is part of the other", "length(last_l) > 2 AND length(last_r) > 2 "
                                                   "AND (contains(last_l, last_r) OR contains(last_r, last_l))"),
                _level("alike", f"jaro_winkler_similarity(last_l, last_r) >= {ALIKE}")),
            _comparison("suffix", _level("the same", "suffix_l = suffix_r")),
            _comparison("birth_date", _level("the same", "birth_date_l = birth_date_r"),
                _level("two of year, month and day", f"{_equal_parts('birth_date_l', 'birth_date_r')} = 2"),
                _level("the same year", "year(birth_date_l) = year(birth_date_r)")),
            _comparison("address", _level("held", f"address_l = '{ADDRESS[0]}'"),
                _level("the same house", f"address_l = '{ADDRESS[1]}'")),
        ],
    }  # fmt: skip


def _comparison(name: str, *levels: dict[str, Any]) -> dict[str, Any]:
    """The comparison of the column `name`: missing, then `levels` from the best, then everything else."""
    missing = _level("missing", f"{name}_l IS NULL OR {name}_r IS NULL") | {"is_null_level": True}
    return {"output_column_name": name, "comparison_levels": [missing, *levels, _level("differs", "ELSE")]}


def _level(label: str, condition: str) -> dict[str, Any]:
    return {"label_for_charts": label, "sql_condition": condition}


def _equal_parts(left: str, right: str) -> str:
    """How many of year, month and day are equal."""
    return " + ".join(f"CAST({part}({left}) = {part}({right}) AS INTEGER)" for part in ("year", "month", "day"))
