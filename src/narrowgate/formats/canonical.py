"""Canonical JSON (RFC 8785): one value, one row of bytes.

Rules:
 * Whatever is signed or hashed here as JSON is in this form.
 * A value that has no such form (an infinite float, an integer over 2^53) is our own mistake: a Fault.
"""

from __future__ import annotations

from typing import Any

import rfc8785

from narrowgate.errors import Fault


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a JSON value."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise Fault(f"a value has no canonical JSON form: {error}") from error
