"""Keys that never leave a PKCS#11 module: they sign and wrap there, and are found by token and label.

Rules:
 * The PIN comes from the file that the place names, which must be private, or else from NARROWGATE_PIN. It is read
   for each use, kept by nobody, and in no message.
 * A signature is handed on only once it verifies by the public half: a module that errs must not spoil a checkpoint.
 * Wrapping is AES key wrap (RFC 3394, CKM_AES_KEY_WRAP), the same bytes as a key in a file would make.
 * A login belongs to the whole process, so one session is open at a time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pkcs11
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.exceptions import (
    AttributeValueInvalid,
    MechanismInvalid,
    NoSuchToken,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
)
from pkcs11.util.ec import encode_ecdsa_signature, encode_named_curve_parameters

from narrowgate.encrypted import KEY_SIZE
from narrowgate.errors import Fault, WrongUse
from narrowgate.store.places import CUSTODY, LEDGER, InModule, described, private

PIN = "NARROWGATE_PIN"
PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

_P256 = encode_named_curve_parameters("secp256r1")
_ED25519 = encode_named_curve_parameters("1.3.101.112")
_OCTET_STRING = 0x04
_PASSING = {Attribute.TOKEN: False, Attribute.EXTRACTABLE: True, Attribute.SENSITIVE: False}
"""What a key is while it goes through the module: of this session, and handed back."""

_alone = threading.Lock()


class ModuleSigningKey:
    """A signing key in a module: P-256 if `name` is the ledger's first key, Ed25519 if it is the second."""

    def __init__(self, name: str, place: InModule) -> None:
        self._place = place
        self._edwards = name == LEDGER[1]
        with _opened(place) as session:
            _found(session, place, ObjectClass.PRIVATE_KEY)
            self._public = _public_key(_found(session, place, ObjectClass.PUBLIC_KEY), place, edwards=self._edwards)

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return self._public

    def sign(self, text: bytes) -> bytes:
        """The bare signature over `text`: 64 bytes for Ed25519, DER for ECDSA with SHA-256."""
        with _opened(self._place) as session:
            key = _found(session, self._place, ObjectClass.PRIVATE_KEY)
            signature: bytes = (
                key.sign(text, mechanism=Mechanism.EDDSA)
                if self._edwards
                else encode_ecdsa_signature(key.sign(sha256(text).digest(), mechanism=Mechanism.ECDSA))
            )
        if not _verifies(self._public, signature, text):
            raise Fault(f"a signature by the key in {described(self._place)} does not verify", "nothing was signed")
        return signature


