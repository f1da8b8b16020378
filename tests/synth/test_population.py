from __future__ import annotations

import importlib.util
import shutil
import tomllib
from pathlib import Path

import duckdb
import pytest

from narrowgate.errors import WrongUse
from narrowgate.register import open_register
from narrowgate.synth.places import PLACES
from narrowgate.synth.population import AS_OF, build_register, truth_folder
from narrowgate.synth.sample import PEOPLE, VERSION, find_sample

from .conftest import SEED
from .support import digests, rows_of


def _all(query: str) -> list[tuple[object, ...]]:
    return duckdb.execute(query).fetchall()


def _one(query: str) -> int:
    ((value,),) = duckdb.execute(query).fetchall()
    return int(value)


@pytest.fixture(params=["small", "copied"])
def register(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


def test_the_register_can_be_opened_and_says_that_its_people_are_synthetic(register: Path) -> None:
    opened = open_register(register)
    assert opened.synthetic
    assert opened.as_of == AS_OF
    assert VERSION in opened.name


def test_a_register_has_as_many_people_as_asked_for(small: Path, copied: Path) -> None:
    for folder, people in ((small, 2_000), (copied, 50_000)):
        person = rows_of(folder, "person")
        assert _one(f"SELECT count(*) FROM {person}") == people
        assert _one(f"SELECT count(DISTINCT person_id) FROM {person}") == people


def test_columns_and_types_are_those_of_the_format(register: Path) -> None:
    described = "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {})"
    assert _all(described.format(rows_of(register, "person"))) == [
        ("person_id", "VARCHAR"), ("tin", "VARCHAR"), ("tin_type", "VARCHAR"), ("first_name", "VARCHAR"),
        ("middle_name", "VARCHAR"), ("last_name", "VARCHAR"), ("name_suffix", "VARCHAR"),
        ("birth_date", "DATE"), ("joint_with", "VARCHAR"),
        ("identity_theft", "BOOLEAN"), ("impairment", "BOOLEAN"), ("deceased_on", "DATE"),
    ]  # fmt: skip
    assert _all(described.format(rows_of(register, "address"))) == [
        *((name, "VARCHAR") for name in ("person_id", "street", "unit", "city", "state", "zip")),
        ("tax_period", "INTEGER"), ("source", "VARCHAR"), ("effective_on", "DATE"),
    ]  # fmt: skip


def test_what_a_record_must_have_is_there(register: Path) -> None:
    person, address = rows_of(register, "person"), rows_of(register, "address")
    assert (
        _one(f"""SELECT count(*) FROM {person} WHERE first_name IS NULL OR last_name IS NULL
        OR tin_type IS NULL OR identity_theft IS NULL OR impairment IS NULL
        OR birth_date > DATE '{AS_OF}' OR deceased_on > DATE '{AS_OF}'""")
        == 0
    )
    assert (
        _one(f"""SELECT count(*) FROM {address} WHERE street IS NULL OR tax_period IS NULL
        OR source NOT IN ('return', 'notice', 'ncoa') OR effective_on > DATE '{AS_OF}'
        OR year(effective_on) < tax_period""")
        == 0
    )
    assert _one(f"SELECT count(*) FROM {person} ANTI JOIN {address} USING (person_id)") == 0
    assert _one(f"SELECT count(*) FROM {address} ANTI JOIN {person} USING (person_id)") == 0


def test_the_type_of_a_number_is_what_its_first_digit_says(register: Path) -> None:
    rows = _all(f"""SELECT DISTINCT tin_type, tin LIKE '9%', length(tin) FROM {rows_of(register, "person")}
        WHERE tin IS NOT NULL""")
    assert sorted(rows) == [("ITIN", True, 9), ("SSN", False, 9)]


def test_the_sample_lives_at_zip_codes_that_exist(small: Path) -> None:
    found = set(_all(f"SELECT DISTINCT city, state, zip FROM {rows_of(small, 'address')}"))
    assert found <= {(place.city.upper(), place.state, place.zip) for place in PLACES}
    assert len(PLACES) == len(set(PLACES)) >= 60
    assert len({place.state for place in PLACES}) == 51


def test_streets_have_a_number_and_a_name_or_are_a_box(register: Path) -> None:
    address = rows_of(register, "address")
    assert (
        _one(f"""SELECT count(*) FROM {address} WHERE NOT regexp_full_match(street,
        '(C/O [A-Z ]+ )?[1-9][0-9]*(-[0-9]+)? [A-Z0-9][A-Z0-9 ''-]+|PO BOX [1-9][0-9]*')""")
        == 0
    )
    assert _one(f"SELECT count(*) FROM {address} WHERE street LIKE 'PO BOX %' AND unit IS NOT NULL") == 0
    assert _one(f"SELECT count(*) FROM {address} WHERE street LIKE 'PO BOX %'") > 0
    assert _one(f"SELECT count(unit) FROM {address}") > 0


def test_couples_are_of_two_who_name_each_other(register: Path) -> None:
    person = rows_of(register, "person")
    couples = _one(f"SELECT count(joint_with) FROM {person}")
    assert couples > 0
    assert couples == _one(f"""SELECT count(*) FROM {person} a JOIN {person} b
        ON a.joint_with = b.person_id AND b.joint_with = a.person_id AND a.person_id <> b.person_id""")


def test_couples_last_filed_from_the_same_address(register: Path) -> None:
    latest = f"""(SELECT person_id, arg_max((street, unit, zip), effective_on) AS at
        FROM {rows_of(register, "address")} GROUP BY person_id)"""
    apart = _one(f"""SELECT count(*) FROM {rows_of(register, "person")} p JOIN {latest} a USING (person_id)
        JOIN {latest} b ON b.person_id = p.joint_with WHERE a.at IS DISTINCT FROM b.at""")
    assert apart == 0


def test_juniors_of_the_sample_share_their_name_with_somebody_older_nearly_always_at_their_address(
    sample: Path,
) -> None:
    """Nearly: of two who file from one household, one may file from a box or have moved with it."""
    person, address = rows_of(sample, "person"), rows_of(sample, "address")
    juniors = _one(f"SELECT count(*) FROM {person} WHERE name_suffix = 'JR'")
    assert 0 < juniors < 1_000
    named_after = f"""FROM {person} a JOIN {person} b ON b.first_name = a.first_name
            AND b.last_name = a.last_name AND b.name_suffix IS NULL AND b.birth_date < a.birth_date"""
    assert juniors == _one(f"SELECT count(DISTINCT a.person_id) {named_after} WHERE a.name_suffix = 'JR'")
    at_home = f"""JOIN {address} x ON x.person_id = a.person_id
        JOIN {address} y ON y.person_id = b.person_id AND y.street = x.street AND y.zip = x.zip"""
    together = _one(f"SELECT count(DISTINCT a.person_id) {named_after} {at_home} WHERE a.name_suffix = 'JR'")
    assert together > 0.93 * juniors


def test_rates_are_those_declared(sample: Path) -> None:
    person, address = rows_of(sample, "person"), rows_of(sample, "address")
    ((theft, impairment, itin, dead),) = duckdb.execute(f"""SELECT avg(identity_theft::INT),
        avg(impairment::INT), avg((tin_type = 'ITIN')::INT), avg((deceased_on IS NOT NULL)::INT)
        FROM {person}""").fetchall()
    assert 0.0035 < theft < 0.0065
    assert 0.001 < impairment < 0.003
    assert 0.035 < itin < 0.045
    assert 0.12 < dead < 0.20
    assert 2.2 < _one(f"SELECT count(*) FROM {address}") / PEOPLE < 2.4
    moved = _one(f"SELECT count(*) FROM {address} WHERE source IN ('notice', 'ncoa')")
    assert 0.03 < moved / PEOPLE < 0.055


def test_the_last_known_address_is_sometimes_not_that_of_the_last_return(copied: Path) -> None:
    latest = f"SELECT arg_max(source, effective_on) AS source FROM {rows_of(copied, 'address')} GROUP BY person_id"
    assert _one(f"SELECT count(*) FROM ({latest}) WHERE source <> 'return'") > 100


def test_copies_are_other_people_than_the_sample(copied: Path) -> None:
    person = rows_of(copied, "person")
    sample = find_sample().rows("taxes_1040")
    of_sample = f"(SELECT DISTINCT replace(ssn, '-', '') AS tin FROM {sample})"
    assert _one(f"SELECT count(*) FROM {person} SEMI JOIN {of_sample} USING (tin)") == 21_156


def test_the_truth_is_beside_the_register_and_not_in_it(small: Path) -> None:
    assert sorted(path.name for path in truth_folder(small).iterdir()) == [
        "borrowed.parquet",
        "simulant.parquet",
    ]
    truth = f"read_parquet('{truth_folder(small) / 'simulant.parquet'}')"
    person = rows_of(small, "person")
    assert _one(f"SELECT count(*) FROM {truth}") == 2_000
    assert _one(f"SELECT count(*) FROM {person} ANTI JOIN {truth} USING (person_id)") == 0
    # the number of the simulant is the only truth there is: neither order nor likeness of ids tells it
    correlation = duckdb.execute(f"""SELECT corr(split_part(simulant_id, '_', 2)::INT,
        ('0x' || substr(person_id, 2))::UBIGINT) FROM {truth}""").fetchall()[0][0]
    assert abs(correlation) < 0.1
    assert not any(b"simulant" in content for content in digests(small).values())


def test_borrowed_numbers_belong_to_people_of_the_register(small: Path, copied: Path) -> None:
    for folder in (small, copied):
        person = rows_of(folder, "person")
        borrowed = f"read_parquet('{truth_folder(folder) / 'borrowed.parquet'}')"
        rows = _one(f"SELECT count(*) FROM {borrowed}")
        assert rows > 10
        assert rows == _one(f"SELECT count(*) FROM {borrowed} b JOIN {person} p ON p.person_id = b.owner_id")
        known = _one(f"SELECT count(borrower_id) FROM {borrowed}")
        assert known == _one(f"SELECT count(*) FROM {borrowed} b JOIN {person} p ON p.person_id = b.borrower_id")
        assert _one(f"SELECT count(*) FROM {borrowed} WHERE owner_id = borrower_id") == 0


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(small: Path, tmp_path: Path) -> None:
    build_register(tmp_path / "again", people=2_000, seed=SEED)
    build_register(tmp_path / "other", people=2_000, seed=SEED + 1)
    assert digests(tmp_path / "again") == digests(small)
    assert digests(truth_folder(tmp_path / "again")) == digests(truth_folder(small))
    assert digests(tmp_path / "other") != digests(small)


def test_progress_ends_with_everybody(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build_register(tmp_path / "register", people=100, seed=1, progress=lambda *now: told.append(now))
    assert told[-1] == ("people", 100, 100)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(WrongUse, match="is not empty"):
        build_register(tmp_path, people=10, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize("people", [0, -1, 400_000_001])
def test_a_register_of_nobody_or_too_many_is_not_built(tmp_path: Path, people: int) -> None:
    with pytest.raises(WrongUse, match=f"`{people}`"):
        build_register(tmp_path / "register", people=people, seed=1)
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_it_is_said_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WrongUse, match="are not installed") as raised:
        build_register(tmp_path / "register", people=10, seed=1)
    assert "narrowgate[demo]" in raised.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_register_that_was_not_finished_has_no_register_file(small: Path, tmp_path: Path) -> None:
    assert tomllib.loads((small / "register.toml").read_text())["synthetic"] is True

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_register(tmp_path / "register", people=100, seed=1, progress=stop)
    assert not (tmp_path / "register" / "register.toml").exists()
    shutil.rmtree(tmp_path / "register")
