"""Markdown -> plain text and headings: one block (paragraph, heading, list item, table row, code) a line.

Three readers give the same kind of result, a list of blocks:

* ``_simple_blocks`` reads the few forms that nearly every answer is made of, with one regular expression:
  paragraphs, lists of one level, ``#`` headings and ``**bold**``. Where only signs inside a block are more than that,
  markdown-it-py reads this block, which is a tenth of the work. It gives up (None) on anything else.
* ``_parsed_blocks`` reads all of CommonMark, tables and strikethrough with markdown-it-py. It defines what
  is right: the tests hold the simple reader equal to it on generated text.
* ``_stripped_blocks`` takes over beyond the bounds below, where markdown-it-py may need quadratic time. It
  only drops the marks, line by line.
"""

from __future__ import annotations

import functools
import html
from typing import TYPE_CHECKING

from qtsearch.articles.text_repair import one_line
from qtsearch.patterns import pattern
from qtsearch.values import dataclass

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_PARSED = 100_000
"""Characters up to which markdown-it-py is trusted with a text."""
MAX_DELIMITERS = 1_500
"""``[`` and ``|`` that it is trusted with; links and table cells cost it quadratic time."""
MAX_LINES = 5_000
"""Line breaks that it is trusted with; a line in nested lists costs it up to 0.1 ms."""

Block = tuple[int, str]
"""Heading level (0 where it is no heading) and text of one block, on one line, never empty."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of an answer.

    Attributes:
        level: 1 to 6.
        text: without marks.
        start: offset in characters in the plain text.
    """

    level: int
    text: str
    start: int


def plain_text(markdown: str) -> str:
    r"""Return what a reader sees: no marks, list numbers or link addresses; blocks joined by ``\n``."""
    return "\n".join([text for _, text in _blocks(markdown)])


def headings(markdown: str) -> tuple[Heading, ...]:
    """Return the headings in their order, with their place in ``plain_text(markdown)``."""
    found: list[Heading] = []
    start = 0
    for level, text in _blocks(markdown):
        if level:
            found.append(Heading(level, text, start))
        start += len(text) + 1
    return tuple(found)


def _blocks(markdown: str) -> list[Block]:
    try:
        blocks = _simple_blocks(markdown)
        if blocks is not None:
            return blocks
        if len(markdown) <= MAX_PARSED and not _is_costly(markdown):
            return _parsed_blocks(markdown)
        return _stripped_blocks(markdown)
    except RecursionError:
        return _stripped_blocks(markdown)


def _is_costly(markdown: str) -> bool:
    delimiters = markdown.count("[") + markdown.count("|")
    return delimiters > MAX_DELIMITERS or markdown.count("\n") > MAX_LINES


# The simple reader. A line is empty, or: an optional mark of a list item or heading, one space, text.
# Text begins with a letter, a digit that starts no list number, a quote, a bracket or bold, so it cannot
# begin another block. Spaces behind it are no part of it: one does nothing, two make a hard break, which is read like
# any other break. One call finds all lines, each with the line breaks behind it, and in one piece whatever comes behind
# the last that fits.
_SIMPLE_LINES = pattern(
    r"(?:([-+*]|\d{1,9}[.)]|\#{1,6})[ ])?"
    r"(?=[^\W\d_]|[\"'(“‘]|\*{1,3}\w|\d+[^\W\d_]|\d+[ ,%/–-])"
    r"(.*[^\s#])[ ]*(?:(\n+)|\Z)|([\s\S]+)"
)
_MARKUP = pattern("<(?![ =])|&(?! )")
_BOLD = pattern(r"(?<!\S)\*\*(?=[^\W_])([^*\n]*?)(?:(?<=[^\W_])\*\*|(?<=[:.,;?!)%])\*\*(?!\S))")


def _simple_blocks(markdown: str) -> list[Block] | None:
    if "\t" in markdown or "\r" in markdown or "\0" in markdown or ("\\" in markdown and "\\ " in markdown):
        return None  # they may matter between lines
    is_marked = _is_marked(markdown)
    uneven = not markdown.isascii() or _is_uneven(markdown)
    is_plain = not (is_marked or uneven or "*" in markdown)
    between = " " if is_plain else "\n"
    blocks: list[Block] = []
    more: list[str] = []  # lines that continue the last block; joined at once, of which there may be a million
    goes_on = False  # a line of text now would continue the paragraph or list item above
    in_list = False  # that one is a list item
    for mark, text, breaks, rest in _SIMPLE_LINES.findall(markdown.lstrip("\n")):
        if rest:
            return None
        if goes_on and not mark:
            more.append(text)
            goes_on = breaks == "\n"
            in_list = in_list and goes_on
            continue
        if more:
            blocks[-1] = 0, between.join([blocks[-1][1], *more])
            more = []
        if not mark:
            blocks.append((0, text))
            goes_on = True
        elif mark[0] == "#":
            blocks.append((len(mark), text))
            goes_on = in_list = False
        else:
            if goes_on and not in_list and mark[0].isdigit() and mark not in ("1.", "1)"):
                return None  # such a number is part of the paragraph, not a list item
            blocks.append((0, text))
            goes_on = in_list = True
        if breaks != "\n":
            goes_on = in_list = False
    if more:
        blocks[-1] = 0, between.join([blocks[-1][1], *more])
    if is_plain:
        return blocks
    may_parse = len(markdown) <= MAX_PARSED and not _is_costly(markdown)
    for place, (level, text) in enumerate(blocks):
        plain = None if is_marked and _is_marked(text) else _without_bold(text)
        if plain is None:
            if not may_parse:
                return None
            plain = one_line(_inline_text(_parser().parseInline(text)[0].children or []))
        elif uneven:
            plain = one_line(plain)
        blocks[place] = level, plain.replace("\n", " ")
    return blocks


