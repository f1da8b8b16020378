"""The form of a page for an officer: one file of HTML and SVG that loads and runs nothing.

Rules:
 * The page's own policy forbids it to load or run anything, and it has nothing of the kind.
 * Every text is escaped. What is wider than the window is moved by itself, and can be reached by the keyboard.
 * Every page says what the second opinion is not, and by which model it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from narrowgate.second_opinion.model import Model

_NOT_A_DECISION = """This is an aid to reading two records side by side. It decided nothing and decides nothing: the
rules of evidence of the agreement decide, and where this opinion is another, a person. The model was trained on
simulated people. It takes each field by itself, and so gives too much to people of one household, who share a name and
an address for one and the same reason."""
_BITS = """Each bit doubles the odds that two records are of one person, or halves them; bits add up. A pair starts from
the odds that a request is about one person taken at random from the whole country. The sum is not the probability that
a person is the right one."""


def page(title: str, said: Iterable[str], parts: Iterable[str], model: Model) -> str:
    """A page of `parts`, which are HTML, under what is `said`, which is text."""
    paragraphs = "\n".join(f"<p>{escape(one)}</p>" for one in said)
    body = "\n".join(parts)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{paragraphs}
<p class="aside">{_NOT_A_DECISION}</p>
<p>{_BITS}</p>
{body}
<p class="note">Model {escape(model.digest)}</p>
</main>
</body>
</html>
"""


def wide(label: str, inside: str) -> str:
    """`inside`, moved by itself where it is wider than the window."""
    return f'<div class="wide" role="region" aria-label="{escape(label)}" tabindex="0">\n{inside}\n</div>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose rows begin with what they are about."""
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "\n".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return f"<table>\n<thead><tr>{names}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; margin: 0 }
main { max-width: 54rem; margin: 0 auto; padding: 1.5rem }
h1 { font-size: 1.5rem; margin: 0 0 .5rem }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
.aside { border-left: .3rem solid #565c65; padding-left: 1rem }
.wide { overflow-x: auto }
svg { width: 100%; min-width: 40rem; height: auto; font: 14px system-ui, sans-serif; fill: #1b1b1b }
svg .note, .note { font-size: 12px; color: #565c65; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #a9aeb1; vertical-align: top }
td:last-child, thead th:last-child { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
tbody th { font-weight: normal }
@media print {
  main { max-width: none; padding: 0 } .wide { overflow: visible } svg { min-width: 0 }
  section, svg, tr { break-inside: avoid }
}
"""
