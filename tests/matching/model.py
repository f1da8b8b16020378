"""The matching station once more, one pair at a time and without keys: everybody is compared with everybody.

Shares nothing with the station but the language of rules, and knows only the spellings of `test_model`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from narrowgate.agreement.language import evaluate
from narrowgate.terms.agreement import Basis, EvidenceKind
from tests.register.shelf import Row

VARIANTS = ({"BILL", "WILLIAM"}, {"WILL", "WILLIAM"})
WORDS = {"STREET": "ST", "AVENUE": "AVE", "NORTH": "N"}


def decide(request: Row, people: Sequence[Row], addresses: Sequence[Row], basis: Basis) -> tuple[str, Any, Any]:
    """Outcome, person and rule."""
    accepted: list[tuple[Row, str, bool]] = []
    close = 0
    for person in people:
        facts = compare(request, person, [a for a in addresses if a["person_id"] == person["person_id"]])
        holds = {
            kind: [rule.id for rule in basis.evidence if rule.kind is kind
                   and evaluate(rule.expression, facts, basis.parameters) is True]
            for kind in EvidenceKind
        }  # fmt: skip
        close += bool(holds[EvidenceKind.ACCEPT] or holds[EvidenceKind.RIVAL])
        if holds[EvidenceKind.ACCEPT]:
            accepted.append((person, holds[EvidenceKind.ACCEPT][0], bool(holds[EvidenceKind.CONTRADICT])))
    if not accepted:
        return "none", None, None
    person, rule, contradicted = accepted[0]
    for doubt, reason in (
        (len(accepted) > 1, "two people"),
        (close > 1, "rival"),
        (contradicted, "contradiction"),
        (person["deceased_on"] is not None, "deceased"),
    ):
        if doubt:
            return "possible", None, reason
    return "match", person["person_id"], rule


def compare(request: Row, person: Row, held: Sequence[Row]) -> dict[str, Any]:
    """The comparison facts of one pair."""
    first, first_ = name(request["first_name"]), name(person["first_name"])
    middle, middle_ = name(request["middle_name"]), name(person["middle_name"])
    last, last_ = name(request["last_name"]), name(person["last_name"])
    born, born_ = request["birth_date"], person["birth_date"]
    return {
        "tin": held_level(request["tin"], person["tin"], one_slip),
        "first_name": first_name(first, first_),
        "middle_name": level(middle, middle_, lambda a, b: False, initial=True),
        "last_name": level(
            last,
            last_,
            lambda a, b: similarity(a, b) >= 0.92 or shared(request["last_name"], person["last_name"]),
        ),
        "last_name_control": None if last is None or last_ is None else last[:4] == last_[:4],
        "name_suffix": level(name(request["name_suffix"]), name(person["name_suffix"]), lambda a, b: False),
        "birth_date": held_level(born, born_, near_dates),
        "address": where(request, held),
        "address_is_current": None,
        "deceased": person["deceased_on"] is not None,
    }


def level(left: Any, right: Any, near: Any, *, initial: bool = False) -> str:
    """exact, near, initial, differs or missing."""
    if left is None or right is None:
        return "missing"
    if left == right:
        return "exact"
    if initial and 1 in (len(left), len(right)) and left[0] == right[0]:
        return "initial"
    return "near" if near(left, right) else "differs"


def held_level(left: Any, right: Any, near: Any) -> str:
    """The same, but unheld where only the register has none."""
    return "unheld" if left is not None and right is None else level(left, right, near)


def first_name(left: str | None, right: str | None) -> str:
    """The same, and variant."""
    found = level(left, right, lambda a, b: similarity(a, b) >= 0.90, initial=True)
    return "variant" if found == "differs" and {left, right} in VARIANTS else found


def letters(text: str | None) -> str:
    """Capitals without accents; anything else than letters and digits is a space."""
    plain = unicodedata.normalize("NFD", text or "")
    plain = "".join(c for c in plain if not unicodedata.combining(c)).upper().replace("'", "").replace(".", "")
    return " ".join(re.sub(r"[^A-Z0-9#]+", " ", plain.replace("#", " # ")).split())


def name(text: str | None) -> str | None:
    """A name without spaces."""
    return letters(text).replace(" ", "") or None


def shared(left: str, right: str) -> bool:
    """Whether of two surnames one is written."""
    a, b = set(letters(left).split()), set(letters(right).split())
    return max(len(a), len(b)) > 1 and (a <= b or b <= a)


def line(row: Row) -> tuple[str, str | None, str | None]:
    """Street, unit and ZIP code in their forms."""
    words = [WORDS.get(word, word) for word in letters(row["street"]).split()]
    unit = [word for word in letters(row["unit"]).split() if word not in ("APT", "#", "UNIT")]
    return " ".join(words), "".join(unit) or None, (row["zip"] or "")[:5] or None


def where(request: Row, held: Sequence[Row]) -> str:
    """The best level over the addresses held."""
    street, unit, zip5 = line(request)
    if not street or not zip5:
        return "missing"
    found = {"differs"}
    for row in held:
        street_, unit_, zip5_ = line(row)
        if zip5 != zip5_ or not street_:
            continue
        if street == street_:
            found.add("exact" if unit == unit_ else "building")
        elif street.split()[0] == street_.split()[0] and street[0].isdigit() and similarity(street, street_) >= 0.92:
            found.add("near")
    return next(rank for rank in ("exact", "near", "building", "differs") if rank in found)


def one_slip(left: str, right: str) -> bool:
    """One sign differs, or two neighbours are swapped."""
    at = [i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    swapped = len(at) == 2 and at[1] == at[0] + 1 and (left[at[0]], left[at[1]]) == (right[at[1]], right[at[0]])
    return len(at) == 1 or swapped


def near_dates(left: date, right: date) -> bool:
    """Day and month swapped, or one of the three parts differs by one slip."""
    if left.year == right.year and (left.month, left.day) == (right.day, right.month):
        return True
    parts = zip(left.isoformat().split("-"), right.isoformat().split("-"), strict=True)
    different = [(a, b) for a, b in parts if a != b]
    return len(different) == 1 and one_slip(*different[0])


def similarity(left: str, right: str) -> float:
    """Jaro-Winkler: a prefix of up to four letters counts a tenth each."""
    base = jaro(left, right)
    same = 0
    while same < min(4, len(left), len(right)) and left[same] == right[same]:
        same += 1
    return base + same * 0.1 * (1 - base) if base > 0.7 else base


def jaro(left: str, right: str) -> float:
    """Jaro similarity."""
    window = max(max(len(left), len(right)) // 2 - 1, 0)
    taken: set[int] = set()
    ours: list[str] = []
    for i, letter in enumerate(left):
        for j in range(max(0, i - window), min(len(right), i + window + 1)):
            if j not in taken and right[j] == letter:
                taken.add(j)
                ours.append(letter)
                break
    if not ours:
        return 0.0
    theirs = [right[j] for j in sorted(taken)]
    moved = sum(a != b for a, b in zip(ours, theirs, strict=True)) // 2
    count = len(ours)
    return (count / len(left) + count / len(right) + (count - moved) / count) / 3
