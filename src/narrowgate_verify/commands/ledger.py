"""`ledger DIR`: recompute a whole ledger from its entries."""

from __future__ import annotations

from narrowgate_verify.arguments import Asked, Form
from narrowgate_verify.commands import JSON, POLICY, Answer, Command
from narrowgate_verify.commands.folder import ledger_folder
from narrowgate_verify.ledger import verify_ledger
from narrowgate_verify.policy import read_policy


def _check(asked: Asked) -> Answer:
    folder = ledger_folder(asked.place("DIR"))
    found = verify_ledger(folder, read_policy(asked.required("--policy"), evidence=folder))
    return {
        "size": found.checkpoint.size,
        "root": found.checkpoint.root.hex(),
        "kinds": found.kinds,
        "cosigned": {each.witness: each.at for each in found.checkpoint.cosigned},
        "timestamped": {each.authority: each.at for each in found.stamped},
    }


COMMAND = Command(Form(("DIR",), (POLICY, JSON)), _check, {"size": None, "root": None, "kinds": {}})
