"""Lines for a terminal: wrapped by display cells, coloured, linked. The text is never read as rich markup."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.style import Style
from rich.text import Text

from qtsearch.cli.layout import Line, StyleName

STYLES: dict[StyleName, Style] = {
    "": Style.null(),
    "title": Style(bold=True),
    "title-match": Style(bold=True, color="red"),
    "match": Style(bold=True, color="red"),
    "dim": Style(dim=True),
    "heading": Style(bold=True, color="cyan"),
    "notice": Style(color="yellow"),
    "bad": Style(bold=True, color="red"),
}
"""Only the sixteen colours that every terminal lets its owner choose."""


def styled_text(lines: Iterable[Line], width: int, *, styled: bool) -> str:
    r"""The lines as text for a terminal; each row ends with ``\n``.

    Args:
        lines: what to write.
        width: cells in a row. A row is longer only where a margin leaves less than ten cells.
        styled: whether to write escape codes.
    """
    console = _console(width, styled=styled)
    for line in lines:
        for row in _rows(console, line, width):
            console.print(row, soft_wrap=True)
    return _written(console)


def rendered(what: RenderableType, width: int, *, styled: bool) -> str:
    """Any rich renderable as text for a terminal."""
    console = _console(width, styled=styled)
    console.print(what)
    return _written(console)


def _rows(console: Console, line: Line, width: int) -> Iterable[Text]:
    margin = Text(line.margin, STYLES["dim"])
    text = Text()
    for piece in line.spans:
        text.append(piece.text, STYLES[piece.style] + Style(link=piece.link or None))
    room = max(10, width - margin.cell_len)
    rows = text.wrap(console, room, overflow="fold") if text.plain else [text]
    for number, row in enumerate(rows):
        row.rstrip()
        before = margin if number == 0 else Text(" " * margin.cell_len)
        whole = Text.assemble(before, row)
        whole.rstrip()
        yield whole


def _console(width: int, *, styled: bool) -> Console:
    # An empty environment: NO_COLOR and its kin have already been heard.
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=styled,
        color_system="standard" if styled else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )


def _written(console: Console) -> str:
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()
