"""How many requests give nearly the same reason (`docs/facts.md`, "How copies are counted").

Rules:
 * What is particular to a request is taken out of its reason; what is left is words between single blanks, of the first
   4,000 characters. Where nothing stands between two blanks there is an empty word, which counts like another.
 * Two reasons are one template if the same words stand an odd number of times in either.
 * Each word has one of 512 places, by a number that is seeded with all reasons of the batch. Templates are near if of
   the places that have a word in either at least seven tenths have one in both.
 * They are looked for among neighbours, in eight orders; who has twelve near requests is looked for no further.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import groupby
from operator import or_, xor

from narrowgate_verify.adjudication.kleene import Value
from narrowgate_verify.adjudication.letters import is_letter, lower, without_accents, without_format
from narrowgate_verify.adjudication.request import Request

LONGEST = 4_000
PARTS = 8
NEIGHBOURS = 2
"""How many of those behind it a template is compared with, in one order."""
ENOUGH = 12

_WRITTEN = ("matter_id", "order_case_no", "street", "city")
_NAMES = ("first_name", "middle_name", "last_name")
_MARKS = str.maketrans({**dict.fromkeys("0123456789.,;:()'\"", ""), **dict.fromkeys("-/", " ")})

_ALL = (1 << 64) - 1
_FACTOR, _LENGTH, _START, _ABSENT = 0xD6E8FEB86659FD93, 0xC6A4A7935BD1E995, 0xE17A1465, 0xBF58476D1CE4E5B9


@dataclass(frozen=True)
class _Template:
    """A text that requests have in common: the row of the first, how many give it, and its places in eight parts."""

    text: int
    copies: int
    parts: tuple[int, ...]

    @property
    def folded(self) -> int:
        """The places folded into 128: those of the parts of even number, and those of odd."""
        even, odd = (reduce(or_, self.parts[start::2]) for start in (0, 1))
        return even << 64 | odd

    @property
    def places(self) -> int:
        """How many places have a word."""
        return sum(part.bit_count() for part in self.parts)


def reason_facts(requests: Sequence[Request]) -> list[dict[str, Value | None]]:
    """`reason_template_copies` and `reason_near_copies` of every request."""
    words = [_words(one) if one.text("reason") else None for one in requests]
    keys: list[Hashable | None] = [None if said is None else _said_oddly(said) for said in words]
    copies = Counter(key for key in keys if key is not None)
    first = {key: row for row, key in reversed(list(enumerate(keys))) if key is not None}
    seed = seed_of(requests)
    near = _near([_Template(row, copies[key], _parts(words[row] or [], seed)) for key, row in first.items()])
    return [
        {
            "reason_template_copies": 0 if key is None else copies[key],
            "reason_near_copies": 0 if key is None else copies[key] + near.get(first[key], 0),
        }
        for key in keys
    ]


def _words(request: Request) -> list[str]:
    """The words of a reason, what is particular to its request taken out."""
    said = request.text("reason") or ""
    for column in _WRITTEN:
        if written := request.text(column):
            said = said.replace(written, " ")
    said = f" {_in_words(said)} "
    for column in _NAMES:
        name = lower(without_accents(request.text(column) or ""))
        said = said.replace(f" {name} ", " ")  # a missing one takes out one of two blanks
    return said[:LONGEST].split(" ")


def _in_words(said: str) -> str:
    """Small letters and blanks. In a text of ASCII alone other marks than those of `_MARKS` stay in their word."""
    if said.isascii():
        return said.lower().translate(_MARKS)
    bare = lower(without_accents(without_format(said)))
    return "".join(" " if is_blank else "".join(run) for is_blank, run in groupby(bare, lambda one: not is_letter(one)))


def _said_oddly(words: Sequence[str]) -> frozenset[str]:
    """The words that stand an odd number of times: what a template is known by."""
    return frozenset(word for word, times in Counter(words).items() if times % 2)


def seed_of(requests: Sequence[Request]) -> int:
    """The number that all reasons of a batch come to, those that are missing included."""
    return reduce(xor, (_joined(_mixed(one.row_no), _number(one.text("reason"))) for one in requests), 0)


def _parts(words: Sequence[str], seed: int) -> tuple[int, ...]:
    """The places of `words`: a bit for each, in eight parts of 64."""
    parts, mixed = [0] * PARTS, _mixed(seed)
    for word in words:
        place = _joined(_number(word), mixed) % 512
        parts[place // 64] |= 1 << place % 64
    return tuple(parts)


def _near(templates: Sequence[_Template]) -> dict[int, int]:
    """How many requests give a template near each, as far as it is found, by the template's first row."""
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    looked_for = list(templates)
    for first in range(PARTS):
        for one, other in _neighbours(looked_for, first, (first + 1) % PARTS):
            if _may_be_near(one, other) and _are_near(one, other):
                found[one.text][other.text] = other.copies
                found[other.text][one.text] = one.copies
        looked_for = [one for one in looked_for if sum(found.get(one.text, {}).values()) < ENOUGH]
    return {text: sum(others.values()) for text, others in found.items()}


def _neighbours(templates: Sequence[_Template], first: int, second: int) -> Iterator[tuple[_Template, _Template]]:
    """Each template with those behind it that have part `first` in common, in the order of part `second`."""
    ordered = sorted(templates, key=lambda one: (one.parts[first], one.parts[second], one.text))
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 : place + 1 + NEIGHBOURS]:
            if one.parts[first] == other.parts[first]:
                yield one, other


def _may_be_near(one: _Template, other: _Template) -> bool:
    """Whether folded they differ in at most three places for each seven tenths of the first one's."""
    return 7 * (one.folded ^ other.folded).bit_count() <= 3 * one.places


def _are_near(one: _Template, other: _Template) -> bool:
    """Whether at least seven tenths of the places of either are of both."""
    pairs = list(zip(one.parts, other.parts, strict=True))
    both = sum((mine & its).bit_count() for mine, its in pairs)
    return 10 * both >= 7 * sum((mine | its).bit_count() for mine, its in pairs)


@lru_cache(maxsize=100_000)
def _number(text: str | None) -> int:
    """A number of 64 bits for a text, of its UTF-8 eight bytes at a time; one of its own for a missing one."""
    if text is None:
        return _ABSENT
    content = text.encode()
    number = (_START ^ len(content) * _LENGTH) & _ALL
    for place in range(0, len(content), 8):
        number = (number ^ int.from_bytes(content[place : place + 8], "little")) * _FACTOR & _ALL
    return _mixed(number)


def _mixed(number: int) -> int:
    for _ in range(2):
        number = (number ^ number >> 32) * _FACTOR & _ALL
    return number ^ number >> 32


def _joined(first: int, second: int) -> int:
    return (first ^ first >> 32) * _FACTOR & _ALL ^ second
