"""The keys by which people are searched follow from the rules: nobody of whom a rule could be true is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from narrowgate.agreement.language import parse
from narrowgate.matching.comparison import VOCABULARY
from narrowgate.matching.search import BirthKey, birth_key, blind
from narrowgate.terms.agreement import Evidence, EvidenceKind
from tests.matching.asking import a_request, ask, reading
from tests.register.shelf import a_person, an_address

LETTERS = BirthKey.LETTERS
BOTH = "first_name = 'exact' AND last_name = 'exact'"
AT_HOME = "address IN ('exact', 'near', 'building') AND first_name IN ('exact', 'near') AND last_name = 'near'"


def _rule(test: str, kind: EvidenceKind = EvidenceKind.ACCEPT) -> Evidence:
    expression = parse(test, vocabulary=VOCABULARY, parameters={}, file="test", line=1)
    return Evidence("E", kind, (), test, expression, "", 1)


@pytest.mark.parametrize(
    ("test", "key", "is_blind"),
    [
        ("tin = 'exact'", BirthKey.NONE, False),
        (f"tin = 'exact' AND birth_date = 'exact' AND {BOTH}", BirthKey.NONE, False),
        (AT_HOME, BirthKey.NONE, False),
        (f"birth_date = 'exact' AND {AT_HOME}", BirthKey.NONE, False),
        (f"birth_date = 'exact' AND {BOTH}", BirthKey.NAMED, False),
        (f"tin = 'missing' AND birth_date = 'exact' AND {BOTH}", BirthKey.NAMED, False),
        (f"birth_date = 'exact' AND (tin = 'exact' OR ({BOTH}))", BirthKey.NAMED, False),
        ("birth_date = 'exact' AND first_name IN ('exact', 'initial') AND last_name = 'exact'", LETTERS, False),
        ("birth_date = 'exact' AND first_name = 'near' AND last_name = 'exact'", LETTERS, True),
        (f"birth_date = 'near' AND {BOTH}", LETTERS, True),
        ("tin = 'near'", LETTERS, True),
        ("address = 'exact'", LETTERS, True),
        ("NOT (tin = 'exact')", LETTERS, True),
        ("deceased", LETTERS, True),
        (f"{BOTH} AND tin = 'exact' AND tin = 'near'", BirthKey.NONE, False),
    ],
)  # fmt: skip
def test_a_rule_asks_for_no_more_keys_than_it_needs(test: str, key: BirthKey, is_blind: bool) -> None:
    for kind in (EvidenceKind.ACCEPT, EvidenceKind.RIVAL):
        rules = (_rule(test, kind), _rule("tin = 'exact'"))
        assert birth_key(rules, {}) is key
        assert bool(blind(rules, {})) is is_blind
    assert birth_key((_rule(test, EvidenceKind.CONTRADICT),), {}) is BirthKey.NONE
    assert not blind((_rule(test, EvidenceKind.CONTRADICT),), {})


def test_a_way_that_escapes_is_shown(tmp_path: Path) -> None:
    found = blind((_rule(f"birth_date IN ('exact', 'near') AND {BOTH}"),), {})
    assert found == {"E": {"birth_date": "near", "first_name": "exact", "last_name": "exact"}}


@pytest.mark.parametrize("name", ["strict", "as-practised-2025-08"])
def test_the_flagship_is_blind_to_nobody(name: str) -> None:
    bound = reading(name)
    assert blind(bound.evidence, bound.parameters) == {}
    wanted = {"strict": BirthKey.NAMED, "as-practised-2025-08": BirthKey.NONE}[name]
    assert birth_key(bound.evidence, bound.parameters) is wanted


HELD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"first_name": "ALMA", "last_name": "QUINTERO"}, {}),
    ({"first_name": "alma", "last_name": "quintero"}, {"first_name": "Álma"}),
    ({"last_name": "Quíntero"}, {}),
    ({"last_name": "Quin-Tero"}, {}),
    ({"last_name": "Quin Tero"}, {"last_name": "Quintero"}),
    ({"last_name": "Q Uintero"}, {"last_name": "Quintero"}),
    ({"last_name": "Quintero"}, {"last_name": "Q'Uintero"}),
    ({"last_name": "D'Angelo"}, {"last_name": "D Angelo"}),
    ({"last_name": "D Angelo"}, {"last_name": "Dangelo"}),
    ({"last_name": "Dangelo"}, {"last_name": "D Angelo"}),
    ({"last_name": "Æsop"}, {"last_name": "Aesop"}),
    ({"last_name": "Aesop"}, {"last_name": "Æsop"}),
    ({"last_name": "Weiß"}, {"last_name": "Weiss"}),
    ({"last_name": "Quintero Jr"}, {}),
    ({"last_name": "Quintero"}, {"last_name": "Quintero III"}),
    ({"first_name": "Al-Ma"}, {"first_name": "Al Ma"}),
    ({"first_name": "-Alma"}, {}),
    ({"first_name": "Þor"}, {"first_name": "Thor"}),
    ({"last_name": "Van den Quintero"}, {"last_name": "Vandenquintero"}),
]  # fmt: skip


@pytest.mark.parametrize(("held", "asked"), HELD)
@pytest.mark.parametrize("under", ["named", "letters"])
def test_whoever_has_that_name_and_birth_date_is_found_however_it_is_written(
    tmp_path: Path, held: dict[str, Any], asked: dict[str, Any], under: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the number nor the address helps."""
    monkeypatch.setattr("narrowgate.matching.station.birth_key", lambda *_: BirthKey(under))
    person, request = a_person(**held), a_request(tin=None, street="9 Elm St", **asked)
    assert ask(tmp_path, [person], [an_address()], [request]).lookup.pairs == 1


@pytest.mark.parametrize(
    ("changed", "pairs"),
    [({"last_name": "Quinn"}, 0), ({"first_name": "A"}, 0), ({"birth_date": None}, 0), ({"last_name": None}, 0)],
)
def test_nobody_else_of_that_birth_date_is_looked_at(tmp_path: Path, changed: dict[str, Any], pairs: int) -> None:
    request = a_request(tin=None, street="9 Elm St", **changed)
    assert ask(tmp_path, [a_person()], [an_address()], [request]).lookup.pairs == pairs


def test_without_a_birth_key_nobody_is_found_by_it(tmp_path: Path) -> None:
    request = a_request(tin=None, street="9 Elm St")
    practised = ask(tmp_path, [a_person()], [an_address()], [request], under=reading("as-practised-2025-08"))
    assert practised.lookup.pairs == 0
