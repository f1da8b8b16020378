"""Make receipts of what was determined: for a court or an overseer, for the person it is about, for the requester.

Rules:
 * A court and the person see the grounds: who was found and every finding. The requester sees what it was told.
 * The requester has a receipt for each request that was returned or answered. For any other it has that of the batch:
   the code of an entry is in the clear, and would tell a denial from a referral (promise 6).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from hashlib import sha256

from narrowgate.accounting.receipts import Entries, Opened, all_documents, document, opened
from narrowgate.engine.parquet import relation
from narrowgate.errors import Fault, Refused
from narrowgate.formats.receipt import Documents, Opening
from narrowgate.gateway.desk import Batch, Desk
from narrowgate.gateway.determine import STAGED
from narrowgate.gateway.overseen import stamps_of
from narrowgate.gateway.release import ANSWERED
from narrowgate.gateway.runs import Run
from narrowgate.terms.determination import Disposition


class Party(Enum):
    """For whom a receipt is made."""

    COURT = "court"
    SUBJECT = "subject"
    REQUESTER = "requester"


def receipt(desk: Desk, run: Run, request_ref: str, party: Party) -> tuple[int, str]:
    """The index of the determination of one request, and its receipt as `party` may see it."""
    one = opened(
        desk.book.log, _entries(run), determination=run.case.file("determination"), request_ref=request_ref,
        key_for=desk.gate.custody.key_for,
    )  # fmt: skip
    if sha256(run.under.encode()).hexdigest() != json.loads(one.opening.payload)["under"]:
        raise Fault(f"what run `{run.name}` was determined under is not in the database", "restore it from a copy")
    if party is Party.REQUESTER:
        _refuse_neutral(desk, run, one)
        one = replace(one, opening=Opening(one.opening.payload, one.opening.salt))
    return one.index, document(desk.book.log, _documents(desk, run.under), one)


def receipts(desk: Desk, run: Run) -> Iterator[str]:
    """The receipts of all requests of `run` as a court may see them, one line each, in the order of the ledger."""
    return all_documents(desk.book.log, _documents(desk, run.under), _entries(run), key_for=desk.gate.custody.key_for)


def receipt_of_batch(desk: Desk, batch: Batch) -> tuple[int, str]:
    """The index of the entry that `batch` was received, and its receipt: how many requests there were, in all."""
    recorded = next((one for one in desk.book.recorded("received") if one.subject == batch.id), None)
    if recorded is None:
        raise Fault(f"that batch `{batch.id}` was received is not in the database", "restore it from a copy")
    if recorded.opening is None:
        raise Refused(f"what was kept of batch `{batch.id}` was destroyed", "the ledger says when; nothing was read")
    salt, payload = recorded.opening
    entry = next(desk.book.log.entries(recorded.entry, recorded.entry + 1))
    one = Opened(recorded.entry, entry, Opening(payload.decode(), salt))
    return one.index, document(desk.book.log, _documents(desk, None), one)


def _entries(run: Run) -> Entries:
    return Entries(run.case.file(STAGED), run.first_entry, run.batch.requests)


def _documents(desk: Desk, under: str | None) -> Documents:
    """What writes documents to the present checkpoint, with the stamps that it has."""
    log = desk.book.log
    return Documents(log.checkpoint, under=under, stamps=stamps_of(desk.gate.folder.ledger, log.size))


def _refuse_neutral(desk: Desk, run: Run, one: Opened) -> None:
    """Refuse the requester a receipt for a request that its answer does not tell it anything of."""
    payload = json.loads(one.opening.payload)
    if payload["disposition"] == Disposition.RETURN.value:
        return
    if payload["disposition"] == Disposition.DISCLOSE.value and _answered(desk, run, payload["row_no"]):
        return
    raise Refused(
        f"a receipt of its own for request `{payload['request_ref']}` would tell the requester more than its answer",
        f"`narrowgate receipt {run.batch.id}` proves that the batch was received, and the ledger's totals that each of "
        "its requests was determined once; no record was looked up",
    )


def _answered(desk: Desk, run: Run, row_no: int) -> bool:
    """Whether the request was answered when `run` was released."""
    if desk.gate.database.one("SELECT run FROM release WHERE run = ?", run.name) is None:
        return False
    with desk.session(run.case.folder) as session:
        found = session.execute(
            f"SELECT count(*) FROM {relation(run.case.file(ANSWERED))} WHERE row_no = $row", {"row": row_no}
        ).fetchone()
    return found == (1,)
