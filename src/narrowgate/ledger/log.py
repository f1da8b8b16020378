"""Append entries to a log on disk, and prove what it holds.

Rules:
 * The log is what its signed checkpoint says. Tiles are written beyond it, made durable, and only then is the
   checkpoint replaced: a crash at any moment leaves the log as it was before, or as it is after.
 * A writer says which size it believes the log to have. Otherwise a ledger put back from an old copy would be
   grown into a second history, and both would be signed.
 * One process writes at a time. What the log holds is read from disk under the lock, never remembered.
 * Entries stream: at any time one bundle of 256 is in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from narrowgate.errors import Fault
from narrowgate.ledger import durable, merkle
from narrowgate.ledger.checkpoint import (
    Checkpoint,
    Succession,
    read_checkpoint,
    signed_checkpoint,
    stated,
    written_text,
)
from narrowgate.ledger.cosignature import with_lines
from narrowgate.ledger.merkle import HASH_SIZE
from narrowgate.ledger.note import Signer, Verifier, signature_line, split
from narrowgate.ledger.paths import audit_paths
from narrowgate.ledger.tiles import ENTRIES, TILE_WIDTH, Tiles, TileWriter, packed
from narrowgate.ledger.tree import Tree

CHECKPOINT = "checkpoint"
LOCK = "lock"


class Log:
    """A log in `folder`. Opened without signers it can be read and proved from, not appended to."""

    def __init__(self, folder: Path, origin: str, signers: Succession, verifiers: Sequence[Verifier]) -> None:
        if not (verifiers or signers.before):
            raise Fault(f"no key was named to check the log `{origin}` with", "the log was not read")
        self._folder = folder
        self._origin = origin
        self._signers = signers
        self._verifiers = tuple(verifiers)
        self._tiles = Tiles(folder)
        self._checkpoint, self._tree = self._read()

    @classmethod
    def create(cls, folder: Path, origin: str, signers: Sequence[Signer]) -> Log:
        """Begin an empty log: its first checkpoint is signed at once. A Fault if there is a log already."""
        folder.mkdir(parents=True, exist_ok=True)
        with durable.only_writer(folder / LOCK):
            if (folder / CHECKPOINT).exists():
                raise Fault(f"there is a log in `{folder}` already", "it was left as it is")
            first = signed_checkpoint(origin, 0, merkle.EMPTY_ROOT, signers)
            durable.replace(folder / CHECKPOINT, first.note.encode())
        return cls.open(folder, origin, signers)

    @classmethod
    def open(
        cls,
        folder: Path,
        origin: str,
        signers: Sequence[Signer] | Succession = (),
        verifiers: Sequence[Verifier] = (),
    ) -> Log:
        """Open the log of `origin`. By default `verifiers` are the keys of whoever signs for the size that it has.

        A Fault if one of them has not signed the checkpoint, or the right edge does not hash to its root.
        """
        always = signers if isinstance(signers, Succession) else Succession(tuple(signers))
        return cls(folder, origin, always, verifiers)

    @property
    def origin(self) -> str:
        """The name of the log, as its checkpoints state it."""
        return self._origin

    @property
    def size(self) -> int:
        """How many entries the log holds."""
        return self._checkpoint.size

    @property
    def root(self) -> bytes:
        """The root hash over all entries, 32 bytes."""
        return self._checkpoint.root

    @property
    def checkpoint(self) -> str:
        """The signed checkpoint, as it is published."""
        return self._checkpoint.note

    @property
    def own_checkpoint(self) -> str:
        """The checkpoint with the log's own signatures alone: the same bytes whoever has cosigned it since.

        They are those under its name. Where keys were rotated, that is the old ones too, which are no longer here.
        """
        text, lines = split(self.checkpoint)
        return text + "\n" + "".join(signature_line(*line) for line in lines if line[0] == self._origin)

    def succeed(self, signers: Succession) -> None:
        """Let `signers` sign from now on; nothing is signed by it."""
        self._signers = signers

    def cosign(self, lines: str) -> None:
        """Put the signature lines of cosigners behind those of the present checkpoint, each once.

        A Fault and no change if the log has grown since it was opened here. That they verify is for the caller to see.
        """
        with durable.only_writer(self._folder / LOCK):
            ours = self._checkpoint
            self._checkpoint, self._tree = self._read()
            if (self.size, self.root) != (ours.size, ours.root):
                raise Fault(f"the log has grown to {self.size} entries since", "nothing was added to its checkpoint")
            durable.replace(self._folder / CHECKPOINT, with_lines(self.checkpoint, lines).encode())
            self._checkpoint, self._tree = self._read()

    def append(self, entries: Iterable[bytes], *, expect_size: int) -> Checkpoint:
        """Add `entries` in order and sign for them; a Fault and no change unless the log holds `expect_size`.

        An error raised by the iterable passes through and leaves the log as it was. Without entries there is
        no new checkpoint.
        """
        with durable.only_writer(self._folder / LOCK), durable.Flush(self._folder) as flush:
            self._checkpoint, self._tree = self._read()
            if self.size != expect_size:
                raise Fault(
                    f"the log holds {self.size} entries where {expect_size} were expected",
                    "nothing was added to it",
                )
            writer = TileWriter(self._folder, flush)
            growth = _Growth(writer, self._tree)
            growth.add(entries)
            if growth.size > self.size:
                writer.finish()
                self._commit(growth.size, merkle.root_of_edge(growth.edge))
                writer.tidy()
        return self._checkpoint

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Entries start..stop-1, each checked against the checkpoint."""
        if not 0 <= start <= stop <= self.size:
            raise Fault(f"the log has no entries {start} to {stop}: it holds {self.size}")
        return self._tree.entries(start, stop)

    def text_at(self, size: int) -> str:
        """What a checkpoint over the first `size` entries states: the text that was signed and cosigned."""
        if not 0 <= size <= self.size:
            raise Fault(f"the log never held {size} entries: it holds {self.size}")
        root = merkle.range_hash(self._tree.node, 0, size) if size else merkle.EMPTY_ROOT
        return written_text(self._origin, size, root)

    def inclusion_proof(self, index: int) -> tuple[bytes, ...]:
        """The audit path from entry `index` to the present root, the leaf's sibling first."""
        if not 0 <= index < self.size:
            raise Fault(f"the log has no entry {index}: it holds {self.size}")
        return merkle.inclusion_proof(self._tree.node, index, self.size)

    def audit_paths(self, start: int, stop: int) -> Iterator[str]:
        """The audit paths of entries start..stop-1 to the present root, as the lines of a tlog-proof."""
        if not 0 <= start <= stop <= self.size:
            raise Fault(f"the log has no entries {start} to {stop}: it holds {self.size}")
        return audit_paths(self._tree, start, stop)

    def consistency_proof(self, old_size: int) -> tuple[bytes, ...]:
        """The hashes which show that the present log begins with its first `old_size` entries."""
        if not 0 <= old_size <= self.size:
            raise Fault(f"the log never held {old_size} entries: it holds {self.size}")
        return merkle.consistency_proof(self._tree.node, old_size, self.size)

    def _commit(self, size: int, root: bytes) -> None:
        """The moment at which the new entries come to exist."""
        grown = signed_checkpoint(self._origin, size, root, self._signers.at(size))
        durable.replace(self._folder / CHECKPOINT, grown.note.encode())
        self._verifiers = ()  # those who signed may have come in new, and are asked from now on
        self._checkpoint, self._tree = self._read()

    def _read(self) -> tuple[Checkpoint, Tree]:
        try:
            note = (self._folder / CHECKPOINT).read_bytes().decode()
        except (FileNotFoundError, UnicodeDecodeError) as error:
            raise Fault(f"`{self._folder / CHECKPOINT}` is not the checkpoint of a log") from error
        checkpoint = read_checkpoint(note, self._origin, self._required(note))
        return checkpoint, Tree(self._tiles, checkpoint.size, checkpoint.root)

    def _required(self, note: str) -> Sequence[Verifier]:
        """The keys that must have signed `note`; a Fault if its size is one for which nobody signs."""
        required = self._verifiers or [signer.verifier for signer in self._signers.at(stated(note).size)]
        if not required:
            raise Fault(f"the log `{self._origin}` has a size for which none of its keys signs", "it was not read")
        return required


