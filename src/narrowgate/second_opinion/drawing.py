"""Draw bars of bits as plain SVG: nothing is loaded, nothing runs, and it prints.

Rules:
 * What a bar says it says in words and figures too: for and against are told apart by sign, by place and by pattern,
   never by colour alone.
 * What says nothing has no bar.
 * Every text is escaped. A drawing has a title and a description for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_LABELS, _PLOT, _FIGURES, _ROW, _HEAD, _FOOT = 370, 440, 80, 26, 30, 26
_PATTERN = """<defs><pattern id="{name}-against" width="6" height="6" patternUnits="userSpaceOnUse"
  patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><rect width="3" height="6" fill="#8a3b12"/>
</pattern></defs>"""


@dataclass(frozen=True)
class Bar:
    """A bar from one number of bits to another; `whole` marks what others add up to."""

    label: str
    begin: float
    end: float
    whole: bool = False
    apart: bool = False
    """Whether a line is drawn above it."""


def bars(rows: Sequence[Bar], *, name: str, title: str, description: str, even: str) -> str:
    """`rows` from the top down, on one scale that has zero in it; `even` says what the line at zero means.

    `name` is the drawing's own on its page.
    """
    low, high = _span(rows)
    width, height = _LABELS + _PLOT + _FIGURES, _HEAD + _ROW * len(rows) + _FOOT
    scale = _Scale(low, high)
    drawn = "\n".join(_row(bar, scale, _HEAD + _ROW * place, f"url(#{name}-against)") for place, bar in enumerate(rows))
    zero = scale.at(0)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"
  aria-labelledby="{name}-title {name}-description">
<title id="{name}-title">{escape(title)}</title>
<desc id="{name}-description">{escape(description)}</desc>
{_PATTERN.format(name=name)}
{drawn}
<line x1="{zero}" x2="{zero}" y1="{_HEAD - 6}" y2="{height - _FOOT + 4}" stroke="#1b1b1b" stroke-width="1.5"/>
<text x="{zero}" y="{_HEAD - 12}" text-anchor="middle" class="note">{escape(even)}</text>
<text x="{_LABELS}" y="{height - 6}" class="note">against</text>
<text x="{_LABELS + _PLOT}" y="{height - 6}" text-anchor="end" class="note">for one person</text>
</svg>"""


def figure(bits: float) -> str:
    """Bits with their sign and one decimal place."""
    return f"{bits:+.1f}".replace("-", "−") if abs(bits) >= 0.05 else "0"


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float

    def at(self, bits: float) -> float:
        """The place of a number of bits."""
        return round(_LABELS + _PLOT * (bits - self.low) / (self.high - self.low), 1)


def _span(rows: Sequence[Bar]) -> tuple[float, float]:
    """The least and the greatest number of bits, a little more than there are."""
    ends = [0.0, *(bar.begin for bar in rows), *(bar.end for bar in rows)]
    return min(ends) - 1, max(ends) + 1


def _row(bar: Bar, scale: _Scale, top: float, against: str) -> str:
    left, right = sorted((scale.at(bar.begin), scale.at(bar.end)))
    bits = bar.end - bar.begin
    fill = "#1b1b1b" if bar.whole else "#1f5a94" if bits >= 0 else against
    edge = ' stroke="#8a3b12"' if bits < 0 and not bar.whole else ""
    middle, end = top + _ROW / 2 + 4, _LABELS + _PLOT + _FIGURES
    line = f'<line x1="0" x2="{end}" y1="{top - 1}" y2="{top - 1}" stroke="#a9aeb1"/>' if bar.apart else ""
    weight = ' font-weight="bold"' if bar.whole else ""
    size = f'width="{max(right - left, 0.5):.1f}" height="{_ROW - 8}"'
    drawn = f'<rect x="{left}" y="{top + 4}" {size} fill="{fill}"{edge}/>' if bits else ""
    return f"""{line}<text x="{_LABELS - 12}" y="{middle}" text-anchor="end"{weight}>{escape(bar.label)}</text>
{drawn}
<text x="{end - 4}" y="{middle}" text-anchor="end"{weight}>{figure(bits)}</text>"""
