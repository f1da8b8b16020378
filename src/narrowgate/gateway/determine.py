"""Determine a batch: run it, or rehearse it on synthetic people, and enter every determination.

Rules:
 * A run is known by everything that decides it: rows, agreement, reading, register, stays, day, engine, code. The same
   again is the same run: it is shown, not done twice (promises 3 and 11).
 * A rehearsal lifts the stays that are in force when it begins, says so, and is refused on real records.
 * A historical reading, which records what was done and not what is lawful, is never run.
"""

from __future__ import annotations

import hashlib
import json
import resource
from dataclasses import asdict, dataclass
from datetime import date, datetime

from narrowgate import __version__
from narrowgate.accounting import determinations
from narrowgate.accounting.book import timestamp
from narrowgate.adjudication.batch import establish
from narrowgate.adjudication.determination import by_clause, determination_digest, dispositions
from narrowgate.adjudication.facts import record
from narrowgate.adjudication.facts.earlier import Earlier, within_a_year
from narrowgate.agreement.in_force import basis
from narrowgate.errors import Refused
from narrowgate.formats.canonical import canonical
from narrowgate.gateway.desk import Batch, Desk
from narrowgate.gateway.route import Matter, Progress, walk
from narrowgate.register import Register
from narrowgate.store.case import Case
from narrowgate.store.database import Effect
from narrowgate.terms.agreement import Basis, Stay
from narrowgate.terms.batch import BatchFacts
from narrowgate.terms.determination import Mode

ENTRY_KIND = {Mode.RUN: "determination", Mode.REHEARSAL: "rehearsal"}
STAGED = "entries"


@dataclass(frozen=True)
class Judgement:
    """How a batch is judged: the mode, what is known of it, what came before it, what binds, and which stays count."""

    batch: Batch
    facts: BatchFacts
    earlier: tuple[Batch, ...]
    certificates: frozenset[str]
    mode: Mode
    basis: Basis
    register: Register
    stays: tuple[Stay, ...]
    lifted: tuple[str, ...]
    engine: str

    @property
    def run(self) -> str:
        """The name of this run: mode, reading and the first twelve digits of the digest of all that decides it."""
        decides = canonical(self.under())
        return f"{self.mode.value}-{self.basis.reading.id}-{hashlib.sha256(decides).hexdigest()[:12]}"

    def under(self) -> dict[str, object]:
        """What all determinations of a run are made under: all that decides them besides the rows and the register.

        Whoever judges again by other means needs it (`spec/under.md`): it has no word about anybody who is asked for.
        """
        manifest = self.batch.manifest
        known = asdict(self.facts).items()
        roster = {one.certificate_sha256 for one in manifest.officers if one.certificate_sha256 is not None}
        return {
            "agreement": self.basis.agreement,
            "agreement_digest": self.basis.digest,
            "batch": self.batch.id,
            "batch_facts": {name: value.isoformat() if isinstance(value, date) else value for name, value in known},
            "certificates_lacking": sorted(roster - self.certificates),
            "code": __version__,
            "earlier": [{"batch": one.id, "manifest_sha256": one.manifest_sha256} for one in self.earlier],
            "engine": self.engine,
            "manifest_sha256": self.batch.manifest_sha256,
            "mode": self.mode.value,
            "reading": self.basis.reading.id,
            "register_digest": self.register.digest,
            "rows_sha256": manifest.rows.sha256,
            "stays": sorted(stay.id for stay in self.stays),
        }


def judgement(desk: Desk, batch: Batch, mode: Mode, reading: str | None) -> Judgement:
    """How `batch` would be judged at this desk; a refusal where the mode or the reading may not be used."""
    bound = basis(desk.agreement, reading, on=desk.at.date())
    register = desk.register()
    if mode is Mode.REHEARSAL and not register.synthetic:
        raise Refused(
            f"register `{register.name}` is not marked synthetic, and only simulated people are rehearsed on",
            "stays are lifted for no real record; no record was looked up",
        )
    if bound.reading.historical and (mode is Mode.RUN or not register.synthetic):
        raise Refused(
            f"reading `{bound.reading.id}` records what was done, not what is lawful, and judges no real request",
            "use `narrowgate rehearse` or `narrowgate replay` on a synthetic register; no record was looked up",
        )
    in_force = desk.stays()
    lifts = register.synthetic and mode is not Mode.RUN
    stays = () if lifts else in_force
    return Judgement(
        batch=batch,
        facts=establish(batch.manifest, batch.signer, desk.gate.trust, stays, at=desk.at),
        earlier=_earlier(desk, batch),
        certificates=frozenset(desk.gate.trust.officers),
        mode=mode,
        basis=bound,
        register=register,
        stays=stays,
        lifted=tuple(stay.id for stay in in_force) if lifts else (),
        engine=desk.engine,
    )


