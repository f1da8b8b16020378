"""What a simulated requester knows of each person, and how it writes it: names, birth date, number, address.

Rules:
 * The people asked about come from the register or from nowhere: names of two people recombined, a birth date
   and an address made up. A request about nobody never carries a number and the last name that goes with it.
 * A number that is said to belong to nobody belongs to nobody: those that somebody has are dropped.
"""

from __future__ import annotations

from narrowgate.engine.literal import text_literal
from narrowgate.synth import noise
from narrowgate.synth.batch_plan import Plan
from narrowgate.synth.record_2025 import assumed

OWN_TIN = 0.6
"""The share of requests of a benchmark batch that carry the person's own number."""

BAD_ADDRESSES: tuple[tuple[str | None, bool, bool], ...] = (
    ("Failed to Provide", False, False),
    ("Unknown Address", False, False),
    ("NA NA", False, False),
    (None, False, True),
    ("{street}", True, True),
    ("{number}", True, True),
    ("County Jail", True, True),
    ("Detention Center", True, True),
)
"""(street, whether city and state follow, whether a ZIP code follows): the kinds that the public record
names."""


def free_tins(plan: Plan) -> str:
    """A made-up number for each request that may carry one; those that somebody has are yet to be dropped."""
    area = f"({plan.chance('area')} % 899 + 1)"
    rest = f"({plan.chance('group')} % 99 + 1) * 10000 + {plan.chance('serial')} % 9999 + 1"
    return f"""SELECT n AS tin_n, lpad(({area} * 1000000 + {rest})::VARCHAR, 9, '0') AS tin FROM request
        WHERE tin_mode = 'mixed' AND {plan.is_in("tin given", assumed("tin_given"))}"""


def people(plan: Plan) -> str:
    """The requests with everything about the person as written: request columns, names, birth_date, tin,
    address.
    """
    columns = noise.noised(plan.chance("noise detail"))
    rewritten = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    return f"SELECT k.* REPLACE ({rewritten}) FROM ({_known(plan)}) k"


def _known(plan: Plan) -> str:
    """The same before noise."""
    born = plan.days_before(f"6600 + {plan.chance('born')} % 17000")
    kind = noise.kind_sql("noise_mode", plan.chance("noise"))
    return f"""SELECT r.n, r.position, r.sound_number, r.noise,
            coalesce(s.first_name, f.first_name) AS first_name,
            coalesce(s.middle_name, f.middle_name) AS middle_name,
            coalesce(s.last_name, l.last_name) AS last_name, s.name_suffix,
            CASE WHEN s.birth_date IS NULL THEN {born} WHEN r.in_register THEN s.birth_date
                WHEN {born} = s.birth_date THEN {born} - 1 ELSE {born} END AS birth_date,
            {_tin(plan)} AS tin, {_address(plan)}
        FROM (SELECT *, {kind} AS noise FROM request) r
            LEFT JOIN subject s ON s.subject = r.subject AND s.pick = r.pick
            LEFT JOIN held h ON h.subject = r.subject AND h.pick = r.pick
            LEFT JOIN free_tin t ON t.tin_n = r.n
            JOIN name_pool f ON f.j = r.first_j JOIN name_pool l ON l.j = r.last_j
            JOIN street_pool st ON st.j = r.street_j JOIN place c ON c.j = r.place_j"""


def _tin(plan: Plan) -> str:
    """The number supplied. A stranger's is one whose last name begins otherwise, or none if chance gave a
    namesake.
    """
    strangers = f"CASE WHEN {_begin_unlike('l.last_name', 's.last_name')} THEN l.tin END"
    of_other_name = f"CASE WHEN {_begin_unlike('f.last_name', 'l.last_name')} THEN f.tin END"
    return f"""CASE r.tin_mode WHEN 'own' THEN s.tin
        WHEN 'spouse' THEN s.other_tin WHEN 'owner' THEN s.other_tin
        WHEN 'stranger' THEN {strangers}
        WHEN 'some' THEN CASE WHEN {plan.is_in("own tin", OWN_TIN)} THEN s.tin END
        WHEN 'mixed' THEN CASE WHEN {plan.is_in("tin given", assumed("tin_given"))} THEN
            CASE WHEN {plan.is_in("other name", assumed("tin_of_other_name"))} THEN {of_other_name} ELSE t.tin
                END
        END END"""


def _begin_unlike(one: str, other: str) -> str:
    return f"upper(left({one}, 4)) <> upper(left({other}, 4))"


def _address(plan: Plan) -> str:
    """street, unit, city, state, zip: bad, invented, or held."""
    unmatched_and_bad = plan.is_in("bad address", assumed("bad_address_unmatched"))
    is_bad = f"(r.address_mode = 'bad' OR (r.address_mode = 'mixed' AND {unmatched_and_bad}))"
    is_held = "(r.address_mode NOT IN ('invented', 'mixed') AND r.noise IS DISTINCT FROM 'moved' AND h.at IS NOT NULL)"
    number = f"({plan.chance('number')} % 9899 + 101)::VARCHAR"
    apartment = f"'APT ' || ({plan.chance('apt')} % 300 + 1)::VARCHAR"
    invented = {
        "street": f"coalesce(s.street, {number} || ' ' || st.name)",
        "unit": f"CASE WHEN {plan.is_in('unit', 0.15)} THEN {apartment} END",
        "city": "c.city",
        "state": "c.state",
        "zip": "c.zip",
    }
    bad = _bad_address(f"({plan.chance('bad kind')} % {len(BAD_ADDRESSES)})", number)
    return ", ".join(
        f"CASE WHEN {is_bad} THEN {bad[name]} WHEN {is_held} THEN h.at.{name} ELSE {made_up} END AS {name}"
        for name, made_up in invented.items()
    )


def _bad_address(kind: str, number: str) -> dict[str, str]:
    """Each part of the bad address of a kind."""
    fillings = {"{street}": "st.name", "{number}": number}
    texts = " ".join(
        f"WHEN {k} THEN {fillings.get(text) or text_literal(text)}"
        for k, (text, _, _) in enumerate(BAD_ADDRESSES)
        if text is not None
    )
    placed = ", ".join(str(k) for k, (_, has_place, _) in enumerate(BAD_ADDRESSES) if has_place)
    zipped = ", ".join(str(k) for k, (_, _, has_zip) in enumerate(BAD_ADDRESSES) if has_zip)
    return {
        "street": f"CASE {kind} {texts} END",
        "unit": "NULL",
        "city": f"CASE WHEN {kind} IN ({placed}) THEN c.city END",
        "state": f"CASE WHEN {kind} IN ({placed}) THEN c.state END",
        "zip": f"CASE WHEN {kind} IN ({zipped}) THEN c.zip END",
    }
