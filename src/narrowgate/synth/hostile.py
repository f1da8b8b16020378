"""Write a batch whose requests are made to lead matching astray, with the truth of each.

Rules:
 * What a request says of a person is put together from the register and from chance, and then written as somebody
   writes who is in a hurry: at most one miswriting of what it says, and one way of writing it.
 * The form of every request is sound: what is asked here is whom it is about.
 * The truth is counted from the values, never declared: whether the address was ever the person's, and whether what
   is stated, and true, suffices as evidence (`hostile_truth`).
 * The same register and seed give the same rows.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from narrowgate.engine.literal import text_literal
from narrowgate.errors import WrongUse
from narrowgate.register.parquet import ParquetRegister
from narrowgate.synth import miswriting, relatives
from narrowgate.synth.batch_files import Rows, write_batch
from narrowgate.synth.batch_form import about, dashed
from narrowgate.synth.batch_manifest import MATTERS_PER_OFFICER_AT_SCALE, Batch
from narrowgate.synth.batch_plan import Form, reference
from narrowgate.synth.hostile_profiles import HOSTILE
from narrowgate.synth.hostile_truth import truth
from narrowgate.synth.numbers import Shuffle
from narrowgate.synth.profiles import divided
from narrowgate.synth.relatives import ADDRESS
from narrowgate.synth.subjects import take_names

_ALONE = ("first_name", "middle_name", "last_name", "name_suffix", "birth_date")
STATED = (*_ALONE, "tin", "home")
"""What a request states of a person; `home` is an address of five parts."""


def build_hostile(
    register: Path,
    folder: Path,
    *,
    rows: int,
    seed: int,
    created_at: datetime,
    expires_at: datetime,
    batch_id: str = "hostile",
) -> Batch:
    """Write `requests.parquet`, `manifest.json` and `truth.parquet` of `rows` hostile requests about `register`."""

    def make(session: duckdb.DuckDBPyConnection, people: ParquetRegister) -> Rows:
        form = Form(rows, rows, seed, created_at.astimezone(UTC).date(), MATTERS_PER_OFFICER_AT_SCALE)
        _claim(session, people, form)
        return Rows(form, about(form, f"({_WRITTEN})", _person(form)), truth("claim"))

    return write_batch(
        register, folder, make, rows=rows, batch_id=batch_id, created_at=created_at, expires_at=expires_at,
        memory_limit=f"{3 + rows // 500_000}GB", reads=(miswriting.nickname_file().parent,),
    )  # fmt: skip


def _claim(session: duckdb.DuckDBPyConnection, register: ParquetRegister, form: Form) -> None:
    """Make `claim`: what each request says, before it is written in one way or another, with the truth beside it."""
    pools = relatives.find(session, register, form.rows, seed=form.seed, on=form.on)
    take_names(session, register)
    miswriting.load(session)
    session.execute(f"CREATE TEMP TABLE drawn AS {_drawn(form, pools)}")
    session.execute(f"CREATE TEMP TABLE meant AS {_meant(form)}")
    session.execute(f"CREATE TEMP TABLE claim AS {miswriting.miswritten(form, 'meant')}")


def _drawn(form: Form, pools: relatives.Pools) -> str:
    """One row per request: number, place in the file, kind, and whom it takes from its pool."""
    parts, first, taken = [], 0, dict.fromkeys(pools, 0)
    for kind, count in zip(HOSTILE, divided([kind.weight for kind in HOSTILE], form.rows), strict=True):
        if not count:
            continue
        if kind.pool not in pools:
            raise WrongUse(f"the register has no `{kind.pool}` that the batch could ask about", relatives.NO_MORE)
        pick = f"((n - {first} + {taken[kind.pool]}) % {pools[kind.pool]})::BIGINT"
        parts.append(f"""SELECT n, {text_literal(kind.id)} AS profile, {text_literal(kind.pool)} AS pool,
            {pick} AS pick, {text_literal(kind.noise)} AS noise_mode, {text_literal(kind.about)} AS about,
            {kind.decidable} AS decidable FROM range({first}, {first + count}) r(n)""")
        first, taken[kind.pool] = first + count, taken[kind.pool] + count
    position = Shuffle.seeded(form.rows, seed=form.seed, what="order").sql("n")
    stranger = form.pick("somebody else", pools["person"])
    return f"SELECT *, {position} AS position, {stranger} AS x_pick FROM ({' UNION ALL '.join(parts)})"


def _meant(form: Form) -> str:
    """What each request means to state, and the record of whom it is about."""
    columns = ", ".join(f"{_states(column, form)} AS {column}" for column in STATED)
    whom = "CASE about WHEN 'a' THEN a.person_id WHEN 'b' THEN b.person_id END"
    return f"""SELECT m.*, list_sort(list_filter([s.same_as], lambda x: x IS NOT NULL)) AS same_person,
            coalesce(g.subgroups, []) AS subgroups,
            t.first_name AS true_first, t.last_name AS true_last, t.tin AS true_tin,
            t.birth_date AS true_birth, t.alive AS true_alive, t.home AS true_home, t.former AS true_former
        FROM (SELECT d.n, d.position, d.n AS sound_number, d.profile, d.noise_mode, d.decidable,
                a.person_id AS subject, {whom} AS person_id, {columns}
            FROM drawn d JOIN pool p USING (pool, pick) JOIN near a ON a.person_id = p.a
                LEFT JOIN near b ON b.person_id = p.b
                JOIN pool o ON o.pool = 'person' AND o.pick = d.x_pick JOIN near x ON x.person_id = o.a) m
            LEFT JOIN near t ON t.person_id = m.person_id
            LEFT JOIN (SELECT a AS person_id, b AS same_as FROM bound WHERE pool = 'two records') s
                ON s.person_id = m.person_id
            LEFT JOIN (SELECT person_id, list(name ORDER BY name) AS subgroups FROM subgroup GROUP BY person_id) g
                ON g.person_id = m.subject"""


def _states(column: str, form: Form) -> str:
    chance = form.chance(f"states {column}")
    whens = " ".join(
        f"WHEN {text_literal(kind.id)} THEN {kind.states[column].replace('{chance}', chance)}"
        for kind in HOSTILE
        if column in kind.states
    )
    return f"CASE d.profile {whens} ELSE a.{column} END" if whens else f"a.{column}"


_WRITTEN = f"SELECT * REPLACE ({miswriting.WAYS}) FROM (SELECT *, unnest(home) FROM claim)"
"""The requests as they are written."""


def _person(form: Form) -> dict[str, str]:
    """The identifiers as they stand in the file."""
    stated = (*_ALONE, *ADDRESS)
    return {"request_ref": reference(), "tin": dashed(form), **{name: name for name in stated}}
