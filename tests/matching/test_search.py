"""The keys by which people are searched follow from the rules: nobody of whom a rule could be true is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from narrowgate.adjudication.facts import VOCABULARY as FACTS
from narrowgate.agreement.in_force import basis
from narrowgate.agreement.language import parse
from narrowgate.agreement.load import load
from narrowgate.agreement.shipped import shipped
from narrowgate.matching import Limits
from narrowgate.matching.comparison import VOCABULARY
from narrowgate.matching.search import BirthKey, HomeKey, blind, narrowest
from narrowgate.measure.evidence import febrl4
from narrowgate.terms.agreement import Basis, Evidence, EvidenceKind
from tests.matching.asking import DAY, a_request, ask, outcome, possible, reading
from tests.register.shelf import a_person, an_address

NO_BIRTH, NAMED, LETTERS, DATE = BirthKey
ENDS, ANYBODY = HomeKey
WIDEST = (DATE, ANYBODY)
BOTH = "first_name = 'exact' AND last_name = 'exact'"
AT_HOME = "address IN ('exact', 'near', 'building') AND first_name IN ('exact', 'near') AND last_name = 'near'"


def _rule(test: str, kind: EvidenceKind = EvidenceKind.ACCEPT) -> Evidence:
    expression = parse(test, vocabulary=VOCABULARY, parameters={}, file="test", line=1)
    return Evidence("E", kind, (), test, expression, "", 1)


def _keys(rules: tuple[Evidence, ...]) -> tuple[BirthKey, HomeKey]:
    return narrowest(rules, {})


@pytest.mark.parametrize(
    ("test", "keys", "is_blind"),
    [
        ("tin = 'exact'", (NO_BIRTH, ENDS), False),
        (f"tin = 'exact' AND birth_date = 'exact' AND {BOTH}", (NO_BIRTH, ENDS), False),
        (AT_HOME, (NO_BIRTH, ENDS), False),
        (f"birth_date = 'exact' AND {AT_HOME}", (NO_BIRTH, ENDS), False),
        (f"birth_date = 'exact' AND {BOTH}", (NAMED, ENDS), False),
        (f"tin = 'missing' AND birth_date = 'exact' AND {BOTH}", (NAMED, ENDS), False),
        (f"birth_date = 'exact' AND (tin = 'exact' OR ({BOTH}))", (NAMED, ENDS), False),
        ("birth_date = 'exact' AND first_name IN ('exact', 'initial') AND last_name = 'exact'", (LETTERS, ENDS), False),
        ("birth_date = 'exact' AND first_name = 'near' AND last_name = 'exact'", (DATE, ENDS), False),
        ("birth_date = 'exact' AND first_name = 'variant' AND last_name = 'exact'", (DATE, ENDS), False),
        ("birth_date = 'exact'", (DATE, ENDS), False),
        ("tin = 'near' AND birth_date = 'exact'", (DATE, ENDS), False),
        (f"({AT_HOME}) OR birth_date = 'exact'", (DATE, ENDS), False),
        ("address IN ('exact', 'near', 'building')", (NO_BIRTH, ANYBODY), False),
        ("address = 'building' AND last_name = 'near'", (NO_BIRTH, ANYBODY), False),
        ("address = 'exact' AND first_name = 'missing' AND last_name = 'exact'", (NO_BIRTH, ANYBODY), False),
        ("address = 'exact' AND birth_date = 'near'", (NO_BIRTH, ANYBODY), False),
        (f"birth_date = 'exact' AND (address = 'exact' OR ({BOTH}))", (NAMED, ANYBODY), False),
        (f"address = 'exact' OR (birth_date = 'exact' AND {BOTH})", (NAMED, ANYBODY), False),
        (
            "address = 'near' OR (birth_date = 'exact' AND first_name = 'initial' AND last_name = 'exact')",
            (LETTERS, ANYBODY), False,
        ),
        ("address = 'exact' OR birth_date = 'exact'", WIDEST, False),
        (f"birth_date = 'near' AND {BOTH}", WIDEST, True),
        ("birth_date = 'unheld' AND first_name = 'exact' AND last_name = 'exact'", WIDEST, True),
        ("address IN ('exact', 'differs')", WIDEST, True),
        ("tin = 'near'", WIDEST, True),
        ("NOT (tin = 'exact')", WIDEST, True),
        ("deceased", WIDEST, True),
        (f"{BOTH} AND tin = 'exact' AND tin = 'near'", (NO_BIRTH, ENDS), False),
    ],
)  # fmt: skip
def test_a_rule_asks_for_no_more_keys_than_it_needs(test: str, keys: tuple[BirthKey, HomeKey], is_blind: bool) -> None:
    for kind in (EvidenceKind.ACCEPT, EvidenceKind.RIVAL):
        rules = (_rule(test, kind), _rule("tin = 'exact'"))
        assert _keys(rules) == keys
        assert bool(blind(rules, {})) is is_blind
    assert _keys((_rule(test, EvidenceKind.CONTRADICT),)) == (NO_BIRTH, ENDS)
    assert not blind((_rule(test, EvidenceKind.CONTRADICT),), {})


def test_what_one_rule_needs_is_asked_for_all() -> None:
    lived, born = _rule("address = 'exact'"), _rule(f"birth_date = 'exact' AND {BOTH}")
    assert _keys((lived, born)) == _keys((born, lived)) == (NAMED, ANYBODY)


def test_a_way_that_escapes_is_shown(tmp_path: Path) -> None:
    found = blind((_rule(f"birth_date IN ('exact', 'near') AND {BOTH}"),), {})
    assert found == {"E": {"birth_date": "near", "first_name": "exact", "last_name": "exact"}}


def _shipped(agreement: str, name: str) -> Basis:
    return basis(load(shipped(agreement), facts=FACTS, comparisons=VOCABULARY), name, on=DAY)


@pytest.mark.parametrize(
    ("bound", "keys"),
    [
        (reading("strict"), (NAMED, ENDS)),
        (reading("as-practised-2025-08"), (NO_BIRTH, ENDS)),
        (_shipped("driver-records-2026", "strict"), (NAMED, ENDS)),
        (febrl4(on=DAY).basis, WIDEST),
    ],
)
def test_rules_that_ship_are_blind_to_nobody_and_search_no_wider_than_they_need(
    bound: Basis, keys: tuple[BirthKey, HomeKey]
) -> None:
    assert blind(bound.evidence, bound.parameters) == {}
    assert narrowest(bound.evidence, bound.parameters) == keys


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
    monkeypatch.setattr("narrowgate.matching.steps.narrowest", lambda *rules: (BirthKey(under), narrowest(*rules)[1]))
    person, request = a_person(**held), a_request(tin=None, street="9 Elm St", **asked)
    assert ask(tmp_path, [person], [an_address()], [request]).lookup.pairs == 1


@pytest.mark.parametrize(
    ("changed", "pairs"),
    [({"last_name": "Quinn"}, 0), ({"first_name": "A"}, 0), ({"birth_date": None}, 0), ({"last_name": None}, 0)],
)
def test_nobody_else_of_that_birth_date_is_looked_at(tmp_path: Path, changed: dict[str, Any], pairs: int) -> None:
    request = a_request(tin=None, street="9 Elm St", **changed)
    assert ask(tmp_path, [a_person()], [an_address()], [request]).lookup.pairs == pairs


def _by(test: str) -> Basis:
    """A basis under which nothing counts but `test`."""
    return replace(reading("as-practised-2025-08"), evidence=(_rule(test),))


BORN, LIVES = "birth_date = 'exact'", "address IN ('exact', 'near', 'building')"
CALLED: list[dict[str, str | None]] = [
    {"first_name": "Zoe", "last_name": "Xu"},
    {"last_name": None},
    {"first_name": None},
    {"first_name": None, "last_name": None},
    {"first_name": "", "last_name": ""},
    {"first_name": "...", "last_name": "-"},
    {"first_name": "王", "last_name": "Van den Berg"},
]


@pytest.mark.parametrize("called", CALLED)
@pytest.mark.parametrize(
    ("test", "asked", "others"),
    [
        (BORN, {"street": "9 Elm St"}, {"birth_date": date(1984, 5, 18)}),
        (LIVES, {"birth_date": None}, {"birth_date": None}),
    ],
)
def test_where_a_rule_asks_for_no_name_people_are_found_whatever_theirs_is(
    tmp_path: Path, test: str, asked: dict[str, Any], others: dict[str, Any], called: dict[str, str | None]
) -> None:
    """Whoever has another birth date and lives elsewhere is not looked at, even under the name that is asked for."""
    homes = [an_address(), an_address("p2", street="1501 Elm St")]
    for number, (held, given) in enumerate([(called, {}), ({}, called)]):
        request = a_request(tin=None, **asked, **given)
        other = a_person("p2", tin="900700002", first_name=request["first_name"], last_name=request["last_name"])
        people = [a_person(**held), {**other, **others}]
        found = ask(tmp_path / str(number), people, homes, [request], under=_by(test))
        assert [outcome(row) for row in found.rows] == [("match", "p1", "E")]
        assert found.lookup.pairs == 1


def test_a_birth_date_by_itself_is_no_key_of_somebody_who_has_none(tmp_path: Path) -> None:
    asked = [a_request(tin=None, street="9 Elm St", birth_date=None), a_request(tin=None, street="9 Elm St")]
    found = ask(tmp_path, [a_person(birth_date=None)], [an_address()], asked, under=_by(BORN))
    assert found.lookup.pairs == 0


@pytest.mark.parametrize(("test", "asked"), [(BORN, {"street": "9 Elm St"}), (LIVES, {"birth_date": None})])
def test_a_key_without_names_that_too_many_share_is_crowded_too(
    tmp_path: Path, test: str, asked: dict[str, Any]
) -> None:
    crowd = [a_person(f"p{n}", tin=f"{800000000 + n}", first_name="Bo", last_name=f"Stone{n}") for n in range(3)]
    homes = [an_address(f"p{n}") for n in range(3)]
    request = a_request(tin=None, **asked)
    for limit, reason in ((2, "crowded"), (3, "two people")):
        limits = Limits(birth=limit, place=limit)
        found = ask(tmp_path / str(limit), crowd, homes, [request], under=_by(test), limits=limits)
        assert [outcome(row) for row in found.rows] == [possible(reason)]
        assert found.lookup.pairs == (3 if reason == "two people" else 0)


def test_without_a_birth_key_nobody_is_found_by_it(tmp_path: Path) -> None:
    request = a_request(tin=None, street="9 Elm St")
    practised = ask(tmp_path, [a_person()], [an_address()], [request], under=reading("as-practised-2025-08"))
    assert practised.lookup.pairs == 0