class ModuleCustodyKey:
    """The custodian's AES-256 key in a module."""

    def __init__(self, place: InModule) -> None:
        self._place = place

    @cached_property
    def id(self) -> str:
        """Its name: what it makes of a known key says which key it is, and nothing about it."""
        return sha256(b"narrowgate custody key in a module\n" + self.wrap(bytes(KEY_SIZE))).hexdigest()[:16]

    def wrap(self, key: bytes) -> bytes:
        """`key`, of 32 bytes, wrapped."""
        with _opened(self._place) as session:
            passing = session.create_object(
                {
                    **_PASSING,
                    Attribute.CLASS: ObjectClass.SECRET_KEY,
                    Attribute.KEY_TYPE: KeyType.AES,
                    Attribute.VALUE: key,
                }
            )
            wrapped: bytes = self._key(session).wrap_key(passing, mechanism=Mechanism.AES_KEY_WRAP)
        return wrapped

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key that was wrapped; a Fault if this is not the key that wrapped it."""
        with _opened(self._place) as session:
            own = self._key(session)
            try:
                passing = own.unwrap_key(
                    ObjectClass.SECRET_KEY, KeyType.AES, wrapped, mechanism=Mechanism.AES_KEY_WRAP, template=_PASSING
                )
            except PKCS11Error as problem:
                raise Fault(
                    f"a key was not wrapped by the custody key in {described(self._place)}", "nothing was read with it"
                ) from problem
            key: bytes = passing[Attribute.VALUE]
        return key

    def _key(self, session: Any) -> Any:
        return _found(session, self._place, ObjectClass.SECRET_KEY)


def make(name: str, place: InModule) -> None:
    """Make the key `name` at `place`, never to be taken out of the module; wrong use if something lies there."""
    with _opened(place, writing=True) as session:
        if list(session.get_objects({Attribute.LABEL: place.label})):
            raise WrongUse(f"{described(place)} holds something already", "no key was made")
        kept = {"label": place.label, "id": sha256(place.label.encode()).digest()[:8], "store": True}
        if name == CUSTODY:
            uses = MechanismFlag.WRAP | MechanismFlag.UNWRAP
            session.generate_key(KeyType.AES, 8 * KEY_SIZE, capabilities=uses, **kept)
            return
        kind, curve = (KeyType.EC_EDWARDS, _ED25519) if name == LEDGER[1] else (KeyType.EC, _P256)
        mechanism = Mechanism.EC_EDWARDS_KEY_PAIR_GEN if name == LEDGER[1] else Mechanism.EC_KEY_PAIR_GEN
        curve_of = session.create_domain_parameters(kind, {Attribute.EC_PARAMS: curve}, local=True)
        uses = MechanismFlag.SIGN | MechanismFlag.VERIFY
        curve_of.generate_keypair(mechanism=mechanism, capabilities=uses, **kept)


def destroy(place: InModule) -> None:
    """Destroy the key at `place`, both halves; done if none is there. A Fault if the module does not let it go."""
    with _opened(place, writing=True) as session:
        for kind in (ObjectClass.PRIVATE_KEY, ObjectClass.SECRET_KEY, ObjectClass.PUBLIC_KEY):
            for each in list(session.get_objects({Attribute.LABEL: place.label, Attribute.CLASS: kind})):
                each.destroy()


@contextmanager
def _opened(place: InModule, *, writing: bool = False) -> Iterator[Any]:
    """A session on the token of `place`, logged in; what goes wrong in it is a Fault that names the place."""
    pin = _pin(place)
    with _alone:
        try:
            token = pkcs11.lib(place.module).get_token(token_label=place.token)
            with token.open(rw=writing, user_pin=pin) as session:
                yield session
        except (PinIncorrect, PinInvalid, PinLenRange, PinLocked) as problem:
            raise Fault(
                f"the token `{place.token}` of `{place.module}` does not take the PIN ({type(problem).__name__})",
                "a token locks itself after a few wrong ones; no record was looked up",
            ) from None  # the PIN is nowhere in what went wrong, and stays so
        except NoSuchToken as problem:
            raise Fault(f"the module `{place.module}` has no token `{place.token}`") from problem
        except (MechanismInvalid, AttributeValueInvalid) as problem:
            raise Fault(
                f"the module `{place.module}` cannot do what the key `{place.label}` is for",
                "let this key lie in a file, or take another module; no record was looked up",
            ) from problem
        except PKCS11Error as problem:
            raise Fault(f"{described(place)} cannot be used: {str(problem) or type(problem).__name__}") from problem


def _pin(place: InModule) -> str:
    if place.pin_file is not None:
        private(Path(place.pin_file))
        return Path(place.pin_file).read_text(encoding="utf-8").strip()
    pin = os.environ.get(PIN)
    if not pin:
        raise WrongUse(
            f"there is no PIN for the token `{place.token}`",
            f"set {PIN}, or name a private `pin_file` in keys.toml; no record was looked up",
        )
    return pin


def _found(session: Any, place: InModule, kind: ObjectClass) -> Any:
    """The one object of that kind under the label of `place`."""
    found = list(session.get_objects({Attribute.LABEL: place.label, Attribute.CLASS: kind}))
    if len(found) != 1:
        what = kind.name.lower().replace("_", " ")
        raise Fault(f"there are {len(found)} objects of the kind {what} at {described(place)}, where one is needed")
    return found[0]


def _public_key(found: Any, place: InModule, *, edwards: bool) -> PublicKey:
    """The public key that the module says it has, if it is of the kind that is needed."""
    kind, curve = found[Attribute.KEY_TYPE], found[Attribute.EC_PARAMS]
    point = _bare(found[Attribute.EC_POINT])
    if edwards and (kind, curve) == (KeyType.EC_EDWARDS, _ED25519):
        return ed25519.Ed25519PublicKey.from_public_bytes(point)
    if not edwards and (kind, curve) == (KeyType.EC, _P256):
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    raise Fault(f"the key in {described(place)} is of another kind than its name says")


def _bare(point: bytes) -> bytes:
    """The point without the OCTET STRING that PKCS#11 has around it, and that some modules leave out for Ed25519."""
    wrapped = len(point) > 2 and point[0] == _OCTET_STRING and point[1] == len(point) - 2
    return point[2:] if wrapped else point


def _verifies(key: PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, text)
        else:
            key.verify(signature, text, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
