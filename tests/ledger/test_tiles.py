"""Tiles have the names and the widths that C2SP tlog-tiles gives them."""

from __future__ import annotations

import pytest

from narrowgate.errors import Fault
from narrowgate.ledger.tiles import digits, packed, tile_name, unpacked
from narrowgate_verify.tiles import name


@pytest.mark.parametrize(
    ("index", "path"),
    [
        (0, "000"),
        (67, "067"),
        (999, "999"),
        (1000, "x001/000"),
        (1067, "x001/067"),
        (1234067, "x001/x234/067"),
        (10**9, "x001/x000/x000/000"),
    ],
)
def test_an_index_is_written_in_groups_of_three(index: int, path: str) -> None:
    assert digits(index) == path
    assert tile_name(1, index) == name(1, index) == f"tile/1/{path}"
    assert tile_name("entries", index, 5) == name("entries", index, 5) == f"tile/entries/{path}.p/5"


def test_entries_stand_behind_their_length() -> None:
    bundle = packed([b"", b"a", b"x" * 0xFFFF])
    assert bundle == b"\x00\x00" + b"\x00\x01a" + b"\xff\xff" + b"x" * 0xFFFF
    assert unpacked(bundle, 3) == (b"", b"a", b"x" * 0xFFFF)


def test_an_entry_that_its_length_cannot_say_is_refused() -> None:
    with pytest.raises(Fault, match="65536 bytes"):
        packed([b"a", b"x" * 0x10000])


@pytest.mark.parametrize("torn", [b"", b"\x00", b"\x00\x01", b"\x00\x02a"])
def test_a_torn_bundle_has_no_entries(torn: bytes) -> None:
    assert unpacked(torn, 1) is None
