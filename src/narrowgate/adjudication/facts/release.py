"""Facts of the release: what is known when everything is ready and nothing has left (`gateway.release_facts`)."""

from __future__ import annotations

from narrowgate.terms.fact import Fact, Reads, Type


def _fact(name: str, kind: Type, doc: str, unit: str | None = None, values: tuple[str, ...] = ()) -> Fact:
    return Fact(name, kind, Reads.RELEASE, doc, unit, values)


FACTS = (
    _fact("released_on", Type.DATE, "The day of the release, by the custodian's clock (UTC)."),
    _fact("approvers", Type.INTEGER, "People who signed for the run, none of them its submitter.", "people"),
    _fact("counsel_approved", Type.BOOLEAN, "One of them is registered as counsel."),
    _fact(
        "sample_judged",
        Type.INTEGER,
        "Disclosures that were judged again before the approval that saw fewest; missing if nobody approved.",
        "disclosures",
    ),
    _fact(
        "sample_owed", Type.INTEGER, "Disclosures that had to be: the sample, or all if there are fewer.", "disclosures"
    ),
    _fact("defects", Type.INTEGER, "Defects that judging again, or an approver, found in the run.", "defects"),
    _fact("determinations_missing", Type.INTEGER, "Requests of the run without an entry on the ledger.", "requests"),
    _fact(
        "answers_beyond_officers",
        Type.INTEGER,
        "Answers that would go to somebody whom their request does not name.",
        "answers",
    ),
    _fact("answer_marking", Type.TEXT, "The marking that every file of answers bears; missing if one bears another."),
    _fact("use_days", Type.INTEGER, "Days for which the answers may be used, by the file that says most.", "days"),
    _fact("destruction_days", Type.INTEGER, "Days within which they are destroyed, by the same measure.", "days"),
    _fact(
        "recall_duty",
        Type.TEXT,
        "What the answers have their recipient do on a recall.",
        values=("destroy", "preserve"),
    ),
    _fact("report_hours", Type.INTEGER, "Hours within which they have an incident reported.", "hours"),
)
