"""The two ways in which a check can end badly; a third, a disk that cannot be read, is OSError."""

from __future__ import annotations


class DoesNotVerify(Exception):  # noqa: N818 - a finding about the evidence, not an error of the program
    """The evidence is not what it claims to be (exit 1). Names the first file or entry that is wrong."""


class WrongUse(Exception):  # noqa: N818
    """The question cannot be put like this (exit 2)."""
