"""A register larger than the sample: names, numbers and addresses of a country, and the hard cases at stated rates.

Everything is counted in the rows of the register itself, in the parts that copies lie in.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from narrowgate.errors import WrongUse
from narrowgate.synth import census_names, name_variants
from narrowgate.synth import hard_cases as rates
from narrowgate.synth.population import build_register, truth_folder
from narrowgate.synth.sample import PEOPLE

from .conftest import SEED
from .support import ask, rows_of

COPIES = 400_000 - PEOPLE


def _copies(register: Path, table: str) -> str:
    """The rows of the copies: all parts but the first."""
    files = [str(file) for file in sorted((register / table).glob("*.parquet"))[1:]]
    return f"read_parquet({files})"


@pytest.fixture(scope="session")
def person(country: Path) -> str:
    return _copies(country, "person")


@pytest.fixture(scope="session")
def address(country: Path) -> str:
    return _copies(country, "address")


def _latest(address: str) -> str:
    """The latest address of each: person_id, home, street."""
    return f"""(SELECT person_id, arg_max(concat_ws('|', street, unit, zip), effective_on) AS home,
        arg_max(street, effective_on) AS street FROM {address} GROUP BY person_id)"""


@pytest.fixture(scope="session")
def latest(address: str) -> str:
    return _latest(address)


def _near(found: float, share: float) -> bool:
    """Within three and a half standard deviations of what a share of the copies would be, and a tenth."""
    expected = share * COPIES
    return bool(abs(found - expected) < 3.5 * expected**0.5 + 0.1 * expected)


@pytest.mark.parametrize(
    ("which", "rate"),
    [
        ("identity_theft", rates.IDENTITY_THEFT),
        ("impairment", rates.IMPAIRMENT),
        ("birth_date IS NULL", rates.NO_BIRTH_DATE),
        ("tin IS NULL", rates.NO_NUMBER),
        ("contains(last_name, ' ') OR contains(last_name, '-')", rates.TWO_SURNAMES),
        ("middle_name IS NULL", rates.NO_MIDDLE_NAME),
    ],
)  # fmt: skip
def test_what_a_record_says_or_lacks_comes_at_the_stated_rate(person: str, which: str, rate: rates.Rate) -> None:
    assert _near(ask(f"SELECT count(*) FROM {person} WHERE {which}"), rate.share)


def test_numbers_are_shared_by_two_at_the_stated_rate_and_never_by_three(country: Path, person: str) -> None:
    everybody = rows_of(country, "person")
    shared = f"SELECT tin, count(*) AS n FROM {everybody} WHERE tin IS NOT NULL GROUP BY tin HAVING n > 1"
    assert _near(ask(f"SELECT sum(n) FROM ({shared})"), rates.SHARED_NUMBER.share)
    assert ask(f"SELECT max(n) FROM ({shared})") == 2
    pairs = f"{person} a JOIN {person} b ON a.tin = b.tin AND a.person_id < b.person_id"
    number = ask(f"SELECT count(*) FROM {pairs}")
    one_last = ask(f"SELECT count(*) FROM {pairs} WHERE a.last_name = b.last_name")
    assert 0.12 < one_last / number < 0.30


def _twins(person: str, latest: str) -> str:
    """Pairs with one address, birth date and last name, as they stand in a FROM clause: a and b."""
    return f"""{person} a JOIN {latest} x ON x.person_id = a.person_id
        JOIN {person} b ON b.birth_date = a.birth_date AND b.last_name = a.last_name AND b.person_id > a.person_id
            AND b.first_name <> a.first_name
        JOIN {latest} y ON y.person_id = b.person_id AND y.home = x.home"""


def test_twins_come_at_the_stated_rate_beside_those_of_the_sample(sample: Path, person: str, latest: str) -> None:
    of_sample = _twins(rows_of(sample, "person"), _latest(rows_of(sample, "address")))
    own = 2 * ask(f"SELECT count(*) FROM {of_sample}") / PEOPLE
    twins = ask(f"SELECT count(*) FROM {_twins(person, latest)}")
    assert _near(2 * twins, own + rates.TWINS.share)
    listed = [*name_variants.TWIN_MALE, *name_variants.TWIN_FEMALE]
    pairs = [list(pair) for pair in listed] + [[b, a] for a, b in listed]
    alike = f"SELECT count(*) FROM {_twins(person, latest)} WHERE [a.first_name, b.first_name] IN (SELECT unnest(?))"
    ((found,),) = duckdb.execute(alike, [pairs]).fetchall()
    assert _near(2 * found, rates.TWINS.share * rates.TWINS_ALIKE.share)


def test_one_person_has_an_itin_and_an_ssn_at_the_stated_rate_and_the_truth_knows(country: Path, person: str) -> None:
    truth = f"read_parquet('{truth_folder(country) / 'same_person.parquet'}')"
    doubles = ask(f"SELECT count(*) FROM {truth}")
    assert _near(2 * doubles, rates.DOUBLE.share)
    told = f"{truth} t JOIN {person} a USING (person_id) JOIN {person} b ON b.person_id = t.same_as"
    assert doubles == ask(f"""SELECT count(*) FROM {told} WHERE a.first_name = b.first_name
        AND a.last_name = b.last_name AND (a.birth_date = b.birth_date OR a.birth_date IS NULL OR b.birth_date IS NULL)
        AND a.tin_type = 'ITIN' AND b.tin_type = 'SSN' AND a.deceased_on IS NOT DISTINCT FROM b.deceased_on""")


def test_namesakes_live_elsewhere_and_have_another_number(country: Path, person: str, latest: str) -> None:
    truth = f"read_parquet('{truth_folder(country) / 'same_person.parquet'}')"
    alike = f"""{person} a JOIN {latest} x ON x.person_id = a.person_id
        JOIN {person} b ON b.birth_date = a.birth_date AND b.last_name = a.last_name AND b.first_name = a.first_name
            AND b.person_id <> a.person_id
        JOIN {latest} y ON y.person_id = b.person_id AND y.home <> x.home
        ANTI JOIN {truth} t ON t.person_id IN (a.person_id, b.person_id)"""
    assert _near(ask(f"SELECT count(*) FROM {alike}"), rates.NAMESAKES.share)
    assert ask(f"SELECT count(*) FROM {alike} WHERE a.tin = b.tin") == 0


def test_a_block_has_namesakes_in_two_apartments(person: str, address: str) -> None:
    at = f"{person} p JOIN {address} a USING (person_id)"
    two = f"""(SELECT p.first_name, p.last_name, a.* FROM {at} WHERE unit = 'APT 109') x
        JOIN (SELECT p.first_name, p.last_name, a.* FROM {at} WHERE unit = 'APT 110') y
        USING (first_name, last_name, street, zip)"""
    found = ask(f"SELECT count(DISTINCT x.person_id) + count(DISTINCT y.person_id) FROM {two}")
    assert _near(found, rates.BLOCK_NAMESAKES.share)


def test_fathers_and_sons_of_one_name_say_so_only_sometimes(person: str, address: str) -> None:
    """Of a father and a son one may have moved; at one address most are still."""
    home = f"(SELECT DISTINCT person_id, concat_ws('|', street, unit, zip) AS home FROM {address})"
    pairs = f"""(SELECT DISTINCT son.person_id, son.name_suffix AS his, father.name_suffix AS fathers
        FROM {person} son JOIN {home} x ON x.person_id = son.person_id
        JOIN {home} y USING (home) JOIN {person} father ON father.person_id = y.person_id
        WHERE father.first_name = son.first_name AND father.last_name = son.last_name
            AND father.birth_date + 5000 < son.birth_date)"""
    number = ask(f"SELECT count(*) FROM {pairs}")
    assert number > 300
    juniors = ask(f"SELECT count(*) FROM {pairs} WHERE his = 'JR'")
    seniors = ask(f"SELECT count(*) FROM {pairs} WHERE fathers = 'SR'")
    assert abs(juniors / number - rates.JUNIOR_SUFFIX.share) < 0.08
    assert abs(seniors / number - rates.SENIOR_SUFFIX.share) < 0.08


def test_lawyers_and_hosts_take_mail_for_some(address: str, latest: str) -> None:
    """Rates are of families, most of which are one person; a lawyer's office has about a hundred families."""
    firms = f"SELECT street, count(*) AS n FROM {latest} WHERE street LIKE 'C/O LAW OFFICE OF %' GROUP BY street"
    in_care = ask(f"SELECT count(*) FROM {latest} WHERE street LIKE 'C/O %' AND street NOT LIKE 'C/O LAW OFFICE%'")
    assert 0.6 * rates.ATTORNEYS.share < ask(f"SELECT sum(n) FROM ({firms})") / COPIES < 1.4 * rates.ATTORNEYS.share
    assert 0.6 * rates.HOSTS.share < in_care / COPIES < 1.4 * rates.HOSTS.share
    assert 50 < ask(f"SELECT avg(n) FROM ({firms})") < 250


