"""Destroy what is kept of a batch when its time is over: payloads, salts, rows, hand-overs and answers.

Rules:
 * Destruction is on the ledger before anything is gone. Whoever opens the gate next finishes one that was interrupted.
   Nothing on the ledger changes: every proof of it stays what it was.
 * The custodian's key is changed afterwards (`gateway.custody`).
 * Not before the retention rule of the gate says so, and not while an order to preserve is in force.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from narrowgate.accounting.book import Event, timestamp
from narrowgate.accounting.stays import known
from narrowgate.agreement.stays import stays_in_force
from narrowgate.errors import Refused
from narrowgate.gateway.custody import change_custody
from narrowgate.gateway.desk import Batch, Desk
from narrowgate.store.database import Effect
from narrowgate.store.destruction import destroy_kept
from narrowgate.terms.agreement import StayEffect
from narrowgate.terms.refusal import Refusal


@dataclass(frozen=True)
class Destroyed:
    """A batch whose payloads were destroyed, and the index of the entry that says so."""

    batch: str
    requests: int
    runs: int
    entry: int


def destroy(desk: Desk, batches: Iterable[Batch]) -> tuple[Destroyed, ...]:
    """Destroy what is kept of `batches`; refused at the first of which it is too early, forbidden, or done."""
    done = tuple(_destroy(desk, batch) for batch in batches)
    if done:
        change_custody(desk.gate, desk.book, at=desk.at, random=desk.random)
    return done


def _destroy(desk: Desk, batch: Batch) -> Destroyed:
    refusal = _refuse(desk, batch)
    if refusal is not None:
        raise Refused(refusal.message, refusal.hint)
    runs = desk.gate.database.all("SELECT run FROM run WHERE batch_id = ? ORDER BY rowid", batch.id)
    kept_since = timestamp(last_event(desk, batch))
    entry = desk.book.enter(
        Event(
            "destruction", batch.id, None, "retention_over",
            payload={
                "batch": batch.id, "kept_since": kept_since, "retain_days": desk.gate.settings.retain_days,
                "runs": [str(row["run"]) for row in runs],
            },
            detail={"batch": batch.id, "requests": batch.requests, "runs": len(runs)},
        ),
        at=desk.at,
        effects=[Effect("destroyed", {
            "batch_id": batch.id, "destroyed_at": timestamp(desk.at), "custody": desk.gate.custody.custodian.id,
        })],
    )  # fmt: skip
    destroy_kept(desk.gate.folder, desk.gate.database, batch.id)
    return Destroyed(batch.id, batch.requests, len(runs), entry)


def due(desk: Desk) -> tuple[Batch, ...]:
    """The batches whose time is over and which are still kept, in the order in which they were received."""
    rows = desk.gate.database.all("SELECT batch_id FROM batch ORDER BY rowid")
    batches = (desk.batch(str(row["batch_id"])) for row in rows)
    return tuple(batch for batch in batches if desk.gate.custody.has_key(batch.id) and _over(desk, batch) <= desk.at)


def last_event(desk: Desk, batch: Batch) -> datetime:
    """When something last happened to a batch: it was received, determined or released."""
    row = desk.gate.database.one(
        "SELECT max(coalesce(released_at, determined_at)) AS at FROM run LEFT JOIN release USING (run) "
        "WHERE batch_id = ?",
        batch.id,
    )
    return datetime.fromisoformat(batch.received_at if row is None or row["at"] is None else row["at"])


def _over(desk: Desk, batch: Batch) -> datetime:
    """The first moment at which `batch` may be destroyed."""
    return last_event(desk, batch) + timedelta(days=desk.gate.settings.retain_days)


def _refuse(desk: Desk, batch: Batch) -> Refusal | None:
    """Why `batch` may not be destroyed now, or None."""
    stays = known(desk.book, desk.agreement.stays)
    for stay in stays_in_force(stays, at=desk.at, effect=StayEffect.PRESERVE):
        return Refusal(
            "preserved", f"stay `{stay.id}` ({stay.forum}, {stay.docket}) orders that everything be preserved",
            "nothing was destroyed",
        )  # fmt: skip
    if not desk.gate.custody.has_key(batch.id):
        return Refusal("destroyed", f"what was kept of batch `{batch.id}` was destroyed before", "nothing was changed")
    over = _over(desk, batch)
    if desk.at < over:
        return Refusal(
            "retained", f"batch `{batch.id}` is kept until {timestamp(over)}: {desk.gate.settings.retain_days} days "
            "after the last that happened to it", "nothing was destroyed",
        )  # fmt: skip
    return None
