"""Packages, sessions and what was received before, for tests of what crosses the doors inward."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from narrowgate.engine.parquet import relation
from narrowgate.engine.session import open_session
from narrowgate.formats.limits import Limits
from narrowgate.intake import Received, receive
from narrowgate.terms.refusal import Refusal

VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "package"


def _made_beside_the_vectors() -> ModuleType:
    spec = importlib.util.spec_from_file_location("package_vectors", VECTORS / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


make = _made_beside_the_vectors()
USUAL = Limits()


@dataclass
class Known:
    """What was received before; counts how often it was asked."""

    batches: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)

    def has_batch(self, batch_id: str) -> bool:
        return batch_id in self.batches

    def has_rows(self, sha256: str) -> bool:
        return sha256 in self.rows


def key_for(_: Path) -> bytes:
    """The one key of everything behind the door."""
    return bytes(32)


@dataclass
class Door:
    """A private folder, a locked-down session over it, and the verb."""

    root: Path
    anchors: Path
    known: Known = field(default_factory=Known)

    def __post_init__(self) -> None:
        self.folder = self.root / "private"
        self.folder.mkdir(exist_ok=True)
        self.session = open_session(
            directories=[self.folder], temp_directory=self.root / "spill", memory_limit="1GB", key_for=key_for
        )

    def package(self, content: bytes, name: str = "package.zip") -> Path:
        path = self.root / name
        path.write_bytes(content)
        return path

    def receives(
        self, package: Path, *, now: datetime = make.NOW, limits: Limits = USUAL, agreement: str = "irs-ice-2025"
    ) -> Received | Refusal:
        return receive(
            package,
            session=self.session,
            folder=self.folder,
            anchors=self.anchors,
            now=now,
            known=self.known,
            agreement=agreement,
            key_for=key_for,
            limits=limits,
        )

    def takes(self, content: bytes, **arguments: Any) -> Received:
        outcome = self.receives(self.package(content), **arguments)
        assert isinstance(outcome, Received), outcome
        return outcome

    def refuses(self, package: Path | bytes, code: str, *names: str, **arguments: Any) -> Refusal:
        """Assert the refusal, that it says that no record was looked up, and that nothing was left behind."""
        path = self.package(package) if isinstance(package, bytes) else package
        outcome = self.receives(path, **arguments)
        assert isinstance(outcome, Refusal), outcome
        assert outcome.code == code, outcome
        for name in names:
            assert name in outcome.message
        assert outcome.hint.endswith("no record was looked up")
        self.holds_nothing()
        return outcome

    def holds_nothing(self) -> None:
        assert list(self.folder.iterdir()) == []

    def rows(self, received: Received, *columns: str) -> list[tuple[Any, ...]]:
        return rows_of(self.session, received.request, *columns)


def rows_of(session: duckdb.DuckDBPyConnection, file: Path, *columns: str) -> list[tuple[Any, ...]]:
    """The named columns of a Parquet file, in the order of the file."""
    return session.execute(f"SELECT {', '.join(columns)} FROM {relation(file)}").fetchall()
