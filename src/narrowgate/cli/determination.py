"""How one determination is printed: as its officer needs it, and as its requester may have it."""

from __future__ import annotations

from narrowgate.agreement.language.words import Shortfall, plain
from narrowgate.oversight.explain import Explained, Judged
from narrowgate.terms.determination import Finding


def officer_json(found: Explained) -> dict[str, object]:
    """All of it."""
    return {
        "request_ref": found.request_ref,
        "run": found.run,
        "reading": found.reading,
        "left_open": found.left_open,
        "disposition": found.disposition,
        "match_rule": found.match_rule,
        "ledger_index": found.ledger_index,
        "facts": found.facts,
        "findings": [
            {
                "clause": one.clause.id,
                "title": one.clause.title,
                "finding": one.finding,
                "cites": one.clause.cites,
                "short": [_short(part) for part in one.short],
                "remark": one.remark,
                "told": one.clause.told if one.clause.face else None,
            }
            for one in found.judged
        ],
    }


def requester_json(found: Explained) -> dict[str, object]:
    """The answer, and the defects on the face of the requester's own file."""
    return {
        "request_ref": found.request_ref,
        "answer": found.answer,
        "clauses": [
            {"clause": one.clause.id, "title": one.clause.title, "cites": one.clause.cites, "told": one.clause.told}
            for one in found.on_the_face
        ],
    }


def officer_text(found: Explained) -> str:
    """What failed first, with its citations, the values found, and what would have to change."""
    lines = [
        f"{found.request_ref} in {found.run}: {found.disposition.value} · ledger entry {found.ledger_index:,}",
    ]
    for one in sorted(found.judged, key=lambda one: one.finding is Finding.SATISFIED):
        lines.append(f"  {one.clause.id:<5} {one.finding.value:<13} {one.clause.title}")
        if one.finding is not Finding.SATISFIED:
            lines += _why(one)
    lines.append("  facts")
    lines += [f"        {name} = {plain(value)}" for name, value in found.facts.items()]
    if found.left_open:
        lines.append(f"  left open by `{found.reading}`, answered as by default: {', '.join(found.left_open)}")
    return "\n".join(lines)


def requester_text(found: Explained) -> str:
    """What the requester may know, in its own words."""
    lines = [f"{found.request_ref}: {found.answer.value.replace('_', ' ')}"]
    for one in found.on_the_face:
        lines.append(f"  {one.clause.id:<5} {one.clause.title}")
        lines.append(f"        {'; '.join(one.clause.cites)}")
        lines.append(f"        to mend: {one.clause.told}")
    return "\n".join(lines)


def _why(one: Judged) -> list[str]:
    lines = [f"        {'; '.join(one.clause.cites)}"]
    if any(part.alternative for part in one.short):
        lines.append("        one of these would have to be so:")
    for part in one.short:
        found = ", ".join(f"{name} is {plain(value)}" for name, value in part.found.items())
        lines.append(f"        needed: {part.wanted}; {found}")
    if one.remark is not None:
        lines.append(f"        {one.remark}")
    if one.clause.face:
        lines.append(f"        to mend: {one.clause.told}")
    return lines


def _short(part: Shortfall) -> dict[str, object]:
    return {"wanted": part.wanted, "found": part.found, "alternative": part.alternative}
