"""A hostile batch: what it says of whom, and that its truth is the register's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from narrowgate.engine.literal import text_list
from narrowgate.errors import WrongUse
from narrowgate.synth.hostile import build_hostile
from narrowgate.synth.hostile_profiles import HOSTILE
from narrowgate.synth.miswriting import MODES, WAYS_OF_WRITING
from narrowgate.terms.batch import REQUEST_COLUMNS

from .conftest import NOW, SEED
from .support import ask, rows_of

ROWS = 20_000


def _build(register: Path, folder: Path, rows: int, seed: int = SEED) -> None:
    build_hostile(register, folder, rows=rows, seed=seed, created_at=NOW, expires_at=NOW + timedelta(days=90))


@pytest.fixture(scope="session")
def hostile(country: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    _build(country, folder, ROWS)
    return folder


@pytest.fixture(scope="module")
def batch(country: Path, hostile: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables request (with the truth beside it, the number without dashes), person and address."""
    with duckdb.connect() as session:
        session.execute(f"""CREATE TABLE request AS SELECT r.* REPLACE (replace(r.tin, '-', '') AS tin), t.*
                EXCLUDE (request_ref) FROM '{hostile}/requests.parquet' r JOIN '{hostile}/truth.parquet' t
                USING (request_ref)""")
        for table in ("person", "address"):
            session.execute(f"CREATE VIEW {table} AS FROM {rows_of(country, table)}")
        yield session


def _count(session: duckdb.DuckDBPyConnection, query: str) -> int:
    ((value,),) = session.execute(f"SELECT count(*) FROM {query}").fetchall()
    return int(value)


_AS_WRITTEN = "NOT list_has_any(noise, ['lower case', 'upper case', 'accents dropped', 'hyphen and space'])"
_ADDRESS_AS_WRITTEN = """NOT list_has_any(noise, ['lower case', 'upper case', 'number sign', 'full stops',
    'street word in full', 'zip plus four'])"""


def test_every_request_has_one_truth_and_the_columns_of_the_format(hostile: Path) -> None:
    described = duckdb.execute(f"DESCRIBE FROM '{hostile}/requests.parquet'").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [(name, "VARCHAR") for name in REQUEST_COLUMNS]
    ((requests, truths, both),) = duckdb.execute(f"""SELECT count(r.request_ref), count(t.request_ref),
        count(DISTINCT request_ref) FROM '{hostile}/requests.parquet' r
        FULL JOIN '{hostile}/truth.parquet' t USING (request_ref)""").fetchall()
    assert requests == truths == both == ROWS


def test_the_kinds_come_in_the_proportion_of_the_table(batch: duckdb.DuckDBPyConnection) -> None:
    found = dict(batch.execute("SELECT profile, count(*) FROM request GROUP BY profile").fetchall())
    total = sum(kind.weight for kind in HOSTILE)
    assert set(found) == {kind.id for kind in HOSTILE}
    assert all(abs(found[kind.id] - kind.weight * ROWS / total) < 1 for kind in HOSTILE)


def test_whoever_a_request_is_about_is_in_the_register_or_nobody(batch: duckdb.DuckDBPyConnection) -> None:
    assert _count(batch, "request ANTI JOIN person USING (person_id) WHERE person_id IS NOT NULL") == 0
    nobody = [kind.id for kind in HOSTILE if kind.about == "nobody"]
    assert _count(batch, f"request WHERE (person_id IS NULL) <> (profile IN {text_list(nobody)})") == 0


def test_nobody_is_nobody(batch: duckdb.DuckDBPyConnection) -> None:
    """No record has the name, and the number or the birth date, that a request about nobody states."""
    assert (
        _count(batch, """request r JOIN person p ON upper(p.first_name) = upper(r.first_name)
            AND upper(p.last_name) = upper(r.last_name) AND p.birth_date = r.birth_date::DATE
            AND (p.tin = r.tin OR r.tin IS NULL)
            JOIN address a ON a.person_id = p.person_id AND a.street = r.street AND a.zip = r.zip
            WHERE r.person_id IS NULL""")
        == 0
    )  # fmt: skip


def test_the_address_is_held_exactly_where_the_truth_says_so(batch: duckdb.DuckDBPyConnection) -> None:
    held = """EXISTS (FROM address a WHERE a.person_id = r.person_id AND a.street = r.street
        AND a.unit IS NOT DISTINCT FROM r.unit AND a.city = r.city AND a.state = r.state AND a.zip = r.zip)"""
    assert _count(batch, f"request r WHERE {_ADDRESS_AS_WRITTEN} AND address_held <> {held}") == 0
    assert _count(batch, "request WHERE address_held") > ROWS / 2
    assert _count(batch, "request WHERE NOT address_held AND person_id IS NOT NULL") > ROWS / 50


def test_evidence_suffices_only_where_everything_stated_is_true(batch: duckdb.DuckDBPyConnection) -> None:
    sound = "request r JOIN person p USING (person_id) WHERE matchable"
    assert _count(batch, sound) > 0.7 * ROWS
    false_name = "(r.first_name <> p.first_name OR r.last_name <> p.last_name)"
    assert _count(batch, f"{sound} AND {_AS_WRITTEN} AND {false_name}") == 0
    assert _count(batch, f"{sound} AND NOT address_held") == 0
    assert _count(batch, f"{sound} AND p.deceased_on IS NOT NULL") == 0
    assert (
        _count(batch, f"{sound} AND r.birth_date::DATE IS DISTINCT FROM p.birth_date AND r.birth_date IS NOT NULL") == 0
    )
    assert _count(batch, f"{sound} AND r.birth_date IS NULL AND r.tin IS DISTINCT FROM p.tin") == 0
    other = "r.tin <> p.tin AND NOT list_contains(noise, 'tin digit wrong')"
    assert _count(batch, f"{sound} AND {other}") == 0


