"""Facts for which the rows of a batch are looked at together: copies, matters, reasons to the letter, subjects.

Rules:
 * Two rows are copies if all values but the reference are the same, as they were read.
 * A matter is the same whatever its case and blanks.
 * Requests are about one subject if they give the same number, or the same first and last name (case, accents, blanks,
   hyphens, apostrophes and full stops aside) with the same birth date; the larger of the two groups counts.
 * A version is all that a request says of who somebody is and where, in capitals; of the ZIP code five digits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence

from narrowgate_verify.adjudication.kleene import Value
from narrowgate_verify.adjudication.letters import upper, without_accents
from narrowgate_verify.adjudication.request import COLUMNS, Request

Fact = dict[str, Value | None]
Key = tuple[str, Hashable]

_SAID = (
    "first_name",
    "middle_name",
    "last_name",
    "name_suffix",
    "birth_date",
    "tin",
    "street",
    "unit",
    "city",
    "state",
)


def copy_facts(requests: Sequence[Request]) -> list[Fact]:
    """`copies_in_batch`, `matter_requests` and `reason_copies` of every request."""
    rows = [tuple(one.values[name] for name in COLUMNS if name != "request_ref") for one in requests]
    matters = [_matter(one.text("matter_id")) for one in requests]
    reasons = [one.text("reason") for one in requests]
    of_rows, of_matters, of_reasons = Counter(rows), Counter(matters), Counter(reasons)
    return [
        {
            "copies_in_batch": of_rows[row],
            "matter_requests": 0 if matter is None else of_matters[matter],
            "reason_copies": 0 if reason is None else of_reasons[reason],
        }
        for row, matter, reason in zip(rows, matters, reasons, strict=True)
    ]


def subject_facts(requests: Sequence[Request]) -> list[Fact]:
    """`subject_requests` and `subject_variants` of every request."""
    described = _by_key(requests)
    found: list[Fact] = []
    for one in requests:
        groups = [described[key] for key in _keys(one)]
        found.append(
            {
                "subject_requests": max((len(group) for group in groups), default=1),
                "subject_variants": max((len(set(group)) for group in groups), default=1),
            }
        )
    return found


def earlier_subject_facts(requests: Sequence[Request], earlier: Iterable[Sequence[Request]]) -> list[Fact]:
    """`subject_earlier_requests` and `subject_earlier_variants` of every request, over the batches `earlier`."""
    before = _by_key(one for batch in earlier for one in batch)
    found: list[Fact] = []
    for one in requests:
        groups = [before[key] for key in _keys(one) if key in before]
        found.append(
            {
                "subject_earlier_requests": max((len(group) for group in groups), default=0),
                "subject_earlier_variants": max((len({*group, _version(one)}) for group in groups), default=0),
            }
        )
    return found


def _matter(written: str | None) -> str | None:
    return None if written is None else upper(written.replace(" ", ""))


def _by_key(requests: Iterable[Request]) -> dict[Key, list[str]]:
    """The versions in which each subject is described, one for each request."""
    described: defaultdict[Key, list[str]] = defaultdict(list)
    for one in requests:
        for key in _keys(one):
            described[key].append(_version(one))
    return described


def _keys(request: Request) -> list[Key]:
    """By what the subject of `request` is known: its number, and its names with the birth date."""
    keys: list[Key] = []
    if (number := request.text("tin")) is not None:
        keys.append(("number", number))
    first, last, born = _bare(request.text("first_name")), _bare(request.text("last_name")), request.day("birth_date")
    if first and last and born:
        keys.append(("named", f"{first}|{last}|{born}"))
    return keys


def _bare(name: str | None) -> str:
    return upper(without_accents((name or "").translate(dict.fromkeys(map(ord, " -'.")))))


def _version(request: Request) -> str:
    said = [str(request.values[name] or "") for name in _SAID if name != "birth_date" or request.values[name]]
    return upper("|".join([*said, (request.text("zip") or "")[:5]]))
