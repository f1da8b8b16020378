"""The statute a request is made under, as a cite in one form: `8 USC 1253(a)(1)(A)`.

Rules:
 * Only the writing is made even: dots, section signs, spaces, and the case of `USC`. Paragraph letters keep
   their case, because (a) and (A) are different paragraphs.
 * Which cites are accepted is the agreement's to say. A list of several cites in one field is none of them.
"""

from __future__ import annotations

from narrowgate.terms.fact import Fact, Reads, Type

FACTS = (Fact("statute", Type.TEXT, Reads.REQUEST, "The statute cited, in the form `8 USC 1253(a)(1)(A)`."),)

_CLOSE = "replace(replace(replace(replace(statute, ' ', ''), '.', ''), '§', ''), ',', '')"
COLUMNS = {
    "statute": f"regexp_replace({_CLOSE}, '^([0-9]+)[Uu][Ss][Cc][A]?([Ss]ec(tion)?)?', '\\1 USC ')",
}
