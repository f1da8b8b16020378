"""The section of the report on one set of rows.

Rules:
 * A drawing is followed by the table that has its figures.
 * Where a set has nothing to say of something (no subgroups, no miswriting stated), that part is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from narrowgate.measure.report import rates, shares
from narrowgate.measure.report.drawing import Json
from narrowgate.measure.report.markup import Child, element
from narrowgate.measure.report.tables import (
    ENDED,
    FOUND,
    GAPS,
    OF_REQUESTS,
    REQUESTS,
    SUFFICIENT,
    WRONG,
    figures,
    number,
    texts,
)
from narrowgate.measure.report.words import count, per_million, percent, plain

Row = tuple[str, bool, Json]
CONTROL = "tin-name-control"


def section(part: Json, rules: list[Json]) -> Iterator[Child]:
    """Everything about one set of rows; `rules` are those that accept, as measured on it."""
    register = part["register"]
    yield element("h2", part["title"], id=part["id"])
    yield element("p", part["about"])
    yield element("p", f"{count(part['requests'])} requests; a register of {count(register['people'])} people with "
        f"{count(register['addresses'])} addresses: {register['name']}.")  # fmt: skip
    yield from _contenders(part)
    yield from _subgroups(part)
    yield from _rules(part, rules)
    yield from _kinds(part)
    yield from _wrong(part)
    yield from _blind_spots(part)


def _contenders(part: Json) -> Iterator[Child]:
    rows: list[Row] = [(one["title"], one["id"] == part["default"], one) for one in part["contenders"]]
    name, title = part["id"], part["title"]
    yield element("h3", "Everybody on the same rows")
    for one in part["contenders"]:
        if one["sample"] is not None:
            yield element("p", f"{one['title']} judged a sample of {count(one['sample'])} requests, drawn by chance: "
                "it cannot hold all of them.")  # fmt: skip
    yield _figure(rates.by_row(f"{name}-rates", f"Wrong persons, {title}", rows), "Wrong persons per million decisions "
        "(to the right: wrong of decided, and the rate; ≤ is the upper bound where none was seen)")  # fmt: skip
    yield _figure(rates.against_recall(f"{name}-recall", f"Found against wrong, {title}", rows),
        "What is found, against who is wrong (up and to the left is better)")  # fmt: skip
    yield _figure(shares.outcomes(f"{name}-outcomes", f"Outcomes, {title}", rows), "What the requests came to")
    yield figures("Wrong persons", "by whom", (REQUESTS, *WRONG, OF_REQUESTS), rows)
    yield figures("Found, referred, none", "by whom", (*FOUND, *SUFFICIENT, *ENDED), rows)
    yield texts("How each decides", ("by whom", "how"), [(one["title"], one["how"]) for one in part["contenders"]])


def _subgroups(part: Json) -> Iterator[Child]:
    groups = part["subgroups"][part["default"]]
    if not groups:
        return
    control = part["subgroups"].get(CONTROL, {})
    yield element("h3", "Groups of people")
    yield element("p", "A request counts in each group that it belongs to. A small group cannot show a small bound: "
        "of 100 decisions without a wrong one the upper bound is still 3 in a hundred.")  # fmt: skip
    names = ("Narrowgate, default rules", "number + four letters of the last name")
    drawn = shares.recalls(f"{part['id']}-groups", f"Found by group, {part['title']}", groups, control, names=names)
    yield _figure(drawn, "What is found of each group (in brackets: requests about somebody in the register)")
    rows: list[Row] = [(plain(name), False, one) for name, one in groups.items()]
    yield figures(f"{names[0]}, by group: wrong persons", "group", (REQUESTS, *WRONG), rows)
    yield figures(f"{names[0]}, by group: found, referred, none", "group", (*FOUND, *SUFFICIENT, *ENDED), rows)
    gaps = [(plain(name), False, one) for name, one in part["recall_gaps"].items()]
    yield figures("By how much more (+) or less (−) is found of a group than of everybody", "group", GAPS, gaps)
    if control:
        others: list[Row] = [(plain(name), False, one) for name, one in control.items()]
        yield figures(f"{names[1]}, by group", "group", (*WRONG, *FOUND), others)


def _rules(part: Json, rules: list[Json]) -> Iterator[Child]:
    rows: list[Row] = [(f"{one['rule']} ({one['under']})", one["under"] == part["default"], one) for one in rules]
    yield element("h3", "Rules of evidence")
    yield _figure(rates.by_row(f"{part['id']}-rules", f"Wrong persons by rule, {part['title']}", rows),
        "Wrong persons per million decisions of each rule (in brackets: the rules in force)")  # fmt: skip
    yield figures("Wrong persons by rule", "rule", WRONG, rows)
    reasons = [
        (plain(reason), under, number(seen, count(seen)))
        for under, found in part["reasons"].items()
        for reason, seen in found.items()
    ]
    if reasons:
        yield texts("Why requests were referred", ("reason", "rules in force", "requests"), reasons)


def _kinds(part: Json) -> Iterator[Child]:
    for key, title, first in (("profiles", "Kinds of request", "kind"), ("noise", "Miswritten requests", "miswritten")):
        if part[key]:
            rows: list[Row] = [(plain(name), False, one) for name, one in part[key].items()]
            yield element("h3", title)
            yield figures(f"{title}: wrong persons, by the default rules", first, (REQUESTS, *WRONG), rows)
            yield figures(f"{title}: found, referred, none", first, (*FOUND, *SUFFICIENT, *ENDED), rows)


def _wrong(part: Json) -> Iterator[Child]:
    if part["wrong_persons"]:
        yield element("h3", "Each wrong person")
        yield element("p", "The first of them, in full; everybody is simulated.")
        headings = ("request", "rule", "kind", "asked for", "decided upon", "meant")
        yield texts("Wrong persons decided upon under the default rules", headings, _mistakes(part))


def _mistakes(part: Json) -> Iterator[tuple[str, ...]]:
    for one in part["wrong_persons"]:
        whom = (one["request"], one["decided"], one["true"] or "nobody in the register")
        yield str(one["row_no"]), one["rule"], one["profile"] or "", *whom


def _blind_spots(part: Json) -> Iterator[Child]:
    look = part["blind_spots"]
    yield element("h3", "Who is never looked at")
    yield element("p", "People are compared with a request only if they have a key in common with it. So a sample of "
        "the requests was compared, by no key at all, with a random sample of the register, with people who have a "
        "number, both names or an address in common with one of them, and with whom they are truly about.")  # fmt: skip
    told: list[tuple[Child, ...]] = [(words, number(look[key], say(look[key]))) for words, key, say in _LOOKED]
    told += [(f"not found: {what}", number(seen, count(seen))) for what, seen in look["missed"].items()]
    yield texts("A look at pairs that the keys may have missed", ("what", ""), told)


_LOOKED = (
    ("requests in the sample", "requests", count),
    ("people they were compared with", "people", count),
    ("pairs compared", "pairs", count),
    ("requests and the person they are about", "true_pairs", count),
    ("of these, found by the keys", "true_pairs_found", count),
    ("share found", "pairs_completeness", percent),
    ("lower bound of that share", "pairs_completeness_lower", percent),
    ("pairs that a rule accepts or calls a rival", "marked_pairs", count),
    ("of these, found by the keys", "marked_pairs_found", count),
    ("pairs that a rule accepts or calls a rival, with somebody else", "marked_pairs_of_others", count),
    ("of these, found by the keys", "marked_pairs_of_others_found", count),
    ("upper bound of what is lost, per million such pairs", "marked_pairs_lost_upper", per_million),
)


def _figure(drawn: Element, caption: str) -> Element:
    return element("figure", element("figcaption", caption), drawn)
