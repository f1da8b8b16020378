from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet
import pytest

from narrowgate.errors import WrongUse
from narrowgate.synth.batch_form import ONE_OFFICER
from narrowgate.synth.population import truth_folder
from narrowgate.synth.profiles import AUGUST_2025, shares
from narrowgate.synth.record_2025 import assumed
from narrowgate.terms.batch import REQUEST_COLUMNS

from .conftest import NOW, batch_about
from .support import Simulation, digests

DEFECTIVE = f"engaged_officers = '{ONE_OFFICER}'"


def test_the_file_has_the_columns_of_a_request_all_of_them_text(rebuilt: Simulation) -> None:
    schema = pyarrow.parquet.read_schema(rebuilt.batch.requests)
    assert tuple(schema.names) == REQUEST_COLUMNS
    assert {str(kind) for kind in schema.types} <= {"string", "large_string"}
    assert rebuilt.ask("SELECT count(DISTINCT request_ref) FROM request") == 12_800
    assert not any(b"tin_borrowed" in content for content in (rebuilt.batch.requests.read_bytes(),))


def test_each_kind_of_request_has_its_share(rebuilt: Simulation) -> None:
    expected = {share.profile.id: share.count for share in shares(AUGUST_2025, 12_800)}
    assert rebuilt.pairs("SELECT profile, count(*) FROM request GROUP BY profile") == expected


def test_as_practised_by_tin_as_many_are_disclosed_as_on_the_record(rebuilt: Simulation) -> None:
    assert rebuilt.ask("SELECT count(DISTINCT request_ref) FROM by_tin") == rebuilt.ask("SELECT count(*) FROM by_tin")
    assert rebuilt.ask("SELECT count(*) FROM by_tin") == 427
    assert rebuilt.pairs("SELECT profile LIKE 'tin_%', count(*) FROM by_tin GROUP BY ALL") == {True: 427}


def test_as_practised_by_address_nearly_as_many_are_disclosed_as_on_the_record(rebuilt: Simulation) -> None:
    """Nearly: a father and a son of one name at one address are two people, and neither was disclosed."""
    found = "(SELECT request_ref, count(*) AS people, any_value(profile) AS profile FROM by_address GROUP BY ALL)"
    assert 43 <= rebuilt.ask(f"SELECT count(*) FROM {found} WHERE people = 1") <= 46
    assert rebuilt.ask(f"SELECT count(*) FROM {found}") == 46
    assert rebuilt.ask("SELECT count(*) FROM by_address WHERE profile NOT LIKE 'address_%'") == 0


def test_as_practised_the_wrong_person_is_taken_in_the_assumed_share(rebuilt: Simulation) -> None:
    wrong = rebuilt.pairs("SELECT profile, count(*) FROM by_tin WHERE person_id IS DISTINCT FROM truth GROUP BY ALL")
    assert wrong == {"tin_borrowed": 5, "tin_spouse": 1}
    assert abs(sum(wrong.values()) / 427 - assumed("wrong_person")) < 0.002
    namesakes = "SELECT count(*) FROM by_address WHERE profile = 'address_namesake' AND truth IS NULL"
    assert rebuilt.ask(namesakes) >= 1


def test_one_officer_is_named_in_nearly_all_matters(rebuilt: Simulation) -> None:
    matters = rebuilt.ask(f"SELECT count(DISTINCT matter_id) FROM request WHERE {DEFECTIVE}")
    assert matters / 12_800 * 1_280_000 > 1_000_000
    ids = {officer["id"] for officer in rebuilt.manifest["officers"]}
    named = rebuilt.pairs("SELECT DISTINCT unnest(string_split(engaged_officers, ';')), 1 FROM request")
    assert set(named) <= ids
    assert len(ids) == len(rebuilt.manifest["officers"]) == rebuilt.batch.officers


def test_bad_addresses_are_of_the_kinds_on_the_record(rebuilt: Simulation) -> None:
    bad = "FROM request WHERE profile = 'tin_bad_address'"
    streets = set(rebuilt.pairs(f"SELECT street, 1 {bad}"))
    assert streets >= {"Failed to Provide", "Unknown Address", "NA NA", "County Jail", "Detention Center"}
    assert rebuilt.ask(f"SELECT count(*) {bad} AND street IS NULL AND city IS NULL AND zip IS NOT NULL") > 0
    whole = r"^[0-9-]+ [A-Z]"
    assert not rebuilt.session.execute(f"""SELECT street, city {bad}
        AND regexp_matches(street, '{whole}') AND city IS NOT NULL""").fetchall()


