"""A cluster of two workers: it answers what files answer, and the whole route comes to the same determinations."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import narrowgate.engine.spark
from narrowgate.engine.spark import Spark, open_spark
from narrowgate.errors import Fault, WrongUse
from narrowgate.gateway.determine import determine
from narrowgate.register.open import open_register
from narrowgate.store.folder import GateFolder
from narrowgate.terms.determination import Mode
from tests.agency import Agency, a_request
from tests.agency import a_person as a_taxpayer
from tests.agency import an_address as a_home
from tests.cli.test_commands import Script, received, script
from tests.matching.asking import ask_of, asking_for_current
from tests.register.hard import a_hard_town
from tests.register.kinds import in_one_file, several_files
from tests.register.shelf import (
    ADDRESS_SCHEMA,
    PERSON_SCHEMA,
    Row,
    a_partitioned_register,
    a_person,
    a_register,
    an_address,
)
from tests.register.test_questions import QUESTIONS, answer, asked
from tests.spark.running import nobody_works, two_workers

__all__ = ["script"]

Folder = Callable[[Path, list[Row], list[Row]], Path]


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    with open_spark(two_workers()) as opened:
        yield opened


def in_hive_folders(folder: Path, people: list[Row], homes: list[Row]) -> Path:
    return a_partitioned_register(folder, people, homes, person_by="identity_theft", address_by="tax_period")


def stored_in_several_ways(folder: Path, people: list[Row], homes: list[Row]) -> Path:
    """Files of one table whose columns are of other widths, in another order, or of nothing at all."""
    several_files(folder, people, homes)
    wide = pa.schema([(field.name, pa.large_string() if pa.types.is_string(field.type) else field.type)
        for field in reversed(PERSON_SCHEMA)])  # fmt: skip
    first = folder / "person" / "part-0.parquet"
    pq.write_table(pq.read_table(first).select(wide.names).cast(wide), first)
    nobody_joint = folder / "person" / "part-1.parquet"
    rows = pq.read_table(nobody_joint)
    if not rows["joint_with"].null_count == rows.num_rows:
        raise AssertionError("somebody here is joint with somebody")
    place = rows.schema.get_field_index("joint_with")
    pq.write_table(rows.set_column(place, "joint_with", pa.nulls(rows.num_rows)), nobody_joint)
    homes_0 = folder / "address" / "part-0.parquet"
    table = pq.read_table(homes_0)
    place = ADDRESS_SCHEMA.get_field_index("tax_period")
    pq.write_table(table.set_column(place, "tax_period", table["tax_period"].cast(pa.int16())), homes_0)
    return folder


@pytest.mark.parametrize(("seed", "kept"), [(2, in_hive_folders), (3, stored_in_several_ways)])
def test_a_cluster_answers_what_files_answer(spark: Spark, tmp_path: Path, seed: int, kept: Folder) -> None:
    people, homes, requests = a_hard_town(seed, 60)
    chance = random.Random(seed)
    ids = [chance.choice([*people, *homes])["person_id"] for _ in range(30)]
    one = in_one_file(tmp_path / "one", people, homes)
    other = open_register(kept(tmp_path / "other [x] {y}*", people, homes), cluster=spark)
    with asked(tmp_path / "session", requests[:50], ids) as session:
        for question in QUESTIONS:
            expected = answer(session, one, question)
            assert answer(session, other, question) == expected, question
            assert expected.total() > 0
    other.unchanged()


def test_a_batch_has_the_matches_that_it_has_of_files(spark: Spark, tmp_path: Path) -> None:
    people, homes, requests = a_hard_town(4)
    folder, under = a_register(tmp_path / "one", people, homes), asking_for_current("strict")
    here = ask_of(open_register(folder), tmp_path / "a", requests, under=under)
    there = ask_of(open_register(folder, cluster=spark), tmp_path / "b", requests, under=under)
    assert there.rows == here.rows
    assert there.lookup.pairs == here.lookup.pairs


def test_the_whole_route_comes_to_one_determination_digest(spark: Spark, tmp_path: Path) -> None:
    people = [a_taxpayer(n, impairment=n == 3) for n in range(1, 6)] + [a_taxpayer(6, first_name="Ålma")]
    homes = [a_home(n, street=f"{n}1501 Interlake Ave N") for n in range(1, 6)]
    homes.append(a_home(6, zip=None, street="61501 Interlake Ave N"))
    agency = Agency(tmp_path, people, homes)
    rows = [a_request(n, street=f"{n}1501 Interlake Ave N") for n in range(1, 8)]
    rows += [a_request(8, tin=None, birth_date=None), a_request(9, last_name=None), a_request(10, tax_periods=None)]
    agency.takes_in(agency.package(rows))
    here = agency.determines("B-1").summary
    with agency.desk() as desk:
        on_cluster = replace(desk, cluster=spark)
        there = determine(on_cluster, "B-1", mode=Mode.RUN, reading=None, progress=lambda _: None)
    assert there["determination_digest"] == here["determination_digest"]
    assert there["dispositions"] == here["dispositions"]
    assert here["dispositions"]["disclose"] > 2
    assert (there["run"] != here["run"], there["engine"]) == (True, f"{here['engine']}, {spark.name}")
    assert there["register_digest"] == here["register_digest"]


def test_a_cluster_that_sees_other_files_is_asked_nothing(spark: Spark, tmp_path: Path) -> None:
    folder = several_files(tmp_path / "r", [a_person("p1"), a_person("p2")], [an_address("p1")])
    # A name that says to Spark, and to nobody else, that the file is not there yet.
    (folder / "person" / "part-1.parquet").rename(folder / "person" / "_part-1.parquet")
    assert open_register(folder).digest
    with pytest.raises(Fault, match="counts `1` rows of `person`, the gate 2") as fault:
        open_register(folder, cluster=spark)
    assert fault.value.hint is not None
    assert fault.value.hint.endswith("no record was looked up")


def test_a_file_that_is_cut_off_while_it_is_read_stops_the_batch(spark: Spark, tmp_path: Path) -> None:
    people, homes, requests = a_hard_town(5)
    folder = a_register(tmp_path / "r", people, homes)
    register = open_register(folder, cluster=spark)
    file = folder / "person.parquet"
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(Fault, match="changed while it was read"):
        ask_of(register, tmp_path / "a", requests, under=asking_for_current("strict"))
    assert not (tmp_path / "a" / "match.parquet").exists()


def test_a_register_that_was_replaced_by_another_stops_the_batch(spark: Spark, tmp_path: Path) -> None:
    people, homes, requests = a_hard_town(6)
    folder = a_register(tmp_path / "r", people, homes)
    register = open_register(folder, cluster=spark)
    shutil.rmtree(folder)
    a_register(folder, people[1:], homes)
    with pytest.raises(Fault, match="changed while it was read"):
        ask_of(register, tmp_path / "a", requests, under=asking_for_current("strict"))


def test_a_register_in_a_server_is_not_for_a_cluster(spark: Spark, tmp_path: Path) -> None:
    (tmp_path / "register.toml").write_text('kind = "postgresql"\nhost = "nowhere"\n')
    with pytest.raises(WrongUse, match="served by PostgreSQL"):
        open_register(tmp_path, cluster=spark)


def test_the_command_line_gives_one_digest_on_a_cluster_and_without(script: Script) -> None:
    received(script)
    here = script.at_gate("rehearse", "B-1")
    there = script.at_gate("rehearse", "B-1", "--engine", "spark", "--master", two_workers())
    assert here["dispositions"] == {"disclose": 1, "return": 1}
    assert there["determination_digest"] == here["determination_digest"]
    assert there["engine"] != here["engine"]
    assert not list(GateFolder(script.gate).work.rglob("*.parquet"))


def test_an_engine_without_its_master_is_wrong_use(script: Script) -> None:
    for given in (("--engine", "spark"), ("--master", "spark://127.0.0.1:7077")):
        told = script.at_gate("rehearse", "B-1", *given, status=2)
        assert "go together" in told["error"]


def test_nobody_at_the_address_of_the_master_is_a_fault(script: Script) -> None:
    received(script)
    told = script.at_gate("rehearse", "B-1", "--engine", "spark", "--master", "spark://127.0.0.1:9", status=3)
    assert "no Spark master answers" in told["error"]
    assert script.at_gate("verify")["kinds"].get("rehearsal") is None


def test_a_master_without_workers_is_a_fault_and_not_a_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowgate.engine.spark, "ENOUGH", 1.0)
    with pytest.raises(Fault, match="no worker of the cluster"), open_spark(nobody_works()):
        pass
