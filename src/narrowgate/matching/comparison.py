"""Compare a request with a candidate, field by field, at the levels that rules of evidence may name.

Rules:
 * What is missing on either side is `missing`: a level of its own, which agrees with nothing and differs from
   nothing. A number or a birth date that the request gives and the register lacks is `unheld` instead: it could have
   told two people apart. An address is missing where the request gives no street, or no place for it.
 * Near is a stated measure, never a score: names by Jaro-Winkler, numbers and dates by one slip of the pen.
 * The address is compared with every address the register holds for the person, whenever it was theirs; the
   best level counts.
"""

from __future__ import annotations

from narrowgate.engine.literal import text_list, text_literal
from narrowgate.terms.fact import Fact, Reads, Type, Vocabulary, vocabulary

LAST_NAME_NEAR = 0.92
FIRST_NAME_NEAR = 0.90
STREET_NEAR = 0.92
"""Jaro-Winkler similarities from which two spellings are near."""

LEVELS = ("exact", "near", "variant", "initial", "building", "differs", "missing", "unheld")


def _written(level: str) -> str:
    """A level as SQL writes it: a constant of the type of its column, one byte a pair, and equal to its text."""
    return f"CAST({text_literal(level)} AS ENUM ({', '.join(map(text_literal, LEVELS))}))"


EXACT, NEAR, VARIANT, INITIAL, BUILDING, DIFFERS, MISSING, UNHELD = map(_written, LEVELS)

PARTICLES = (
    "DE", "DEL", "LA", "LAS", "LOS", "EL", "Y", "E", "DA", "DAS", "DO", "DOS", "DI", "DU", "LE", "VAN", "VON",
    "DER", "DEN", "TER", "TEN", "AL", "BIN", "IBN",
)  # fmt: skip
"""Words that no surname consists of when it stands beside another one."""


def _level(name: str, doc: str, *values: str) -> Fact:
    return Fact(name, Type.TEXT, Reads.RECORD, doc, values=(*values, "differs", "missing"))


VOCABULARY: Vocabulary = vocabulary(
    (
        _level(
            "tin",
            "near: one digit differs, or two neighbours are swapped; unheld: the register has none",
            "exact", "near", "unheld",
        ),
        _level(
            "first_name",
            "near: Jaro-Winkler of at least 0.90; variant: another usual form of the name, such as a short one; "
            "initial: one is the first letter of the other",
            "exact", "near", "variant", "initial",
        ),
        _level("middle_name", "initial: one is the first letter of the other", "exact", "initial"),
        _level(
            "last_name",
            "near: Jaro-Winkler of at least 0.92, or the surnames of one are among those of the other",
            "exact", "near",
        ),
        Fact("last_name_control", Type.BOOLEAN, Reads.RECORD, "the last names agree in four letters"),
        _level("name_suffix", "generation: JR, SR, II, III, IV, or another suffix as written", "exact"),
        _level(
            "birth_date",
            "near: day and month are swapped, one digit differs, or two neighbouring digits are swapped; "
            "unheld: the register has none",
            "exact", "near", "unheld",
        ),
        _level(
            "address",
            "the best over all addresses held; near: house number and place agree, and the street by "
            "Jaro-Winkler of at least 0.92; building: only the unit differs or is missing on one side",
            "exact", "near", "building",
        ),
        Fact(
            "address_is_current",
            Type.BOOLEAN,
            Reads.RECORD,
            "what agrees exactly, or nearly if nothing does, is the last known address; missing if none is",
        ),
        Fact("deceased", Type.BOOLEAN, Reads.RECORD, "the register has a day of death"),
    )
)  # fmt: skip


def comparisons(pairs: str, *, current: str | None) -> str:
    """A query for row_no, candidate, then one column per fact of the vocabulary.

    `pairs` has row_no, candidate and rank (of the best address held, missing if none agrees); `current` row_no,
    candidate and address_is_current, or None to leave that fact out.
    """
    variant = f"CASE WHEN v.name IS NOT NULL THEN {VARIANT} ELSE {DIFFERS} END"
    first = _an_initial("r.first", "c.first", _near("r.first", "c.first", FIRST_NAME_NEAR, otherwise=variant))
    last = _near("r.last", "c.last", LAST_NAME_NEAR, otherwise=_one_of_two_surnames("r.last_words", "c.last_words"))
    address = f"""CASE WHEN r.line IS NULL OR coalesce(r.zip5, r.town) IS NULL THEN {MISSING}
        ELSE {address_level("p.rank")} END"""
    levels = {
        "tin": _compare("r.tin", "c.tin", _one_slip("r.tin", "c.tin"), lacking=UNHELD),
        "first_name": _compare("r.first", "c.first", first),
        "middle_name": _compare("r.middle", "c.middle", _an_initial("r.middle", "c.middle", DIFFERS)),
        "last_name": _compare("r.last", "c.last", last),
        "name_suffix": _compare("r.suffix", "c.suffix", DIFFERS),
        "birth_date": _compare(
            "r.birth_date", "c.birth_date", _near_date("r.birth_date", "c.birth_date"), lacking=UNHELD
        ),
        "address": address,
    }
    listed = ", ".join(f"{level} AS {name}" for name, level in levels.items())
    asked, joined = (", k.address_is_current", f"LEFT JOIN {current} AS k USING (row_no, candidate)")
    if current is None:
        asked, joined = "", ""
    return f"""
    SELECT row_no, candidate, {listed}, left(r.last, 4) = left(c.last, 4) AS last_name_control,
           c.deceased_on IS NOT NULL AS deceased{asked}
    FROM {pairs} AS p
    JOIN request AS r USING (row_no)
    JOIN candidate AS c USING (candidate)
    LEFT JOIN first_name_variant AS v ON v.name = r.first AND v.other = c.first
    {joined}"""


