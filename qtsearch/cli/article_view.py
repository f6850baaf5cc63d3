"""One whole article: rendered Markdown on a terminal, Markdown source in a pipe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qtsearch.articles.model import Article
from qtsearch.cli.hits import article_link, metadata, public_url, related_lines
from qtsearch.cli.layout import Line, joined, span
from qtsearch.cli.sanitize import sanitize_line, sanitize_text, web_link, without_escape_codes
from qtsearch.cli.screen import Screen
from qtsearch.config import Settings
from qtsearch.results import RelatedHit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from markdown_it.token import Token

MAX_RENDERED = 200_000
"""Characters up to which an answer is rendered, which takes a second or two."""
MAX_LINES = 10_000
"""Line breaks likewise; one in a deep list or quote costs up to 0.1 ms."""
NESTING = (20, 100)
"""How deep lists and quotes may lie in each other: what the parser is used to, and where that is not enough what a
screen of 120 cells has room for. A list counts twice. The parser needs two frames for each, and hostile brackets cost
it time in proportion."""


def article_text(article: Article, related: Sequence[RelatedHit], settings: Settings, screen: Screen) -> str:
    """Title, metadata, the whole answer, and the related articles."""
    answer = sanitize_text(article.answer).strip("\n") + "\n"
    if screen.width is not None:
        answer = _rendered_markdown(answer, screen.width, settings, styled=screen.styled)
    head = screen.text(_head_lines(article, settings, marked=screen.width is None))
    return head + "\n" + answer + screen.text(_related_section(related, settings, screen))


def _head_lines(article: Article, settings: Settings, *, marked: bool) -> Iterator[Line]:
    link = article_link(article.url, article.path, settings)
    yield Line((span(article.title, "title", link),), "# " if marked else "")
    if marked:
        yield Line()
    yield Line(tuple(metadata(article, settings)))
    path = article.path if article.url else ""  # else it stands above, in place of the url
    parts = joined(span(part, "dim") for part in (article.author, _id_text(article), path))
    if parts:
        yield Line(tuple(parts))
    if article.question not in ("", article.title):
        yield Line()
        yield Line((span(article.question),))


def _id_text(article: Article) -> str:
    return "" if article.id is None else f"id {article.id}"


def _related_section(related: Sequence[RelatedHit], settings: Settings, screen: Screen) -> Iterator[Line]:
    if not related:
        return
    yield Line()
    yield Line((span("Related", "heading"),), "## " if screen.width is None else "")
    if screen.width is None:
        yield Line()
    for each in related:
        yield from related_lines(each, settings, addressed=not screen.styled)


def _rendered_markdown(source: str, width: int, settings: Settings, *, styled: bool) -> str:
    """Markdown for a terminal; as written where rendering takes long or loses text.

    HTML stays as written too: hiding it would hide its text.
    """
    if len(source) > MAX_RENDERED or source.count("\n") > MAX_LINES:
        return source
    from rich.markdown import Markdown  # 40 ms, only for a terminal

    from qtsearch.cli.styled import rendered

    def target(url: str) -> str:
        url = public_url(url, settings)
        return web_link(url) if styled else sanitize_line(url)

    markdown = Markdown("", hyperlinks=styled, code_theme="ansi_dark")
    try:
        tokens = _harmless_tokens(source, target)
        if not styled:
            for token in tokens:
                _leave_out_repeated_links(token)
        markdown.parsed = tokens
        text = rendered(markdown, width, styled=styled)
    except RecursionError:
        return source
    if not tokens or _is_cut(tokens, text):
        return source
    return "\n".join(row.rstrip() for row in text.split("\n"))


def _is_cut(tokens: Sequence[Token], text: str) -> bool:
    """Whether a letter of the tokens is missing from the text, as in a list or table with no room for it.

    Signs that lines are drawn with count too: the text may have more of any, never fewer.
    """
    wanted, found = Counter("".join(_contents(tokens))), Counter(without_escape_codes(text))
    return any(found[sign] < number for sign, number in wanted.items() if not sign.isspace())


def _contents(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children and token.type != "image":
            yield from _contents(token.children)
        else:
            yield token.content


def _harmless_tokens(source: str, target: Callable[[str], str]) -> list[Token]:
    """The Markdown as rich reads it, each link replaced with its ``target``; nothing if it is nested too deep."""
    from markdown_it import MarkdownIt

    for nesting in NESTING:
        parser = MarkdownIt("commonmark", {"html": False, "maxNesting": nesting}).enable(["strikethrough", "table"])
        tokens = parser.parse(source)
        if all(token.level < nesting - 1 for token in tokens):  # what lies deeper was left out without a word
            break
    else:
        return []
    for token in tokens:
        _make_harmless(token, target)
    return tokens


def _make_harmless(token: Token, target: Callable[[str], str]) -> None:
    """Clean what the parser made: an entity such as ``&#x202e;`` only now is the character it means."""
    token.content = sanitize_text(token.content)
    token.info = sanitize_line(token.info)
    for name in ("href", "src"):
        if name in token.attrs:
            token.attrs[name] = target(str(token.attrs[name]))
    for child in token.children or ():
        _make_harmless(child, target)


def _leave_out_repeated_links(token: Token) -> None:
    """Make plain text of links whose text is their address: without colours that is written beside the text."""
    kept: list[Token] = []
    for child in token.children or ():
        kept.append(child)
        if [one.type for one in kept[-3:]] == ["link_open", "text", "link_close"]:
            link, text, _ = kept[-3:]
            if link.markup == "autolink" or link.attrs["href"] == text.content:
                kept[-3:] = [text]
    token.children = kept or None
