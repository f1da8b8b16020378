"""How many faults a test tries: few in the suite, many in `make faults`.

Rules:
 * NARROWGATE_FAULTS multiplies the number that a test names; left out, it is 1.
 * Anything but a whole number from 1 is an error: faults that were not tried must not look like faults survived.
"""

from __future__ import annotations

import os
import re

VARIABLE = "NARROWGATE_FAULTS"


def faults(usual: int) -> int:
    """`usual` times what NARROWGATE_FAULTS says; ValueError if that is no whole number from 1."""
    times = os.environ.get(VARIABLE, "1")
    if re.fullmatch("[1-9][0-9]*", times) is None:
        raise ValueError(f"{VARIABLE} is `{times}`; it is a whole number from 1")
    return usual * int(times)
