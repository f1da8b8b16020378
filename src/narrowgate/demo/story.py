"""Tell the product in one run: simulated people, the August 2025 batch rebuilt, four judgements, one release.

Rules:
 * Every step is the ordinary command's own code; nothing here judges, matches or seals.
 * Truth is known because the people are simulated. It is used to count wrong persons, and is nowhere in the gate.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet

from narrowgate.demo import keys
from narrowgate.demo.parties import complete
from narrowgate.engine.parquet import relation
from narrowgate.errors import Fault, Refused, WrongUse
from narrowgate.gateway.approve import approve
from narrowgate.gateway.desk import Desk, at_desk
from narrowgate.gateway.determine import determine
from narrowgate.gateway.receive import take_in
from narrowgate.gateway.release import Released, release
from narrowgate.gateway.runs import Run, basis_of, find
from narrowgate.oversight.replay import Comparison, compare, record_clauses
from narrowgate.recipient.open import Opened, open_answer
from narrowgate.requester.pack import pack, read_draft
from narrowgate.setup import make_gate
from narrowgate.store.folder import GateFolder
from narrowgate.store.gate import open_gate
from narrowgate.synth.august_2025 import rebuild_batch
from narrowgate.synth.batch_manifest import Batch
from narrowgate.synth.population import build_register
from narrowgate.terms.determination import Mode
from narrowgate.terms.refusal import Refusal

STRICT, PRACTISED = "strict", "as-practised-2025-08"
SEED = 20250807
MARK = "demo.txt"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Judged:
    """One judgement of the batch, with what only a simulation can know: how many it found, and how many wrongly."""

    summary: Mapping[str, object]
    wrong_persons: int
    right_persons: int
    seconds: float


@dataclass(frozen=True)
class Told:
    """Everything the demonstration shows."""

    folder: Path
    people: int
    addresses: int
    batch: Batch
    as_shipped: Judged
    strict: Judged
    as_practised: Judged
    comparison: Comparison
    titles: Mapping[str, str]
    findable: int
    released: Released
    officer: str
    opened: Opened
    stranger: str
    sealed: Path


def tell(folder: Path, *, rows: int, people: int | None, say: Say) -> Told:
    """Run the whole demonstration in `folder`; `say` is called with each step as it begins."""
    _fresh(folder)
    now = datetime.now(UTC).replace(microsecond=0)
    register, gate_folder = folder / "register", folder / "gate"
    say("simulated taxpayers into a synthetic register")
    build_register(register, people=people, seed=SEED)
    say("the August 2025 batch, rebuilt")
    batch = rebuild_batch(
        register,
        folder / "requester",
        rows=rows,
        seed=SEED,
        created_at=now,
        expires_at=now + timedelta(days=90),
    )
    make_gate(
        gate_folder, register=register, agreement="irs-ice-2025", custodian=keys.issuer(now),
        memory_limit="1GB", threads=2,
    )  # fmt: skip
    say("a demo official signs the package")
    package = sign(batch, GateFolder(gate_folder.resolve()), folder / "package", at=now)
    with at_desk(open_gate(gate_folder), at=now, random=os.urandom) as desk:
        _receive(desk, package)
    as_shipped = _judge(gate_folder, batch, Mode.RUN, STRICT, now, say)
    strict = _judge(gate_folder, batch, Mode.REHEARSAL, STRICT, now, say)
    practised = _judge(gate_folder, batch, Mode.REHEARSAL, PRACTISED, now, say)
    with at_desk(open_gate(gate_folder), at=now, random=os.urandom) as desk:
        say("two approvers, then release")
        titles = {clause.id: clause.title for clause in desk.agreement.clauses.values()}
        run = find(desk, batch.batch_id, reading=STRICT)
        comparison = _compare(desk, find(desk, batch.batch_id, reading=PRACTISED), run)
        for name in keys.APPROVERS:
            approve(desk, run, name=name, key=desk.gate.folder.demo_keys / f"{name}.key")
        released = release(desk, run)
        findable = _findable(desk, batch, run)
    say("one officer opens an answer, a stranger tries")
    officer, sealed = _an_answered_officer(gate_folder, released, now)
    opened = _open(gate_folder, sealed, officer, now)
    return Told(
        folder=folder,
        people=_count(register / "person"),
        addresses=_count(register / "address"),
        batch=batch,
        as_shipped=as_shipped,
        strict=strict,
        as_practised=practised,
        comparison=comparison,
        titles=titles,
        findable=findable,
        released=released,
        officer=officer,
        opened=opened,
        stranger=_stranger(gate_folder, sealed, now),
        sealed=sealed,
    )


def sign(batch: Batch, gate: GateFolder, package: Path, *, at: datetime) -> Path:
    """Complete the batch's manifest with the demo parties and sign it as the demo official."""
    draft = complete(read_draft(batch.manifest), gate, at=at)
    official = keys.officer(gate, "official")
    pack(
        batch.requests,
        draft,
        count=batch.rows,
        certificate=official.certificate,
        key=official.key,
        out=package,
    )
    return package


