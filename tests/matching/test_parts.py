"""A batch is looked up in parts, smaller ones where the memory does not hold them, and nothing comes of that."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import duckdb
import pytest

from narrowgate.matching import station
from narrowgate.register import ParquetRegister, open_register
from narrowgate.register.questions import Keys
from tests.matching.asking import ask, ask_of
from tests.matching.test_model import a_town
from tests.register.shelf import Row, a_register

MORE_THAN_THERE_IS = "SELECT list(range) FROM range(200_000_000)"
"""1.6 GB of numbers, for a session that has 1 GB."""


@dataclass(frozen=True)
class Demanding(ParquetRegister):
    """A register that needs more memory than there is whenever more than `most` requests are looked up at once."""

    most: int
    asked: list[int]

    def people_met(self, session: duckdb.DuckDBPyConnection, asked: Keys) -> str:
        ((requests,),) = session.execute("SELECT count(*) FROM request").fetchall()
        self.asked.append(requests)
        if requests > self.most:
            session.execute(MORE_THAN_THERE_IS)
        return super().people_met(session, asked)


def demanding(files: ParquetRegister, most: int) -> Demanding:
    return Demanding(**{field.name: getattr(files, field.name) for field in fields(files)}, most=most, asked=[])


@pytest.fixture
def town(tmp_path: Path) -> tuple[ParquetRegister, list[Row]]:
    """A register and requests about its people."""
    people, homes, requests = a_town(11)
    register = open_register(a_register(tmp_path / "register", people, homes))
    assert isinstance(register, ParquetRegister)
    return register, requests


@pytest.mark.parametrize("at_once", [1, 23, 199])
def test_what_comes_of_a_request_does_not_depend_on_those_looked_up_with_it(tmp_path: Path, at_once: int) -> None:
    people, homes, requests = a_town(11)
    requests = requests[:: 10 if at_once == 1 else 1]
    standing = [number % 5 > 0 for number in range(len(requests))]
    whole = ask(tmp_path / "whole", people, homes, requests, standing=standing)
    in_parts = ask(tmp_path / "parts", people, homes, requests, standing=standing, at_once=at_once)
    assert in_parts.rows == whole.rows
    assert (in_parts.lookup.looked_up, in_parts.lookup.pairs) == (whole.lookup.looked_up, whole.lookup.pairs)


def test_a_part_that_the_memory_does_not_hold_is_looked_up_in_halves(
    town: tuple[ParquetRegister, list[Row]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station, "FEWEST", 10)
    register, requests = town
    whole = ask_of(register, tmp_path / "whole", requests)
    tight = demanding(register, 50)
    in_quarters = ask_of(tight, tmp_path / "quarters", requests)
    assert in_quarters.rows == whole.rows
    assert (in_quarters.lookup.looked_up, in_quarters.lookup.pairs) == (whole.lookup.looked_up, whole.lookup.pairs)
    assert tight.asked == [200, 100, 50, 50, 100, 50, 50]


def test_memory_that_does_not_hold_a_few_requests_ends_the_batch(
    town: tuple[ParquetRegister, list[Row]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station, "FEWEST", 50)
    register, requests = town
    tight = demanding(register, 0)
    with pytest.raises(duckdb.Error):
        ask_of(tight, tmp_path / "a", requests)
    assert len(tight.asked) < 5
    assert tight.asked[-1] < 50
    assert not (tmp_path / "a" / "case" / "match.parquet").exists()
