"""`totals FILE DIR`: check that published totals are those of the ledger."""

from __future__ import annotations

from narrowgate_verify.arguments import Asked, Form
from narrowgate_verify.commands import JSON, POLICY, Answer, Command
from narrowgate_verify.commands.folder import ledger_folder
from narrowgate_verify.encoding import file_bytes
from narrowgate_verify.policy import read_policy
from narrowgate_verify.totals import verify_totals


def _check(asked: Asked) -> Answer:
    folder = ledger_folder(asked.place("DIR"))
    policy = read_policy(asked.required("--policy"), evidence=folder)
    stated, present = verify_totals(file_bytes(asked.place("FILE")), folder, policy)
    return {
        "size": stated.size,
        "root": stated.root.hex(),
        "rows": len(stated.rows),
        "present_size": present.size,
        "present_root": present.root.hex(),
    }


COMMAND = Command(Form(("FILE", "DIR"), (POLICY, JSON)), _check, {"size": None, "root": None, "rows": None})
