"""Build a page out of elements, so that nothing in it is markup that was not meant to be.

Rules:
 * Text becomes text, whatever signs it holds: the standard library's writer escapes it.
 * An attribute that is None is left out; `class_` and `for_` stand for the words that Python keeps for itself, and `_`
   for a hyphen.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

Child = Element | str | None | Iterable["Child"]


def element(tag: str, *children: Child, **attributes: str | float | None) -> Element:
    """An element with text and elements in it, in their order; None is nothing, a list is what it holds."""
    made = Element(tag, {_name(key): _value(value) for key, value in attributes.items() if value is not None})
    for child in children:
        _append(made, child)
    return made


def document(*, title: str, style: str, body: Iterable[Child]) -> str:
    """A whole page in English, with its style in it."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", style),
    )
    root = element("html", head, element("body", body), lang="en")
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _append(parent: Element, child: Child) -> None:
    if isinstance(child, Element):
        parent.append(child)
    elif isinstance(child, str):
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + child
        else:
            parent.text = (parent.text or "") + child
    elif child is not None:
        for one in child:
            _append(parent, one)


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    """A text as it is; a number, which is a length in a drawing, to two places."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