RANKS = (EXACT, NEAR, BUILDING)
"""The levels at which an address can agree, the best first; a rank counts them from 1."""


def address_rank(request: str, held: str) -> str:
    """The rank at which a held address agrees with one given at its place; missing if it does not.

    Both in their forms: line, unit, number.
    """
    r, h = request, held
    same = f"{r}.line = {h}.line"
    return f"CASE WHEN {line_agrees(r, h)} THEN {rank_of_house(same, f'{r}.unit', f'{h}.unit')} END"


def line_agrees(request: str, held: str) -> str:
    """Whether a held street line agrees with one given at its place, to the letter or nearly."""
    r, h = request, held
    return f"""CASE WHEN {r}.line = {h}.line THEN TRUE
        WHEN {r}.number = {h}.number THEN {_similar(f"{r}.line", f"{h}.line", STREET_NEAR)}
        ELSE FALSE END"""


def rank_of_house(same: str, given: str, held: str) -> str:
    """The rank of an address whose line agrees, from whether it is the `same` to the letter, and from both units."""
    return f"CASE WHEN NOT {same} THEN 2 WHEN {given} IS NOT DISTINCT FROM {held} THEN 1 ELSE 3 END"


def same_place(request: str, held: str) -> str:
    """Whether two addresses have one ZIP code, or one town where either side lacks it."""
    r, h = request, held
    return f"""coalesce(CASE WHEN {r}.zip5 IS NOT NULL AND {h}.zip5 IS NOT NULL THEN {r}.zip5 = {h}.zip5
                               ELSE {r}.town = {h}.town END, FALSE)"""


def address_level(rank: str) -> str:
    """The level of a rank."""
    levels = " ".join(f"WHEN {place} THEN {level}" for place, level in enumerate(RANKS, start=1))
    return f"CASE {rank} {levels} ELSE {DIFFERS} END"


# A branch of CASE is worked out only for the rows that come to it; the sides of AND in an order that is the engine's
# to choose. So what costs something stands in a branch of its own, behind what is cheap.


def _compare(left: str, right: str, otherwise: str, *, lacking: str = MISSING) -> str:
    """`missing`, `exact`, or what `otherwise` says of two values that differ; `lacking` if only `right` is missing."""
    return f"""CASE WHEN {left} IS NULL THEN {MISSING} WHEN {right} IS NULL THEN {lacking}
            WHEN {left} = {right} THEN {EXACT} ELSE {otherwise} END"""


def _near(left: str, right: str, from_: float, otherwise: str = DIFFERS) -> str:
    return f"CASE WHEN {_similar(left, right, from_)} THEN {NEAR} ELSE {otherwise} END"


def _similar(left: str, right: str, from_: float) -> str:
    """Whether their Jaro-Winkler similarity is at least `from_`.

    The engine gives a pair up where the third argument is out of reach. Were that `from_` itself, rounding would make
    it give up some that are as similar as that.
    """
    return f"jaro_winkler_similarity({left}, {right}, {from_ - 0.01:.2f}) >= {from_}"


def _an_initial(left: str, right: str, otherwise: str) -> str:
    return f"""CASE WHEN (length({left}) = 1 OR length({right}) = 1) AND left({left}, 1) = left({right}, 1)
            THEN {INITIAL} ELSE {otherwise} END"""


def _one_slip(left: str, right: str) -> str:
    """Texts of one length: one sign differs, or two neighbours are swapped."""
    return f"""CASE hamming({left}, {right}) WHEN 1 THEN {NEAR}
            WHEN 2 THEN CASE WHEN damerau_levenshtein({left}, {right}) = 1 THEN {NEAR} ELSE {DIFFERS} END
            ELSE {DIFFERS} END"""


def _near_date(left: str, right: str) -> str:
    """Day and month swapped; or one of year, month and day differs, by one slip."""
    year, month, day = (f"{part}({left}) = {part}({right})" for part in ("year", "month", "day"))
    swapped = f"month({left}) = day({right}) AND day({left}) = month({right})"
    slip = _one_slip(f"strftime({left}, '%Y%m%d')", f"strftime({right}, '%Y%m%d')")
    return f"""CASE WHEN {year} THEN CASE WHEN {swapped} THEN {NEAR}
                WHEN {month} OR {day} THEN {slip} ELSE {DIFFERS} END
            WHEN {month} AND {day} THEN {slip} ELSE {DIFFERS} END"""


def _one_of_two_surnames(left: str, right: str) -> str:
    """Near if either has several words and all surnames of one are among those of the other."""
    one_each = f"NOT contains({left}, ' ') AND NOT contains({right}, ' ')"
    # Few have a word in common, and which words are surnames costs more to say than that.
    in_common = f"list_has_any(string_split({left}, ' '), string_split({right}, ' '))"
    a, b = _surnames(left), _surnames(right)
    among = f"len({a}) > 0 AND len({b}) > 0 AND (list_has_all({a}, {b}) OR list_has_all({b}, {a}))"
    return f"""CASE WHEN {one_each} THEN {DIFFERS} WHEN NOT {in_common} THEN {DIFFERS}
            WHEN {among} THEN {NEAR} ELSE {DIFFERS} END"""


def _surnames(column: str) -> str:
    """The words of a last name that can be a surname by themselves."""
    surname = f"length(w) > 1 AND NOT list_contains({text_list(PARTICLES)}, w)"
    return f"list_filter(string_split({column}, ' '), lambda w: {surname})"
