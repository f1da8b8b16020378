"""The match report as one page: what was wanted and what was measured, then each set of rows, then how to repeat it.

Rules:
 * Everything on the page comes from the JSON of the report; nothing is worked out here but how it is said and drawn.
 * One file: no script, no picture, no font and no style from elsewhere. It prints.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

from narrowgate.measure.report.drawing import Json
from narrowgate.measure.report.markup import Child, document, element
from narrowgate.measure.report.of_set import section
from narrowgate.measure.report.tables import WRONG, figures, texts

STYLE = Path(__file__).with_name("report.css")
_WORDS = (
    ("Request", "What an agency sends: a name and, where it has them, a number, a date of birth, an address."),
    ("Decided", "One person was taken to be the one asked about. Everything short of that discloses nothing."),
    ("Wrong", "The person decided upon is not the one asked about, or whoever is asked about is not in the register."),
    ("Referred", "Somebody may be the one asked about, and a person must settle it."),
    ("Found", "Decided upon rightly, as a share of the requests about somebody who is in the register."),
    (
        "Evidence suffices",
        "What the request states is true and enough for the rules, at an address held at any time. Whoever made the "
        "rows says so, row by row.",
    ),
    (
        "Upper bound",
        "Were the true rate higher than this, so few wrong persons would be seen in fewer than 5 of 100 such "
        "measurements. Bounds are exact (Clopper and Pearson), one-sided, at 95 %. A lower bound is its mirror image.",
    ),
)


def page(report: Json) -> str:
    """The page of a report as `measure.match` writes it."""
    return document(
        title="Match report", style=STYLE.read_text(encoding="utf-8"), body=[element("main", list(_body(report)))]
    )


def _body(report: Json) -> list[Child]:
    return [
        element("h1", "Match report"),
        element(
            "p",
            "How often the matching of Narrowgate takes one person for another, how often it finds the right one, and "
            "how often it leaves the question to a human being; beside other ways of matching, on the same rows. ",
            element("strong", "Every person in it is simulated."),
        ),
        element("p", f"Measured on {report['measured_on']} with Narrowgate {report['versions']['narrowgate']}."),
        element("h2", "What was wanted, and what was measured"),
        _bars(report),
        element("h2", "The words of this page"),
        element("dl", [(element("dt", word), element("dd", told)) for word, told in _WORDS]),
        element("h2", "Each rule of evidence"),
        element(
            "p",
            "A rule that accepts somebody decides, if no rule contradicts and nobody comes close. A rule that decided "
            "few has a wide bound: that is what is known of it, not what it is.",
        ),
        *_rules(report),
        [section(part, _rules_of(report, part)) for part in report["sets"]],
        element("h2", "What it was made from, and how to repeat it"),
        _made_from(report),
    ]


def _bars(report: Json) -> Element:
    rows = [(bar["what"], bar["wanted"], bar["measured"], _verdict(bar["met"])) for bar in report["bars"]]
    if not rows:
        return element("p", "No set of rows was measured that a bar is about.")
    return texts("The bars", ("what", "wanted", "measured", ""), rows)


def _verdict(met: bool) -> Element:
    return element("span", "✓ reached" if met else "✗ missed", class_="reached" if met else "missed")


def _rules_of(report: Json, part: Json) -> list[Json]:
    """The rules that accept, as they were measured on one set of rows."""
    return [one for one in report["rules"] if one["set"] == part["id"] and one["kind"] == "accept"]


def _rules(report: Json) -> list[Child]:
    """Every rule with its words, then with its figures on each set of rows."""
    told = {one["rule"]: (one["rule"], one["kind"], one["why"]) for one in report["rules"]}
    rows = [
        (f"{one['rule']} · {part['title']}", False, one) for part in report["sets"] for one in _rules_of(report, part)
    ]
    return [
        texts("What each rule says", ("rule", "it", "because"), told.values()),
        figures("Wrong persons by rule and set of rows", "rule · rows", WRONG, rows),
    ]


def _made_from(report: Json) -> list[Child]:
    versions = [(name, version) for name, version in report["versions"].items()]
    agreement = report["agreement"]
    rows: list[tuple[Child, ...]] = [
        (part["title"], name, element("code", str(value)))
        for part in report["sets"]
        for name, value in [
            *((f"SHA-256 of {what}", digest) for what, digest in part["digests"].items()),
            *((f"seed of {what}", seed) for what, seed in part["seeds"].items()),
        ]
    ]
    return [
        element("p", "The same command and versions give the same figures: ", element("code", report["command"])),
        texts("Versions", ("program", "version"), [*versions, ("engine", report["engine"])]),
        texts("The agreement", ("agreement", "digest"), [(agreement["id"], element("code", agreement["digest"]))]),
        texts("Rows", ("set", "what", "value"), rows),
    ]
