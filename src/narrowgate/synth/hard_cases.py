"""How often the hard cases of identity occur in a register larger than the sample: one table.

Rules:
 * A rate is a share of something that is named, with its source, or `assumed` and why that value was taken.
 * The rates hold for the copies of the sample's families, that is for everybody beyond its size; what the sample
   itself has (couples, deaths, moves, boxes, institutions) is copied with it.
 * Where two of them could meet in one person, the first in the table goes before: a rate is of those it is drawn for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """One kind of hard case: a share `of` something, and why that share."""

    id: str
    of: str
    share: float
    source: str


TWO_SURNAMES = Rate(
    "two_surnames", "families with a last name of two words, with a space, a hyphen or a particle", 0.06,
    "assumed: Spanish surnames were 9 % of the 1990 census, and hyphened ones are beside them; records keep both words "
    "of some",
)  # fmt: skip
TRANSLITERATED = Rate(
    "transliterated", "families whose names are written in several ways", 0.02,
    "assumed: names from other scripts and names with marks",
)  # fmt: skip
JUNIORS = Rate(
    "juniors", "sons in a father's household under his last name who bear his whole name", 0.25,
    "assumed, as in the register of the sample's size",
)  # fmt: skip
JUNIOR_SUFFIX = Rate("junior_suffix", "juniors whose record says `JR`", 0.60, "assumed: a suffix is often left off")
SENIOR_SUFFIX = Rate("senior_suffix", "fathers of juniors whose record says `SR`", 0.15, "assumed")
TWINS = Rate(
    "twins", "people who are a twin of somebody at their address", 0.006,
    "assumed: about 3 % of people are twins (National Vital Statistics Reports); few share an address as adults",
)  # fmt: skip
TWINS_ALIKE = Rate("twins_alike", "pairs of twins whose first names are near each other", 0.5, "assumed: many tests")
DOUBLE = Rate(
    "double", "records that are one of two of a single person, one with an ITIN and one with an SSN", 0.002,
    "assumed: who comes to an SSN is to give the ITIN up, and not everybody does",
)  # fmt: skip
SHARED_NUMBER = Rate(
    "shared_number", "records whose number another person's record has too", 0.003,
    "assumed: borrowed numbers that came into the records; on wage statements of the sample 10 % are borrowed",
)  # fmt: skip
SHARED_LAST_NAME = Rate("shared_last_name", "of these pairs, those with one last name", 0.20, "assumed: kin")
SHARED_FIRST_NAME = Rate("shared_first_name", "of these pairs, those with one first name", 0.05, "assumed")
NAMESAKES = Rate(
    "namesakes", "records with the first and last name and birth date of another, who lives elsewhere", 0.002,
    "assumed, so that there are some in a small register; a country of common names has more by chance",
)  # fmt: skip
BLOCK_NAMESAKES = Rate(
    "block_namesakes", "people with a namesake in another apartment of their block", 0.001, "assumed"
)
APARTMENTS = Rate(
    "apartments", "addresses of families, but for boxes and institutions, that are in an apartment block", 0.20,
    "assumed: about one dwelling in five is in a building of five or more (American Community Survey)",
)  # fmt: skip
ATTORNEYS = Rate(
    "attorneys",
    "families whose latest address is in care of a lawyer, a hundred families to an office",
    0.004,
    "assumed",
)
HOSTS = Rate("hosts", "families whose latest address is in care of a private person", 0.004, "assumed")
FORMER_ADDRESSES = Rate(
    "former_addresses", "people with an earlier address in the sample of whom one is kept", 0.60,
    "chosen for 1.35 addresses a person",
)  # fmt: skip
ELSEWHERE = Rate("elsewhere", "addresses outside the part of the country that a copy is of", 0.15, "assumed")
IDENTITY_THEFT = Rate("identity_theft", "people marked as victims of identity theft", 0.005, "assumed")
IMPAIRMENT = Rate("impairment", "people marked under 26 USC 6103(i)(6)", 0.002, "assumed")
NO_BIRTH_DATE = Rate("no_birth_date", "records without a birth date", 0.003, "assumed")
NO_MIDDLE_NAME = Rate("no_middle_name", "records without a middle name", 0.15, "assumed: the sample has one for all")
NO_NUMBER = Rate("no_number", "records without a number", 0.002, "assumed")

BLOCKS = ((360, 1), (60, 7), (12, 35))
"""(apartments, how many): of each 1,200 apartments 360 are in one block, 420 in blocks of 60, 420 in blocks of 12."""
COPIES_FOR_AN_OFFICE = 2
"""So many copies of the sample share one lawyer's office: about a hundred families."""
