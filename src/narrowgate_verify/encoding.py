"""Read base64, numbers and files.

Rules:
 * Base64 has one spelling: the bits that a decoder would throw away are zero, and nothing stands in between. So has
   a number: no leading zeros.
 * A file that was named and is not there is wrong use; one that cannot be read is a fault (OSError).
"""

from __future__ import annotations

import binascii
from os import PathLike

from narrowgate_verify.problems import WrongUse


def base64_bytes(text: str, *, length: int | None = None) -> bytes:
    """The bytes that `text` stands for; ValueError unless it is their one spelling (RFC 4648 section 3.5)."""
    try:
        content = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except ValueError as error:
        raise ValueError(f"`{text}` is not base64") from error
    if binascii.b2a_base64(content, newline=False).decode() != text:
        raise ValueError(f"`{text}` is a second spelling of other base64")
    if length is not None and len(content) != length:
        raise ValueError(f"`{text}` is not of {length} bytes")
    return content


def number(text: str) -> int:
    """The number of at most 19 digits that `text` is; ValueError unless it is its one spelling."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or str(int(text)) != text:
        raise ValueError(f"`{text}` is not a number as it is written here")
    return int(text)


def file_bytes(file: str | PathLike[str]) -> bytes:
    """What the file holds."""
    try:
        with open(file, "rb") as opened:  # noqa: PTH123 - pathlib would be loaded for this alone
            return opened.read()
    except FileNotFoundError as error:
        raise WrongUse(f"there is no file `{file}`") from error
