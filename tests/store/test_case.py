"""A hand-over may have another name in another case, and is whole under both."""

from __future__ import annotations

from pathlib import Path

from narrowgate.files import link


def test_a_link_takes_the_place_of_what_was_there_and_may_be_made_again(tmp_path: Path) -> None:
    file, name = tmp_path / "facts.parquet", tmp_path / "case" / "facts.parquet"
    name.parent.mkdir()
    file.write_bytes(b"made")
    name.write_bytes(b"half a file, left by a process that was killed")
    for _ in range(2):  # the second time it is what it shall be already
        link(file, name)
        assert name.read_bytes() == b"made"
        assert [one.name for one in name.parent.iterdir()] == ["facts.parquet"]
