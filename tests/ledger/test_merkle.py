"""Hashes and proofs are those of RFC 6962."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.ledger import merkle
from narrowgate_verify.merkle import extends, includes
from tests.ledger.support import numbered, tree_hash

LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
# The roots of the first 1, 2 ... 8 of these leaves, as implementations of RFC 6962 publish them.
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def reader(entries: list[bytes]) -> merkle.ReadNode:
    """Nodes of the tree over `entries`, by the oracle."""
    return lambda height, index: tree_hash(entries[index << height : (index + 1) << height])


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    entries = LEAVES[:size]
    assert merkle.range_hash(reader(entries), 0, size).hex() == ROOTS[size - 1]
    assert merkle.root_of_edge([merkle.leaf_hashes(entries)]).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root_of_edge([]).hex() == expected
    assert merkle.EMPTY_ROOT.hex() == expected


def test_published_audit_paths_and_proofs() -> None:
    read = reader(LEAVES[:7])
    # The nodes of the example in RFC 6962 section 2.1.3, under the names it gives them.
    spans = {"a": (0, 1), "b": (1, 2), "c": (2, 3), "d": (3, 4), "f": (5, 6), "g": (0, 2), "h": (2, 4)}
    spans |= {"i": (4, 6), "j": (6, 7), "k": (0, 4), "l": (4, 7)}
    nodes = {name: tree_hash(LEAVES[start:stop]) for name, (start, stop) in spans.items()}
    assert merkle.inclusion_proof(read, 0, 7) == (nodes["b"], nodes["h"], nodes["l"])
    assert merkle.inclusion_proof(read, 3, 7) == (nodes["c"], nodes["g"], nodes["l"])
    assert merkle.inclusion_proof(read, 4, 7) == (nodes["f"], nodes["j"], nodes["k"])
    assert merkle.inclusion_proof(read, 6, 7) == (nodes["i"], nodes["k"])
    assert merkle.consistency_proof(read, 3, 7) == (nodes["c"], nodes["d"], nodes["g"], nodes["l"])
    assert merkle.consistency_proof(read, 4, 7) == (nodes["l"],)
    assert merkle.consistency_proof(read, 6, 7) == (nodes["i"], nodes["j"], nodes["k"])


def test_every_proof_of_every_small_tree_verifies_and_no_other() -> None:
    for size in range(1, 21):
        entries = numbered(0, size)
        read, root = reader(entries), tree_hash(entries)
        for index in range(size):
            path = merkle.inclusion_proof(read, index, size)
            leaf = merkle.leaf_hashes([entries[index]])
            found = [at for at in range(size + 2) if includes(leaf, at, size, path, root)]
            assert found == [index]
        for old in range(size + 1):
            path = merkle.consistency_proof(read, old, size)
            before = tree_hash(entries[:old])
            assert extends(old, before, size, root, path)
            assert not extends(old, tree_hash([b"other", *entries[1:old]]), size, root, path) or old == 0
            assert not extends(old, before, size, tree_hash([*entries, b"more"]), path) or old == 0
            assert not extends(old, before, size, root, (*path, root))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_proofs_over_several_levels_of_tiles_verify(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 3000), label="size")
    index = data.draw(st.integers(0, size - 1), label="index")
    old = data.draw(st.integers(0, size), label="old")
    entries = numbered(0, size)
    read, root = reader(entries), tree_hash(entries)
    path = merkle.inclusion_proof(read, index, size)
    assert includes(merkle.leaf_hashes([entries[index]]), index, size, path, root)
    assert not includes(merkle.leaf_hashes([b"another"]), index, size, path, root)
    assert extends(old, tree_hash(entries[:old]), size, root, merkle.consistency_proof(read, old, size))