def test_apartment_blocks_hold_hundreds_of_families(address: str) -> None:
    apartments = f"SELECT street, zip, unit, person_id FROM {address} WHERE regexp_full_match(unit, 'APT [0-9]{{3,4}}')"
    assert 0.10 < ask(f"SELECT count(*) FROM ({apartments})") / ask(f"SELECT count(*) FROM {address}") < 0.30
    largest = ask(f"SELECT max(n) FROM (SELECT count(DISTINCT unit) AS n FROM ({apartments}) GROUP BY street, zip)")
    assert 200 < largest <= 380


def test_last_names_are_as_frequent_as_in_the_census(person: str) -> None:
    for name, share in (("Smith", 0.01006), ("Johnson", 0.0081), ("Kim", 0.00045)):
        found = ask(f"SELECT count(*) FROM {person} WHERE last_name = '{name}'") / COPIES
        assert 0.75 * share < found < 1.3 * share, name
    assert ask(f"SELECT count(DISTINCT last_name) FROM {person}") > 40_000


def test_people_live_in_every_state_and_in_towns_of_one_state(address: str) -> None:
    assert ask(f"SELECT count(DISTINCT state) FROM {address}") == 51
    assert ask(f"SELECT count(DISTINCT zip) FROM {address}") > 15_000
    assert ask(f"SELECT count(*) FROM (SELECT zip FROM {address} GROUP BY zip HAVING count(DISTINCT city) > 1)") == 0
    # People of a copy live in one part of the country, and there are nineteen copies here.
    california = ask(f"SELECT count(*) FILTER (state = 'CA') / count(*) FROM {address}")
    assert 0.04 < california < 0.25


