"""An article as values: what one file says, and what can be wrong with it."""

from __future__ import annotations

import datetime

from qtsearch.values import dataclass

ArticleId = int | str
"""The ``id`` of the front matter: a whole number as a rule, text where a site uses names."""


Extra = tuple[tuple[str, tuple[str, ...]], ...]
"""Further front-matter keys that were asked for, each with its values; those without a value are left out."""


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """One ``related_articleN`` of the front matter: a link that an editor chose.

    Attributes:
        id: the id of the article it points to; None where the link has none.
        title: its title as the link words it, "" where absent.
        subject: its subject, "" where absent.
        url: its url, "" where absent.
    """

    id: ArticleId | None
    title: str
    subject: str
    url: str


@dataclass(frozen=True, slots=True)
class Article:
    r"""What one article file says. All texts are NFC, with ``\n`` line breaks.

    Attributes:
        path: the file below the articles folder, with ``/`` between folders; unique.
        id: see ``ArticleId``; None where the file names none.
        title: one line: ``title``, else ``article_title``, else ``question``; never empty.
        question: one line, "" where absent.
        answer: Markdown: ``answer``, else the body of the file; never empty.
        answer_text: ``answer`` as plain text, one block a line.
        date: the day of publication.
        subject, author, url, file_name: one line each, "" where absent.
        score: the site's own score.
        page_keywords: the phrases of ``seo.page_keywords``, in their order.
        page_description: one line, "" where absent.
        related: the curated links, in numeric order of their keys.
        extra: the values of further front-matter keys, those that the configuration names.
    """

    path: str
    id: ArticleId | None
    title: str
    question: str
    answer: str
    answer_text: str
    date: datetime.date | None
    subject: str
    author: str
    url: str
    file_name: str
    score: float | None
    page_keywords: tuple[str, ...]
    page_description: str
    related: tuple[RelatedArticle, ...]
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a writer should mend in a file. A value: it never stops a run.

    Attributes:
        path: the file below the articles folder, with ``/`` between folders.
        what: what is wrong, without a full stop.
        todo: what to do about it.
        line: counted from 1; None where no line is known.
        fatal: True if the file could not be indexed, False for a mere warning.
    """

    path: str
    what: str
    todo: str
    line: int | None = None
    fatal: bool = True

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.what}; {self.todo}"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells a changed file from an unchanged one.

    Attributes:
        size: in bytes.
        mtime_ns: time of last change in nanoseconds since the epoch; 0 where it must not be trusted
            because the file was written in the same moment in which it was read.
        digest: 16 bytes, BLAKE2b of the whole file.
    """

    size: int
    mtime_ns: int
    digest: bytes
