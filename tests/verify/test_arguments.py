"""What is asked on the command line is taken as it is written, or refused with the word that is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowgate_verify.__main__ import CHECKS, main
from narrowgate_verify.arguments import Form, Option, read_arguments
from narrowgate_verify.policy import Group
from narrowgate_verify.problems import WrongUse

FORM = Form(
    ("FILE", "DIR"),
    (
        Option("--policy", "FILE", "whom to trust", required=True),
        Option("--more", "FILE", "what else", repeated=True),
        Option("--json", None, "as JSON"),
    ),
)


def test_places_options_and_flags_stand_in_any_order() -> None:
    asked = read_arguments(["--more=a", "f", "--policy", "p", "d", "--more", "b", "--json"], FORM)
    assert (asked.place("FILE"), asked.place("DIR")) == ("f", "d")
    assert asked.required("--policy") == "p"
    assert asked.all("--more") == ["a", "b"]
    assert asked.flag("--json")


def test_what_is_not_asked_is_not_there() -> None:
    asked = read_arguments(["f", "d", "--policy=p"], FORM)
    assert asked.one("--more") is None
    assert asked.all("--more") == []
    assert not asked.flag("--json")


@pytest.mark.parametrize(
    ("words", "names"),
    [("f --policy p", "DIR"), ("f d", "--policy"), ("f d g --policy p", "`g`"), ("f d --policy", "--policy"),
     ("f d --policy --json", "--policy"), ("f d --policy p --policy q", "twice"), ("f d --policy p --json=1", "--json"),
     ("f d --pol p", "`--pol`"), ("f d --policy p --json --json", "twice")],
)  # fmt: skip
def test_what_is_asked_wrongly_is_named(words: str, names: str) -> None:
    with pytest.raises(WrongUse, match=names):
        read_arguments(words.split(), FORM)


@given(st.lists(st.sampled_from(["f", "--policy", "--policy=p", "--more", "--json", "--", "-x", ""]), max_size=7))
def test_no_words_break_the_reader(words: list[str]) -> None:
    try:
        assert read_arguments(words, FORM).required("--policy") is not None
    except WrongUse as problem:
        assert str(problem)


@pytest.mark.parametrize("check", CHECKS)
def test_each_check_says_what_it_may_be_asked(check: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([check, "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: narrowgate-verify {check} ")
    assert "--policy FILE" in said


def test_a_value_is_given_once_and_stays() -> None:
    group = Group(2, members=("a", "b"))
    assert group == Group(needed=2, members=("a", "b"))
    assert hash(group) == hash(Group(2, ("a", "b")))
    assert group != Group(1, ("a", "b"))
    assert repr(group) == "Group(needed=2, members=('a', 'b'))"
    with pytest.raises(AttributeError):
        group.needed = 1  # type: ignore[misc]
    for wrong in (lambda: Group(1, ("a",), 3), lambda: Group(1, ("a",), needed=2), lambda: Group(1, other=2)):  # type: ignore[call-arg, call-overload]
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(AttributeError):
        Group(1)  # type: ignore[call-arg]
