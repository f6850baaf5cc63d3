"""One file -> Article, or ArticleError with path and line.

The file is split by python-frontmatter with an explicit YAML handler. Its other handlers (JSON, TOML)
are never tried: which one applies must not depend on what happens to be installed.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import frontmatter
from frontmatter.default_handlers import YAMLHandler

from qtsearch.articles.bounded_yaml import parse_mapping
from qtsearch.articles.fields import Fields
from qtsearch.articles.markdown import plain_text
from qtsearch.articles.model import Article, Problem
from qtsearch.articles.notes import Notes
from qtsearch.articles.plain_fields import PlainFields, Unusual
from qtsearch.articles.plain_yaml import plain_entries
from qtsearch.articles.text_repair import is_blank, normalize

_MARKER = "---"
_BEGIN = "begin the file with a line '---', then 'title: ...', and end the front matter with a line '---'"


def read_article(
    path: Path | str, name: str, data: bytes, extra: tuple[str, ...] = ()
) -> tuple[Article, tuple[Problem, ...]]:
    """Read one article from the bytes of its file.

    A byte order mark and Windows line breaks are simply accepted. Whatever had to be guessed or left
    out is warned about.

    Args:
        path: the file, as an error message should name it. It is not opened.
        name: the file below the articles folder, with ``/`` between folders; becomes ``Article.path``.
        data: the whole content of the file.
        extra: further front-matter keys to read.

    Returns:
        The article, and the warnings (``fatal`` is False in each).

    Raises:
        ArticleError: no article: not text, no front matter, broken or boundless YAML, no title, no answer.
    """
    notes = Notes(name, str(path))
    text = _decode(data, notes)
    parted = _parted(text)
    if parted is not None:
        simple = plain_entries(parted[0])
        if simple is not None:
            with suppress(Unusual):
                return _article(name, simple, parted[1], notes, extra), ()
    lead = len(text) - len(text.lstrip())
    notes.first_line = 1 + text.count("\n", 0, lead)  # frontmatter.parse strips what stands before the front matter
    handler = _SplittingHandler(notes)
    _, body = frontmatter.parse(text, handler=handler)
    nodes = parse_mapping(handler.front_matter, notes)
    return _article(name, Fields(nodes, notes), body, notes, extra), notes.problems()


def _parted(text: str) -> tuple[str, str] | None:
    """Return front matter and body as python-frontmatter does, where each marker line is ``---`` and nothing else."""
    if not text.startswith("---\n"):
        return None
    close = text.find("\n---", 3)
    if close < 0:
        return None
    end = close + len("\n---")
    if text[end : end + 1] not in ("", "\n"):
        return None
    return text[3 : close + 1], text[end:].strip()


class _SplittingHandler(YAMLHandler):
    """Splits at the two marker lines and keeps the front matter as it is written."""

    def __init__(self, notes: Notes) -> None:
        super().__init__()
        self.front_matter = ""
        self._notes = notes

    def split(self, text: str) -> tuple[str, str]:
        """Split into front matter (from the end of the opening marker on) and body.

        The handler of python-frontmatter takes the first ``---`` line wherever it stands, a rule between
        two paragraphs too, and drops what stands before it; here the file must begin with one.
        """
        if not text:
            raise self._notes.failure("the file is empty", "write an article into it or delete it")
        if not _is_marker(text, 0):
            raise self._notes.failure("there is no front matter", _BEGIN, 0)
        start = _line_end(text, 0)
        close = text.find("\n" + _MARKER, start)
        while close >= 0 and not _is_marker(text, close + 1):
            close = text.find("\n" + _MARKER, close + 1)
        if close < 0:
            raise self._notes.failure("the front matter has no end", "put a line '---' after its last line", 0)
        return text[start : close + 1], text[_line_end(text, close + 1) :]

    def load(self, fm: str, **_: object) -> dict[str, object]:
        """Keep the front matter; the metadata of python-frontmatter stays empty."""
        self.front_matter = fm
        return {}


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _is_marker(text: str, start: int) -> bool:
    """Return whether the line at ``start`` is three or more dashes and nothing else but blanks."""
    if not text.startswith(_MARKER, start):
        return False
    return not text[start : _line_end(text, start)].rstrip().strip("-")


def _decode(data: bytes, notes: Notes) -> str:
    zero = data.find(b"\0")
    if zero >= 0:
        what = f"there is a NUL byte (byte {zero:,} of the file), so this is no text file"
        raise notes.failure(what, "save it as UTF-8 text", data.count(b"\n", 0, zero))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts from behind a byte order mark.
        offset = error.start + len(data) - len(error.object)
        what = f"byte {offset:,} of the file (0x{data[offset]:02X}) is not UTF-8"
        raise notes.failure(what, "save it as UTF-8 text", data.count(b"\n", 0, offset)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _article(name: str, fields: Fields | PlainFields, body: str, notes: Notes, extra: tuple[str, ...]) -> Article:
    question = fields.line("question")
    title = fields.line("title") or fields.line("article_title") or question
    if not title:
        raise notes.failure("there is no title", "add 'title: ...' to the front matter", 0)
    answer = fields.markdown("answer") or ("" if is_blank(body) else normalize(body))
    if not answer:
        raise notes.failure("there is no answer", "add 'answer: >-' or write the text below the front matter", 0)
    seo = fields.section("seo")
    return Article(
        path=name,
        id=fields.id(),
        title=title,
        question=question,
        answer=answer,
        answer_text=plain_text(answer),
        date=fields.date(),
        subject=fields.line("subject"),
        author=fields.line("author"),
        url=fields.line("url"),
        file_name=fields.line("file_name"),
        score=fields.number("score"),
        page_keywords=seo.phrases("page_keywords"),
        page_description=seo.line("page_description"),
        related=fields.related(),
        extra=tuple((key, values) for key in extra if (values := fields.values(key))),
    )
