"""The form that each column's values must have (`spec/requests.md`), as SQL over the rows as text.

Rules:
 * White space around a value is taken off, and an empty value is missing. Nothing else is changed or guessed.
 * A value without its form counts as one layout error. In a typed column it becomes missing; text stays as
   written, because what is wrong with an address is for adjudication to say.
 * A control character, or one that changes the direction of what is shown, is an error in any column, and the
   value becomes missing: it could make a reviewer see another text than the one that is judged.
"""

from __future__ import annotations

from dataclasses import dataclass

from narrowgate.engine.literal import identifier, text_literal
from narrowgate.terms.batch import REQUEST_COLUMNS

WHITE_SPACE = " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680" + "".join(
    chr(point) for point in (*range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
)
CONTROL = r"[\x00-\x1f\x7f-\x{9f}\x{2028}-\x{202e}\x{2066}-\x{2069}]"
HOLDS_CONTROL = "holds a control character"

ODD = (
    "strlen(whole) <> length(whole)",  # beyond ASCII
    "strlen(to_json(whole)) <> strlen(whole) + 2",  # JSON escapes every control character but one
    "contains(whole, chr(127))",
    "contains(whole, '| ')",
    "contains(whole, ' |')",
)
"""What tells, of a whole row with bars around its values, that they must be looked at. No regular expression:
over all the text of a batch these five together take half the time of one."""

REFERENCE = "[A-Za-z0-9._/-]{1,64}"


@dataclass(frozen=True)
class Form:
    """How one column is read. `fits` and `value` are SQL over `{}`, the stripped text where there is one.

    `value` None keeps the text, with or without its form.
    """

    fits: str = "TRUE"
    value: str | None = None
    problem: str = ""


def _matches(pattern: str) -> str:
    return f"regexp_full_match({{}}, {text_literal(pattern.replace('{', '{{').replace('}', '}}'))})"


DATE = Form(
    # a day written back must be the same text, which lets through no other way of writing it
    fits="(strlen({0}) = 10 AND CAST(TRY_CAST({0} AS DATE) AS VARCHAR) = {0}) IS TRUE",
    value="TRY_CAST({} AS DATE)",
    problem="is not a day written `YYYY-MM-DD`",
)

FORMS: dict[str, Form] = {
    "request_ref": Form(_matches(REFERENCE), problem="is not a reference"),
    "birth_date": DATE,
    "tin": Form(_matches("[0-9](-?[0-9]){8}"), "replace({}, '-', '')", problem="is not 9 digits"),
    "state": Form(_matches("[A-Za-z]{2}"), problem="is not two letters"),
    "zip": Form(_matches("[0-9]{5}(-?[0-9]{4})?"), problem="is not 5 or 9 digits"),
    "tax_periods": Form(_matches("[0-9]{4}(;[0-9]{4})*"), problem="is not years with `;` between"),
    "matter_kind": Form(
        "{} IN ('investigation', 'proceeding', 'grand_jury')",
        "{}",
        problem="is not `investigation`, `proceeding` or `grand_jury`",
    ),
    "matter_opened_on": DATE,
    "order_final_on": DATE,
    "court_final_on": DATE,
    "relief_pending": Form("{} IN ('yes', 'no')", "{} = 'yes'", "is not `yes` or `no`"),
    "engaged_officers": Form(_matches(f"{REFERENCE}(;{REFERENCE})*"), problem="is not officer ids with `;` between"),
    "requested_fields": Form(_matches("[a-z][a-z_]*(;[a-z][a-z_]*)*"), problem="is not field names with `;` between"),
}
FREE_TEXT = Form()


def form(column: str) -> Form:
    """The form of one column; free text if it has none of its own."""
    return FORMS.get(column, FREE_TEXT)


def stripped(view: str) -> str:
    """The rows of `view` with white space taken off, empty values missing, and whether it is `odd`.

    A row of plain ASCII without blanks at the ends of its values, which nearly all are, passes untouched: one
    look over the whole row is several times faster than one at each value.
    """
    names = [identifier(column) for column in REQUEST_COLUMNS]
    white_space = text_literal(WHITE_SPACE)
    columns = ", ".join(
        f"CASE WHEN odd AND ({name} < '!' OR right({name}, 1) < '!' OR strlen({name}) <> length({name})) "
        f"THEN nullif(trim({name}, {white_space}), '') ELSE {name} END AS {name}"
        for name in names
    )
    listed, between_bars = ", ".join(names), ", '|', ".join(names)
    odd = " OR ".join([*ODD, *(f"coalesce({name} = '', FALSE)" for name in names)])
    whole = f"SELECT row_no, {listed}, concat('|', {between_bars}, '|') AS whole FROM {view}"
    return f"SELECT row_no, odd, {columns} FROM (SELECT row_no, {listed}, {odd} AS odd FROM ({whole}))"


def value(column: str) -> str:
    """SQL for the value of a column over a stripped row: typed, and missing where it may not stand."""
    name, shape = identifier(column), form(column)
    if shape.value is not None:
        return f"CASE WHEN {_fits(column)} THEN {shape.value.format(name)} END"
    return f"CASE WHEN odd AND {_holds_control(name)} THEN NULL ELSE {name} END"


def problem(column: str) -> str:
    """SQL for what is wrong with the value of a column, as a person reads it; NULL if nothing is."""
    name, shape = identifier(column), form(column)
    control = f"WHEN odd AND {_holds_control(name)} THEN {text_literal(HOLDS_CONTROL)}"
    unfit = f"WHEN NOT {_fits(column)} THEN {text_literal(shape.problem)}"
    return f"CASE WHEN {name} IS NULL THEN NULL {control} {unfit} END"


def errors() -> str:
    """SQL for the number of layout errors of a stripped row."""
    formed = [f"CAST({identifier(column)} IS NOT NULL AND NOT {_fits(column)} AS INTEGER)" for column in FORMS]
    free = [
        f"CAST({name} IS NOT NULL AND {_holds_control(name)} AS INTEGER)"
        for name in (identifier(column) for column in REQUEST_COLUMNS if column not in FORMS)
    ]
    return f"{' + '.join(formed)} + CASE WHEN odd THEN {' + '.join(free)} ELSE 0 END"


def _fits(column: str) -> str:
    return form(column).fits.format(identifier(column))


def _holds_control(name: str) -> str:
    """SQL for whether a text holds a control character; nearly all are told quickly."""
    plain = f"strlen({name}) = length({name}) AND strlen(to_json({name})) = strlen({name}) + 2"
    return (
        f"CASE WHEN {plain} AND NOT contains({name}, chr(127)) THEN FALSE "
        f"ELSE regexp_matches({name}, {text_literal(CONTROL)}) END"
    )
