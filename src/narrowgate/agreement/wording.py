"""Say exactly what was measured when a rule of evidence was: its wording, and the list of rules it decided among.

Rules:
 * A wording is the kind and the test of a rule, the values of the parameters that it reads, and the version of the
   forms in which names, numbers and addresses are compared. Its reason and its cites are not in it.
 * Whom one rule decides upon depends on all of them: another may contradict, mark a rival, or decide first. So a list
   has a digest too: the wordings in their order, and the model of the second opinion that was asked.
 * `spec/agreement.md` says both in words, so that they can be worked out without this program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from narrowgate.agreement.language import parameters_of
from narrowgate.agreement.language.spelling import spell_value
from narrowgate.formats.canonical import canonical
from narrowgate.forms import VERSION as FORMS
from narrowgate.terms.agreement import Basis, Evidence, ParameterValue

_QUOTED_OR_SPACE = re.compile(r"('[^']*')|\s+")


@dataclass(frozen=True)
class Identity:
    """What a bound is of, as two digests (hex SHA-256): the rule's wording, and the list of rules that decided."""

    wording: str
    list: str


def identities(basis: Basis, *, second_opinion: str | None) -> dict[str, Identity]:
    """What a bound of each rule of `basis` would be of; `second_opinion` is the digest of the model that is asked."""
    wordings = {rule.id: wording(rule, basis.parameters) for rule in basis.evidence}
    among = _digest({"rules": list(wordings.values()), "second_opinion": second_opinion})
    return {rule: Identity(one, among) for rule, one in wordings.items()}


def wording(rule: Evidence, parameters: Mapping[str, ParameterValue], *, forms: int = FORMS) -> str:
    """The digest of what `rule` asks, with those `parameters` that it reads."""
    read = {name: _spelled(parameters[name]) for name in parameters_of(rule.expression)}
    return _digest({"forms": forms, "kind": rule.kind.value, "parameters": read, "test": one_line(rule.test)})


def one_line(test: str) -> str:
    """A condition with one blank wherever there is white space outside quotes."""
    return _QUOTED_OR_SPACE.sub(lambda found: found.group(1) or " ", test).strip()


def _spelled(value: ParameterValue) -> str | list[str]:
    return [spell_value(one) for one in value] if isinstance(value, tuple) else spell_value(value)


def _digest(value: Mapping[str, object]) -> str:
    return sha256(canonical(value)).hexdigest()
