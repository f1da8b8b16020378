"""Is this a whole postal address? Ours, usaddress, and the practice of 2025, judged by the labelled addresses.

Rules:
 * One question, the one that the law asks. A label is yes if it is one of the five postal classes, and so is ours.
 * usaddress tags one line: street, unit, city, and state with ZIP code, in that order, those that are given, joined by
   commas (a space between state and ZIP code). It says yes if no label is repeated in two places; there is a house
   number and a street name, or a box, or a rural route or military unit; and there are a city, a state and a ZIP code.
   It is made to name the parts of what is an address, not to doubt that it is one.
 * The practice of 2025 says yes if any field is not blank or holds a run of five or nine digits (clause G06p).
 * `corpus.csv` grew together with our classifier, which must be right on all of it (tested): only `held_out.csv`,
   written by somebody who had not seen the classifier, says how good it is. What we judge wrongly is printed, each.
 * Speed is that of one thread each, on the corpus. Its addresses are mostly odd, and odd ones take us longest.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import usaddress

from bench.figures import Figure
from narrowgate.adjudication.facts import address

FOLDER = Path(__file__).parents[1] / "spec" / "vectors" / "address"
FILES = ("corpus.csv", "held_out.csv")
FIELDS = ("street", "unit", "city", "state", "zip")
ROWS = 200_000
"""About how many addresses our speed is measured on."""

Address = dict[str, str]
Judge = Callable[[Sequence[Address]], list[bool]]


@dataclass(frozen=True)
class Score:
    """The answers of one judge beside the labels of one file."""

    judge: str
    file: str
    labels: list[bool]
    answers: list[bool]

    def count(self, *, label: bool, answer: bool) -> int:
        return list(zip(self.labels, self.answers, strict=True)).count((label, answer))

    @property
    def precision(self) -> float:
        """Percent of the addresses accepted that are whole."""
        return 100 * self.count(label=True, answer=True) / max(1, self.answers.count(True))

    @property
    def recall(self) -> float:
        """Percent of the whole addresses that are accepted."""
        return 100 * self.count(label=True, answer=True) / max(1, self.labels.count(True))

    def line(self) -> str:
        false_accepts, false_rejects = self.count(label=False, answer=True), self.count(label=True, answer=False)
        return (
            f"{self.file}, {len(self.labels)} addresses, {self.judge}: precision {self.precision:.2f} %, "
            f"recall {self.recall:.2f} %, {false_accepts} false accepts, {false_rejects} false rejects"
        )

    def figures(self) -> list[Figure]:
        what = f"whole postal address, {self.file}, {self.judge}"
        return [Figure(f"{what}: precision", self.precision, "%"), Figure(f"{what}: recall", self.recall, "%")]


def measure() -> list[Figure]:
    """Precision and recall of each judge on each file that is there, and the speed of ours and of usaddress."""
    figures: list[Figure] = []
    for file in FILES:
        if (FOLDER / file).exists():
            figures += _scored(file)
    return figures + _speeds(_labelled(FILES[0]))


def _scored(file: str) -> list[Figure]:
    """The figures of one file; the scores, and what ours judges wrongly, are printed."""
    addresses = _labelled(file)
    labels = [one["expected_class"] in address.POSTAL for one in addresses]
    judges: dict[str, Judge] = {"ours": ours, "usaddress": by_usaddress, "practice of 2025": practice_of_2025}
    scores = [Score(name, file, labels, judge(addresses)) for name, judge in judges.items()]
    for score in scores:
        print(score.line(), flush=True)
    for one, label, answer in zip(addresses, labels, scores[0].answers, strict=True):
        if label is not answer:
            kind = "false accept" if answer else "false reject"
            print(f"  ours, {kind}: {one_line(one)} ({one['expected_class']}: {one['note']})")
    return [figure for score in scores for figure in score.figures()]


def _labelled(file: str) -> list[Address]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def ours(addresses: Sequence[Address]) -> list[bool]:
    """Whether our class of each is a postal one."""
    return [found in address.POSTAL for found, _, _ in _facts(_requests(addresses))]


def practice_of_2025(addresses: Sequence[Address]) -> list[bool]:
    """Clause G06p: `address_present OR address_has_zip_token`."""
    return [present or token for _, present, token in _facts(_requests(addresses))]


def by_usaddress(addresses: Sequence[Address]) -> list[bool]:
    """Whether usaddress finds the parts of a whole address in each."""
    return [_whole(one_line(one)) for one in addresses]


def _whole(line: str) -> bool:
    try:
        parts, _ = usaddress.tag(line)
    except usaddress.RepeatedLabelError:
        return False
    ways = ({"AddressNumber", "StreetName"}, {"USPSBoxID"}, {"USPSBoxGroupType", "USPSBoxGroupID"})
    return {"PlaceName", "StateName", "ZipCode"} <= parts.keys() and any(way <= parts.keys() for way in ways)


def one_line(one: Address) -> str:
    """The fields as a person writes them on one line: `123 Main St, Apt 4, Dallas, TX 75201`."""
    end = f"{one['state']} {one['zip']}".strip()
    return ", ".join(part for part in (one["street"], one["unit"], one["city"], end) if part)


def _requests(addresses: Sequence[Address], *, times: int = 1) -> duckdb.DuckDBPyConnection:
    """A session of one thread with the table `request`, in which the addresses stand `times` times."""
    columns = {field: pa.array([one[field] or None for one in addresses], pa.string()) for field in FIELDS}
    session = duckdb.connect(config={"threads": 1})
    session.register("written", pa.table({"number": pa.array(range(len(addresses)))} | columns))
    session.execute(
        f"""
        CREATE TABLE request AS
        SELECT number + {len(addresses)} * round AS row_no, {", ".join(FIELDS)} FROM written, range({times}) AS t(round)
        """
    )
    return session


def _facts(session: duckdb.DuckDBPyConnection) -> list[tuple[str, bool, bool]]:
    """Class, presence and ZIP token of each address, in their order."""
    names = ", ".join(fact.name for fact in address.FACTS)
    table = address.prepare(session, "request")
    return session.execute(f"SELECT {names} FROM {table} ORDER BY row_no").fetchall()


def _speeds(addresses: Sequence[Address]) -> list[Figure]:
    """Addresses a second: of ours until the facts stand in their table, of usaddress until each line is answered."""
    times = ROWS // len(addresses)
    session = _requests(addresses, times=times)
    mine = times * len(addresses) / _seconds(lambda: address.prepare(session, "request"))
    lines = [one_line(one) for one in addresses]
    theirs = len(lines) / _seconds(lambda: [_whole(line) for line in lines])
    return [
        Figure(f"address classes, one thread, {times * len(addresses):,} odd addresses", mine, "addresses/s"),
        Figure(f"usaddress, {len(lines):,} of the same", theirs, "addresses/s"),
        Figure("address classes on one thread ÷ usaddress", mine / theirs, "times"),
    ]


def _seconds(work: Callable[[], object]) -> float:
    """The shorter of two rounds."""
    rounds = []
    for _ in range(2):
        began = time.monotonic()
        work()
        rounds.append(time.monotonic() - began)
    return min(rounds)
