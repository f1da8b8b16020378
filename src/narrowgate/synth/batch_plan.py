"""The plan of a simulated batch: which request is of which kind, where it stands in the file, and what chance
gives it.

Rules:
 * Every choice is a hash of the seed, the choice's name and the request's number: the same seed, the same
   rows.
 * The file is shuffled: where a request stands tells nothing about its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from narrowgate.engine.literal import literal, text_literal
from narrowgate.synth.numbers import Shuffle
from narrowgate.synth.places import PLACES
from narrowgate.synth.profiles import Share
from narrowgate.synth.subjects import Pools, first_picks


@dataclass(frozen=True)
class Form:
    """What the rows of one batch depend on, besides the people: their number, how many are sound, seed and day."""

    rows: int
    sound_rows: int
    seed: int
    on: date
    matters_per_officer: int

    @property
    def officers(self) -> int:
        """How many officers share the requests of sound form."""
        return -(-self.sound_rows // self.matters_per_officer)

    def chance(self, what: str) -> str:
        """A UBIGINT that is the request's own for each `what`, as SQL over its number `n`."""
        return f"hash({self.seed}, {text_literal(what)}, n)"

    def pick(self, what: str, among: int) -> str:
        """One of 0..among-1."""
        return f"({self.chance(what)} % {max(among, 1)})::BIGINT"

    def is_in(self, what: str, share: float) -> str:
        """Whether the request is in a share of all requests."""
        return f"({self.chance(what)} % 100000 < {round(share * 100_000)})"

    def days_before(self, days: str) -> str:
        """The date so many days before the day of the request."""
        return f"({literal(self.on)} - ({days})::INTEGER)::DATE"


@dataclass(frozen=True)
class Plan(Form):
    """A batch whose requests are of the kinds of `profiles`, about people from pools."""

    shares: Sequence[Share]
    pools: Pools


def request_table(plan: Plan) -> str:
    """One row per request: number, place in the file, profile, and whom it draws from the pools."""
    parts, sound_before = [], 0
    for share, first_pick in first_picks(plan.shares):
        parts.append(_part(share, first_pick, sound_before, plan.pools))
        sound_before += share.count if share.profile.sound else 0
    return f"""SELECT *, {Shuffle.seeded(plan.rows, seed=plan.seed, what="order").sql("n")} AS position,
        {plan.pick("first name", plan.pools.names)} AS first_j, {plan.pick("last name", plan.pools.names)} AS
            last_j,
        {plan.pick("street", plan.pools.streets)} AS street_j, {plan.pick("place", len(PLACES))} AS place_j
        FROM ({" UNION ALL ".join(parts)})"""


def truth(plan: Plan) -> str:
    """request_ref, person_id of the person asked about (NULL: not in the register) and profile, in file
    order.
    """
    return f"""SELECT {reference()} AS request_ref,
        CASE WHEN r.in_register THEN s.person_id END AS person_id, r.profile
        FROM request r LEFT JOIN subject s USING (subject, pick) ORDER BY r.position"""


def reference() -> str:
    """The requester's reference: where the request stands in the file."""
    return "'R-' || lpad((position + 1)::VARCHAR, 8, '0')"


def _part(share: Share, first_pick: int, first_sound: int, pools: Pools) -> str:
    p = share.profile
    size = pools.special.get(p.subject, first_pick + share.count)
    sound_number = f"n - {share.first} + {first_sound}" if p.sound else "NULL"
    return f"""SELECT n, {text_literal(p.id)} AS profile, {text_literal(p.subject)} AS subject,
        ((n - {share.first} + {first_pick}) % {max(size, 1)})::BIGINT AS pick, {text_literal(p.tin)} AS
            tin_mode,
        {text_literal(p.address)} AS address_mode, {text_literal(p.noise)} AS noise_mode,
        ({sound_number})::BIGINT AS sound_number, {literal(p.in_register)} AS in_register
        FROM range({share.first}, {share.first + share.count}) r(n)"""
