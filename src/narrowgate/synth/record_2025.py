"""What the rebuilt batch of 2025 rests on: figures of the public record, and assumptions where the record is
silent.

Rules:
 * A figure names the filing or decision it was published in. Nothing without a source is called a figure.
 * An assumption says its value, of what, and why that value was taken; changing one changes no figure.
 * Shares are of the whole batch of 1,280,000 requests unless said otherwise, and keep their proportion at any
   size.
"""

from __future__ import annotations

from dataclasses import dataclass

REQUESTS = 1_280_000


@dataclass(frozen=True)
class Figure:
    """One published number: what was counted, how many, where it was published."""

    id: str
    counted: str
    value: int
    source: str


@dataclass(frozen=True)
class Assumption:
    """One value that was chosen: a share `of` something, and the reason for choosing it."""

    id: str
    of: str
    share: float
    reason: str


_ROMO = "Romo declaration, 11 Feb 2026, Center for Taxpayer Rights v. IRS, D.D.C. 1:25-cv-00457"
_INDICATIVE = "indicative opinion, 26 Feb 2026, Center for Taxpayer Rights v. IRS, D.D.C. 1:25-cv-00457"
_STAY = "opinion, 21 Nov 2025, Center for Taxpayer Rights v. IRS, D.D.C. 1:25-cv-00457"
_PELTIER = "Peltier declaration, 22 Dec 2025"

PUBLIC_RECORD: tuple[Figure, ...] = (
    Figure("requests", "rows in the file of 27 June 2025", REQUESTS, _ROMO),
    Figure("disclosed", "last known addresses disclosed on 7 August 2025", 47_289, _ROMO),
    Figure("by_tin", "of these, by TIN matching, which never compared the address supplied", 42_695, _INDICATIVE),
    Figure(
        "by_address",
        "of these, by address matching: the difference of the two",
        4_594,
        f"{_ROMO}; {_INDICATIVE}",
    ),
    Figure(
        "bad_address",
        "of these, asked for with incomplete or insufficient addresses: nearly 5 %",
        2_360,
        _ROMO,
    ),
    Figure("one_officer", "more than this many matters named one Assistant Director as engaged", 1_000_000, _STAY),
    Figure("updated", "addresses that were new to the requester: about 33,000", 33_000, _PELTIER),
)

ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption(
        "boilerplate", "requests outside the sound ones whose reason is one of three shared texts", 0.97,
        "whether reasons were shared is not established; so large a file by one office makes it likely. "
        "The other 3 % state none",
    ),
    Assumption(
        "address_not_held", "requests matched by TIN with a full address the custodian never held", 0.609,
        "about 33,000 of 47,289 addresses were new to the requester; less bad and former ones 26,000",
    ),
    Assumption(
        "address_former", "requests matched by TIN that give an address held earlier", 0.103,
        "movers in the simulated register; with the bad and the unknown addresses it adds up to about 33,000",
    ),
    Assumption(
        "wrong_person", "requests matched by TIN whose number belongs to somebody else", 0.0145,
        "false links of that rule measured on the simulated taxpayers of pseudopeople 1.3.1: 684 of 47,025",
    ),
    Assumption(
        "tin_given", "requests matched by nothing that carry a taxpayer number", 0.30,
        "only some rows carried one; how many is not established",
    ),
    Assumption(
        "tin_of_other_name", "of those, numbers that belong to somebody of another last name", 0.30,
        "the first-letters control of TIN matching exists because this happens; the rest belong to nobody",
    ),
    Assumption(
        "bad_address_unmatched", "requests matched by nothing that have the same kinds of bad address", 0.05,
        "the share found among the disclosed is taken for the others too",
    ),
    Assumption(
        "inadmissibility", "requests outside the sound ones with an order under 8 USC 1182(a)", 0.30,
        "orders on inadmissibility grounds are common and do not meet 8 USC 1253(a)(1); "
        "the share is not established",
    ),
    Assumption(
        "young_order", "requests outside the sound ones whose order is 90 days old or less", 0.04,
        "whether the 90 days were checked is not established; orders issue daily",
    ),
    Assumption(
        "relief_pending", "requests outside the sound ones with relief or deferral on record", 0.12,
        "D. Mass. 1:25-cv-12822 (5 Feb 2026) found people with deferred action in the file; "
        "the share is not established",
    ),
    Assumption(
        "no_period", "requests outside the sound ones that state no taxable period", 0.20,
        "which periods were stated, if any, is not established",
    ),
    Assumption(
        "no_matter", "requests outside the sound ones that name no matter", 0.10,
        "D. Mass. 1:25-cv-12822 found that the file was not made for specific criminal investigations",
    ),
    Assumption(
        "ill_formed_date", "requests outside the sound ones whose birth date is not an ISO date", 0.03,
        "the inspector general (8 June 2026) found that the file was not uniform in format",
    ),
    Assumption(
        "sound", "requests sound in every respect, with the right person in the register", 0.00375,
        "no published figure; most are among those matched by address, where nothing adverse was found",
    ),
)  # fmt: skip


def assumed(name: str) -> float:
    """The share that an assumption takes."""
    return next(assumption.share for assumption in ASSUMPTIONS if assumption.id == name)