def test_defects_outside_the_sound_form_come_in_the_assumed_shares(rebuilt: Simulation) -> None:
    for name, condition in {
        "inadmissibility": "order_ground LIKE '1182(a)%'",
        "young_order": f"DATE '{NOW.date()}' - order_final_on::DATE <= 90",
        "relief_pending": "relief_pending = 'yes'",
        "no_period": "tax_periods IS NULL",
        "no_matter": "matter_id IS NULL",
        "ill_formed_date": "birth_date LIKE '__/__/____'",
    }.items():
        share = rebuilt.ask(f"SELECT avg(({condition})::INT) FROM request WHERE {DEFECTIVE} AND birth_date IS NOT NULL")
        assert abs(share - assumed(name)) < 0.015, name
    without_reason = rebuilt.ask(f"SELECT avg((reason IS NULL)::INT) FROM request WHERE {DEFECTIVE}")
    assert abs(without_reason - (1 - assumed("boilerplate"))) < 0.01
    texts = "SELECT count(DISTINCT regexp_replace(reason, '[0-9]+', '', 'g')) FROM request"
    assert rebuilt.ask(f"{texts} WHERE {DEFECTIVE}") == 3


def test_nothing_sound_in_form_has_a_defect_of_form(rebuilt: Simulation) -> None:
    sound = f"FROM request WHERE NOT {DEFECTIVE}"
    rows = rebuilt.ask(f"SELECT count(*) {sound}")
    assert rows == sum(share.count for share in shares(AUGUST_2025, 12_800) if share.profile.sound)
    assert (
        rebuilt.ask(f"""SELECT count(*) {sound} AND statute = '8 USC 1253(a)(1)(A)'
        AND order_ground = '1227(a)(1)(B)' AND relief_pending = 'no' AND tax_periods = '2023;2024;2025'
        AND DATE '{NOW.date()}' - coalesce(court_final_on, order_final_on)::DATE > 90
        AND matter_opened_on::DATE < DATE '{NOW.date()}' AND matter_kind IN ('investigation', 'proceeding')
        AND requested_fields = 'mailing_address' AND street IS NOT NULL AND zip IS NOT NULL""")
        == rows
    )
    assert rebuilt.ask(f"SELECT count(DISTINCT regexp_replace(lower(reason), '[0-9]', '', 'g')) {sound}") == rows
    assert rebuilt.ask(f"SELECT min(length(reason)) {sound}") >= 40
    load = f"SELECT unnest(string_split(engaged_officers, ';')) AS officer, matter_id {sound}"
    assert (
        rebuilt.ask(f"SELECT max(n) FROM (SELECT count(DISTINCT matter_id) AS n FROM ({load}) GROUP BY officer)") <= 12
    )


def test_the_sound_ones_agree_with_the_record_in_everything_given(rebuilt: Simulation) -> None:
    by_both = """SELECT person_id, request_ref, truth, birth_date, profile FROM by_tin
        UNION ALL SELECT person_id, request_ref, truth, birth_date, profile FROM by_address"""
    found = f"SELECT r.* FROM ({by_both}) r JOIN person p USING (person_id) WHERE r.truth = r.person_id AND "
    right = f"""{found} r.profile IN ('tin_sound', 'address_sound')
        AND coalesce(r.birth_date::DATE, p.birth_date) = p.birth_date"""
    assert rebuilt.ask(f"SELECT count(DISTINCT request_ref) FROM ({right})") == 14 + 34


def test_hostile_requests_of_sound_form_agree_with_nobody_in_everything(rebuilt: Simulation) -> None:
    exact = """SELECT count(*) FROM by_address b JOIN person p USING (person_id)
        WHERE b.profile IN ('address_namesake', 'sound_namesake', 'sound_absent', 'sound_noisy')
            AND b.birth_date = p.birth_date::VARCHAR"""
    assert rebuilt.ask(exact) == 0
    spouses = """SELECT count(*) FROM by_tin b JOIN person p USING (person_id)
        WHERE b.profile = 'tin_spouse' AND upper(b.first_name) = upper(p.first_name)"""
    assert rebuilt.ask(spouses) == 0


def test_nobody_in_the_register_is_found_for_requests_about_nobody(rebuilt: Simulation) -> None:
    for found in ("by_tin", "by_address"):
        assert rebuilt.ask(f"SELECT count(*) FROM {found} WHERE profile IN ('unmatched', 'sound_absent')") == 0
    assert rebuilt.ask("SELECT count(truth) FROM request WHERE profile IN ('unmatched', 'sound_absent')") == 0
    share = rebuilt.ask("SELECT avg((tin IS NOT NULL)::INT) FROM request WHERE profile = 'unmatched'")
    assert abs(share - assumed("tin_given")) < 0.02
    held = rebuilt.ask("""SELECT count(*) FROM request r JOIN person p ON p.tin = r.tin_digits
        WHERE r.profile = 'unmatched'""")
    assert abs(held / (12_294 * 0.3) - assumed("tin_of_other_name")) < 0.04


