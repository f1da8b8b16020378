"""The map says where each promise is kept, and what it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from .pages import ROOT

NODE = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
MODULE = re.compile(r"`(narrowgate(?:_verify)?(?:\.\w+)+)`")


def _rows() -> dict[int, tuple[str, str, str]]:
    """Promise number -> (promise, code, tests), from the table in the map."""
    text = (ROOT / "docs" / "route.md").read_text(encoding="utf-8")
    table = text.partition("## Where each promise is kept")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return {int(row[0]): (row[1], row[2], row[3]) for row in cells if row[0].isdigit()}


def _functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _module_is_there(name: str) -> bool:
    path = ROOT / "src" / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def test_thirteen_promises_are_in_the_table_each_once_and_in_order() -> None:
    assert list(_rows()) == list(range(1, 14))


@pytest.mark.parametrize("number", range(1, 14))
def test_a_promise_names_the_code_that_keeps_it_and_tests_that_try_to_break_it(number: int) -> None:
    _, code, tests = _rows()[number]
    modules, nodes = MODULE.findall(code), NODE.findall(tests)
    assert modules
    assert nodes
    assert [name for name in modules if not _module_is_there(name)] == []
    assert [
        f"{file}::{name}" for file, name in nodes if not (ROOT / file).is_file() or name not in _functions(ROOT / file)
    ] == []
