"""What a search shows beside its hits as lines: facets, and what made a score."""

from __future__ import annotations

from collections.abc import Iterator

from qtsearch.cli.layout import Line, StyledSpan, bar, cells, counted, padded, shortened, span
from qtsearch.query.scanner import TEXT_FIELDS
from qtsearch.results import Explanation, Facet, ScorePart

MAX_VALUES = 12
"""Values of a facet that are shown; JSON has all of them."""

_LEAST_SHOWN = 0.5e-6
"""What is less is 0 in the six decimals of a score."""
_TYPED = {name: typed for typed, name in TEXT_FIELDS.items()}
"""What the query language calls a field."""

_BAR = 30
_LONGEST = 40


def facet_lines(facet: Facet, *, bars: bool) -> Iterator[Line]:
    """A table of the values of a facet, with a bar for each where ``bars`` is True."""
    yield Line((span(facet.name, "heading"),))
    shown = facet.counts[:MAX_VALUES]
    names = [shortened(span(one.value).text, _LONGEST) for one in shown]
    width = max(map(cells, names), default=0)
    most = max((one.count for one in shown), default=1)
    digits = len(f"{most:,}")
    for name, one in zip(names, shown, strict=True):
        spans = [span(padded(name, width), "name"), span(f"  {one.count:>{digits},}")]
        if bars:
            spans.append(bar(one.count / most, _BAR))
        yield Line(tuple(spans), "  ")
    left = len(facet.counts) - len(shown)
    if left or not shown:
        more = f"and {counted(left, 'more value')}; all of them with --json" if left else "no values"
        yield Line((span(more, "dim"),), "  ")


def explanation_lines(explanation: Explanation, margin: str) -> Iterator[Line]:
    """The score, and one line for each part of it."""
    holds = f"score {explanation.score:.6f}; holds {explanation.coverage:.0%} of the query"
    yield Line((span(holds, "dim"),), margin)
    for part in explanation.parts:
        if part.kind != "rounding" or abs(part.score) >= _LEAST_SHOWN:
            yield Line(tuple(_part_spans(part)), f"{margin}  {part.score:>10.6f}  ")


def _part_spans(part: ScorePart) -> Iterator[StyledSpan]:
    yield span(f"{part.text} in {_TYPED.get(part.field, part.field)}" if part.field else part.kind)
    if part.kind == "pair":
        yield span(" (close together)", "dim")
