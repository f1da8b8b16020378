"""Tell openssl of a signer's key that lies in a PKCS#11 module (RFC 7512).

Rules:
 * A key file is the key in PEM, or one line `pkcs11:token=...;object=...?module-path=...` that says in which module it
   lies. `pin-source=file:...` may name a file with the PIN, which must be private; otherwise it is in NARROWGATE_PIN.
 * No PIN is read here: openssl takes it from the file or the environment. It is on no command line, and `pin-value`,
   which would be, is refused.
 * The engine `pkcs11` of libp11 is asked (Debian: libengine-pkcs11-openssl). As of version 0.4.12 it does not find a
   key on a token that also holds Edwards keys: let this key have a token of its own.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from narrowgate.errors import Fault, WrongUse

PIN = "NARROWGATE_PIN"
SCHEME = "pkcs11:"

_LONGEST = 4096
_KNOWN = {"token", "object", "type", "module-path", "pin-source"}
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9._/+@-]+")
_CONFIGURATION = """openssl_conf = openssl_init
[openssl_init]
engines = engines
[engines]
pkcs11 = pkcs11_module
[pkcs11_module]
engine_id = pkcs11
MODULE_PATH = {module}
"""
_PIN_LINE = f"PIN = $ENV::{PIN}\n"


@dataclass(frozen=True)
class NamedKey:
    """A key in a module: the token and the label it has there, and the file with the PIN if one is named."""

    module: Path
    token: str
    label: str
    pin_file: Path | None = None


@contextmanager
def signing_options(key: Path) -> Iterator[list[str | Path]]:
    """The options by which openssl signs with the key that is in the file `key`, or that it names."""
    named = named_key(key)
    if named is None:
        yield ["-inkey", key]
        return
    _check_pin(named)
    with tempfile.TemporaryDirectory() as private:
        configuration = Path(private, "openssl.cnf")
        configuration.write_text(
            _CONFIGURATION.format(module=named.module) + (_PIN_LINE if named.pin_file is None else ""), "ascii"
        )
        yield ["-config", configuration, "-engine", "pkcs11", "-keyform", "engine", "-inkey", _uri(named)]


def named_key(key: Path) -> NamedKey | None:
    """The key in a module that the file `key` names; None if it names none. Wrong use if it does so in another form."""
    try:
        with key.open("rb") as file:
            text = file.read(_LONGEST).decode("ascii", "replace").strip()
    except OSError:
        return None  # openssl says what is the matter with it
    if not text.startswith(SCHEME):
        return None
    path, _, query = text.removeprefix(SCHEME).partition("?")
    pairs = [part.partition("=") for part in (*path.split(";"), *query.split("&")) if part]
    said = {name: unquote(value) for name, _, value in pairs}
    problem = _problem(said, len(pairs))
    if problem is not None:
        raise WrongUse(f"`{key.name}` {problem}", "see docs/keys.md; nothing was signed")
    source = said.get("pin-source")
    pin_file = None if source is None else Path(source.removeprefix("file:"))
    return NamedKey(Path(said["module-path"]), said["token"], said["object"], pin_file)


def _problem(said: dict[str, str], count: int) -> str | None:
    """What is wrong with the attributes `said` of a URI that has `count` of them. The values are not repeated: one may
    be a PIN.
    """
    if "pin-value" in said:
        return "holds a PIN: put it into a private file, and name that with `pin-source=file:`"
    if len(said) != count or not said.keys() <= _KNOWN or said.get("type", "private") != "private":
        return "is not a `pkcs11:` URI of `token`, `object`, `module-path` and `pin-source`, each once"
    if not said.get("token") or not said.get("object"):
        return "does not say on which `token` and as which `object` the key lies"
    if not _PLAIN_PATH.fullmatch(said.get("pin-source", "/none").removeprefix("file:")):
        return "names a `pin-source` that is not the full path of a file in plain letters"
    if not _PLAIN_PATH.fullmatch(said.get("module-path", "")):
        return "names no `module-path` that is the full path of a file in plain letters"
    return None


def _check_pin(named: NamedKey) -> None:
    """See that openssl will find a PIN, and that nobody else can."""
    if named.pin_file is None:
        if not os.environ.get(PIN):
            raise WrongUse(f"there is no PIN for the token `{named.token}`", f"set {PIN}; nothing was signed")
        return
    try:
        mode = named.pin_file.stat().st_mode
    except OSError as problem:
        raise Fault(f"the PIN file `{named.pin_file}` cannot be read: {problem.strerror}") from problem
    if mode & 0o077:
        raise Fault(
            f"`{named.pin_file}` is open to others than its owner",
            f"say `chmod 600 {named.pin_file}`; nothing was signed",
        )


def _uri(named: NamedKey) -> str:
    """How the engine wants to be told: all attributes in the path."""
    source = "" if named.pin_file is None else f";pin-source=file:{named.pin_file}"
    return f"{SCHEME}token={quote(named.token, safe='')};object={quote(named.label, safe='')};type=private{source}"
