"""Whom a policy trusts, and from which size to which; and that no demand is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st

from narrowgate.ledger import Log
from narrowgate.ledger.cosignature import Cosigner
from narrowgate_verify.checkpoint import accept, accept_signed
from narrowgate_verify.policy import Policy, parse_policy
from narrowgate_verify.problems import DoesNotVerify, WrongUse
from tests.ledger.support import ORIGIN, SIGNERS, a_log, fresh_signers

LOGS = "".join(f"log {signer.verifier.vkey}\n" for signer in SIGNERS)
NAMES = ("a", "b", "c", "d")
WITNESSES = {name: Cosigner(f"w.example/{name}", ed25519.Ed25519PrivateKey.generate()) for name in NAMES}
WITNESS_LINES = "".join(f"witness {name} {each.verifier.vkey}\n" for name, each in WITNESSES.items())
AT = 1_751_371_200


def policy(more: str) -> Policy:
    return parse_policy((LOGS + more).encode())


def key_of(number: int) -> str:
    verifier = SIGNERS[number].verifier
    return f"{verifier.name}+{verifier.key_id.hex()}"


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory) -> str:
    return a_log(tmp_path_factory.mktemp("log") / "ledger", 3).checkpoint


def test_a_policy_is_read_as_its_page_writes_it() -> None:
    text = f"\t# mine \xe9\n\n  log\t{SIGNERS[0].verifier.vkey}  https://ledger.example/ \nquorum none\n"
    read = parse_policy(text.encode())
    assert (read.origin, read.quorum) == (ORIGIN, "none")
    assert [each.key.name for each in read.log_keys] == [ORIGIN]
    assert read.witnesses == ()
    assert read.groups == ()


def test_names_are_octets_and_never_letters() -> None:
    kelvin, k = "\u212a", "K"
    vkeys = [WITNESSES[name].verifier.vkey for name in ("a", "b")]
    read = policy(f"witness {kelvin} {vkeys[0]}\nwitness {k} {vkeys[1]}\ngroup g all {kelvin} {k}\nquorum g\n")
    assert len(read.witnesses) == 2
    latin = LOGS.encode() + b"witness \xff " + vkeys[0].encode() + b"\nquorum \xff\n"
    assert parse_policy(latin).quorum == "\udcff"
    with pytest.raises(WrongUse):
        parse_policy(latin.replace(b"quorum \xff", b"quorum \xc3\xbf"))


@given(st.integers(0, 0x1F) | st.just(0x7F))
def test_an_octet_that_no_policy_holds_is_refused(octet: int) -> None:
    content = (LOGS + "# x").encode() + bytes([octet]) + b"\nquorum none\n"
    if octet in b"\t\n":
        assert parse_policy(content).quorum == "none"
    else:
        with pytest.raises(WrongUse, match="control character"):
            parse_policy(content)


@given(st.binary(max_size=200))
def test_no_octets_break_the_reader(content: bytes) -> None:
    for whole in (content, LOGS.encode() + content):
        try:
            assert parse_policy(whole).log_keys
        except WrongUse as problem:
            assert str(problem)


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_policy_that_was_cut_short_is_refused_or_lacks_its_quorum(cut: int) -> None:
    whole = (LOGS + "quorum none\n").encode()
    with pytest.raises(WrongUse, match=r"cut short|no quorum"):
        parse_policy(whole[:-cut])


def test_the_key_of_the_log_is_no_witness_even_as_one() -> None:
    own = SIGNERS[1].private_key
    assert isinstance(own, ed25519.Ed25519PrivateKey)
    itself = Cosigner("somebody.example/else", own)
    with pytest.raises(WrongUse, match="one key twice"):
        policy(f"witness w {itself.verifier.vkey}\nquorum w\n")


def test_groups_are_limited_in_number() -> None:
    keys = [Cosigner(f"w.example/{n}", ed25519.Ed25519PrivateKey.generate()).verifier.vkey for n in range(101)]
    lines = [f"witness w{n} {vkey}\ngroup g{n} all w{n}\n" for n, vkey in enumerate(keys)]
    assert len(policy("".join(lines[:100]) + "quorum g99\n").groups) == 100
    with pytest.raises(WrongUse, match="more than 100 groups"):
        policy("".join(lines) + "quorum g100\n")


def test_groups_nested_as_deep_as_may_be_are_judged(note: str) -> None:
    chain = "group g0 all a\n" + "".join(f"group g{n} all g{n - 1}\n" for n in range(1, 100))
    trusted = policy(WITNESS_LINES + chain + "quorum g99\n")
    assert accept((note + WITNESSES["a"].cosign(note, AT)).encode(), trusted, file="it").size == 3
    with pytest.raises(DoesNotVerify, match="witness `a` has not cosigned"):
        accept(note.encode(), trusted, file="it")


@given(st.sets(st.sampled_from(NAMES)), st.integers(1, 2), st.integers(1, 2), st.integers(1, 2))
def test_a_quorum_is_met_when_enough_members_of_enough_groups_have_cosigned(
    note: str, cosigners: set[str], left: int, right: int, whole: int
) -> None:
    groups = f"group x {left} a b\ngroup y {right} c d\ngroup z {whole} x y\nquorum z\n"
    lines = "".join(WITNESSES[name].cosign(note, AT) for name in sorted(cosigners))
    met = (len(cosigners & {"a", "b"}) >= left) + (len(cosigners & {"c", "d"}) >= right) >= whole
    signed = (note + lines).encode()
    trusted = policy(WITNESS_LINES + groups)
    assert {each.witness for each in accept_signed(signed, trusted, file="it").cosigned} == cosigners
    if met:
        assert accept(signed, trusted, file="it").size == 3
    else:
        with pytest.raises(DoesNotVerify, match="not cosigned by the quorum `z`"):
            accept(signed, trusted, file="it")


@pytest.mark.parametrize(("size", "first", "last"), [(2, 3, None), (3, 3, 3), (4, None, 3)])
def test_a_key_is_needed_from_its_first_size_to_its_last(size: int, first: int | None, last: int | None) -> None:
    begins = "" if first is None else f"from {first} {key_of(1)}\n"
    ends = "" if last is None else f"until {last} {key_of(1)}\n"
    read = policy(begins + ends + "quorum none\n")
    assert read.log_keys[0].covers(size)
    assert read.log_keys[1].covers(size) is (size == 3)


def test_a_line_by_a_key_out_of_its_term_counts_for_nothing(tmp_path: Path) -> None:
    log = Log.create(tmp_path / "ledger", ORIGIN, SIGNERS)
    only_later = policy(f"from 5 {key_of(0)}\nfrom 5 {key_of(1)}\nquorum none\n")
    with pytest.raises(DoesNotVerify, match="leaves no key"):
        accept(log.checkpoint.encode(), only_later, file="it")


def test_what_a_general_reader_of_the_policy_refuses_this_one_refuses_too(tmp_path: Path) -> None:
    """It takes any one signature of a log; this one takes all, so it accepts no more."""
    other = fresh_signers()
    trusted = policy("".join(f"log {signer.verifier.vkey}\n" for signer in other) + "quorum none\n")
    log = Log.create(tmp_path / "ledger", ORIGIN, SIGNERS)
    with pytest.raises(DoesNotVerify, match="which the policy requires"):
        accept(log.checkpoint.encode(), trusted, file="it")