def determine(desk: Desk, batch_id: str, *, mode: Mode, reading: str | None, progress: Progress) -> dict[str, object]:
    """Determine every request of the batch and enter each determination. Returns the summary of the run."""
    batch = desk.live(desk.batch(batch_id))
    judged = judgement(desk, batch, mode, reading)
    run = judged.run
    earlier = desk.gate.database.one("SELECT summary, entry FROM run WHERE run = ?", run)
    if earlier is not None:
        return {**json.loads(earlier["summary"]), **_ledger(desk), "repeated": True}

    case = Case(desk.gate.folder.make(desk.gate.folder.case(batch.id, run)))
    began = datetime.fromisoformat(str(case.station("began", (), desk.at.isoformat)))
    summary = judge(desk, judged, case, progress)
    document = canonical({**judged.under(), "determined_at": timestamp(began)})
    progress("accounting")
    with desk.session(case.folder) as session:
        case.station(
            "accounting",
            (STAGED,),
            lambda: determinations.stage(
                session,
                determination=case.file("determination"),
                match=case.file("match") if case.file("match").exists() else None,
                record=[fact.name for fact in record.FACTS],
                kind=ENTRY_KIND[mode],
                batch=batch.id,
                at=began,
                face=[clause.id for clause in judged.basis.clauses if clause.face],
                under=hashlib.sha256(document).hexdigest(),
                random=desk.random,
                out=case.file(STAGED),
                rows=batch.requests,
            ),
        )
    progress("ledger")
    desk.book.enter_staged(case.file(STAGED), count=batch.requests,
        effects=[_recorded(batch, run, judged, summary, document)])  # fmt: skip
    return {**summary, **_ledger(desk), "seconds": case.seconds(), "peak_rss_mb": peak_rss_mb()}


def judge(
    desk: Desk, judged: Judgement, case: Case, progress: Progress, *, known: Case | None = None
) -> dict[str, object]:
    """Walk the judged batch along the route into `case`; the summary of what was determined, before it is entered.

    `known` is the case of a run that a replay is compared with.
    """
    batch = judged.batch
    matter = Matter(
        request=batch.request,
        rows=batch.requests,
        batch=judged.facts,
        roster=batch.manifest.officers,
        certificates=judged.certificates,
        basis=judged.basis,
        register=judged.register,
        judge=desk.judge,
        engine=judged.engine,
        earlier=tuple(
            Earlier(one.request, one.manifest.created_at.date(), one.manifest.officers) for one in judged.earlier
        ),
        known=known,
    )
    before = [one.request.parent for one in matter.earlier]
    folders = [case.folder, batch.request.parent, *before, judged.register.folder, *([known.folder] if known else [])]
    with desk.session(*folders) as session:
        looked_up = walk(session, case, matter, progress)
        determined = case.file("determination")
        return {
            "batch_id": batch.id,
            "run": case.folder.name,
            "mode": judged.mode.value,
            "reading": judged.basis.reading.id,
            "requests": batch.requests,
            "dispositions": dispositions(session, determined),
            "by_clause": by_clause(session, determined),
            "looked_up": looked_up,
            "stays": [stay.id for stay in judged.stays],
            "lifted": list(judged.lifted),
            "agreement_digest": judged.basis.digest,
            "register_digest": judged.register.digest,
            "determination_digest": determination_digest(session, determined),
            "engine": judged.engine,
            "code": __version__,
            "determined_at": timestamp(desk.at),
            "seconds": case.seconds(),
            "peak_rss_mb": peak_rss_mb(),
        }


def peak_rss_mb() -> int:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _earlier(desk: Desk, batch: Batch) -> tuple[Batch, ...]:
    """The batches that this gate received before `batch`, as far as its facts reach back."""
    of = batch.manifest.created_at.date()
    return tuple(one for one in desk.received_before(batch) if within_a_year(one.manifest.created_at.date(), of=of))


def _recorded(batch: Batch, run: str, judged: Judgement, summary: dict[str, object], document: bytes) -> Effect:
    return Effect(
        "run",
        {
            "run": run,
            "batch_id": batch.id,
            "mode": judged.mode.value,
            "reading": judged.basis.reading.id,
            "determination_digest": str(summary["determination_digest"]),
            "determined_at": str(summary["determined_at"]),
            "summary": json.dumps(summary),
            "under": document.decode(),
            "requests": batch.requests,
        },
    )


def _ledger(desk: Desk) -> dict[str, object]:
    return {"ledger": {"size": desk.book.log.size, "root": desk.book.log.root.hex()}}
