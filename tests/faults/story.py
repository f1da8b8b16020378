"""One batch on its way from its arrival to its release, command by command, and what is true of it at any moment.

Rules:
 * A scene is paths and a moment, so that another process can go on with it. Every command sits at a desk of its own.
 * Whoever looks on reads the ledger, the outbox and the files, and never opens the database: to open it is to mend it.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from narrowgate.demo import keys
from narrowgate.files import digest
from narrowgate.gateway.approve import approve
from narrowgate.gateway.desk import Desk, at_desk
from narrowgate.gateway.determine import determine
from narrowgate.gateway.receive import take_in
from narrowgate.gateway.release import release
from narrowgate.gateway.runs import find
from narrowgate.intake import Received
from narrowgate.recipient.open import open_answer
from narrowgate.store.folder import GateFolder
from narrowgate.store.gate import open_gate
from narrowgate.terms.determination import Mode
from narrowgate_verify.growth import verify_growth
from narrowgate_verify.ledger import bundles, verify_ledger
from narrowgate_verify.policy import read_policy
from narrowgate_verify.tiles import Files
from tests.agency import NOON, Agency, a_person, a_request, an_address
from tests.at_rest import clear

BATCH = "B-1"
APPROVERS = ("counsel", "disclosure-officer")
COMMANDS = ("receive", "run", *APPROVERS, "release")
BEGUN: tuple[str, ...] = ("configuration",)
"""What the first desk enters, whatever it is asked."""
ENTERS = {
    "receive": ("received",),
    "run": ("determination",) * 4,
    **dict.fromkeys(APPROVERS, ("approval",)),
    "release": ("release",),
}
"""The kinds that each command enters, once, in the order of `COMMANDS`."""

Rows = tuple[dict[str, Any], ...]

SON = {"first_name": "Tiberio", "last_name": "Ocampo Luz"}
HOME = "12 Harbor St"


@dataclass(frozen=True)
class Scene:
    """A gate at a moment, and the package that is brought to it."""

    gate: Path
    package: Path
    at: datetime = NOON

    @property
    def folder(self) -> GateFolder:
        return GateFolder(self.gate.resolve())

    @property
    def outbox(self) -> list[Path]:
        """Every answer that has left."""
        return sorted(file for file in (self.gate / "outbox").rglob("*") if file.is_file())

    def copied(self, to: Path) -> Scene:
        """The same gate once more, at `to`, in place of what may be there."""
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.gate, to)
        return replace(self, gate=to)


def agency_of(root: Path) -> Agency:
    """A custodian that will disclose to one request, return one, deny one, and refer one: of a son, like his father."""
    father = a_person(5, **SON, birth_date=date(1955, 11, 2))
    return Agency(
        root,
        people=[a_person(1, **clear.PERSON), a_person(2), a_person(4, **SON), father],
        addresses=[
            an_address(1, street=clear.STREET),
            an_address(2),
            an_address(4, street=HOME),
            an_address(5, street=HOME),
        ],
    )


def a_scene(root: Path) -> Scene:
    """A gate that has received nothing, and a package of four requests for it."""
    agency = agency_of(root)
    package = agency.package([*clear.rows(), a_request(4, **SON, tin=None, street=HOME)])
    return Scene(agency.folder.root, package, agency.clock.now)


def give(scene: Scene, command: str) -> None:
    """Give one command at the gate."""
    with _desk(scene) as desk:
        _do(desk, scene, command)


def go_on(scene: Scene) -> None:
    """Look how far the batch is, as an operator would, and give the command that comes next."""
    with _desk(scene) as desk:
        command = _next(desk)
        if command is not None:
            _do(desk, scene, command)


def _desk(scene: Scene) -> Any:
    return at_desk(open_gate(scene.gate), at=scene.at, random=os.urandom)


def _next(desk: Desk) -> str | None:
    one = desk.gate.database.one
    if one("SELECT 1 FROM batch") is None:
        return "receive"
    if one("SELECT 1 FROM run") is None:
        return "run"
    for name in APPROVERS:
        if one("SELECT 1 FROM approval WHERE approver = ?", name) is None:
            return name
    delivered = desk.gate.folder.outbox(BATCH, find(desk, BATCH).name).exists()
    return None if delivered and one("SELECT 1 FROM release") is not None else "release"


def _do(desk: Desk, scene: Scene, command: str) -> None:
    if command == "receive":
        received = take_in(desk, scene.package)
        assert isinstance(received, Received), received
    elif command == "run":
        determine(desk, BATCH, mode=Mode.RUN, reading=None, progress=lambda _: None)
    elif command == "release":
        release(desk, find(desk, BATCH))
    else:
        approve(desk, find(desk, BATCH), name=command, key=scene.folder.demo_keys / f"{command}.key")


@dataclass(frozen=True)
class Seen:
    """A gate as a stranger sees it: its checkpoint, its entries, and whether answers have left."""

    checkpoint: bytes
    entries: tuple[dict[str, Any], ...]
    delivered: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(entry["kind"] for entry in self.entries)

    @property
    def next(self) -> str | None:
        """The command that has not come to its end, or None."""
        entered = BEGUN
        for command in COMMANDS:
            entered += ENTERS[command]
            if len(self.entries) < len(entered):
                return command
        return None if self.delivered else "release"


def look(scene: Scene, before: Seen | None = None) -> Seen:
    """What a stranger sees, once everything was asserted that holds at any moment whatever befell the gate."""
    seen = Seen(Files(scene.folder.ledger).checkpoint(), entries(scene), bool(scene.outbox))
    if before is not None:
        verify_growth(before.checkpoint, scene.folder.ledger, read_policy(scene.folder.verifier_policy))
    assert before is None or seen.entries[: len(before.entries)] == before.entries, "an entry changed"
    assert seen.kinds in _WHOLE, f"an entry was lost, doubled or moved: {seen.kinds}"
    assert len({entry["commitment"] for entry in seen.entries}) == len(seen.entries), "an entry was made twice"
    assert "release" in seen.kinds or not seen.delivered, "an answer left before its release was entered"
    assert clear.in_the_clear(scene.gate) == []
    return seen


def entries(scene: Scene) -> tuple[dict[str, Any], ...]:
    """The entries of the ledger, once it verifies."""
    ledger = scene.folder.ledger
    size = verify_ledger(ledger, read_policy(scene.folder.verifier_policy)).checkpoint.size
    files = Files(ledger)
    return tuple(json.loads(entry) for index, width in bundles(size) for entry in files.entries(index, width))


def _whole() -> set[tuple[str, ...]]:
    """The kinds on the ledger after each command: a command enters all that it enters at once, or nothing."""
    kinds: list[tuple[str, ...]] = [(), BEGUN]
    for command in COMMANDS:
        kinds.append(kinds[-1] + ENTERS[command])
    return set(kinds)


_WHOLE = _whole()


@dataclass(frozen=True)
class Ended:
    """What came of a batch, as far as it is the same whenever the same batch is determined and released."""

    digest: str
    dispositions: dict[str, int]
    answers: dict[str, Rows]


def end(scene: Scene) -> Ended:
    """What came of the batch, once everything was asserted that holds when it has been released."""
    seen = look(scene)
    assert seen.next is None, f"it is not released: {seen.next} comes next"
    gate = open_gate(scene.gate)
    (run,) = gate.database.all("SELECT * FROM run")
    for table, count in (("batch", 1), ("approval", 2), ("release", 1), ("intent", 0)):
        assert len(gate.database.all(f"SELECT * FROM {table}")) == count, table
    recorded = [row["entry"] for row in gate.database.all("SELECT entry FROM event ORDER BY rowid")]
    assert recorded == [place for place, kind in enumerate(seen.kinds) if kind != "determination"]
    (kept,) = gate.database.all("SELECT batch_id, kept FROM event WHERE kind = 'release'")
    said = json.loads(gate.custody.show(kept["kept"], batch=kept["batch_id"], name="the release")[32:])
    gate.database.connection.close()
    assert said["sealed"] == {file.name: digest(file) for file in scene.outbox}, "what left is not what was entered"
    assert [*scene.gate.rglob("*.unfinished")] == []
    return Ended(run["determination_digest"], json.loads(run["summary"])["dispositions"], answers(scene))


def answers(scene: Scene) -> dict[str, Rows]:
    """What each officer reads in the answer that has left for them."""
    return {file.stem: _opened(scene, file) for file in scene.outbox}


def _opened(scene: Scene, sealed: Path) -> Rows:
    officer, folder = keys.officer(scene.folder, sealed.stem), scene.folder
    opened = open_answer(
        sealed, certificate=officer.certificate, key=officer.key, anchors=folder.trust / "anchors.pem",
        custodian=folder.keys / "custodian.pem", at=scene.at,
    )  # fmt: skip
    return tuple(dict(row) for row in opened.rows)
