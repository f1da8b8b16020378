"""The verifier stands alone: what it is written on is the standard library and `cryptography`."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import narrowgate_verify
from tests.ledger.support import VECTORS

SOURCE = Path(narrowgate_verify.__file__).parent


def imported(file: Path) -> Iterator[str]:
    """The top-level names of every module that `file` imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield str(node.module).partition(".")[0]


def test_the_verifier_imports_nothing_of_narrowgate() -> None:
    files = sorted(SOURCE.rglob("*.py"))
    assert len(files) > 5
    allowed = sys.stdlib_module_names | {"cryptography", "narrowgate_verify"}
    assert {name for file in files for name in imported(file)} <= allowed


def test_the_verifier_does_not_import_by_name_at_run_time() -> None:
    source = "".join(file.read_text() for file in SOURCE.rglob("*.py"))
    for way in ("importlib", "__import__", "exec(", "eval("):
        assert way not in source


def test_the_verifier_runs_where_narrowgate_is_not_installed(tmp_path: Path) -> None:
    (tmp_path / "narrowgate_verify").symlink_to(SOURCE)
    (tmp_path / "narrowgate").mkdir()
    (tmp_path / "narrowgate" / "__init__.py").write_text("raise RuntimeError('imported')\n")
    done = subprocess.run(
        [sys.executable, "-m", "narrowgate_verify", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "growth" in done.stdout


def test_a_receipt_is_checked_with_no_more_than_it_takes() -> None:
    """Each of these takes a tenth, some a third, of the time in which a receipt is to be checked."""
    slow = ["argparse", "dataclasses", "inspect", "pathlib", "subprocess", "cryptography.x509"]
    slow += ["cryptography.hazmat.primitives.serialization", "cryptography.hazmat.backends.openssl"]
    program = f"""
import sys
from narrowgate_verify.__main__ import main
assert main(["receipt", "receipt/good.json", "--policy", "policy"]) == 0
print([name for name in {slow} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=VECTORS, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
