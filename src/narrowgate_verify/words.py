"""Say in plain words what a receipt shows (`spec/receipt.md`).

Rules:
 * The same words for whoever holds the receipt: the requester, the person it is about, a court. They say what is
   proved and by whose signature, and take nobody's side.
 * Nothing is said that was not checked. What a receipt does not prove is said as plainly as what it does.
 * Who was found, and what the record holds, is not repeated: whoever may see it has the grounds.
"""

from __future__ import annotations

import json
from typing import Any

from narrowgate_verify import entry
from narrowgate_verify.policy import Policy
from narrowgate_verify.receipt import Proved

_OUTCOMES = {
    "disclose": "every clause in force was satisfied: what the agreement releases was to be disclosed",
    "return": "the request had defects on its face: it went back unworked",
    "deny": "a clause in force was not satisfied: nothing was to be disclosed",
    "refer": "a person had to settle the request: nothing was to be disclosed before",
    "hold": "a stay was in force: nothing was to be disclosed",
}
_KINDS = {
    "opened": "the ledger was begun",
    "configuration": "an agreement, a key, an overseer or a setting was changed",
    "received": "a package was accepted as a batch",
    "rejected": "a package was not accepted",
    "replay": "a batch was judged again to compare; nothing can come of it",
    "look": "a person looked at a referred request to settle it",
    "approval": "an approver signed for what was determined of a batch",
    "defect": "an approver found a defect in what was determined of a batch",
    "release": "sealed answers left",
    "rehearsed_release": "sealed answers of a rehearsal were written",
    "stopped": "a release was asked for and did not happen",
    "stay": "a stay was entered, changed or ended",
    "destruction": "what was kept of a batch was destroyed",
    "determination": "one request was determined",
    "rehearsal": "one request was determined in a rehearsal on simulated people; nobody's record was concerned",
}
_NOT_PROVED = (
    "that what was determined is right, or was lawful",
    "that what the requester or the records said is true",
    "that anything was disclosed, or that nothing was: releases are entries of their own",
    "that the ledger's owner shows everybody the same ledger, beyond what the witnesses above attest;"
    " compare checkpoints with others",
)


def in_words(proved: Proved, policy: Policy) -> str:
    """The receipt as paragraphs for a person, ended by a newline."""
    stated = entry.read(proved.entry)
    sections = (
        ("What was entered", _entered(stated, proved.entry)),
        ("What it says", _said(stated, proved.payload)),
        ("On which grounds", _grounds(proved.grounds)),
        ("Under which rules", _under(proved.under)),
        ("Where it stands", _place(proved, policy)),
        ("Who signed", _signatures(proved)),
        ("What this does not prove", _NOT_PROVED),
    )
    parts = [f"{title}\n" + "".join(f"  - {line}\n" for line in lines) for title, lines in sections if lines]
    return "This receipt verifies.\n\n" + "\n".join(parts)


def _entered(stated: entry.Entry, written: bytes) -> list[str]:
    batch = f"in the batch `{stated.batch}`" if stated.batch is not None else "in no batch"
    code = [] if stated.determines else [f"its code is `{stated.code}`"]
    detail = json.loads(written).get("detail", {})
    told = [f"{name}: {value}" for name, value in detail.items()]
    return [_KINDS[stated.kind], f"{batch}, at {stated.at}", *code, *told]


def _said(stated: entry.Entry, payload: dict[str, Any] | None) -> list[str]:
    if not stated.determines:
        return [f"`{name}`: {value}" for name, value in (payload or {}).items() if isinstance(value, int | str)]
    outcome = f"`{stated.code}`: {_OUTCOMES[stated.code]}"
    if payload is None:
        return [outcome, "of which request is not shown: the receipt does not bring the payload"]
    return [
        f"the request `{payload.get('request_ref')}`, row {payload.get('row_no')} of the batch",
        outcome,
        f"clauses of which the requester was told: {_listed(payload.get('told'))}",
    ]


def _grounds(grounds: dict[str, Any] | None) -> list[str]:
    if grounds is None:
        return []
    return [
        f"clauses that were not satisfied: {_listed(grounds.get('not_satisfied'))}",
        f"clauses that could not be judged: {_listed(grounds.get('undetermined'))}",
        "every other clause in force was satisfied",
    ]


def _under(under: dict[str, Any] | None) -> list[str]:
    if under is None:
        return []
    return [
        f"the agreement `{under.get('agreement')}`, whose text has the digest {under.get('agreement_digest')}",
        f"the reading `{under.get('reading')}`",
        f"on {under.get('determined_at')}, with the program `{under.get('code')}` on `{under.get('engine')}`",
    ]


def _place(proved: Proved, policy: Policy) -> list[str]:
    return [
        f"the ledger `{policy.origin}`",
        f"entry {proved.entry_index} (the first is 0) of {proved.checkpoint.size} at the time of signing",
        f"the root of these is {proved.checkpoint.root.hex()}",
    ]


def _signatures(proved: Proved) -> list[str]:
    return [
        *(f"the ledger's key `{key}`" for key in proved.checkpoint.signed),
        *(f"the witness `{each.witness}`, which saw the ledger at {each.at}" for each in proved.checkpoint.cosigned),
        *([] if proved.checkpoint.cosigned else ["no witness that the policy names"]),
        *(f"the timestamp authority `{each.authority}`, at {each.at}" for each in proved.stamped),
    ]


def _listed(ids: object) -> str:
    return ", ".join(f"`{each}`" for each in ids) if isinstance(ids, list) and ids else "none"
