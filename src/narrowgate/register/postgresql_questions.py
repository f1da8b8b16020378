"""How a PostgreSQL server is told what is asked for: its dialect of `narrowing`, and temporary tables.

Rules:
 * Text is compared in the collation "C", byte by byte, whatever collation the server or a column has.
 * The expressions are those of the indexes in `docs/scale.md`.
"""

from __future__ import annotations

from narrowgate.register.narrowing import ASKED, Dialect, Narrowing, branches

NARROWED = Narrowing(
    Dialect(
        asked=lambda name: f"pg_temp.{name}",
        bytewise=lambda column: f'{column} COLLATE "C"',
        first=lambda text, pattern: f"coalesce(substring({text} from '{pattern}'), '')",
        replaced=lambda text, pattern, by: f"regexp_replace({text}, '{pattern}', '{by}', 'g')",
        fits=lambda text, pattern: f"{text} ~ '{pattern}'",
        either=branches,
    )
)


def tables() -> tuple[str, ...]:
    """Statements that make the temporary tables in which questions are put to the server."""
    types = {"VARCHAR": 'text COLLATE "C"', "DATE": "date"}
    return tuple(
        f"CREATE TEMPORARY TABLE {name} ({', '.join(f'{column} {types[type_]}' for column, type_ in columns.items())})"
        for name, columns in ASKED.items()
    )
