"""`receipt FILE`: check that an entry is on the ledger, and what it commits to."""

from __future__ import annotations

import json

from narrowgate_verify.arguments import Asked, Form, Option
from narrowgate_verify.commands import JSON, POLICY, Answer, Command
from narrowgate_verify.encoding import file_bytes
from narrowgate_verify.policy import read_policy
from narrowgate_verify.problems import WrongUse
from narrowgate_verify.receipt import verify_receipt

_WORDS = Option("--words", None, "say in plain words what the receipt shows")
_ENTRY = Option("--entry", "FILE", "the entry, if a bare proof does not enclose it")
_SALT = Option("--salt", "HEX", "with --payload: what the entry of a bare proof commits to")
_PAYLOAD = Option("--payload", "FILE", "with --salt")


def _check(asked: Asked) -> Answer:
    salt, payload, entry = (asked.one(each.name) for each in (_SALT, _PAYLOAD, _ENTRY))
    if (salt is None) != (payload is None):
        raise WrongUse("--salt and --payload are given together or not at all")
    policy = read_policy(asked.required("--policy"))
    proved = verify_receipt(
        file_bytes(asked.place("FILE")),
        policy,
        separate_entry=None if entry is None else file_bytes(entry),
        salt=None if salt is None else _hex(salt),
        payload=None if payload is None else file_bytes(payload),
    )
    answer = {
        "index": proved.entry_index,
        "size": proved.checkpoint.size,
        "root": proved.checkpoint.root.hex(),
        "entry": json.loads(proved.entry),
        "cosigned": {each.witness: each.at for each in proved.checkpoint.cosigned},
        "timestamped": {each.authority: each.at for each in proved.stamped},
    }
    if asked.flag(_WORDS.name):
        from narrowgate_verify.words import in_words  # noqa: PLC0415 - a program that checks does not read

        answer["words"] = in_words(proved, policy)
    return answer


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise WrongUse(f"`{text}` is not hex") from error


COMMAND = Command(
    Form(("FILE",), (POLICY, _WORDS, _ENTRY, _SALT, _PAYLOAD, JSON)),
    _check,
    {"index": None, "size": None, "root": None, "entry": None},
)
