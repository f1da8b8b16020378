"""Take a signed note apart (C2SP signed-note): its text, and who is said to have signed it.

Rules:
 * Nothing is believed here. What is not of the form is no note, and no part of it is used.
 * Not larger and not laxer than the readers of others take it: what this program accepts, they read too.
"""

from __future__ import annotations

from narrowgate_verify.encoding import base64_bytes
from narrowgate_verify.keys import Key
from narrowgate_verify.problems import DoesNotVerify
from narrowgate_verify.value import Value

LONGEST = 1_000_000
MOST_LINES = 100


class Note(Value):
    """The signed text, with its last newline, and per line a key name and key id || signature."""

    text: str
    lines: tuple[tuple[str, bytes], ...]

    def by(self, key: Key) -> list[bytes]:
        """The signatures that are said to be `key`'s."""
        return [signed[4:] for name, signed in self.lines if name == key.name and signed[:4] == key.id]


def read_note(note: bytes, file: str) -> Note:
    """The parts of `note`; `file` is what to call it if it is none."""
    try:
        whole = note[:LONGEST].decode()
    except UnicodeDecodeError as error:
        raise DoesNotVerify(f"`{file}` is not UTF-8") from error
    end = whole.rfind("\n\n")
    lines = whole[end + 2 :].split("\n")
    if end < 0 or len(note) > LONGEST or lines.pop() or not 0 < len(lines) <= MOST_LINES:
        raise DoesNotVerify(f"`{file}` is not a signed note")
    if any(character < " " and character != "\n" for character in whole):
        raise DoesNotVerify(f"`{file}` holds a control character")
    return Note(whole[: end + 1], tuple(_line(line, file) for line in lines))


def _line(line: str, file: str) -> tuple[str, bytes]:
    """Key name and signature of a line: an em dash, a blank, the name, a blank, and base64."""
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "—" or not name or "+" in name or name != "".join(name.split()):
        raise DoesNotVerify(f"`{file}` holds `{line}`, which is not a signature line")
    try:
        signed = base64_bytes(encoded)
    except ValueError as error:
        raise DoesNotVerify(f"`{file}` holds a signature line that is none: {error}") from error
    if len(signed) <= 4:
        raise DoesNotVerify(f"`{file}` holds `{line}`, in which there is no signature")
    return name, signed