def test_the_manifest_leaves_to_pack_what_pack_states(rebuilt: Simulation) -> None:
    manifest = rebuilt.manifest
    assert manifest["format"] == "narrowgate-batch/1"
    assert manifest["agreement"] == "irs-ice-2025"
    assert manifest["batch_id"] == "ICE-2025-06-27-001-rebuilt"
    assert manifest["requester"] == {"agency": "ICE"}
    assert set(manifest["attestations"].values()) == {True}
    assert (manifest["created_at"], manifest["expires_at"]) == (
        "2026-03-02T15:30:00Z",
        "2026-05-31T15:30:00Z",
    )
    assert not {"rows", "storage_id"} & set(manifest)
    assert all(set(officer) == {"id", "name", "unit", "role"} for officer in manifest["officers"])


def test_the_file_is_shuffled(rebuilt: Simulation) -> None:
    places = "SELECT row_number() OVER (ORDER BY request_ref) AS place, profile FROM request"
    means = rebuilt.pairs(f"SELECT profile, avg(place) FROM ({places}) GROUP BY profile HAVING count(*) > 40")
    assert all(4_000 < mean < 8_800 for mean in means.values())


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(small: Path, tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        batch_about(small, tmp_path / name, rows=1_280, seed=seed)
    assert digests(tmp_path / "one") == digests(tmp_path / "again")
    assert digests(tmp_path / "one") != digests(tmp_path / "other")
    assert sorted(digests(tmp_path / "one")) == ["manifest.json", "requests.parquet", "truth.parquet"]


def test_a_register_that_is_not_synthetic_is_not_asked_about(small: Path, tmp_path: Path) -> None:
    register = tmp_path / "register"
    shutil.copytree(small, register)
    facts = register / "register.toml"
    facts.write_text(facts.read_text().replace("synthetic = true", "synthetic = false"))
    with pytest.raises(WrongUse, match="does not say that its people are synthetic"):
        batch_about(register, tmp_path / "batch", rows=100)
    assert not (tmp_path / "batch").exists()


def test_a_register_without_its_truth_is_not_asked_about(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "register")
    with pytest.raises(WrongUse, match=r"`borrowed\.parquet`"):
        batch_about(tmp_path / "register", tmp_path / "batch", rows=100)
    assert not truth_folder(tmp_path / "register").exists()


def test_a_register_too_small_for_the_batch_is_said_to_be(small: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="is too small for a batch about `4897`"):
        batch_about(small, tmp_path / "batch", rows=128_000)
    assert digests(tmp_path / "batch") == {}


def test_a_benchmark_batch_is_sound_in_form_and_holds_the_load_cap(sound: Simulation) -> None:
    assert sound.ask(f"SELECT count(*) FROM request WHERE {DEFECTIVE}") == 0
    assert sound.ask("SELECT count(DISTINCT regexp_replace(reason, '[0-9]', '', 'g')) FROM request") == 4_000
    load = "SELECT unnest(string_split(engaged_officers, ';')) AS officer FROM request"
    assert sound.ask(f"SELECT max(n) FROM (SELECT count(*) AS n FROM ({load}) GROUP BY officer)") <= 25
    assert sound.batch.officers == 200
    assert ONE_OFFICER not in {officer["id"] for officer in sound.manifest["officers"]}


def test_a_benchmark_batch_has_right_people_near_misses_and_nobody(sound: Simulation) -> None:
    assert 0.88 < sound.ask("SELECT avg((truth IS NOT NULL)::INT) FROM request") < 0.92
    kinds = sound.pairs("SELECT profile, count(*) FROM request GROUP BY ALL")
    assert {"clean", "noisy", "spouse_tin", "borrowed_tin", "stranger_tin", "namesake", "absent"} <= set(kinds)
    wrong = sound.pairs("SELECT profile, count(*) FROM by_tin WHERE person_id IS DISTINCT FROM truth GROUP BY ALL")
    assert set(wrong) == {"spouse_tin", "borrowed_tin"}
    dead = sound.ask(
        "SELECT count(*) FROM request r JOIN person p ON p.person_id = r.truth WHERE deceased_on IS NOT NULL"
    )
    assert dead == kinds["deceased"]


def test_noise_leaves_most_of_a_benchmark_batch_findable_and_changes_some(sound: Simulation) -> None:
    same = sound.pairs("""SELECT r.profile, avg((upper(r.first_name) = upper(p.first_name)
            AND upper(r.last_name) = upper(p.last_name) AND coalesce(r.tin_digits, p.tin) = p.tin
            AND coalesce(r.birth_date::DATE, p.birth_date) = p.birth_date)::INT)
        FROM request r JOIN person p ON p.person_id = r.truth
        WHERE r.profile IN ('clean', 'noisy') GROUP BY ALL""")
    assert same["clean"] == 1
    assert 0.5 < same["noisy"] < 0.8


def test_nothing_but_the_three_files_is_left_behind(rebuilt: Simulation) -> None:
    assert sorted(path.name for path in rebuilt.batch.requests.parent.iterdir()) == [
        "manifest.json",
        "requests.parquet",
        "truth.parquet",
    ]
