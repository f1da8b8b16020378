"""What a reason says once what is particular to its request is taken out, in a form that can be compared.

Rules:
 * A request's own names, street, city, matter and case number, and every digit, are taken out of its reason: a
   template is the same whatever is filled into it. What is left is words in lower case.
 * Which words there are counts, and not their order. Two texts are the same if a 64-bit digest of their words is: two
   of a million texts that differ by chance have the same with a probability below 1e-7, and one that was made to
   collide only raises a count, to the requester's own harm.
 * Each word has one of 512 places, which are in eight parts. Texts that share most words share most places, and some
   parts whole.
 * Where a word's place is depends on all reasons of the batch: whoever writes them cannot know beforehand which words
   to change so that copies are not found.
"""

from __future__ import annotations

from functools import reduce

import duckdb

PARTS = tuple(f"part_{number}" for number in range(8))
"""Parts of a text: 64 places each, a bit for each that has a word. In a text of 40 words one or two share a place."""
LONGEST = 4_000
"""Characters of a text that are looked at, some six hundred words: beyond that too many would share a place."""

_WRITTEN = ("matter_id", "order_case_no", "street", "city")
_NAMES = ("first_name", "middle_name", "last_name")
PARTICULARS = (*_WRITTEN, *_NAMES)
"""Columns of a request that are taken out of its reason."""
_MARKS = {**dict.fromkeys("0123456789.,;:()'\"", ""), **dict.fromkeys("-/", " ")}


def prepare(session: duckdb.DuckDBPyConnection, request: str) -> str:
    """Make the temporary table (row_no, digest, a column per part) of the reasons given; returns its name."""
    texts = _masked(request)
    session.execute(f"CREATE OR REPLACE TEMP TABLE reason_said AS {_in_words(texts, _seed(session, request))}")
    return "reason_said"


def _seed(session: duckdb.DuckDBPyConnection, request: str) -> int:
    """A number that all reasons of the batch together come to."""
    found = session.execute(f"SELECT bit_xor(hash(row_no, reason)) FROM {request}").fetchone()
    return int(found[0] or 0) if found else 0


def _in_words(texts: str, seed: int) -> str:
    """A query for the digest and the parts of each of `texts` (row_no, said)."""
    words = f"unnest(string_split(left(said, {LONGEST}), ' '))"
    parts = ", ".join(
        f"bit_or(CASE WHEN (word >> 6) & {len(PARTS) - 1} = {number} THEN CAST(1 AS UBIGINT) << (word & 63) ELSE 0 END)"
        f" AS {part}"
        for number, part in enumerate(PARTS)
    )
    return f"""
        SELECT row_no, bit_xor(word) AS digest, {parts}
        FROM (SELECT row_no, hash({words}, CAST({seed} AS UBIGINT)) AS word FROM ({texts}))
        GROUP BY row_no"""


def _masked(request: str) -> str:
    """A query for row_no and the masked reason. One of nothing but particulars is empty."""
    texts = f"(SELECT row_no, reason AS said, {', '.join(PARTICULARS)} FROM {request} WHERE reason IS NOT NULL)"
    for column in _WRITTEN:
        texts = _with(texts, f"CASE WHEN contains(said, {column}) THEN replace(said, {column}, ' ') ELSE said END")
    # Plain replacement takes a third of the time of a pattern, and nearly every reason is plain.
    plain = reduce(lambda so_far, mark: f"replace({so_far}, {_quoted(mark)}, '{_MARKS[mark]}')", _MARKS, "lower(said)")
    seen = "regexp_replace(said, '\\p{Cf}+', '', 'g')"
    other = f"regexp_replace(lower(strip_accents({seen})), '[^\\pL]+', ' ', 'g')"
    texts = _with(texts, f"concat(' ', CASE WHEN strlen(said) = length(said) THEN {plain} ELSE {other} END, ' ')")
    for column in _NAMES:
        bare = f"CASE WHEN strlen({column}) = length({column}) THEN {column} ELSE strip_accents({column}) END"
        name = f"concat(' ', lower({bare}), ' ')"
        texts = _with(texts, f"CASE WHEN contains(said, {name}) THEN replace(said, {name}, ' ') ELSE said END")
    return f"SELECT row_no, said FROM {texts}"


def _with(texts: str, said: str) -> str:
    return f"(SELECT * REPLACE ({said} AS said) FROM {texts})"


def _quoted(mark: str) -> str:
    return "''''" if mark == "'" else f"'{mark}'"
