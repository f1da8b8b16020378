"""One module per check: what it may be asked, and what it answers. It is loaded if it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from narrowgate_verify.arguments import Asked, Form, Option
from narrowgate_verify.value import Value

Answer = dict[str, Any]

POLICY = Option("--policy", "FILE", "whom to trust", required=True)
JSON = Option("--json", None, "print one JSON object")


class Command(Value):
    """A check: how it is asked, how it is made, and what its answer holds where it does not verify."""

    form: Form
    check: Callable[[Asked], Answer]
    nothing: Answer
