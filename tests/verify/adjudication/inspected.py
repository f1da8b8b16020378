"""A custodian that is inspected: batches in every kind of file, the real route, and receipts for an inspector."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from narrowgate.demo import keys
from narrowgate.demo.parties import complete
from narrowgate.gateway.receipts import receipts
from narrowgate.gateway.runs import find
from narrowgate.requester.pack import pack
from narrowgate.terms.determination import Mode
from narrowgate.terms.refusal import Refusal
from narrowgate_verify.adjudication.agreement import read_agreement
from narrowgate_verify.adjudication.command import check_again
from narrowgate_verify.adjudication.evidence import Evidence
from narrowgate_verify.adjudication.package import Package, open_package
from narrowgate_verify.adjudication.stated import Under
from narrowgate_verify.adjudication.verdict import Verdict
from narrowgate_verify.policy import read_policy
from tests.agency import Agency

Row = dict[str, str | None]
SOUND = ("active_criminal_investigation", "sole_use", "safeguards", "true_and_correct")


@dataclass
class Inspection:
    """An inspector beside an agency, with nothing of it but what is asked for."""

    agency: Agency

    @property
    def anchors(self) -> Path:
        """The authorities that sign for officials and officers."""
        return self.agency.folder.trust / "anchors.pem"

    @property
    def agreement(self) -> Path:
        """The agreement that the gate answers under."""
        return next(self.agency.folder.agreements.iterdir())

    @property
    def policy(self) -> Path:
        """Whose signatures on the ledger count."""
        return self.agency.folder.verifier_policy

    def asks(self, batch: str, rows: list[Row], *, kind: str = "jsonl", **changes: Any) -> Path:
        """A signed package of `rows` in a file of that kind, which the agency has taken in."""
        folder = self.agency.root / "asked" / batch
        folder.mkdir(parents=True)
        file = folder / f"requests.{kind}"
        if kind == "parquet":
            pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), file)
        else:
            file.write_text(_as_lines(rows) if kind == "jsonl" else _as_csv(rows), encoding="utf-8", newline="")
        draft = {
            "batch_id": batch, "agreement": self.agency.agreement, "officers": roster(rows),
            "attestations": dict.fromkeys(SOUND, True), **changes,
        }  # fmt: skip
        official = keys.officer(self.agency.folder, "official")
        pack(
            file, complete(draft, self.agency.folder, at=self.agency.clock.now), count=len(rows),
            certificate=official.certificate, key=official.key, out=folder / "package",
        )  # fmt: skip
        received = self.agency.takes_in(folder / "package")
        assert not isinstance(received, Refusal), received
        return folder / "package"

    def determines(self, batch: str, *, mode: Mode = Mode.RUN, reading: str | None = None) -> Path:
        """Receipts of every determination of a run of `batch`, one on each line."""
        self.agency.determines(batch, mode, reading)
        out = self.agency.root / f"{batch}-{mode.value}-{reading}.jsonl"
        with self.agency.desk() as desk:
            out.write_text("".join(f"{line}\n" for line in receipts(desk, find(desk, batch, reading=reading))))
        return out

    def opens(self, package: Path) -> Package:
        """The package as the inspector reads it."""
        return open_package(package, anchors=self.anchors)

    def judges(self, receipts: Path, package: Path, earlier: Iterable[Path] = ()) -> tuple[list[Verdict], Under]:
        """The verdicts on a run, and what it states that it was made under."""
        evidence = Evidence(read_agreement(self.agreement), self.opens(package), [self.opens(one) for one in earlier])
        verdicts, (under,) = check_again(str(receipts), read_policy(str(self.policy)), evidence)
        return verdicts, under


def roster(rows: Iterable[Mapping[str, str | None]], **changes: Mapping[str, str]) -> list[dict[str, str]]:
    """The officers that `rows` name, each with what is changed of that one."""
    named = sorted({one for row in rows for one in (row["engaged_officers"] or "").split(";") if one})
    plain = {"unit": "HSI-1", "role": "special_agent"}
    return [{"id": one, "name": f"officer {one}", **plain, **changes.get(one, {})} for one in named]


def differences(verdicts: Iterable[Verdict]) -> dict[str, list[str]]:
    """What differs, by request."""
    return {one.request_ref: [str(each) for each in one.differences] for one in verdicts if not one.agrees}


def _as_lines(rows: Iterable[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _as_csv(rows: list[Row]) -> str:
    lines = [list(rows[0]), *([value or "" for value in row.values()] for row in rows)]
    return "".join(",".join('"' + value.replace('"', '""') + '"' for value in line) + "\r\n" for line in lines)