def _is_marked(text: str) -> bool:
    """Return whether there are signs in a block, other than stars, that Markdown may act on."""
    # Searches for one string each, here and below, take a twentieth of the time of one for a set.
    if "_" in text or "[" in text or "\\" in text or "`" in text or "~~" in text:
        return True
    return ("<" in text or "&" in text) and _MARKUP.search(text) is not None


def _is_uneven(text: str) -> bool:
    """Return whether there is white space in a plain text other than single blanks and line breaks."""
    if "\x0b" in text or "\x0c" in text or "\x1c" in text or "\x1d" in text or "\x1e" in text or "\x1f" in text:
        return True
    return "  " in text


def _without_bold(text: str) -> str | None:
    """Return a block without the marks of what is bold; None if other stars are left."""
    if "*" in text:
        text = _BOLD.sub(r"\1", text)
        if "*" in text:
            return None
    return text


@functools.cache
def _parser() -> MarkdownIt:
    """Build the parser once a process; that takes as long as reading several answers."""
    from markdown_it import MarkdownIt  # 20 ms, and a search reads headings of simple answers as a rule

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _parsed_blocks(markdown: str) -> list[Block]:
    blocks: list[Block] = []
    level = 0
    cells: list[str] | None = None
    for token in _parser().parse(markdown):
        kind = token.type
        if kind == "inline":
            text = _inline_text(token.children or [])
            if cells is None:
                _add(blocks, level, text)
            else:
                cells.append(one_line(text))
        elif kind == "heading_open":
            level = int(token.tag[1])
        elif kind == "heading_close":
            level = 0
        elif kind == "tr_open":
            cells = []
        elif kind == "tr_close":
            _add(blocks, 0, " | ".join(filter(None, cells or [])))
            cells = None
        elif kind in ("fence", "code_block"):
            _add(blocks, 0, token.content)
        elif kind == "html_block":
            _add(blocks, 0, html.unescape(_without_tags(token.content)))
    return blocks


def _add(blocks: list[Block], level: int, text: str) -> None:
    text = one_line(text)
    if text:
        blocks.append((level, text))


def _inline_text(tokens: list[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        kind = token.type
        if kind in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif kind == "image":
            parts.append(_inline_text(token.children or []))
        elif kind != "html_inline":
            parts.append(token.content)  # "" for the opening and closing tokens of emphasis and links
    return "".join(parts)


def _without_tags(markup: str) -> str:
    """Drop comments and tags. By ``find``, since a pattern would be quadratic on many open comments."""
    parts: list[str] = []
    place = 0
    while (start := markup.find("<", place)) >= 0:
        parts.append(markup[place:start])
        closing = "-->" if markup.startswith("<!--", start) else ">"
        end = markup.find(closing, start)
        if end < 0:
            return " ".join(parts)
        place = end + len(closing)
    parts.append(markup[place:])
    return " ".join(parts)


def _stripped_blocks(markdown: str) -> list[Block]:
    """Drop the marks of each line and make it a block, in linear time and without a look at its neighbours.

    Paragraphs of several lines become several blocks, and rarer marks may remain. That is good enough to
    find and show a text of this size.
    """
    for mark in ("**", "__", "~~", "`", "["):
        markdown = markdown.replace(mark, "")
    markdown = html.unescape(markdown.replace("|", " "))
    blocks: list[Block] = []
    for line in markdown.split("\n"):
        text = " ".join(line.lstrip(" \t>#*+-=").split())
        if "](" in text:
            text = _without_addresses(text)
        if text:
            level = len(line) - len(line.lstrip("#"))
            blocks.append((level if level <= 6 else 0, text))
    return blocks


def _without_addresses(line: str) -> str:
    """Drop ``](address)`` behind each link text."""
    first, *rest = line.split("](")
    return one_line(first + "".join([tail.partition(")")[2] for tail in rest]))
