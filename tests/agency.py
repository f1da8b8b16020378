"""A whole custodian for tests: simulated people, keys, a court, a clock and an outbox, in a temporary folder.

Nothing in here is a stand-in: the register is Parquet, the signatures are openssl's, the ledger is on the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pyarrow.parquet

from narrowgate.accounting.stays import enter_stay
from narrowgate.agreement.shipped import shipped
from narrowgate.demo import keys
from narrowgate.demo.parties import complete
from narrowgate.gateway.approve import Approved, approve
from narrowgate.gateway.desk import Desk, at_desk
from narrowgate.gateway.determine import determine
from narrowgate.gateway.receive import take_in
from narrowgate.gateway.release import Released, release
from narrowgate.gateway.runs import find
from narrowgate.intake import Received
from narrowgate.recipient.open import Opened, open_answer
from narrowgate.requester.pack import pack
from narrowgate.setup import make_gate
from narrowgate.store.folder import GateFolder
from narrowgate.store.gate import open_gate
from narrowgate.terms.agreement import Stay, StayEffect
from narrowgate.terms.batch import REQUEST_COLUMNS
from narrowgate.terms.determination import Mode
from narrowgate.terms.refusal import Refusal

ONE_DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)

PERSON = {
    "person_id": "p-0001", "tin": "900700001", "tin_type": "ITIN", "first_name": "Alma", "middle_name": "R",
    "last_name": "Quintero Vale", "name_suffix": None, "birth_date": date(1984, 5, 17), "joint_with": None,
    "identity_theft": False, "impairment": False, "deceased_on": None,
}  # fmt: skip
ADDRESS = {
    "person_id": "p-0001", "street": "1501 Interlake Ave N", "unit": None, "city": "Seattle", "state": "WA",
    "zip": "98103", "tax_period": 2024, "source": "return", "effective_on": date(2025, 4, 15),
}  # fmt: skip
PERSON_TYPES = {
    "birth_date": "DATE",
    "identity_theft": "BOOLEAN",
    "impairment": "BOOLEAN",
    "deceased_on": "DATE",
}
ADDRESS_TYPES = {"tax_period": "INTEGER", "effective_on": "DATE"}


def a_person(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A simulated person; `number` keeps id, TIN and birth date apart."""
    return {**PERSON, "person_id": f"p-{number:04}", "tin": f"9007{number:05}", "birth_date": _born(number), **changes}


def an_address(number: int = 1, **changes: Any) -> dict[str, Any]:
    """An address of that person."""
    return {**ADDRESS, "person_id": f"p-{number:04}", **changes}


def a_request(number: int = 1, **changes: Any) -> dict[str, str | None]:
    """A request that stands in every respect about `a_person(number)` at `an_address(number)`."""
    sound: dict[str, str | None] = dict.fromkeys(REQUEST_COLUMNS)
    sound |= {
        "request_ref": f"R-{number:04}", "first_name": "Alma", "middle_name": "R", "last_name": "Quintero Vale",
        "birth_date": _born(number).isoformat(), "tin": f"9007{number:05}", "street": "1501 Interlake Ave N",
        "city": "Seattle", "state": "WA", "zip": "98103", "tax_periods": "2023;2024", "statute": "8 USC 1253(a)(1)(A)",
        "matter_id": f"M-{number:04}", "matter_kind": "investigation", "matter_opened_on": "2026-01-05",
        "order_case_no": f"A-{number:04}", "order_ground": "1227(a)(1)(B)", "order_final_on": "2025-01-15",
        "relief_pending": "no", "engaged_officers": "O-1",
        "reason": f"The file has {' '.join(_words(number))} at this address",
        "requested_fields": "mailing_address",
    }  # fmt: skip
    return {**sound, **changes}


def _born(number: int) -> date:
    """A birth date of its own for each number."""
    return date(1984, 5, 16) + timedelta(days=number)


