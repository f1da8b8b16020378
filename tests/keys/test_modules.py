"""A key in a PKCS#11 module does what one in a file does, and never leaves it. Its PIN is in no output."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowgate.errors import Fault, NarrowgateError, WrongUse
from narrowgate.gateway.keys import listed, rotate_ledger
from narrowgate.ledger.note import Verifier
from narrowgate.store import places
from narrowgate.store.folder import GateFolder
from narrowgate.store.gate import open_gate
from narrowgate.store.keys import destroy, make_in_module, signing_key
from narrowgate.store.pkcs11_keys import ModuleCustodyKey, ModuleSigningKey
from narrowgate.store.places import CUSTODY, LEDGER, InFile, InModule
from tests.keys.support import PIN, Token, checkpoint, grown_from, key_files, seated, verified

NOWHERE = GateFolder(Path("/nowhere"))


@pytest.mark.parametrize("name", LEDGER)
def test_what_a_module_signs_verifies_by_the_public_half(token: Token, name: str) -> None:
    key = signing_key(NOWHERE, name, token.made(name))
    verifier = Verifier("ledger.example", key.public_key)
    assert verifier.verifies(key.sign(b"a text"), b"a text")
    assert not verifier.verifies(key.sign(b"a text"), b"another")


def test_a_module_wraps_as_rfc_3394_has_it(token: Token) -> None:
    key = ModuleCustodyKey(token.made(CUSTODY))

    @settings(max_examples=20, deadline=None)
    @given(st.binary(min_size=32, max_size=32))
    def same(content: bytes) -> None:
        wrapped = key.wrap(content)
        assert len(wrapped) == 40
        assert content not in wrapped
        assert key.unwrap(wrapped) == content

    same()


def test_a_module_and_a_file_with_one_key_wrap_to_the_same_bytes(token: Token) -> None:
    import pkcs11
    from pkcs11 import Attribute, KeyType, ObjectClass

    place, key = token.place(), os.urandom(32)
    with pkcs11.lib(place.module).get_token(token_label=place.token).open(rw=True, user_pin=PIN) as session:
        session.create_object({
            Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.VALUE: key,
            Attribute.TOKEN: True, Attribute.WRAP: True, Attribute.UNWRAP: True, Attribute.LABEL: place.label,
        })  # fmt: skip
    assert aes_key_unwrap(key, ModuleCustodyKey(place).wrap(bytes(range(32)))) == bytes(range(32))


def test_a_key_that_was_wrapped_by_another_is_a_fault(token: Token) -> None:
    wrapped = ModuleCustodyKey(token.made(CUSTODY)).wrap(bytes(32))
    other = ModuleCustodyKey(token.made(CUSTODY))
    for wrong in (wrapped, wrapped[:-8], b"", bytes(40)):
        with pytest.raises(Fault, match="was not wrapped by the custody key"):
            other.unwrap(wrong)


def test_the_id_of_a_custody_key_is_that_of_the_key_and_not_of_its_label(token: Token) -> None:
    place = token.made(CUSTODY)
    first = ModuleCustodyKey(place).id
    assert ModuleCustodyKey(place).id == first
    destroy(NOWHERE, place)
    make_in_module(CUSTODY, place)
    assert ModuleCustodyKey(place).id != first


def test_a_key_that_was_made_cannot_be_taken_out(token: Token) -> None:
    import pkcs11
    from pkcs11 import Attribute, ObjectClass

    made = [token.made(name) for name in (*LEDGER, CUSTODY)]
    with pkcs11.lib(made[0].module).get_token(token_label=token.label).open(user_pin=PIN) as session:
        for place, kind in zip(made, [*2 * [ObjectClass.PRIVATE_KEY], ObjectClass.SECRET_KEY], strict=True):
            (key,) = session.get_objects({Attribute.LABEL: place.label, Attribute.CLASS: kind})
            assert (key[Attribute.SENSITIVE], key[Attribute.EXTRACTABLE]) == (True, False)


def test_no_key_is_made_over_another(token: Token) -> None:
    place = token.made(LEDGER[0])
    before = signing_key(NOWHERE, LEDGER[0], place).public_key
    for name in (*LEDGER, CUSTODY):
        with pytest.raises(WrongUse, match="holds something already"):
            make_in_module(name, place)
    assert signing_key(NOWHERE, LEDGER[0], place).public_key == before


def test_a_key_that_is_destroyed_is_gone_and_destroying_it_again_does_nothing(token: Token) -> None:
    place, other = token.made(LEDGER[0]), token.made(LEDGER[0])
    for _ in range(2):
        destroy(NOWHERE, place)
    with pytest.raises(Fault, match="there are 0 objects"):
        signing_key(NOWHERE, LEDGER[0], place)
    assert signing_key(NOWHERE, LEDGER[0], other)


@pytest.mark.parametrize(("made", "used"), [LEDGER, LEDGER[::-1]])
def test_a_key_of_another_kind_than_its_name_says_is_a_fault(token: Token, made: str, used: str) -> None:
    with pytest.raises(Fault, match="of another kind"):
        signing_key(NOWHERE, used, token.made(made))


def test_a_signature_that_does_not_verify_is_not_handed_on(token: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    key, other = (ModuleSigningKey(LEDGER[0], token.made(LEDGER[0])) for _ in range(2))
    monkeypatch.setattr(key, "_public", other.public_key)
    with pytest.raises(Fault, match="does not verify"):
        key.sign(b"a text")


def test_a_module_that_is_not_there_and_a_token_that_is_not_there_are_named(token: Token) -> None:
    with pytest.raises(Fault, match=r"module /no/such\.so, .* cannot be used"):
        signing_key(NOWHERE, LEDGER[0], InModule("/no/such.so", "gate", "key"))
    with pytest.raises(Fault, match="has no token `absent`"):
        signing_key(NOWHERE, LEDGER[0], token.place(module=token.place().module, token="absent"))


def test_a_wrong_pin_is_refused_and_not_repeated(
    token: Token, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    place = token.made(LEDGER[0])
    monkeypatch.setenv("NARROWGATE_PIN", "wrong-8888")
    with pytest.raises(Fault, match="does not take the PIN") as problem:
        signing_key(NOWHERE, LEDGER[0], place)
    told = repr(problem.value) + problem.value.message + problem.value.hint + "".join(capfd.readouterr())
    assert "8888" not in told
    assert PIN not in told
    assert problem.value.__cause__ is None


@pytest.mark.parametrize("pin", [None, ""])
def test_without_a_pin_no_module_is_asked(token: Token, monkeypatch: pytest.MonkeyPatch, pin: str | None) -> None:
    place = token.made(LEDGER[0])
    monkeypatch.delenv("NARROWGATE_PIN") if pin is None else monkeypatch.setenv("NARROWGATE_PIN", pin)
    with pytest.raises(WrongUse, match="there is no PIN"):
        signing_key(NOWHERE, LEDGER[0], place)


def test_a_private_file_with_the_pin_serves_where_the_environment_has_none(
    token: Token, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place, file = token.made(LEDGER[0]), tmp_path / "pin"
    monkeypatch.delenv("NARROWGATE_PIN")
    file.write_text(f"{PIN}\n")
    file.chmod(0o600)
    named = InModule(place.module, place.token, place.label, str(file))
    assert signing_key(NOWHERE, LEDGER[0], named).sign(b"a text")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_pin_file_that_others_can_read_is_refused(token: Token, tmp_path: Path, mode: int) -> None:
    place, file = token.made(LEDGER[0]), tmp_path / "pin"
    file.write_text(PIN)
    file.chmod(mode)
    with pytest.raises(Fault, match="open to others") as problem:
        signing_key(NOWHERE, LEDGER[0], InModule(place.module, place.token, place.label, str(file)))
    assert PIN not in problem.value.message + problem.value.hint


def test_a_rotation_moves_the_ledger_into_a_module_and_out_again(gate: Path, token: Token) -> None:
    before, module = checkpoint(gate), {name: token.made(name) for name in LEDGER}
    with seated(gate) as desk:
        rotate_ledger(desk, module)
    assert not [name for name in key_files(gate) if name.startswith("ledger")]
    inside = checkpoint(gate)
    with seated(gate) as desk:
        rotate_ledger(desk, {})
    assert verified(gate)
    assert grown_from(before, gate)
    assert grown_from(inside, gate)
    for name, place in module.items():
        with pytest.raises(Fault, match="there are 0 objects"):
            signing_key(NOWHERE, name, place)


def test_one_key_of_the_ledger_may_lie_in_a_module_and_the_other_in_a_file(gate: Path, token: Token) -> None:
    with seated(gate) as desk:
        rotate_ledger(desk, {LEDGER[0]: token.made(LEDGER[0])})
    found = places.read(GateFolder(gate))
    assert isinstance(found[LEDGER[0]], InModule)
    assert isinstance(found[LEDGER[1]], InFile)
    assert verified(gate)


def test_the_key_in_use_is_not_taken_for_a_new_one(gate: Path, token: Token) -> None:
    place = token.made(LEDGER[0])
    with seated(gate) as desk:
        rotate_ledger(desk, {LEDGER[0]: place})
    before = checkpoint(gate)
    with pytest.raises(NarrowgateError, match="is the one in use"), seated(gate) as desk:
        rotate_ledger(desk, {LEDGER[0]: place})
    assert checkpoint(gate) == before
    assert listed(open_gate(gate))[0].where == places.described(place)
