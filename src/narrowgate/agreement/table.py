"""One TOML table of an agreement: its values, checked as they are taken, and the line of each.

Rules:
 * A key that is not expected, or a value of another type, is refused where it stands.
 * Decimals are exact; a date is a date and never a time; nothing is converted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from narrowgate.errors import AgreementError
from narrowgate.terms.agreement import ParameterValue
from narrowgate.terms.expression import Value

_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=\s*(.*)")
_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?")


@dataclass(frozen=True)
class Table:
    """A table as read; `lines` is the line of each key; `text_lines` is its text, from its first line on."""

    kind: str
    values: Mapping[str, Any]
    file: str
    line: int
    lines: Mapping[str, int]
    text_lines: tuple[str, ...]

    def refuse(self, message: str, key: str | None = None) -> AgreementError:
        """An error at `key`, or where the table begins."""
        return AgreementError(message, file=self.file, line=self.place(key))

    def place(self, key: str | None = None) -> int:
        """The line on which the value of `key` begins, or the table."""
        return self.line if key is None else self.lines.get(key, self.line)

    def only(self, *, needs: tuple[str, ...], may: tuple[str, ...] = ()) -> None:
        """Refuse a key that is missing or that nobody reads."""
        for key in self.values:
            if key not in (*needs, *may):
                raise self.refuse(f"`{key}` is not a key of {self.kind}", key)
        for key in needs:
            if key not in self.values:
                raise self.refuse(f"{self.kind} has no `{key}`")

    def text(self, key: str) -> str:
        """A text with something in it, as written."""
        value = self.values[key]
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(f"`{key}` must be a text", key)
        return value

    def prose(self, key: str) -> str:
        """A text for a person, on one line."""
        return " ".join(self.text(key).split())

    def prose_or_none(self, key: str) -> str | None:
        """A text for a person, where there is one."""
        return self.prose(key) if key in self.values else None

    def texts(self, key: str, *, empty: bool = False) -> tuple[str, ...]:
        """A list of different texts; at least one unless `empty`."""
        value = self.values[key]
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.refuse(f"`{key}` must be a list of texts", key)
        if not value and not empty:
            raise self.refuse(f"`{key}` is empty", key)
        if len(set(value)) != len(value):
            raise self.refuse(f"`{key}` names something twice", key)
        return tuple(value)

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.values[key]
        if not isinstance(value, bool):
            raise self.refuse(f"`{key}` must be true or false", key)
        return value

    def number(self, key: str) -> int:
        """A whole number."""
        value = self.values[key]
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.refuse(f"`{key}` must be a whole number", key)
        return value

    def share(self, key: str) -> Decimal:
        """A decimal from 0 to 1."""
        value = self.values[key]
        if not isinstance(value, Decimal) or not value.is_finite() or not 0 <= value <= 1:
            raise self.refuse(f"`{key}` must be a decimal from 0 to 1", key)
        return value

    def day(self, key: str) -> date:
        """A TOML date."""
        value = self.values[key]
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.refuse(f"`{key}` must be a date, such as 2025-04-07", key)
        return value

    def day_or_none(self, key: str) -> date | None:
        """A TOML date, where there is one."""
        return self.day(key) if key in self.values else None

    def moment(self, key: str) -> datetime:
        """A TOML time with its offset, in UTC."""
        value = self.values[key]
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self.refuse(f"`{key}` must be a time with an offset, such as 2025-11-21T00:00:00Z", key)
        return value.astimezone(UTC)

    def parameter_value(self, key: str) -> ParameterValue:
        """One value of the language, or a list of them."""
        value = self.values[key]
        if not isinstance(value, list):
            return self._value(value, key)
        if not value:
            raise self.refuse(f"`{key}` is an empty list, which nothing is ever in", key)
        return tuple(self._value(one, key) for one in value)

    def tables(self, key: str) -> tuple[Table, ...]:
        """The tables of `[[key]]`, each with its own line."""
        value = self.values[key]
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.refuse(f"`{key}` must be written as [[{key}]] tables", key)
        begins = [place for place, line in enumerate(self.text_lines) if _header(line) == key]
        if len(begins) != len(value):
            begins = [0] * len(value)
        return tuple(
            _table(f"[[{key}]]", one, self.file, self.line + begin, self.text_lines[begin:], header=1)
            for one, begin in zip(value, begins, strict=True)
        )

    def table(self, key: str) -> Table:
        """The table of `[key]` or `key = {…}`."""
        value = self.values[key]
        if not isinstance(value, dict):
            raise self.refuse(f"`{key}` must be a table", key)
        begins = [place for place, line in enumerate(self.text_lines) if _header(line) == key]
        begin = begins[0] if begins else self.place(key) - self.line
        return _table(f"`{key}`", value, self.file, self.line + begin, self.text_lines[begin:], header=1)

    def _value(self, value: object, key: str) -> Value:
        """A single value of the language."""
        if isinstance(value, bool) or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int) and -(2**63) <= value < 2**63:
            return value
        if isinstance(value, Decimal) and value.is_finite() and abs(value) < 10**18 and value == round(value, 9):
            return value
        raise self.refuse(f"`{key}` holds what is no value of the language: `{value}`", key)


def read_table(text: str, *, kind: str, file: str, line: int) -> Table:
    """The table that `text`, whose first line is `line` of `file`, holds."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _broken(str(error), kind, file, line, text) from None
    except (RecursionError, ArithmeticError, ValueError):
        raise _broken("it is nested or written in a way that no agreement needs", kind, file, line, text) from None
    return _table(kind, values, file, line, tuple(text.split("\n")))


def _broken(what: str, kind: str, file: str, line: int, text: str) -> AgreementError:
    """The error for text that is not TOML, with the parser's line moved to the file's."""
    where = re.search(r" \(at line (\d+), column \d+\)| \(at end of document\)", what)
    if where is not None:
        what = what.replace(where.group(), "")
        line += int(where.group(1) or text.rstrip("\n").count("\n") + 1) - 1
    return AgreementError(f"{kind} is not TOML: {what[:1].lower()}{what[1:]}", file=file, line=line)


def _table(
    kind: str,
    values: Mapping[str, Any],
    file: str,
    line: int,
    text_lines: tuple[str, ...],
    *,
    header: int = 0,
) -> Table:
    """A table whose keys are found on `text_lines` between its own header, if it has one, and the next."""
    lines: dict[str, int] = {}
    for place, text in enumerate(text_lines):
        if place >= header and _header(text) is not None:
            break
        match = _KEY.match(text)
        if match is not None and match.group(1) in values:
            opens = match.group(2).strip() in ('"""', "'''")
            lines.setdefault(match.group(1), line + place + opens)
    return Table(kind, values, file, line, lines, text_lines)


def _header(text: str) -> str | None:
    match = _HEADER.fullmatch(text.partition("#")[0].rstrip())
    return None if match is None else match.group(1)
