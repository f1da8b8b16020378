"""A gate with a batch in it, and two tokens: one for the gate's keys, one for signers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from narrowgate.gateway import desk as gateway_desk
from narrowgate.store.gate import open_gate
from narrowgate.terms.agreement import Agreement
from tests.agency import Agency, a_request
from tests.keys.support import PIN, Token, a_token, copied


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Token]]:
    """The module reads its configuration once in a process, so that tokens are made once."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    yield {label: a_token(folder, label) for label in ("gate", "signer")}
    del os.environ["SOFTHSM2_CONF"]


@pytest.fixture
def token(tokens: dict[str, Token], monkeypatch: pytest.MonkeyPatch) -> Token:
    """A token for the gate's keys, with its PIN at hand."""
    monkeypatch.setenv("NARROWGATE_PIN", PIN)
    return tokens["gate"]


@pytest.fixture
def signer_token(tokens: dict[str, Token], monkeypatch: pytest.MonkeyPatch) -> Token:
    """A token without Edwards keys, with its PIN at hand."""
    monkeypatch.setenv("NARROWGATE_PIN", PIN)
    return tokens["signer"]


@pytest.fixture(scope="session")
def with_a_batch(tmp_path_factory: pytest.TempPathFactory) -> Agency:
    """A custodian that received and determined one batch. It is copied, never changed."""
    agency = Agency(tmp_path_factory.mktemp("agency"))
    agency.receives([a_request(1)])
    return agency


@pytest.fixture(scope="session")
def agreement(with_a_batch: Agency) -> Agreement:
    """The agreement of that gate, read once: it takes longer than all else that these tests do."""
    return gateway_desk.agreement_of(open_gate(with_a_batch.folder.root))


@pytest.fixture
def gate(with_a_batch: Agency, agreement: Agreement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A gate with a batch in it."""
    monkeypatch.setattr(gateway_desk, "agreement_of", lambda _: agreement)
    return copied(with_a_batch.folder.root, tmp_path / "gate")
