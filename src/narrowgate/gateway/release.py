"""Release an approved run: seal, read the stays a last time, enter, and only then let the answers leave.

Rules:
 * Two approvals over the digest, no defect, the register the run was determined on, nothing historical.
 * Everything that can stop a release is read again here, with the gate locked; a stop is itself an entry.
 * No answer reaches the outbox before its release is on the ledger (promise 4), nor before it was shown to the
   overseers; with no grace, nor before they have seen it. A release that was interrupted after that is finished by
   asking for it again, unless a stay has come in since (promise 8).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb

from narrowgate.accounting.book import Event, timestamp
from narrowgate.adjudication.batch import establish
from narrowgate.disclosure.answers import Licence, Prepared, prepare
from narrowgate.disclosure.release import barred, read_records, seal_all
from narrowgate.encrypted import SUFFIX, KeyFor
from narrowgate.engine.session import passing_key
from narrowgate.errors import Fault, Refused
from narrowgate.files import digest
from narrowgate.gateway.approve import defects
from narrowgate.gateway.desk import Desk
from narrowgate.gateway.release_facts import release_facts
from narrowgate.gateway.runs import Run, as_entered, basis_of
from narrowgate.matching import say_current
from narrowgate.review.approval import Approval, refuse_release
from narrowgate.store.database import Effect
from narrowgate.terms.determination import Mode
from narrowgate.terms.refusal import Refusal

OFFICIAL = "official"
ANSWERED = "answered"
"""The hand-over of a release: row_no of each request that was answered."""


@dataclass(frozen=True)
class Released:
    """What left: the outbox folder, one sealed file per recipient, and how many requests were answered."""

    run: str
    outbox: Path
    files: tuple[str, ...]
    answered: int
    withheld: int
    repeated: bool = False


def release(desk: Desk, run: Run) -> Released:
    """Let the answers of `run` leave, or say why they may not and enter that it was stopped."""
    earlier = desk.gate.database.one("SELECT answered FROM release WHERE run = ?", run.name)
    if earlier is not None:
        return _deliver(desk, run, int(earlier["answered"]), 0, repeated=True)
    _stop_if(desk, run, _why_not(desk, run))
    # What is sealed is what was judged: the clauses on the release are asked before any answer is sealed.
    sealed = desk.gate.folder.make(run.case.folder / "sealed")
    shutil.rmtree(sealed)
    desk.gate.folder.make(sealed)
    prepared = _seal(desk, run, sealed)
    _stop_if(desk, run, _stayed(desk, run))
    desk.book.enter(
        Event(
            "release" if run.mode is Mode.RUN else "rehearsed_release",
            run.name,
            run.batch.id,
            "released",
            payload={
                **run.expected,
                "sealed": {file.name: digest(file) for file in sorted(sealed.iterdir())},
                "answered": prepared.answered,
                "withheld": prepared.withheld,
            },
            detail={"recipients": len(prepared.files)},
        ),
        at=desk.at,
        effects=[
            Effect(
                "release",
                {"run": run.name, "released_at": timestamp(desk.at), "answered": prepared.answered},
            )
        ],
    )
    return _deliver(desk, run, prepared.answered, prepared.withheld, repeated=False)


def _why_not(desk: Desk, run: Run) -> Refusal | None:
    """The first thing that forbids this release at this moment, or None."""
    desk.live(run.batch)
    for found in defects(desk, run):
        return Refusal(
            "dirty_sample",
            f"`{found['approver']}` found a defect in request `{found['request_ref']}`",
            "judge the batch again once its cause is mended; nothing was released",
        )
    if basis_of(desk, run).reading.historical:
        return Refusal("historical", f"reading `{run.reading}` is historical", "nothing was released")
    if desk.register().digest != run.summary["register_digest"]:
        return Refusal(
            "register_changed",
            "the register is not the one this run was determined on",
            "judge the batch again; nothing was released",
        )
    if desk.agreement.digest != run.summary["agreement_digest"]:
        return Refusal(
            "agreement_changed",
            "the agreement is not the one this run was determined under",
            "judge the batch again; nothing was released",
        )
    with desk.session(run.case.folder) as session:
        if not as_entered(session, run):
            return Refusal(
                "determinations_changed",
                f"the determinations of run `{run.name}` are not those that were entered",
                "restore the case folder from a copy; nothing was released",
            )
    return (
        _stayed(desk, run)
        or desk.overseen.refusal()
        or refuse_release(
            [
                Approval(row["approver"], row["certificate_sha256"], row["statement"], row["signature"])
                for row in desk.gate.database.all("SELECT * FROM approval WHERE run = ?", run.name)
            ],
            expected=run.expected,
            approvers=desk.gate.trust.approvers,
            submitter_sha256=run.batch.signer.certificate_sha256,
            anchors=desk.gate.trust.anchors,
            at=desk.at,
        )
    )


def _stayed(desk: Desk, run: Run) -> Refusal | None:
    """Why the batch clauses, judged at this moment, forbid release; stays come first."""
    stays = run.stays_that_count(desk.stays())
    if stays:
        return Refusal(
            "stayed",
            f"stay `{stays[0].id}` ({stays[0].forum}, {stays[0].docket}) is in force",
            "it stops every release until it ends; nothing was released",
        )
    batch = establish(run.batch.manifest, run.batch.signer, desk.gate.trust, stays, at=desk.at)
    failing = barred(basis_of(desk, run), batch)
    if failing:
        return Refusal("batch_clause", f"clause `{failing[0]}` is not satisfied at this moment", "nothing was released")
    return None


def _unready(desk: Desk, run: Run, prepared: Prepared, *, key_for: KeyFor) -> Refusal | None:
    """Why the clauses on the release, judged on what is ready to be sealed, forbid it."""
    batch = establish(
        run.batch.manifest, run.batch.signer, desk.gate.trust, run.stays_that_count(desk.stays()), at=desk.at
    )
    failing = barred(basis_of(desk, run), batch, release_facts(desk, run, prepared, key_for))
    if not failing:
        return None
    return Refusal("release_clause", f"clause `{failing[0]}` is not satisfied at this moment", "nothing was released")


def _stop_if(desk: Desk, run: Run, refusal: Refusal | None, *, keep: bool = False) -> None:
    """Enter that a release was stopped, and raise it; nothing if there is no refusal.

    What was sealed is removed, unless it is to be kept for when the reason has passed by itself.
    """
    if refusal is None:
        return
    if not keep:
        shutil.rmtree(run.case.folder / "sealed", ignore_errors=True)
    desk.book.enter(
        Event("stopped", run.name, run.batch.id, refusal.code, payload={"message": refusal.message}),
        at=desk.at,
    )
    raise Refused(refusal.message, refusal.hint)


def _seal(desk: Desk, run: Run, sealed: Path) -> Prepared:
    """Prepare the answers of `run` and seal each file to its recipient; none of it is ever on the disk in clear."""
    basis = basis_of(desk, run)
    certificates = {
        officer.id: desk.gate.trust.officers[officer.certificate_sha256]
        for officer in run.batch.manifest.officers
        if officer.certificate_sha256 is not None and officer.certificate_sha256 in desk.gate.trust.officers
    }
    signer = run.batch.signer.certificate_sha256
    passing = desk.gate.folder.make(desk.gate.folder.passing)
    register, file = desk.register(), run.case.file
    try:
        with desk.session(run.case.folder, run.batch.request.parent, register.folder) as session:
            key_for = _of_session(session)
            records = read_records(
                session, determination=file("determination"), register=register, owed=passing / f"owed.parquet{SUFFIX}",
                out=passing / f"record.parquet{SUFFIX}",
            )  # fmt: skip
            if records is not None:
                records = say_current(
                    session, request=run.batch.request, match=file("match"), records=records,
                    out=passing / f"current.parquet{SUFFIX}",
                )  # fmt: skip
            prepared = prepare(
                session,
                request=run.batch.request,
                determination=file("determination"),
                records=records,
                officers=tuple(certificates),
                official=OFFICIAL,
                face=tuple(clause.id for clause in basis.clauses if clause.face),
                header=_header(desk, run),
                out=passing,
                answered=file(ANSWERED),
                key_for=key_for,
            )
        _stop_if(desk, run, _unready(desk, run, prepared, key_for=key_for))
        seal_all(
            prepared.files,
            certificates={**certificates, OFFICIAL: desk.gate.trust.official_certificates[signer]},
            custodian=desk.gate.custodian,
            out=sealed,
            key_for=key_for,
        )
        return prepared
    finally:
        shutil.rmtree(passing)


def _of_session(session: duckdb.DuckDBPyConnection) -> KeyFor:
    """The key of what passes through `session`, for as long as it is known: also once that is closed."""
    key = passing_key(session)
    return lambda _: key


def _header(desk: Desk, run: Run) -> dict[str, object]:
    """The first line of every answer file: what it answers, in which mode, and the licence to use it."""
    parameters = basis_of(desk, run).parameters
    valid, kept = parameters["answer_valid_days"], parameters["destroy_within_days"]
    recall, hours = parameters.get("on_recall"), parameters.get("incident_hours")
    assert isinstance(valid, int) and isinstance(kept, int)
    assert isinstance(recall, str | None) and isinstance(hours, int | None)
    licence = Licence(
        purpose="the matter named in the row, and no other",
        expires_on=desk.at.date() + timedelta(days=valid),
        destroy_by=desk.at.date() + timedelta(days=kept),
        on_recall=recall,
        report_hours=hours,
    )
    return {
        **run.expected,
        "released_at": timestamp(desk.at),
        "marking": parameters.get("marking"),
        "licence": licence.as_json(),
    }


def _refuse_stopped(run: Run, sealed: Path) -> None:
    """Refuse to deliver what was entered as released, and then stopped before it left."""
    if not sealed.is_dir():
        raise Refused(
            f"the release of run `{run.name}` was stopped after it was entered, and its answers were removed",
            "judge the batch again; nothing was released",
        )


def _check_sealed(desk: Desk, run: Run, sealed: Path) -> None:
    """A Fault unless what is about to leave is what the release says that was entered."""
    said = [one.payload for kind in ("release", "rehearsed_release") for one in desk.book.recorded(kind)]
    entered = next((one["sealed"] for one in said if one is not None and one["run"] == run.name), None)
    if entered != {file.name: digest(file) for file in sorted(sealed.iterdir())}:
        raise Fault(
            f"the sealed answers of run `{run.name}` are not those whose release was entered",
            "nothing was released; keep the case folder as it is, and judge the batch again",
        )


def _deliver(desk: Desk, run: Run, answered: int, withheld: int, *, repeated: bool) -> Released:
    """Move the sealed files, whose release is on the ledger, to the outbox: all at once, and only if not stayed."""
    outbox = desk.gate.folder.outbox(run.batch.id, run.name)
    sealed = run.case.folder / "sealed"
    if not outbox.exists():
        desk.live(run.batch)
        desk.overseen.ask()
        desk.overseen.refuse_alarm()
        _stop_if(desk, run, _stayed(desk, run))
        _stop_if(desk, run, desk.overseen.refusal(), keep=True)
        _refuse_stopped(run, sealed)
        _check_sealed(desk, run, sealed)
        desk.gate.folder.make(outbox.parent)
        sealed.replace(outbox)
    files = tuple(sorted(file.name for file in outbox.iterdir()))
    return Released(run.name, outbox, files, answered, withheld, repeated)
