"""An entry has one spelling, and room for no personal data."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.errors import Fault
from narrowgate.formats.entry import KINDS, Entry, commitment
from narrowgate_verify import entry as independent

SOUND = Entry("determination", "ICE-2025-06-27-001", "deny", "2025-06-27T14:00:00Z", "a" * 64)
EVENT = replace(SOUND, kind="configuration", code="agreement", batch=None)

TOKENS = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:/+-]{0,20}\Z").filter(
    lambda text: not text.replace("-", "").isdigit()
)
PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TOKENS
DETAILS = st.dictionaries(
    st.from_regex(r"\A[a-z][a-z0-9_]{0,10}\Z"),
    PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(TOKENS, PLAIN, max_size=3),
    max_size=4,
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def test_an_entry_is_its_keys_in_order_without_white_space() -> None:
    expected = (
        b'{"at":"2025-06-27T14:00:00Z","batch":"ICE-2025-06-27-001","code":"deny","commitment":"'
        + b"a" * 64
        + b'","kind":"determination","v":1}'
    )
    assert SOUND.to_bytes() == expected
    assert Entry.from_bytes(expected) == SOUND


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(KINDS)), DETAILS)
def test_both_programs_read_what_one_writes(kind: str, detail: dict[str, Any]) -> None:
    written = replace(EVENT, kind=kind, code="deny", detail=detail).to_bytes()
    assert Entry.from_bytes(written).to_bytes() == written
    assert independent.kind(written) == kind


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "count", "Name", "n n"]), ANYTHING, min_size=1, max_size=2))
def test_both_programs_refuse_the_same_details(detail: dict[str, Any]) -> None:
    try:
        written = replace(EVENT, detail=detail).to_bytes()
    except Fault:
        inside = json.dumps(detail, sort_keys=True, separators=(",", ":")).encode()
        head, tail = EVENT.to_bytes().split(b',"kind"')
        forced = head + b',"detail":' + inside + b',"kind"' + tail
        with pytest.raises(independent.NotAnEntry):
            independent.kind(forced)
        with pytest.raises(Fault):
            Entry.from_bytes(forced)
    else:
        assert independent.kind(written) == "configuration"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_both_programs_refuse_the_same_bytes(data: st.DataObject) -> None:
    written = bytearray(replace(EVENT, detail={"n": 1, "list": ["a", None]}).to_bytes())
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] = data.draw(st.integers(0, 255))
    try:
        Entry.from_bytes(bytes(written))
    except Fault:
        with pytest.raises(independent.NotAnEntry):
            independent.kind(bytes(written))
    else:
        assert independent.kind(bytes(written)) in KINDS


def test_the_kinds_of_both_programs_are_the_same() -> None:
    assert tuple(KINDS) == independent.KINDS


@pytest.mark.parametrize(
    "spoilt",
    [
        replace(SOUND, kind="disclosure"),
        replace(SOUND, code="denied"),
        replace(SOUND, code="two words"),
        replace(SOUND, batch="Jane Doe"),
        replace(SOUND, batch=""),
        replace(SOUND, at="2025-06-27T14:00:00+00:00"),
        replace(SOUND, at="2025-06-31T14:00:00Z"),
        replace(SOUND, at="2025-06-27"),
        replace(SOUND, commitment="A" * 64),
        replace(SOUND, commitment="a" * 63),
        replace(SOUND, detail={"note": "lives with her sister"}),
        replace(SOUND, detail={"note": "123-45-6789"}),
        replace(SOUND, detail={"note": "123456789"}),
        replace(SOUND, detail={"note": ["900-70-1234"]}),
        replace(SOUND, detail={"rate": 0.5}),
        replace(SOUND, detail={"Name": 1}),
        replace(SOUND, detail={"count": 2**53}),
        replace(SOUND, detail={"deep": {"er": {"est": 1}}}),
        replace(SOUND, detail={"name": "José"}),
    ],
)
def test_what_is_not_an_entry_is_not_written(spoilt: Entry) -> None:
    with pytest.raises(Fault, match="not a ledger entry"):
        spoilt.to_bytes()


def test_an_entry_longer_than_a_log_can_hold_is_not_written() -> None:
    with pytest.raises(Fault, match="bytes"):
        replace(EVENT, detail={"list": ["x" * 100] * 700}).to_bytes()


def test_a_commitment_is_the_digest_of_salt_and_payload() -> None:
    salt = bytes(range(32))
    assert commitment(salt, b"payload") == sha256(salt + b"payload").hexdigest()


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_salt_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(Fault, match="32 bytes"):
        commitment(bytes(size), b"payload")
