"""Look at a referred request: who is in doubt for it, for the officer who settles it.

Rules:
 * To look is to look somebody up: it is entered on the ledger before it is done, in the name of who looks, and refused
   before that if there is nothing to settle.
 * The request is taken up again as it was determined: by the same agreement, in the same register, and it must come to
   the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from narrowgate.accounting.book import Event
from narrowgate.adjudication.batch import establish
from narrowgate.agreement.in_force import basis
from narrowgate.errors import Fault, Refused
from narrowgate.gateway.approve import approver_of
from narrowgate.gateway.desk import Desk
from narrowgate.gateway.route import Progress
from narrowgate.gateway.runs import Run, as_entered, basis_of
from narrowgate.gateway.taken_up import determined, facts_of_request, take_up
from narrowgate.matching.decision import CROWDED
from narrowgate.review.referred import Determined, InDoubt, in_doubt, refuse_look, stands
from narrowgate.second_opinion import shipped


@dataclass(frozen=True)
class Looked:
    """What the request came to, who is in doubt, and the index of the entry that says that somebody looked."""

    asked: Determined
    found: InDoubt
    entry: int


def look(desk: Desk, run: Run, request_ref: str, *, by: str, progress: Progress) -> Looked:
    """Look at one request of `run` that was referred, in the name of the approver `by`."""
    approver_of(desk, by)
    asked = _asked(desk, run, request_ref)
    entry = _entered(desk, run, request_ref, by)
    progress("matching")
    return Looked(asked, _look(desk, run, asked), entry)


def _entered(desk: Desk, run: Run, request_ref: str, name: str) -> int:
    """Enter that somebody looks, before it is done."""
    payload = {"of": run.name, "request_ref": request_ref, "by": name}
    event = Event("look", run.name, run.batch.id, "second_opinion", payload=payload, detail={"reading": run.reading})
    return desk.book.enter(event, at=desk.at)


def _asked(desk: Desk, run: Run, request_ref: str) -> Determined:
    """What the request came to; a refusal where nobody may be looked at for it, or not any more."""
    desk.live(run.batch)
    for what, now in (("agreement", desk.agreement.digest), ("register", desk.register().digest)):
        if run.summary[f"{what}_digest"] != now:
            raise Refused(f"the {what} is not the one that run `{run.name}` was determined by",
                "judge the batch again; no record was looked up")  # fmt: skip
    with desk.session(run.case.folder) as session:
        if not as_entered(session, run):
            raise Fault(f"the determinations of run `{run.name}` are not those that were entered",
                "restore the case folder from a copy; no record was looked up")  # fmt: skip
        found = determined(session, run, request_ref)
        batch = establish(run.batch.manifest, run.batch.signer, desk.gate.trust, run.stays_that_count(desk.stays()),
            at=desk.at)  # fmt: skip
        today = stands(facts_of_request(session, run, found.row_no), batch, basis_of(desk, run))
    refusal = refuse_look(found, stands=today)
    if refusal is not None:
        raise Refused(refusal.message, f"there is nothing to settle by looking; {refusal.hint}")
    if found.reason == CROWDED:
        raise Refused(f"request `{request_ref}` has a key that too many people share, and was compared with nobody",
            "there is nothing to show; no record was looked up")  # fmt: skip
    return found


def _look(desk: Desk, run: Run, asked: Determined) -> InDoubt:
    """Who is in doubt for the request, by what bound on the day on which it was determined."""
    register, then = desk.register(), datetime.fromisoformat(str(run.summary["determined_at"]))
    bound = basis(desk.agreement, run.reading, on=then.date())
    with desk.session(run.batch.request.parent, register.folder) as session:
        outcome, reason = take_up(session, run.batch.request, asked.row_no, register, bound)
        if (outcome, reason) != (asked.outcome, asked.reason):
            raise Fault(f"request `{asked.request_ref}` comes to `{outcome}`, {reason}, where `{asked.outcome}`, "
                f"{asked.reason}, was determined", "records were looked up; nothing was written")  # fmt: skip
        return in_doubt(session, shipped(), reason=str(asked.reason))
