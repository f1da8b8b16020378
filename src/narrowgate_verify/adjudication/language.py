"""Read the conditions of an agreement (`spec/agreement.md`, "Conditions"); what they come to is in `kleene`.

Rules:
 * The grammar is that of the page and no more; AND beside OR, a comparison after NOT and a sign after a sign need
   brackets. What the page does not have is refused with the words that offend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from narrowgate_verify.adjudication.kleene import (
    COMPARATORS,
    Condition,
    Operand,
    Parameters,
    Value,
    all_of,
    any_of,
    compared,
    is_in,
    moved,
    negation,
    truth_of,
)
from narrowgate_verify.problems import DoesNotVerify

Inside = TypeVar("Inside")

LONGEST, MOST_WORDS, DEEPEST = 4_000, 400, 16
_WORDS = frozenset({"AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "DATE", "TRUE", "FALSE"})
_TOKEN = re.compile(
    r"[ \n]+|(?P<number>(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{1,9})?(?![0-9A-Za-z_.]))|(?P<word>[A-Z]+(?![A-Za-z0-9_.]))"
    r"|(?P<name>[a-z][a-z0-9_]*(?![A-Za-z0-9_.]))|(?P<text>'(?:[^'\n]|'')*')|(?P<sign><>|<=|>=|[=<>+\-(),])"
)


@dataclass(frozen=True)
class Test:
    """A condition: the facts and parameters that it names, and how its truth is found."""

    facts: frozenset[str]
    parameters: frozenset[str]
    truth: Condition


def read_test(text: str, *, facts: Collection[str], parameters: Collection[str]) -> Test:
    """The condition that `text` spells; DoesNotVerify with the words that do not belong to the language."""
    reader = _Reader(_tokens(text), facts, parameters)
    truth = reader.condition()
    if reader.rest:
        raise DoesNotVerify(f"`{' '.join(reader.rest)}` does not belong behind a condition; it may need brackets")
    return Test(frozenset(reader.named & set(facts)), frozenset(reader.named - set(facts)), truth)


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    if len(text) > LONGEST:
        raise DoesNotVerify(f"a condition of {len(text)} characters is too long")
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None or (token["word"] and token["word"] not in _WORDS):
            raise DoesNotVerify(f"`{text[place : place + 24]}` does not belong to the language of conditions")
        if token.lastgroup:
            found.append(token[0])
        place = token.end()
    if not found or len(found) > MOST_WORDS:
        raise DoesNotVerify(f"a condition of {len(found)} words")
    return found


class _Reader:
    """Reads a condition word by word, from the left, looking one word ahead."""

    def __init__(self, tokens: list[str], facts: Collection[str], parameters: Collection[str]) -> None:
        self.rest = tokens
        self.named: set[str] = set()
        self._facts, self._parameters = facts, parameters
        self._depth = 0

    def condition(self) -> Condition:
        """One single condition, or several with the same word between all of them."""
        parts = [self._single()]
        word = self._ahead()
        if word not in {"AND", "OR"}:
            return parts[0]
        while self._ahead() == word:
            self._take()
            parts.append(self._single())
        join = all_of if word == "AND" else any_of
        return lambda values, parameters: join([part(values, parameters) for part in parts])

    def _single(self) -> Condition:
        if self._ahead() == "NOT":
            return self._negated()
        if self._ahead() == "(" and self._holds_condition():
            return self._bracketed(self.condition)
        return self._comparison()

    def _negated(self) -> Condition:
        self._take("NOT")
        if self._ahead() == "(":
            part = self._bracketed(self.condition)
        elif self._is_name(self._ahead()) and self._ahead(1) in {"", ")", "AND", "OR"}:
            part = truth_of(self._operand())
        else:
            raise DoesNotVerify(f"`NOT {self._ahead()}` needs brackets behind NOT")
        return lambda values, parameters: negation(part(values, parameters))

    def _comparison(self) -> Condition:
        if self._ahead() in self._facts and self._ahead(1) == "IS":
            return self._missing(self._value())
        operand = self._operand()
        if self._ahead() in COMPARATORS:
            return compared(operand, self._take(), self._operand())
        negated = self._ahead() == "NOT" and bool(self._take())
        found = {"IN": self._member, "BETWEEN": self._between}.get(self._ahead())
        if found is None and not negated:
            return truth_of(operand)
        if found is None:
            raise DoesNotVerify(f"`NOT {self._ahead()}` does not belong behind a value")
        self._take()
        within = found(operand)
        return (lambda values, parameters: negation(within(values, parameters))) if negated else within

    def _missing(self, operand: Operand) -> Condition:
        self._take("IS")
        negated = self._ahead() == "NOT" and bool(self._take())
        self._take("NULL")
        return lambda values, parameters: (operand(values, parameters) is None) is not negated

    def _member(self, operand: Operand) -> Condition:
        if self._ahead() != "(":
            name = self._take()
            if name not in self._parameters:
                raise DoesNotVerify(f"`{name}` is no list that IN could look into")
            self.named.add(name)
            return lambda values, parameters: is_in(operand(values, parameters), _listed(parameters[name]))
        members = self._bracketed(self._constants)
        return lambda values, parameters: is_in(operand(values, parameters), members)

    def _constants(self) -> tuple[Value, ...]:
        members = [self._constant(self._take())]
        while self._ahead() == ",":
            self._take()
            members.append(self._constant(self._take()))
        return tuple(members)

    def _between(self, operand: Operand) -> Condition:
        low = self._operand()
        self._take("AND")
        ends = (compared(low, "<=", operand), compared(operand, "<=", self._operand()))
        return lambda values, parameters: all_of([end(values, parameters) for end in ends])

    def _operand(self) -> Operand:
        left = self._bracketed(self._operand) if self._ahead() == "(" else self._value()
        while self._ahead() in {"+", "-"}:
            sign = self._take()
            if self._ahead() in {"+", "-"}:
                raise DoesNotVerify(f"`{sign}{self._ahead()}` puts a sign before a sign")
            if sign == "+" and self._ahead() in self._facts:
                raise DoesNotVerify(f"`{self._ahead()}` is a fact; the days that are added are a number or a parameter")
            right = self._bracketed(self._operand) if self._ahead() == "(" else self._value()
            left = moved(left, sign, right)
        return left

    def _value(self) -> Operand:
        word = self._take()
        if not self._is_name(word):
            constant = self._constant(word)
            return lambda values, parameters: constant
        self.named.add(word)
        if word in self._facts:
            return lambda values, parameters: values[word]
        if word in self._parameters:
            return lambda values, parameters: _single(word, parameters)
        raise DoesNotVerify(f"`{word}` is neither a fact nor a parameter")

    def _constant(self, word: str) -> Value:
        if word in {"TRUE", "FALSE"}:
            return word == "TRUE"
        if word == "DATE":
            return _day(_unquoted(self._take()))
        if word.startswith("'"):
            return _unquoted(word)
        number = "-" + self._take() if word == "-" else word
        if not re.fullmatch(r"-?[0-9.]+", number):
            raise DoesNotVerify(f"`{word}` is no value of the language")
        if "." in number:
            return Decimal(number)
        if not -(2**63) <= int(number) < 2**63:
            raise DoesNotVerify(f"`{number}` is beyond 64 bits")
        return int(number)

    def _holds_condition(self) -> bool:
        """Whether the bracket ahead holds a condition, not an operand: something in it compares, or it stands alone."""
        depth = 0
        for place, word in enumerate(self.rest):
            depth += (word == "(") - (word == ")")
            if word in COMPARATORS or word in {"AND", "OR", "NOT", "IN", "BETWEEN", "IS"}:
                return True
            if depth == 0:
                return self._ahead(place + 1) in {"", ")", "AND", "OR"}
        raise DoesNotVerify("a bracket is not closed")

    def _bracketed(self, inside: Callable[[], Inside]) -> Inside:
        self._take("(")
        self._depth += 1
        if self._depth > DEEPEST:
            raise DoesNotVerify(f"brackets stand more than {DEEPEST} deep")
        found = inside()
        self._take(")")
        self._depth -= 1
        return found

    def _is_name(self, word: str) -> bool:
        return bool(re.fullmatch("[a-z][a-z0-9_]*", word))

    def _ahead(self, further: int = 0) -> str:
        return self.rest[further] if further < len(self.rest) else ""

    def _take(self, expected: str | None = None) -> str:
        if not self.rest or expected not in {None, self.rest[0]}:
            raise DoesNotVerify(f"`{' '.join(self.rest[:6])}` stands where {expected or 'a value'} is needed")
        return self.rest.pop(0)


def _single(name: str, parameters: Parameters) -> Value:
    value = parameters[name]
    if isinstance(value, tuple):
        raise DoesNotVerify(f"`{name}` is a list, which stands after IN alone")
    return value


def _listed(value: Value | tuple[Value, ...]) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def _unquoted(word: str) -> str:
    if not word.startswith("'"):
        raise DoesNotVerify(f"`{word}` is not a text in quotes")
    return word[1:-1].replace("''", "'")


def _day(text: str) -> date:
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise DoesNotVerify(f"`DATE '{text}'` is not a day") from error
