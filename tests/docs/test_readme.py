"""The README's sessions: what it shows is what the program prints."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from narrowgate.cli.app import main
from narrowgate_verify.__main__ import main as verify

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make demo` leaves behind."""
    folder = tmp_path_factory.mktemp("readme") / "demo"
    assert main(["demo", "--folder", str(folder), "--json"]) == 0
    return folder


def first_session() -> Iterator[tuple[list[str], list[str]]]:
    """Each command of the README's first session with the lines that it is said to print."""
    block = re.search(r"```console\n(.*?)```", README.read_text(), re.DOTALL)
    assert block is not None
    for part in block[1].split("$ ")[1:]:
        command, *printed = part.splitlines()
        yield shlex.split(command), [line for line in printed if line.strip() != "…"]


def test_the_first_session_prints_what_the_readme_shows(
    demo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo / "gate")
    capsys.readouterr()
    for (program, *arguments), printed in first_session():
        status = (verify if program == "narrowgate-verify" else main)(arguments)
        assert status == 0
        lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
        for expected in printed:
            pattern = ".*".join(re.escape(part) for part in expected.split("…"))
            assert any(re.fullmatch(pattern, line) for line in lines), expected


def test_the_screen_that_the_readme_shows_is_the_demonstrations(
    demo: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    capsys.readouterr()
    assert main(["demo", "--folder", str(tmp_path / "demo")]) == 0
    printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    block = re.search(r"```text\n(.*?)```", README.read_text(), re.DOTALL)
    assert block is not None
    for line in block[1].splitlines():
        if line.strip() and line.strip() != "…":
            without_seconds = line if not line[-1].isdigit() else line.rsplit(" ", 1)[0].rstrip()
            assert any(found.startswith(without_seconds) for found in printed), line
