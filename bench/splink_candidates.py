"""Beside Splink 5 on the same candidates: who decides the same pairs faster, finds more, and takes fewer for another.

    python -m bench.splink_candidates FOLDER --people 2000000 --rows 300000

Rules:
 * The rows are the hostile ones of `narrowgate bench match`, with its seeds. Our matching finds the candidates; from
   there on each decides the same pairs in a process of its own, with the same engine, memory and two threads
   (`same_pairs`, `same_pairs_rules`, `same_pairs_splink`).
 * Both are timed from tables in memory to the outcome of every request in a file, the median of three rounds. Neither
   reading what is laid out nor training is counted.
 * Splink is shown at five thresholds of its probability. At the one where it has the fewest wrong persons, ours must
   have no more, and find as many.
 * Beside that it is shown at two thresholds of its weight, in whole bits, that only who knows the truth can choose: the
   least at which it takes nobody for another, and the strictest at which it still finds as many as ours.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import same_pairs
from bench.figures import Figure, table
from bench.same_pairs import DOCUMENTED, TOLD
from bench.same_pairs_rules import RULES, WITH_OPINION
from bench.same_pairs_splink import scores_of
from bench.splink_thresholds import Outcome, bits, outcomes
from narrowgate.measure import counts, hostile
from narrowgate.measure.counts import Count
from narrowgate.measure.data_set import DataSet, session_for
from narrowgate.measure.splink_peer import LEAST, THRESHOLDS
from narrowgate.measure.verdict import Verdict

OURS, MODELS = (RULES, WITH_OPINION), (TOLD, DOCUMENTED)
TITLES = {
    RULES: "rules",
    WITH_OPINION: "rules and second opinion",
    TOLD: "Splink 5, second opinion's model",
    DOCUMENTED: "Splink 5, documentation's model",
}
WHOLE_BITS = range(int(bits(LEAST)) + 1, 100)
"""From the first above the least threshold to more than any pair has."""

Seconds = Mapping[str, float]
"""Of one way to decide: wall and processor."""


@dataclass(frozen=True)
class Ours:
    """What came of the requests by one of our two ways."""

    title: str
    seconds: Seconds
    count: Count

    def figures(self) -> list[Figure]:
        return [*_seconds(self.title, self.seconds), *_found(self.title, self._percent, self.count.wrong)]

    def found_beside(self, peer: Splink, where: str, outcome: Outcome) -> Figure:
        bar = peer.percent(outcome)
        return Figure(f"{self.title}: found, beside {peer.title}, {where}", self._percent, "%", bar, lower=False)

    def wrong_beside(self, peer: Splink, where: str, outcome: Outcome) -> Figure:
        what = f"{self.title}: wrong persons, beside {peer.title}, {where}"
        return Figure(what, self.count.wrong, "persons", outcome.wrong)

    @property
    def _percent(self) -> float:
        return 100 * (self.count.recall or 0)


@dataclass(frozen=True)
class Splink:
    """What came of them by Splink: at each of `THRESHOLDS`, and at each of `WHOLE_BITS`. `of` are in the register."""

    title: str
    seconds: Seconds
    of: int
    at: Mapping[float, Outcome]
    whole: tuple[Outcome, ...]

    def figures(self) -> list[Figure]:
        shown = [_found(f"{self.title}, from {t}", self.percent(one), one.wrong) for t, one in self.at.items()]
        return [*_seconds(self.title, self.seconds), *(figure for pair in shown for figure in pair)]

    def percent(self, outcome: Outcome) -> float:
        return 100 * outcome.right / self.of

    def beside(self, ours: Ours) -> list[Figure]:
        """Each bar that `ours` has beside this."""
        return [
            self._ratio(ours, "wall", bar=1),
            self._ratio(ours, "processor", bar=None),
            ours.found_beside(self, f"from {self.careful}", self.at[self.careful]),
            ours.wrong_beside(self, "the fewest of five thresholds", self.at[self.careful]),
            *self._with_hindsight(ours),
        ]

    @property
    def careful(self) -> float:
        """The threshold at which the fewest are wrong; of several the one at which most are found."""
        return min(self.at, key=lambda threshold: (self.at[threshold].wrong, -self.at[threshold].right))

    def _ratio(self, ours: Ours, kind: str, *, bar: float | None) -> Figure:
        ratio = self.seconds[kind] / ours.seconds[kind]
        return Figure(f"{self.title} ÷ {ours.title}: {kind} seconds", ratio, "times", bar, lower=False)

    def _with_hindsight(self, ours: Ours) -> Iterator[Figure]:
        harmless = next(one for one in self.whole if one.wrong == 0)
        yield ours.found_beside(self, f"from {harmless.bits:.0f} bits, where nobody is wrong", harmless)
        as_many = [one for one in self.whole if one.right >= ours.count.right]
        if as_many:
            yield ours.wrong_beside(self, f"from {as_many[-1].bits:.0f} bits, where it finds as many", as_many[-1])


def measure(folder: Path, *, people: int, rows: int) -> list[Figure]:
    """Seconds, found and wrong persons of each on `rows` hostile requests about a register of `people`."""
    work = folder / "splink"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    print(f"building {rows:,} hostile requests about {people:,} simulated people", flush=True)
    data = hostile.make(work, people=people, rows=rows)
    print("finding their candidates, and training Splink on them", flush=True)
    pairs = same_pairs.lay(data, work)
    print(f"deciding {pairs:,} pairs", flush=True)
    ours = _ours(data, work)
    peers = [_splink(data, work, model, of=ours[0].count.counterpart) for model in MODELS]
    everybody: list[Ours | Splink] = [*ours, *peers]
    return [
        Figure(f"{rows:,} hostile requests, pairs to decide", pairs, "pairs"),
        *(figure for one in everybody for figure in one.figures()),
        *(figure for peer in peers for one in ours for figure in peer.beside(one)),
    ]


def _ours(data: DataSet, folder: Path) -> list[Ours]:
    seconds = _run("same_pairs_rules", folder)
    with session_for(folder, spill=folder / "spill") as session:
        verdicts = {way: Verdict(way, way, "", folder / f"verdict-{way}.parquet") for way in OURS}
        return [Ours(TITLES[way], seconds[way], counts.overall(session, data, one)) for way, one in verdicts.items()]


def _splink(data: DataSet, folder: Path, model: str, *, of: int) -> Splink:
    seconds = _run("same_pairs_splink", folder, model)[model]
    scores = scores_of(folder, model)
    with session_for(folder, spill=folder / "spill") as session:
        at = outcomes(session, data, scores, map(bits, THRESHOLDS))
        whole = outcomes(session, data, scores, map(float, WHOLE_BITS))
    return Splink(TITLES[model], seconds, of, dict(zip(THRESHOLDS, at, strict=True)), tuple(whole))


def _run(module: str, *arguments: object) -> dict[str, Seconds]:
    """The seconds that a module prints which runs in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True
    )
    seconds: dict[str, Seconds] = json.loads(done.stdout.splitlines()[-1])
    return seconds


def _seconds(name: str, seconds: Seconds) -> list[Figure]:
    return [Figure(f"{name}: {kind} seconds", took, "s") for kind, took in seconds.items()]


def _found(name: str, percent: float, wrong: int) -> list[Figure]:
    return [Figure(f"{name}: found", percent, "%"), Figure(f"{name}: wrong persons", wrong, "persons")]


def main() -> None:
    """Measure this alone, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.splink_candidates", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=2_000_000)
    parser.add_argument("--rows", type=int, default=300_000)
    chosen = parser.parse_args()
    figures = measure(chosen.folder, people=chosen.people, rows=chosen.rows)
    print(table(figures, machine=f"{os.cpu_count()} cores"))


if __name__ == "__main__":
    main()