def test_addresses_a_person_are_as_many_as_the_rates_say(person: str, address: str) -> None:
    assert 1.25 < ask(f"SELECT count(*) FROM {address}") / COPIES < 1.45
    assert ask(f"SELECT count(DISTINCT tin) FROM {person}") > 0.99 * COPIES


def test_families_and_pairs_lie_in_one_part(country: Path) -> None:
    for part in sorted((country / "person").glob("*.parquet")):
        rows = f"read_parquet('{part}')"
        address = f"read_parquet('{country / 'address' / part.name}')"
        assert ask(f"SELECT count(*) FROM {rows} a ANTI JOIN {rows} b ON b.person_id = a.joint_with") == ask(
            f"SELECT count(*) FROM {rows} WHERE joint_with IS NULL"
        )
        assert ask(f"SELECT count(*) FROM {rows} ANTI JOIN {address} USING (person_id)") == 0
        assert ask(f"SELECT count(*) FROM {address} ANTI JOIN {rows} USING (person_id)") == 0


def test_the_number_of_threads_does_not_show_in_rows_or_their_order(tmp_path: Path, copied: Path) -> None:
    build_register(tmp_path / "register", people=50_000, seed=SEED, threads=1)
    for table in ("person", "address"):
        alone, together = (
            f"read_parquet('{folder / table}/*.parquet', filename = false, file_row_number = true)"
            for folder in (tmp_path / "register", copied)
        )
        assert ask(f"SELECT count(*) FROM (FROM {alone} EXCEPT FROM {together})") == 0
        assert ask(f"SELECT count(*) FROM {alone}") == ask(f"SELECT count(*) FROM {together}")


def test_without_the_names_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(census_names, "VERSION", "0.0.1")
    with pytest.raises(WrongUse, match=r"names `.*` is installed where `0\.0\.1` is needed") as raised:
        build_register(tmp_path / "register", people=30_000, seed=1)
    assert "narrowgate[bench]" in raised.value.hint
    assert list(tmp_path.iterdir()) == []
