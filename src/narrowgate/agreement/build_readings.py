"""Turn the blocks of contested questions and readings into values.

Rules:
 * What a reading or a position leaves out, it adds nothing for; what they come to together is for `readings`.
 * That the ids they name exist is for `coherence`.
"""

from __future__ import annotations

from narrowgate.agreement.build import build_ids, build_overrides
from narrowgate.agreement.table import Table
from narrowgate.terms.agreement import Position, Question, Reading


def build_reading(block: Table) -> Reading:
    """A reading as it stands in its block; what its positions add is for `readings.compose`."""
    block.only(
        needs=("id", "title", "dated", "sources"),
        may=("binds", "evidence", "parameters", "positions", "otherwise", "historical"),
    )
    return Reading(
        id=block.text("id"),
        title=block.prose("title"),
        dated=block.day("dated"),
        sources=block.texts("sources"),
        binds=block.texts("binds") if "binds" in block.values else (),
        evidence=build_ids(block, "evidence"),
        parameters=build_overrides(block),
        positions=build_choices(block),
        left_open=frozenset(),
        otherwise=block.text("otherwise") if "otherwise" in block.values else None,
        historical="historical" in block.values and block.flag("historical"),
        line=block.line,
    )


def build_choices(block: Table) -> dict[str, str]:
    """The position that a reading takes on each question it answers."""
    if "positions" not in block.values:
        return {}
    table = block.table("positions")
    return {name: table.text(name) for name in table.values}


def build_question(block: Table) -> Question:
    """A contested question with its positions, two at least: with one it would not be contested."""
    block.only(needs=("id", "title", "position"))
    positions: dict[str, Position] = {}
    for table in block.tables("position"):
        position = build_position(table)
        if position.id in positions:
            raise table.refuse(f"the position `{position.id}` stands twice", "id")
        positions[position.id] = position
    if len(positions) < 2:
        raise block.refuse("a contested question has two positions at least")
    return Question(block.text("id"), block.prose("title"), positions, block.line)


def build_position(table: Table) -> Position:
    """A position; one that this program does not offer carries nothing but the reason."""
    table.only(needs=("id", "title", "held_by"), may=("binds", "evidence", "parameters", "not_offered"))
    position = Position(
        id=table.text("id"),
        title=table.prose("title"),
        held_by=table.texts("held_by"),
        binds=build_ids(table, "binds"),
        evidence=build_ids(table, "evidence"),
        parameters=build_overrides(table),
        not_offered=table.prose_or_none("not_offered") or "",
        line=table.line,
    )
    if position.not_offered and (position.binds or position.evidence or position.parameters):
        raise table.refuse("a position that is not offered binds nothing", "not_offered")
    return position
