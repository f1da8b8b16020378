"""Assemble the commands, and turn every error into two lines and an exit code.

Rules:
 * Exit codes: 0 done, 1 refused or falls short, 2 wrong use, 3 fault.
 * Errors go to standard error as `narrowgate: error: …` and one hint; with --json also as an object on standard output.
 * Files that commands make are readable by their owner only.
"""

from __future__ import annotations

import os
import sys
import traceback

import typer
from typer.exceptions import Abort, Exit, TyperException

from narrowgate.cli import (
    agreement,
    approve,
    bench,
    demo,
    destroy,
    init,
    judge,
    keys,
    open_answer,
    opinion,
    overseers,
    package,
    receipt,
    register,
    show,
    stay,
    synth,
    verify,
    witness,
)
from narrowgate.cli.printing import error
from narrowgate.errors import NarrowgateError

app = typer.Typer(
    name="narrowgate",
    help="A disclosure gateway: each request is judged clause by clause, and nothing leaves that is not owed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (
    agreement, init, package, judge, show, opinion, approve, open_answer, verify, receipt, destroy, keys, stay,
    overseers, witness, demo, synth, bench, register,
):  # fmt: skip
    group.add_to(app)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.umask(0o077)
    arguments = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in arguments
    try:
        outcome = app(arguments, standalone_mode=False)
    except NarrowgateError as problem:
        error(problem.message, problem.hint, problem.exit_code, as_json=as_json)
        return problem.exit_code
    except Exit as done:
        return done.exit_code
    except TyperException as problem:
        error(problem.format_message(), "see `narrowgate --help`; nothing was done", 2, as_json=as_json)
        return 2
    except (KeyboardInterrupt, Abort):
        error("interrupted", "the same command takes up where this one stopped", 3, as_json=as_json)
        return 3
    except OSError as problem:
        what = f"`{problem.filename}`: {problem.strerror}" if problem.filename else str(problem)
        error(what, "once that is mended, the same command takes up where this one stopped", 3, as_json=as_json)
        return 3
    except Exception as problem:
        traceback.print_exc()
        error(f"{type(problem).__name__}: {problem}", "this is a fault of the program", 3, as_json=as_json)
        return 3
    return outcome if isinstance(outcome, int) else 0
