"""Read the folder of an agreement: its digest, and the blocks that bind (`spec/agreement.md`).

Rules:
 * What is digested is what is read. A link is not a file of an agreement.
 * Every fence is a block of a known kind; one that is not would be a clause that falls away unnoticed.
 * Whether an agreement is sound (types, cases, guarantees) is not decided here, only what it says.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from narrowgate_verify.problems import DoesNotVerify, WrongUse

TEXT, STAYS, NOT_DIGESTED = "agreement.md", "stays.toml", "measured.toml"
KINDS = ("agreement", "parameter", "statute", "clause", "evidence", "question", "reading", "guarantee")
Block = Mapping[str, Any]
_OPENS = re.compile("```toml ([a-z]+)")


@dataclass(frozen=True)
class Agreement:
    """An agreement as it is written: its digest, its blocks by kind and id in their order, and its stays."""

    digest: str
    blocks: Mapping[str, Mapping[str, Block]]
    stays: tuple[Block, ...]

    @property
    def head(self) -> Block:
        """The one block of the agreement itself."""
        (head,) = self.blocks["agreement"].values()
        return head

    def stays_at(self, moment: datetime) -> frozenset[str]:
        """The ids of its stays that forbid release at `moment`; both ends are included."""
        return frozenset(
            str(stay["id"])
            for stay in self.stays
            if stay["effect"] == "no_release" and stay["effective"] <= moment <= stay.get("ends", moment)
        )


def read_agreement(folder: Path) -> Agreement:
    """The agreement in `folder`; DoesNotVerify says what keeps it from being one."""
    files = dict(_files(folder))
    for name in (TEXT, STAYS):
        if name not in files:
            raise DoesNotVerify(f"the agreement `{folder}` has no `{name}`")
    try:
        blocks = _by_kind(_blocks(files[TEXT].decode()))
        stays = tuple(tomllib.loads(files[STAYS].decode())["stay"])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DoesNotVerify(f"the agreement `{folder}` cannot be read: {error}") from error
    return Agreement(_digest(files), blocks, stays)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the folder, by its path below it."""
    if not folder.is_dir():
        raise WrongUse(f"there is no agreement `{folder}`")
    for path in folder.rglob("*"):
        if path.is_symlink():
            raise DoesNotVerify(f"`{path}` is a link, and no file of the agreement")
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over one line for each file, in the order of the paths as bytes."""
    names = sorted(files.keys() - {NOT_DIGESTED}, key=str.encode)
    lines = (f"{name}\0{sha256(files[name]).hexdigest()}\n" for name in names)
    return sha256("".join(lines).encode()).hexdigest()


def _blocks(text: str) -> Iterator[tuple[str, Block]]:
    """The kind and the content of every fenced block, in their order."""
    kind, content = "", list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        opens = _OPENS.fullmatch(line)
        if kind and line == "```":
            yield kind, tomllib.loads("\n".join(content), parse_float=Decimal)
            kind, content = "", []
        elif kind and "```" not in line and "~~~" not in line:
            content.append(line)
        elif not kind and opens and opens[1] in KINDS:
            kind = opens[1]
        elif kind or "```" in line or "~~~" in line:
            raise DoesNotVerify(f"line {number} of `{TEXT}` neither opens a block of a known kind nor closes one")
    if kind:
        raise DoesNotVerify(f"a block of `{TEXT}` is not closed")


def _by_kind(found: Iterator[tuple[str, Block]]) -> Mapping[str, Mapping[str, Block]]:
    kinds: dict[str, dict[str, Block]] = {kind: {} for kind in KINDS}
    for kind, block in found:
        name = str(block["id"])
        if name.lower() in {other.lower() for other in kinds[kind]}:
            raise DoesNotVerify(f"`{TEXT}` has two of {kind} `{name}`")
        kinds[kind][name] = block
    if len(kinds["agreement"]) != 1:
        raise DoesNotVerify(f"`{TEXT}` has {len(kinds['agreement'])} agreement blocks, where there is one")
    return kinds
