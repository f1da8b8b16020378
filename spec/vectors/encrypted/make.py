"""Make the vectors of encrypted files: `python spec/vectors/encrypted/make.py`. Written from the page alone.

Rules:
 * The same bytes every time: key and salt are published here and must encrypt nothing else.
 * One file that is read for each length at which something could go wrong, and one for each way to fail.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HERE = Path(__file__).parent
FIRST_LINE = b"narrowgate-encrypted/1\n"
KEY, SALT = bytes(range(32)), bytes(range(32, 64))
CHUNK = 65_536


def content(length: int) -> bytes:
    return (b"0123456789abcde\n" * (length // 16 + 1))[:length]


def chunks(whole: bytes, key: bytes = KEY) -> list[bytes]:
    """The chunks of a file that holds `whole`."""
    cipher = AESGCM(HKDF(SHA256(), 32, SALT, FIRST_LINE).derive(key))
    pieces = [whole[at : at + CHUNK] for at in range(0, len(whole), CHUNK)] or [b""]
    last = len(pieces) - 1
    return [
        cipher.encrypt(number.to_bytes(11, "big") + bytes([number == last]), piece, None)
        for number, piece in enumerate(pieces)
    ]


def main() -> None:
    short, two = chunks(content(20)), chunks(content(CHUNK + 1))
    turned = bytes([short[0][0] ^ 1]) + short[0][1:]
    files = {
        "empty": (chunks(b""), b"", "a file that holds nothing"),
        "short": (short, content(20), "less than a chunk"),
        "two-chunks": (two, content(CHUNK + 1), "a whole chunk and one byte"),
        "turned": ([turned], None, "one bit of a chunk is another"),
        "tag-turned": ([short[0][:-1] + bytes([short[0][-1] ^ 1])], None, "one bit of a tag is another"),
        "cut-in-a-tag": ([short[0][:10]], None, "shorter than one tag"),
        "cut-after-a-chunk": ([two[0]], None, "the last chunk is missing, and the one before does not say it is last"),
        "out-of-order": ([two[1], two[0]], None, "chunks have changed places"),
        "first-missing": ([two[1]], None, "the first chunk is missing"),
        "more-behind": ([*two, two[1]], None, "something stands behind the last chunk"),
        "another-key": (chunks(content(20), bytes(32)), None, "encrypted with another key"),
    }
    heads = {
        "another-first-line": (b"narrowgate-encrypted/2\n" + SALT, "the first line is another"),
        "another-salt": (FIRST_LINE + bytes(32), "the salt is another"),
    }
    listed = []
    for name, (parts, clear, shows) in files.items():
        listed.append(_written(name, FIRST_LINE + SALT + b"".join(parts), clear, shows))
    for name, (head, shows) in heads.items():
        listed.append(_written(name, head + short[0], None, shows))
    listed.append(_written("head-alone", FIRST_LINE + SALT, None, "no chunk at all"))
    (HERE / "vectors.json").write_text(json.dumps({"key": KEY.hex(), "files": listed}, indent=1) + "\n")


def _written(name: str, stored: bytes, clear: bytes | None, shows: str) -> dict[str, object]:
    (HERE / f"{name}.enc").write_bytes(stored)
    found = None if clear is None else {"bytes": len(clear), "sha256": sha256(clear).hexdigest()}
    return {"file": f"{name}.enc", "holds": found, "shows": shows}


if __name__ == "__main__":
    main()
