"""Say of each hostile request whom it is about, and whether what it states suffices to tell.

Rules:
 * All of it is counted from values: what was stated, before it was written in one way or another, beside the record.
 * The measure of sufficient evidence is written here a second time, apart from any agreement and from the gate: a name
   true to the letter and an address that is or was the person's, with the true date of birth or, if none is stated, the
   true number.
 * Who has died is nobody whom evidence suffices for, and neither is anybody beside whom somebody was put who fits as
   well.
"""

from __future__ import annotations

from narrowgate.synth.batch_plan import reference

HELD = "coalesce(home = true_home OR home = true_former, FALSE)"
"""Whether the address is one that the record has for the person."""

_NAMED = "(first_name = true_first AND last_name = true_last)"
_BORN = """coalesce(birth_date = true_birth
    AND (tin IS NULL OR true_tin IS NULL OR tin = true_tin OR misstated = 'tin digit wrong'), FALSE)"""
_NUMBERED = "(birth_date IS NULL AND coalesce(tin = true_tin, FALSE))"
SUFFICES = f"""coalesce(decidable AND true_alive AND misstated IS DISTINCT FROM 'suffix wrong'
    AND {HELD} AND {_NAMED} AND ({_BORN} OR {_NUMBERED}), FALSE)"""


def truth(claim: str) -> str:
    """A query for the truth of each row of the table `claim`, in the order of the file.

    Columns: request_ref, person_id (missing: nobody in the register), same_person (other ids of the same human being),
    profile, noise, subgroups, address_held, matchable.
    """
    return f"""SELECT {reference()} AS request_ref, person_id, same_person, profile,
            list_filter([misstated, way], lambda x: x IS NOT NULL) AS noise, subgroups,
            {HELD} AS address_held, {SUFFICES} AS matchable
        FROM {claim} ORDER BY position"""
