"""The kinds of request that a simulated batch is made of, and how many of each.

Rules:
 * The first block adds up to the 42,695 that TIN matching disclosed, the second to the 4,594 of address
   matching.
 * `sound` says that the form is sound: own officer, own reason, own matter, a deportability order older than
   90 days, no relief, periods. It does not say that the person asked about is to be found.
 * Counts keep their proportion at any batch size: largest remainders, so that they add up to the batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from narrowgate.synth.record_2025 import REQUESTS

Subject = Literal["person", "spouse", "borrower", "junior", "deceased", "nobody"]
Tin = Literal["own", "spouse", "owner", "stranger", "some", "none", "mixed"]
Address = Literal["held", "current", "former", "bad", "invented", "mixed"]


@dataclass(frozen=True)
class Profile:
    """One kind of request: about whom, with which number and address, sound or not, with noise or not."""

    id: str
    weight: int
    about: str
    subject: Subject
    tin: Tin
    address: Address
    sound: bool = False
    noise: Literal["none", "format", "any", "breaking", "namesake"] = "none"
    in_register: bool = True
    """Whether the person asked about is the register's person of that name; False: a namesake."""


AUGUST_2025: tuple[Profile, ...] = (
    Profile("tin_sound", 1_400, "sound, with the person's own number and an address held",
            "person", "own", "held", sound=True, noise="format"),
    Profile("tin_spouse", 100, "sound in form, with the number of the spouse",
            "spouse", "spouse", "held", sound=True),
    Profile("tin_borrowed", 519, "the number belongs to somebody else with the same first four letters",
            "borrower", "owner", "held"),
    Profile("tin_bad_address", 2_360, "no usable address: placeholder, ZIP code, part missing, bare facility",
            "person", "own", "bad"),
    Profile("tin_former_address", 4_400, "an address held earlier", "person", "own", "former"),
    Profile("tin_current_address", 7_916, "the last known address itself", "person", "own", "current"),
    Profile("tin_other_address", 26_000, "a full address that the custodian never held",
            "person", "own", "invented"),

    Profile("address_sound", 3_400, "sound, without a number: name, birth date and an address held",
            "person", "none", "held", sound=True, noise="format"),
    Profile("address_namesake", 100, "sound in form: a namesake, born otherwise, at an address held",
            "person", "none", "held", sound=True, in_register=False),
    Profile("address_other", 1_094, "matched by address, with the defects of the file",
            "person", "none", "held"),

    Profile("sound_noisy", 1_500, "sound, without a number, and miswritten or moved",
            "person", "none", "held",
            sound=True, noise="breaking"),
    Profile("sound_namesake", 500, "sound in form: a namesake who lives elsewhere",
            "person", "none", "invented", sound=True, in_register=False),
    Profile("sound_stranger_tin", 300, "sound in form, with the number of somebody of another name",
            "person", "stranger", "held", sound=True),
    Profile("sound_absent", 1_000, "sound in form, about nobody in the register",
            "nobody", "none", "invented", sound=True),
    Profile("unmatched", REQUESTS - 50_589, "about nobody in the register, with the defects of the file",
            "nobody", "mixed", "mixed"),
)  # fmt: skip

SOUND: tuple[Profile, ...] = (
    Profile("clean", 500_000, "the person's own data, with or without the number",
            "person", "some", "held", sound=True, noise="format"),
    Profile("noisy", 620_000, "the person's own data, miswritten or moved",
            "person", "some", "held", sound=True, noise="any"),
    Profile("spouse_tin", 6_400, "the number of the spouse", "spouse", "spouse", "held", sound=True),
    Profile("borrowed_tin", 6_400, "the number of whoever it was borrowed from",
            "borrower", "owner", "held", sound=True),
    Profile("stranger_tin", 6_400, "the number of somebody of another name",
            "person", "stranger", "held", sound=True),
    Profile("namesake", 12_800, "a namesake, born on another day, who lives elsewhere",
            "person", "none", "invented", sound=True, in_register=False),
    Profile("namesake_at_address", 3_200, "a namesake, born on another day, at an address held",
            "person", "none", "held", sound=True, in_register=False),
    Profile("junior", 6_400, "a son who bears his father's name, with or without the suffix",
            "junior", "none", "held", sound=True, noise="namesake"),
    Profile("deceased", 6_400, "somebody whose death the custodian has on record",
            "deceased", "some", "held", sound=True),
    Profile("absent", 112_000, "nobody in the register", "nobody", "mixed", "invented", sound=True),
)  # fmt: skip


CLEAN: tuple[Profile, ...] = (SOUND[0],)

PROFILES: Mapping[str, Sequence[Profile]] = {"record": AUGUST_2025, "sound": SOUND, "clean": CLEAN}
"""What a batch may be: as on the public record of 2025; sound in form and miswritten; sound and right."""


@dataclass(frozen=True)
class Share:
    """A profile with its place in the batch: requests `first` to `first + count - 1` before they are
    shuffled.
    """

    profile: Profile
    first: int
    count: int


def shares(profiles: Sequence[Profile], rows: int) -> tuple[Share, ...]:
    """`rows` divided among the profiles in proportion."""
    found, first = [], 0
    for profile, count in zip(profiles, divided([profile.weight for profile in profiles], rows), strict=True):
        found.append(Share(profile, first, count))
        first += count
    return tuple(found)


def divided(weights: Sequence[int], rows: int) -> list[int]:
    """`rows` divided in proportion to `weights`, by largest remainders."""
    total = sum(weights)
    counts = [weight * rows // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda k: -(weights[k] * rows % total))
    for k in by_remainder[: rows - sum(counts)]:
        counts[k] += 1
    return counts
