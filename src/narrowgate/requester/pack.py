"""Complete a manifest over a rows file, sign it, and put both into a package (`spec/package.md`).

Rules:
 * What the draft says is kept; only what it leaves out is filled in, and the rows file is always measured here.
 * The package appears whole or not at all.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from narrowgate.errors import WrongUse
from narrowgate.files import digest
from narrowgate.formats import cms
from narrowgate.formats.canonical import canonical
from narrowgate.formats.manifest import FORMAT, read_manifest
from narrowgate.formats.package import MANIFEST, SIGNATURE
from narrowgate.terms.refusal import Refusal


def read_draft(file: Path) -> dict[str, Any]:
    """A manifest draft: a JSON object in which members may still be absent."""
    try:
        draft = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise WrongUse(f"`{file}` is not a manifest in JSON: {problem}") from problem
    if not isinstance(draft, dict):
        raise WrongUse(f"`{file}` is not a JSON object")
    return draft


def pack(
    rows: Path, draft: Mapping[str, Any], *, count: int, certificate: Path, key: Path, out: Path
) -> dict[str, Any]:
    """Write the package `out`, a folder or, if its name ends in `.zip`, an archive. Returns the manifest."""
    if out.exists():
        raise WrongUse(f"`{out}` exists already", "name another place with -o; nothing was written")
    manifest = {
        **draft,
        "format": FORMAT,
        "rows": {"file": rows.name, "sha256": digest(rows), "count": count},
    }
    text = canonical(manifest)
    problem = read_manifest(text)
    if isinstance(problem, Refusal):
        raise WrongUse(problem.message, "the manifest was not signed; nothing was written")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".narrowgate-pack-", dir=out.parent) as half:
        folder = Path(half) / "package"
        folder.mkdir()
        (folder / MANIFEST).write_bytes(text)
        cms.sign_detached(text, certificate=certificate, key=key, out=folder / SIGNATURE)
        shutil.copyfile(rows, folder / rows.name)
        if out.suffix == ".zip":
            _zip(folder, Path(half) / "package.zip").replace(out)
        else:
            folder.replace(out)
    return manifest


def _zip(folder: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w", compression=zipfile.ZIP_DEFLATED) as file:
        for member in sorted(folder.iterdir()):
            file.write(member, member.name)
    return archive
