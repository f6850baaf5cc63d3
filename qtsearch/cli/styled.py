"""Lines for a terminal: wrapped by display cells, coloured, linked. The text is never read as rich markup."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.style import Style
from rich.text import Text

from qtsearch.cli.layout import SEPARATOR, Line, StyledSpan, StyleName, padded, shortened, shorter_bar

STYLES: dict[StyleName, Style] = {
    "": Style.null(),
    "title": Style(bold=True),
    "title-match": Style(bold=True, color="red"),
    "match": Style(bold=True, color="red"),
    "dim": Style(dim=True),
    "url": Style(dim=True),
    "heading": Style(bold=True, color="cyan"),
    "notice": Style(color="yellow"),
    "bad": Style(bold=True, color="red"),
    "name": Style.null(),
    "bar": Style(dim=True),
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


def _rows(console: Console, line: Line, width: int) -> Iterator[Text]:
    """The rows of one line, the first with its margin, the others indented as far."""
    margin = Text(line.margin, STYLES["dim"])
    room = max(10, width - margin.cell_len)
    if _cells(line.spans) > room:
        room = max(10, room - line.hanging)
    indent = " " * (margin.cell_len + line.hanging)
    parts = _packed(_fitted(line.spans, room), room)
    rows = [row for part in parts for row in _wrapped(console, part, room)] or [Text()]
    for number, row in enumerate(rows):
        whole = Text.assemble(margin if number == 0 else indent, row)
        whole.rstrip()
        yield whole


def _fitted(spans: Sequence[StyledSpan], room: int) -> Sequence[StyledSpan]:
    """The spans of a table's row in the room there is: its bar becomes shorter or vanishes, then its name does."""
    for style in ("bar", "name"):
        over = _cells(spans) - room
        if over > 0:
            spans = [_narrower(piece, over) if piece.style == style else piece for piece in spans]
    return spans


def _narrower(piece: StyledSpan, by: int) -> StyledSpan:
    width = max(1, cell_len(piece.text) - by)
    if piece.style == "bar":
        return StyledSpan(shorter_bar(piece.text, width), "bar")
    return StyledSpan(padded(shortened(piece.text.rstrip(), width), width), piece.style)


def _packed(spans: Iterable[StyledSpan], room: int) -> Iterator[list[StyledSpan]]:
    """The spans, divided at the separators after which the next part would not fit into the row."""
    parts: list[list[StyledSpan]] = [[]]
    for piece in spans:
        if piece is SEPARATOR:
            parts.append([])
        else:
            parts[-1].append(piece)
    packed = parts[0]
    for part in parts[1:]:
        if _cells(packed) + _cells([SEPARATOR, *part]) <= room:
            packed = [*packed, SEPARATOR, *part]
        else:
            yield packed
            packed = part
    yield packed


def _cells(spans: Iterable[StyledSpan]) -> int:
    return sum(cell_len(piece.text) for piece in spans)


def _wrapped(console: Console, spans: list[StyledSpan], room: int) -> Iterable[Text]:
    text = Text()
    for piece in spans:
        style = STYLES[piece.style] + Style(link=piece.link or None)
        text.append(_with_breaks(piece.text, room) if piece.style == "url" else piece.text, style)
    for row in text.wrap(console, room, overflow="fold") if text.plain else ():
        row.rstrip()
        yield row


def _with_breaks(url: str, room: int) -> str:
    """A url with line breaks after a slash or hyphen, so that its words stay whole where possible."""
    rows = [""]
    for word in re.split(r"(?<=[/-])", url):
        if rows[-1] and cell_len(rows[-1] + word) > room:
            rows.append("")
        rows[-1] += word
    return "\n".join(rows)


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


_LINK_ID = re.compile(r"\x1b\]8;id=[^;]*;([^\x1b]+)")


def _written(console: Console) -> str:
    """What was printed. Rich numbers links at random; here all pieces of one link have one id, in every run."""
    file = console.file
    assert isinstance(file, io.StringIO)
    return _LINK_ID.sub(lambda link: f"\x1b]8;id={crc32(link[1].encode())};{link[1]}", file.getvalue())
