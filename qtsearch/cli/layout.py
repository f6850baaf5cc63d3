"""What stands on each line: spans of harmless text with a style and a link, before any terminal is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from qtsearch.cli.sanitize import sanitize_line
from qtsearch.values import dataclass

StyleName = Literal["", "title", "match", "title-match", "dim", "url", "heading", "notice", "bad", "name", "bar"]


@dataclass(frozen=True, slots=True)
class StyledSpan:
    """A stretch of one line.

    Attributes:
        text: harmless, without line breaks. Made by ``span``, ``highlighted`` or ``bar``.
        style: what it is, not how it looks. Where a row is too short, a ``bar`` gives way first, then a ``name``: both
            are columns of a table, padded to the same width in all of its rows.
        link: a target for a terminal link, percent-encoded; "" for none.
    """

    text: str
    style: StyleName = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, wrapped where the place it is written to is narrower.

    Attributes:
        spans: its text.
        margin: stands before the first row; the rows that follow are indented by its width.
        hanging: cells by which the rows that follow are indented further.
    """

    spans: tuple[StyledSpan, ...] = ()
    margin: str = ""
    hanging: int = 0


HANGING = 2
"""Cells by which it shows, in a list whose lines have no margin, that a row belongs to the one above."""

SEPARATOR = StyledSpan(" · ", "dim")
"""Stands between two parts of a line. Where a row is too short for the next part, it is left out."""


def span(text: object, style: StyleName = "", link: str = "") -> StyledSpan:
    """A span of any text, made harmless."""
    return StyledSpan(sanitize_line(str(text)), style, link)


def highlighted(
    text: str,
    highlights: Sequence[tuple[int, int]],
    style: StyleName = "",
    match: StyleName = "match",
    link: str = "",
) -> list[StyledSpan]:
    """The text in pieces, those under ``highlights`` in the style ``match``.

    Args:
        text: any text.
        highlights: starts and ends in characters of ``text``, ascending, not overlapping.
        style: for the text between them.
        match: for the highlighted text.
        link: for all pieces.
    """
    spans, place = [], 0
    for start, end in highlights:
        spans += [span(text[place:start], style, link), span(text[start:end], match, link)]
        place = end
    spans.append(span(text[place:], style, link))
    return [piece for piece in spans if piece.text]


_GAP = "  "
_SHORTEST_BAR = 4


def bar(share: float, width: int) -> StyledSpan:
    """A bar of a table, with a gap before it.

    Args:
        share: which part of the longest bar, from 0 to 1.
        width: cells of the longest bar.
    """
    return StyledSpan(padded(_GAP + "█" * max(1, round(width * share)), len(_GAP) + width), "bar")


def shorter_bar(text: str, width: int) -> str:
    """The text of a bar, drawn to a smaller scale in fewer cells; "" where they are too few to tell bars apart."""
    longest = width - len(_GAP)
    if longest < _SHORTEST_BAR:
        return ""
    return bar(text.count("█") / (len(text) - len(_GAP)), longest).text


def cells(text: str) -> int:
    """How many cells of a terminal the text takes: two for each wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width  # most names need no look at it

    return sum(
        0 if category(each) in ("Mn", "Me", "Cf") else 2 if east_asian_width(each) in "WF" else 1 for each in text
    )


def padded(text: str, width: int) -> str:
    """The text, filled up with spaces to some cells."""
    return text + " " * (width - cells(text))


def shortened(text: str, width: int) -> str:
    """The text in at most so many cells; an ellipsis stands for what is cut off."""
    if cells(text) <= width:
        return text
    kept = text[: max(0, width - 1)]
    while kept and cells(kept) >= width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def counted(number: int, what: str) -> str:
    """A number of things: ``1 article``, ``1,200 articles``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def rows_or(nothing: str, rows: Iterable[Iterable[StyledSpan]]) -> list[Line]:
    """A line for each row of parts, with separators between these; where there is no row, what is said instead."""
    lines = [Line(tuple(joined(parts)), hanging=HANGING) for parts in rows]
    return lines or [Line((span(nothing),))]


def joined(parts: Iterable[StyledSpan]) -> list[StyledSpan]:
    """The parts that are not empty, with separators between them."""
    spans: list[StyledSpan] = []
    for part in parts:
        if part.text:
            spans += [SEPARATOR, part] if spans else [part]
    return spans


def plain_text(lines: Iterable[Line]) -> str:
    r"""The lines as text: no escape codes, no wrapping; each ends with ``\n``."""
    return "".join(f"{line.margin}{''.join(piece.text for piece in line.spans)}".rstrip() + "\n" for line in lines)
