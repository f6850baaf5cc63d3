"""One whole article: rendered Markdown on a terminal, Markdown source in a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qtsearch.articles.model import Article
from qtsearch.cli.hits import article_link, metadata, public_url, related_lines
from qtsearch.cli.layout import Line, joined, span
from qtsearch.cli.sanitize import sanitize_line, sanitize_text, web_link
from qtsearch.cli.screen import Screen
from qtsearch.config import Settings
from qtsearch.results import RelatedHit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token


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
    parts = (article.author, "" if article.id is None else f"id {article.id}", article.path)
    yield Line(tuple(joined(span(part, "dim") for part in parts)))
    if article.question not in ("", article.title):
        yield Line()
        yield Line((span(article.question),))


def _related_section(related: Sequence[RelatedHit], settings: Settings, screen: Screen) -> Iterator[Line]:
    if not related:
        return
    yield Line()
    yield Line((span("Related", "heading"),), "## " if screen.width is None else "")
    if screen.width is None:
        yield Line()
    for each in related:
        yield from related_lines(each, settings)


def _rendered_markdown(source: str, width: int, settings: Settings, *, styled: bool) -> str:
    """Markdown for a terminal. HTML stays as written: hiding it would hide its text."""
    from rich.markdown import Markdown  # 40 ms, only for a terminal

    from qtsearch.cli.styled import rendered

    def target(url: str) -> str:
        url = public_url(url, settings)
        return web_link(url) if styled else sanitize_line(url)

    markdown = Markdown("", hyperlinks=styled, code_theme="ansi_dark")
    markdown.parsed = _harmless_tokens(source, target)
    return "\n".join(row.rstrip() for row in rendered(markdown, width, styled=styled).split("\n"))


def _harmless_tokens(source: str, target: Callable[[str], str]) -> list[Token]:
    """The Markdown as rich reads it, each link replaced with its ``target``."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
    tokens = parser.parse(source)
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