def test_every_true_and_complete_request_is_said_to_suffice(batch: duckdb.DuckDBPyConnection) -> None:
    """The other way round, of the plainest kind: what is said to be insufficient lacks something in the record."""
    lost = """request r JOIN person p USING (person_id) WHERE r.profile = 'own, no number' AND NOT matchable
        AND p.birth_date IS NOT NULL"""
    assert _count(batch, lost) == 0
    assert _count(batch, "request WHERE profile = 'own, no number' AND matchable") > 0.98 * 0.19 * ROWS


@pytest.mark.parametrize(
    ("profile", "holds"),
    [
        ("spouse's number", "r.tin IS NOT DISTINCT FROM (SELECT tin FROM person q WHERE q.person_id = p.joint_with)"),
        ("twin's number", "r.tin IS DISTINCT FROM p.tin"),
        ("neighbour's number", "hamming(r.tin, p.tin) = 1 AND r.birth_date IS NULL"),
        ("new occupant", "NOT r.address_held"),
        ("deceased", "p.deceased_on IS NOT NULL"),
        ("two records", "len(r.same_person) = 1"),
        ("own, former address", "r.address_held"),
        ("son, no birth date", "r.tin IS DISTINCT FROM p.tin AND r.name_suffix IS NULL AND r.birth_date IS NULL"),
    ],
)  # fmt: skip
def test_a_kind_is_what_it_says(batch: duckdb.DuckDBPyConnection, profile: str, holds: str) -> None:
    rows = f"request r JOIN person p USING (person_id) WHERE r.profile = $${profile}$$"
    assert _count(batch, rows) > 0
    assert _count(batch, f"{rows} AND NOT coalesce({holds}, r.tin IS NULL OR p.tin IS NULL)") == 0


def test_every_miswriting_and_way_of_writing_occurs(batch: duckdb.DuckDBPyConnection) -> None:
    found = {one for (one,) in batch.execute("SELECT DISTINCT unnest(noise) FROM request").fetchall()}
    assert found == {kind for kinds in MODES.values() for kind in kinds} | set(WAYS_OF_WRITING)


def test_all_subgroups_occur(batch: duckdb.DuckDBPyConnection) -> None:
    found = {name for (name,) in batch.execute("SELECT DISTINCT unnest(subgroups) FROM request").fetchall()}
    assert found == {
        "ITIN filer", "SSN filer", "apartment block", "borrower", "identity theft", "impairment", "in care",
        "joint filer", "moved", "namesake", "no middle name", "number lent", "post box", "same-name household",
        "shared number", "spelled otherwise", "twin", "two records", "two surnames",
    }  # fmt: skip
    differ = "(p.tin_type = 'ITIN') <> list_contains(subgroups, 'ITIN filer')"
    # `number of a, name of b` is about the spouse of whoever was drawn.
    mine = "request r JOIN person p USING (person_id) WHERE profile <> 'number of a, name of b'"
    assert _count(batch, f"{mine} AND {differ}") == 0


def test_the_same_seed_gives_the_same_rows_and_another_does_not(hostile: Path, country: Path, tmp_path: Path) -> None:
    _build(country, tmp_path / "again", ROWS)
    _build(country, tmp_path / "other", ROWS, seed=SEED + 1)
    for name in ("requests", "truth"):
        folders = (tmp_path / "again", hostile, tmp_path / "other")
        again, first, other = (f"(FROM '{folder}/{name}.parquet')" for folder in folders)
        assert ask(f"SELECT count(*) FROM ({again} EXCEPT {first})") == 0
        assert ask(f"SELECT count(*) FROM ({other} EXCEPT {first})") > ROWS / 2


def test_the_manifest_names_the_officers_of_the_rows(hostile: Path) -> None:
    manifest = json.loads((hostile / "manifest.json").read_text())
    named = {officer["id"] for officer in manifest["officers"]}
    used = duckdb.execute(f"""SELECT DISTINCT unnest(string_split(engaged_officers, ';'))
        FROM '{hostile}/requests.parquet'""").fetchall()
    assert named == {one for (one,) in used}
    assert manifest["batch_id"] == "hostile"


@pytest.mark.parametrize("rows", [0, -1, 10**12])
def test_no_rows_or_too_many_are_not_written(country: Path, tmp_path: Path, rows: int) -> None:
    with pytest.raises(WrongUse, match=f"`{rows}`"):
        _build(country, tmp_path / "batch", rows)
    assert not (tmp_path / "batch").exists()


def test_a_register_that_is_too_small_or_not_synthetic_is_not_asked_about(small: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="has `2000` people"):
        _build(small, tmp_path / "batch", 5_000)
    assert not (tmp_path / "batch" / "requests.parquet").exists()
    real = tmp_path / "register"
    real.mkdir()
    for part in ("person", "address"):
        (real / part).symlink_to(small / part)
    (real / "register.toml").write_text('name = "real"\nas_of = 2025-01-01\nsynthetic = false\n')
    with pytest.raises(WrongUse, match="does not say that its people are synthetic"):
        _build(real, tmp_path / "batch", 10)
    assert not (tmp_path / "batch" / "requests.parquet").exists()


def test_the_day_of_the_batch_is_given(hostile: Path) -> None:
    ((latest,),) = duckdb.execute(f"SELECT max(matter_opened_on) FROM '{hostile}/requests.parquet'").fetchall()
    assert datetime.fromisoformat(latest).replace(tzinfo=UTC) < NOW