def _words(number: int) -> list[str]:
    """Eight words of its own for each number, so that no two reasons are alike whatever is masked in them."""
    letters = hashlib.sha256(str(number).encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    return [letters[place : place + 6] for place in range(0, 48, 6)]


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOON

    def move_to(self, moment: datetime) -> None:
        self.now = moment


@dataclass(frozen=True)
class Outcome:
    """What came of a batch."""

    summary: Mapping[str, Any]

    @property
    def dispositions(self) -> dict[str, int]:
        return dict(self.summary["dispositions"])

    @property
    def lookups(self) -> int:
        return int(self.summary["looked_up"])

    def fails(self, clause: str) -> int:
        """How many requests the clause was not satisfied for."""
        return int(self.summary["by_clause"].get(clause, {"not_satisfied": 0})["not_satisfied"])


@dataclass
class Agency:
    """A custodian over a small register, with demo keys. `stayed` keeps the orders that the agreement ships with."""

    root: Path
    people: list[dict[str, Any]] = field(default_factory=lambda: [a_person()])
    addresses: list[dict[str, Any]] = field(default_factory=lambda: [an_address()])
    stayed: bool = False
    synthetic: bool = True
    clock: Clock = field(default_factory=Clock)
    batches: int = 0
    agreement: str = "irs-ice-2025"

    def __post_init__(self) -> None:
        self.register = write_register(self.root / "register", self.people, self.addresses)
        agreement = shutil.copytree(shipped(self.agreement), self.root / "agreements" / self.agreement)
        if not self.stayed:
            (agreement / "stays.toml").write_text('last_checked = 2026-03-01\nsources = ["a test"]\nstay = []\n')
        make_gate(
            self.root / "gate", register=self.register, agreement=str(agreement), custodian=keys.issuer(self.clock.now),
            memory_limit="512MB", threads=2,
        )  # fmt: skip
        self.folder = GateFolder((self.root / "gate").resolve())
        if not self.synthetic:
            self.says_real()

    def says_real(self) -> None:
        """Mark the register as one of real records. The people in it are as simulated as before."""
        file = self.register / "register.toml"
        file.write_text(file.read_text().replace("synthetic = true", "synthetic = false"))

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        with at_desk(open_gate(self.folder.root), at=self.clock.now, random=os.urandom) as desk:
            yield desk

    def package(self, rows: list[dict[str, Any]], **changes: Any) -> Path:
        """A signed package of `rows`; `changes` replace members of the manifest."""
        self.batches += 1
        batch = f"B-{self.batches}"
        folder = self.root / "requester" / batch
        folder.mkdir(parents=True)
        table = pyarrow.Table.from_pylist(
            rows, schema=pyarrow.schema([(name, pyarrow.string()) for name in REQUEST_COLUMNS])
        )
        pyarrow.parquet.write_table(table, folder / "requests.parquet")
        officers = sorted({one for row in rows for one in (row["engaged_officers"] or "").split(";") if one})
        draft = {
            "batch_id": batch, "agreement": self.agreement,
            "officers": [
                {"id": one, "name": f"officer {one}", "unit": "HSI-1", "role": "special_agent"} for one in officers],
            "attestations": dict.fromkeys(
                ("active_criminal_investigation", "sole_use", "safeguards", "true_and_correct"), True),
            **changes,
        }  # fmt: skip
        official = keys.officer(self.folder, "official")
        pack(
            folder / "requests.parquet", complete(draft, self.folder, at=self.clock.now), count=len(rows),
            certificate=official.certificate, key=official.key, out=folder / "package",
        )  # fmt: skip
        return folder / "package"

    def takes_in(self, package: Path) -> Received | Refusal:
        with self.desk() as desk:
            return take_in(desk, package)

    def determines(self, batch: str, mode: Mode = Mode.RUN, reading: str | None = None) -> Outcome:
        with self.desk() as desk:
            return Outcome(determine(desk, batch, mode=mode, reading=reading, progress=lambda _: None))

    def receives(self, rows: list[dict[str, Any]], mode: Mode = Mode.RUN, **changes: Any) -> Outcome:
        """Pack, receive and determine `rows` in one go."""
        received = self.takes_in(self.package(rows, **changes))
        assert not isinstance(received, Refusal), received
        return self.determines(received.manifest.batch_id, mode)

    def approves(self, name: str, batch: str | None = None) -> Approved:
        with self.desk() as desk:
            run = find(desk, batch or f"B-{self.batches}")
            return approve(desk, run, name=name, key=self.folder.demo_keys / f"{name}.key")

    def releases(self, batch: str | None = None) -> Released:
        with self.desk() as desk:
            return release(desk, find(desk, batch or f"B-{self.batches}"))

    def court_stays(self, stay_id: str = "order-1", effective: datetime | None = None) -> None:
        """A court orders that nothing be released."""
        with self.desk() as desk:
            stay = Stay(
                stay_id, "a court", "1:26-cv-00001", "A v. B", effective or self.clock.now, None, StayEffect.NO_RELEASE,
                "the whole agreement", "the order", 0,
            )  # fmt: skip
            enter_stay(desk.book, stay, code="entered", at=self.clock.now)

    def opens(self, sealed: Path, officer: str) -> Opened:
        pair = keys.officer(self.folder, officer)
        return open_answer(
            sealed, certificate=pair.certificate, key=pair.key, anchors=self.folder.trust / "anchors.pem",
            custodian=self.folder.keys / "custodian.pem", at=self.clock.now,
        )  # fmt: skip

    @property
    def outbox(self) -> list[Path]:
        return sorted(file for file in (self.folder.root / "outbox").rglob("*") if file.is_file())

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Every ledger entry, oldest first."""
        with self.desk() as desk:
            return [json.loads(entry) for entry in desk.book.log.entries(0, desk.book.log.size)]

    def kinds(self) -> list[str]:
        """The kinds of all entries but the first, which says which agreement the gate began with."""
        kinds = [entry["kind"] for entry in self.entries]
        assert kinds[0] == "configuration"
        return kinds[1:]


def write_register(folder: Path, people: list[dict[str, Any]], addresses: list[dict[str, Any]]) -> Path:
    """A register in Parquet of exactly these rows."""
    folder.mkdir(parents=True)
    for name, rows, types, template in (
        ("person", people, PERSON_TYPES, PERSON),
        ("address", addresses, ADDRESS_TYPES, ADDRESS),
    ):
        columns = ", ".join(f"CAST({column} AS {types.get(column, 'VARCHAR')}) AS {column}" for column in template)
        table = pyarrow.Table.from_pylist(rows, schema=_schema(types, template))
        with duckdb.connect() as session:
            session.register("rows", table)
            session.execute(f"COPY (SELECT {columns} FROM rows) TO '{folder / name}.parquet' (FORMAT parquet)")
    (folder / "register.toml").write_text('name = "simulated people for tests"\nas_of = 2026-03-01\nsynthetic = true\n')
    return folder


def _schema(types: Mapping[str, str], template: Mapping[str, Any]) -> pyarrow.Schema:
    kinds = {"DATE": pyarrow.date32(), "BOOLEAN": pyarrow.bool_(), "INTEGER": pyarrow.int32()}
    return pyarrow.schema([(name, kinds.get(types.get(name, ""), pyarrow.string())) for name in template])