def _fresh(folder: Path) -> None:
    """Make `folder`, or empty it if an earlier demonstration made it; anything else is left alone."""
    if folder.exists() and not (folder / MARK).exists() and any(folder.iterdir()):
        raise WrongUse(f"`{folder}` was not made by a demonstration", "name another folder; nothing was changed")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("Made by `narrowgate demo`; simulated people only. The next demo empties this folder.\n")


def _receive(desk: Desk, package: Path) -> None:
    outcome = take_in(desk, package)
    if isinstance(outcome, Refusal):
        raise Fault(f"the gate refused the demonstration's package: {outcome.message}")


def _judge(gate: Path, batch: Batch, mode: Mode, reading: str, now: datetime, say: Say) -> Judged:
    """Determine the batch once and count, by the truth, whom that would have reached."""
    began = time.monotonic()
    with at_desk(open_gate(gate), at=now, random=os.urandom) as desk:
        summary = determine(
            desk, batch.batch_id, mode=mode, reading=reading,
            progress=lambda station: say(f"{mode.value} under {reading}: {station}"),
        )  # fmt: skip
        seconds = time.monotonic() - began
        right, wrong = _against_truth(desk, find(desk, batch.batch_id, reading=reading), batch)
    return Judged(summary, wrong, right, round(seconds, 2))


def _against_truth(desk: Desk, run: Run, batch: Batch) -> tuple[int, int]:
    """How many disclosures of `run` are of the right person, and how many are not."""
    with desk.session(run.case.folder, batch.truth.parent) as session:
        counts = session.execute(
            f"""
            SELECT count(*) FILTER (d.person_id IS NOT DISTINCT FROM t.person_id),
                   count(*) FILTER (d.person_id IS DISTINCT FROM t.person_id)
            FROM {relation(run.case.file("determination"))} AS d JOIN {relation(batch.truth)} AS t USING (request_ref)
            WHERE d.disposition = 'disclose'
            """
        ).fetchone()
    assert counts is not None
    return int(counts[0]), int(counts[1])


def _findable(desk: Desk, batch: Batch, run: Run) -> int:
    """How many of the requests that stand are about somebody who is in the register."""
    findings = run.case.file("findings_request")
    with desk.session(run.case.folder, batch.truth.parent, run.batch.request.parent) as session:
        counts = session.execute(
            f"""
            SELECT count(*) FROM {relation(findings)} AS f
            JOIN {relation(run.batch.request)} AS q USING (row_no)
            JOIN {relation(batch.truth)} AS t USING (request_ref)
            WHERE f.stands AND t.person_id IS NOT NULL
            """
        ).fetchone()
    assert counts is not None
    return int(counts[0])


def _compare(desk: Desk, before: Run, now: Run) -> Comparison:
    with desk.session(before.case.folder, now.case.folder) as session:
        return compare(
            session,
            before=before.case,
            now=now.case,
            on_record=record_clauses(basis_of(desk, now)),
        )


def _an_answered_officer(gate: Path, released: Released, now: datetime) -> tuple[str, Path]:
    """The first officer, by name of the sealed file, whose file holds an answered request."""
    folder = GateFolder(gate.resolve())
    for name in released.files:
        sealed = released.outbox / name
        for officer in sorted(file.stem for file in (folder.demo_keys / "officers").glob("*.pem")):
            if f"{officer}.cms" == name:
                rows = _open(gate, sealed, officer, now).rows
                if any(row["answer"] == "answered" for row in rows):
                    return officer, sealed
    raise Fault("no officer of the demonstration was answered")


def _open(gate: Path, sealed: Path, officer: str, now: datetime) -> Opened:
    folder = GateFolder(gate.resolve())
    pair = keys.officer(folder, officer)
    return open_answer(
        sealed, certificate=pair.certificate, key=pair.key, anchors=folder.trust / "anchors.pem",
        custodian=folder.keys / "custodian.pem", at=now,
    )  # fmt: skip


def _stranger(gate: Path, sealed: Path, now: datetime) -> str:
    """What a stranger is told who holds a certificate of the same authority and tries to open the file."""
    keys.issue_officers(GateFolder(gate.resolve()), ["stranger"], now=now)
    try:
        _open(gate, sealed, "stranger", now)
    except Refused as refused:
        return refused.message
    raise Fault("a stranger opened a sealed answer")


def _count(folder: Path) -> int:
    """Rows of all Parquet files below `folder`."""
    return sum(pyarrow.parquet.read_metadata(file).num_rows for file in folder.rglob("*.parquet"))
