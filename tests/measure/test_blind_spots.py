"""Whom the keys of candidates do not find, a look by no key does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from narrowgate.agreement.language import parse
from narrowgate.matching.comparison import VOCABULARY
from narrowgate.measure import blind_spots
from narrowgate.measure.evidence import Ruling, febrl4

from .hand_made import DAY, TRUTH, a_data_set, silent, strict


def test_the_rules_of_the_agreement_say_nothing_of_anybody_whom_the_keys_do_not_find(tmp_path: Path) -> None:
    data = a_data_set(tmp_path)
    found = blind_spots.look(data, strict(), asked=100, among=100, say=silent)
    assert (found.requests, found.people, found.pairs) == (7, 4, 28)
    assert (found.true_pairs, found.true_found) == (7, 6), "the other record of one person has nothing in common"
    assert found.marked == found.marked_found and found.missed == {}
    assert found.others == found.others_found == 1, "the spouse who has the number"


def test_a_rule_that_accepts_whom_no_key_finds_is_told_of(tmp_path: Path) -> None:
    """No key of the station finds somebody by a birth date that is near, at another address."""
    moved = {"moved": {"birth_date": "1984-05-18", "street": "22 Cedar Ln", "tin": None}}
    data = a_data_set(tmp_path, requests=moved, truth={"moved": TRUTH["own"]})
    found = blind_spots.look(data, _accepting("birth_date = 'near' AND last_name = 'exact'"), asked=100, among=100,
        say=silent)  # fmt: skip
    assert (found.true_pairs, found.true_found, found.true_accepted, found.true_accepted_found) == (1, 0, 1, 0)
    assert found.missed == {"the true person, accepted by a rule": 1}
    assert found.as_json()["pairs_completeness"] == 0.0


def _accepting(test: str) -> Ruling:
    """The rules for FEBRL4, with one in their place."""
    ruling = febrl4(on=DAY)
    expression = parse(test, vocabulary=VOCABULARY, parameters={}, file="test", line=1)
    rule = replace(ruling.basis.evidence[0], test=test, expression=expression)
    return replace(ruling, basis=replace(ruling.basis, evidence=(rule,)))


def test_the_rules_for_febrl4_say_nothing_of_anybody_whom_their_keys_do_not_find(tmp_path: Path) -> None:
    """F3 takes names that have changed places, and F6 a person of whom there is one name."""
    requests: dict[str, dict[str, str | None]] = {
        "swapped": {"first_name": "Quintero", "last_name": "Alma", "tin": None},
        "one name": {"first_name": None, "tin": None, "birth_date": None},
        "moved": {"first_name": None, "tin": None, "street": "22 Cedar Ln"},
    }
    data = a_data_set(tmp_path, requests=requests, truth=dict.fromkeys(requests, TRUTH["own"]))
    found = blind_spots.look(data, febrl4(on=DAY), asked=100, among=100, say=silent)
    assert (found.true_pairs, found.true_found, found.true_accepted, found.true_accepted_found) == (3, 3, 3, 3)
    assert found.missed == {}


def test_the_same_samples_are_drawn_every_time(tmp_path: Path) -> None:
    data = a_data_set(tmp_path)
    looks = [blind_spots.look(data, strict(), asked=3, among=2, say=silent) for _ in range(2)]
    assert looks[0] == looks[1]
    assert looks[0].requests == 3
