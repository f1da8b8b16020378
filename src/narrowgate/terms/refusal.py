"""A refusal: the answer of a station that will not go on. It is a value, because refusing is ordinary work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """Why a package was not taken.

    `code` is one of the closed list in `spec/package.md`; `message` is for a person and quotes their own value;
    `hint` says what to do and whether any record was looked up.
    """

    code: str
    message: str
    hint: str = "no record was looked up"