class _Growth:
    """The right edge of a log as entries are added: every tile that fills up is written and forgotten."""

    def __init__(self, writer: TileWriter, tree: Tree) -> None:
        self.size = tree.size
        self.edge = list(tree.edge)
        self._writer = writer
        self._bundle = packed(tree.last_bundle())

    def add(self, entries: Iterable[bytes]) -> None:
        """Take in all of `entries`; what is left over at each level is written as a partial tile."""
        source = iter(entries)
        before = self.size
        while chunk := list(islice(source, TILE_WIDTH - self.size % TILE_WIDTH)):
            self._bundle += packed(chunk)
            self.size += len(chunk)
            self._rise(0, merkle.leaf_hashes(chunk))
        if self.size > before:
            self._write_partial_tiles()

    def _rise(self, level: int, hashes: bytes) -> None:
        """Add `hashes` to the tile at the edge of `level`; a tile that is full goes up as one hash."""
        if level == len(self.edge):
            self.edge.append(b"")
        self.edge[level] += hashes
        if len(self.edge[level]) < TILE_WIDTH * HASH_SIZE:
            return
        full, self.edge[level] = self.edge[level], b""
        index = (self.size >> (8 * (level + 1))) - 1
        self._writer.write(level, index, TILE_WIDTH, full)
        if level == 0:
            self._writer.write(ENTRIES, index, TILE_WIDTH, self._bundle)
            self._bundle = b""
        self._rise(level + 1, merkle.complete_root(full))

    def _write_partial_tiles(self) -> None:
        for level, hashes in enumerate(self.edge):
            if hashes:
                index, width = divmod(self.size >> (8 * level), TILE_WIDTH)
                self._writer.write(level, index, width, hashes)
                if level == 0:
                    self._writer.write(ENTRIES, index, width, self._bundle)
