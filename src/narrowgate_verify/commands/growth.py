"""`growth OLD_CHECKPOINT DIR`: check that a ledger begins with what was signed before."""

from __future__ import annotations

from narrowgate_verify.arguments import Asked, Form
from narrowgate_verify.commands import JSON, POLICY, Answer, Command
from narrowgate_verify.commands.folder import ledger_folder
from narrowgate_verify.encoding import file_bytes
from narrowgate_verify.growth import verify_growth
from narrowgate_verify.policy import read_policy


def _check(asked: Asked) -> Answer:
    folder = ledger_folder(asked.place("DIR"))
    policy = read_policy(asked.required("--policy"), evidence=folder)
    old, new = verify_growth(file_bytes(asked.place("OLD_CHECKPOINT")), folder, policy)
    return {"old_size": old.size, "size": new.size, "root": new.root.hex()}


COMMAND = Command(
    Form(("OLD_CHECKPOINT", "DIR"), (POLICY, JSON)), _check, {"old_size": None, "size": None, "root": None}
)
