"""How many examples a differential test tries: few in the suite, many in `make fuzz`.

Rules:
 * NARROWGATE_FUZZ multiplies the number that a test names; left out, it is 1.
 * Anything but a whole number from 1 is an error: a fuzz that tried nothing must not look like one that passed.
"""

from __future__ import annotations

import os
import re

VARIABLE = "NARROWGATE_FUZZ"


def examples(usual: int) -> int:
    """`usual` times what NARROWGATE_FUZZ says; ValueError if that is no whole number from 1."""
    times = os.environ.get(VARIABLE, "1")
    if re.fullmatch("[1-9][0-9]*", times) is None:
        raise ValueError(f"{VARIABLE} is `{times}`; it is a whole number from 1")
    return usual * int(times)
