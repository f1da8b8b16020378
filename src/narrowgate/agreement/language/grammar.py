"""Parse the text of a condition into the closed syntax of `terms.expression`.

Rules:
 * `tokens` admits the words; sqlglot gives them their structure; what is not on the list here is refused.
 * sqlglot sees the words again, names quoted, so that no name is taken for a word of some dialect.
 * sqlglot is not trusted to keep what it read: the result is spelled out again and must have the same words.
 * AND beside OR needs brackets, so that their precedence needs no rule.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from narrowgate.agreement.language.spelling import spell
from narrowgate.agreement.language.tokens import Kind, Token, tokens
from narrowgate.errors import AgreementError
from narrowgate.terms.expression import (
    And,
    Between,
    Comparator,
    Compare,
    Constant,
    Days,
    Expression,
    FactName,
    In,
    IsNull,
    Not,
    Operand,
    Or,
    ParameterName,
    Truth,
)

SMALLEST, LARGEST = -(2**63), 2**63 - 1
"""The integers of the language: those of 64 bits."""

_COMPARATORS: dict[type[exp.Expression], Comparator] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def structure(text: str, *, facts: Container[str], parameters: Container[str], file: str, line: int) -> Expression:
    """The expression that `text` spells; its names are known, its types not yet checked."""
    words = tokens(text, file=file, line=line)
    reader = _Reader(facts, parameters, file, line)
    expression = reader.condition(_tree(words, file=file, line=line))
    again = tokens(spell(expression), file=file, line=line)
    if _content(again) != _content(words):
        raise AgreementError(
            f"`{text.strip()}` is read as `{spell(expression)}`, which is not what it says",
            file=file,
            line=line,
        )
    return expression


def _tree(words: tuple[Token, ...], *, file: str, line: int) -> exp.Expression:
    written = " ".join(f'"{word.text}"' if word.kind is Kind.NAME else word.text for word in words)
    try:
        trees = sqlglot.parse(written)
    except SqlglotError as error:
        raise AgreementError(f"{_near(error, words)} does not make a condition", file=file, line=line) from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Expression):
        raise AgreementError(f"`{words[0].text}` does not begin a condition", file=file, line=line)
    return trees[0]


def _near(error: SqlglotError, words: tuple[Token, ...]) -> str:
    """The words at which sqlglot stopped, or all of them where it does not say."""
    details = getattr(error, "errors", None) or [{}]
    near = str(details[0].get("highlight") or "").replace('"', "")
    return f"`{near}`" if near else "`" + " ".join(word.text for word in words)[:80] + "`"


def _content(words: tuple[Token, ...]) -> tuple[list[str], int]:
    """What must survive parsing: every word in order save brackets and NOT, and how often NOT is said."""
    kept = [_same(word) for word in words if word.text not in ("(", ")", "NOT")]
    return kept, sum(word.text == "NOT" for word in words)


def _same(word: Token) -> str:
    """Decimals are the same word when they are the same number: `1.50` is `1.5`."""
    return str(Decimal(word.text).normalize()) if word.kind is Kind.NUMBER else word.text


@dataclass(frozen=True)
class _Reader:
    """Turns sqlglot's nodes into ours, and refuses every node that is not on the list."""

    facts: Container[str]
    parameters: Container[str]
    file: str
    line: int

    def condition(self, node: exp.Expression) -> Expression:
        match node:
            case exp.Paren():
                return self.condition(node.this)
            case exp.And() | exp.Or():
                return self.junction(node)
            case exp.Not():
                return Not(self.condition(node.this))
            case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE():
                return Compare(self.operand(node.this), _COMPARATORS[type(node)], self.operand(node.expression))
            case exp.Between():
                return Between(self.operand(node.this), self.operand(node.args["low"]), self.operand(node.args["high"]))
            case exp.In():
                return In(self.operand(node.this), self.members(node))
            case exp.Is() if isinstance(node.expression, exp.Null):
                return IsNull(self.operand(node.this))
            case exp.Column() | exp.Boolean():
                return Truth(self.operand(node))
        raise self.refuse(f"`{_words(node)}` is not a condition")

    def junction(self, node: exp.And | exp.Or) -> Expression:
        """All members of a chain of ANDs, or of ORs; the other of the two needs brackets."""
        parts: list[exp.Expression] = []
        rest: exp.Expression = node
        while type(rest) is type(node):
            parts.append(rest.expression)
            rest = rest.this
        parts.append(rest)
        for part in parts:
            if isinstance(part, exp.And | exp.Or):
                raise self.refuse(f"`{_words(node)}` needs brackets: AND and OR stand side by side")
        members = tuple(self.condition(part) for part in reversed(parts))
        return And(members) if isinstance(node, exp.And) else Or(members)

    def members(self, node: exp.In) -> tuple[Constant, ...] | ParameterName:
        field = node.args.get("field")
        if field is not None:
            named = self.operand(field)
            if isinstance(named, ParameterName):
                return named
            raise self.refuse(f"`{_words(field)}` after IN is not a list: name a list parameter or write ( )")
        members = tuple(self.operand(member) for member in node.expressions)
        if not members or not all(isinstance(member, Constant) for member in members):
            raise self.refuse(f"`{_words(node)}` must list constants, at least one")
        return tuple(member for member in members if isinstance(member, Constant))

    def operand(self, node: exp.Expression) -> Operand:
        match node:
            case exp.Paren():
                return self.operand(node.this)
            case exp.Column():
                return self.name(node.name)
            case exp.Literal():
                return Constant(node.name) if node.is_string else self.number(node.name)
            case exp.Neg() if isinstance(node.this, exp.Literal) and not node.this.is_string:
                return self.number("-" + node.this.name)
            case exp.Boolean():
                return Constant(bool(node.this))
            case exp.Cast() if isinstance(node.this, exp.Literal) and node.to.is_type("date"):
                return self.day(node.this.name)
            case exp.Add():
                return Days(self.operand(node.this), "+", self.operand(node.expression))
            case exp.Sub():
                return Days(self.operand(node.this), "-", self.operand(node.expression))
            case exp.Null():
                raise self.refuse("nothing compares with NULL; write IS NULL or IS NOT NULL")
        raise self.refuse(f"`{_words(node)}` is not a value")

    def name(self, name: str) -> FactName | ParameterName:
        if name in self.facts:
            return FactName(name)
        if name in self.parameters:
            return ParameterName(name)
        raise self.refuse(f"`{name}` is neither a fact nor a parameter")

    def number(self, text: str) -> Constant:
        if "." in text:
            return Constant(Decimal(text))
        if not SMALLEST <= int(text) <= LARGEST:
            raise self.refuse(f"`{text}` is beyond 64 bits")
        return Constant(int(text))

    def day(self, text: str) -> Constant:
        try:
            if _ISO_DATE.fullmatch(text) is None:
                raise ValueError
            return Constant(date.fromisoformat(text))
        except ValueError:
            raise self.refuse(f"`DATE '{text}'` is not a day; write DATE 'YYYY-MM-DD'") from None

    def refuse(self, message: str) -> AgreementError:
        return AgreementError(message, file=self.file, line=self.line)


def _words(node: exp.Expression) -> str:
    """What a node says, short enough to be read in an error."""
    return node.sql().replace('"', "")[:80]
