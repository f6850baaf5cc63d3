r"""Articles as files in the seed's form: front matter with folded scalars, ``\n`` written out, no body.

Reading here serves the benchmark's own data only, which is well formed; qtsearch has its own reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frontmatter

from qtsearch.articles.model import Article, RelatedArticle

_PLAIN = re.compile(r"[A-Za-z/][\w/ .-]*")
"""Texts that YAML reads as themselves without quotes or folding."""


def read(path: Path, folder: Path) -> Article:
    """Read one article below ``folder``."""
    fields = frontmatter.load(str(path)).metadata
    seo = fields.get("seo", {})
    answer = str(fields["answer"]).replace("\\n", "\n")
    return Article(
        path=path.relative_to(folder).as_posix(),
        id=fields["id"],
        title=fields["title"],
        question=fields.get("question", ""),
        answer=answer,
        answer_text=answer,
        date=fields["date"],
        subject=fields["subject"],
        author=fields["author"],
        url=fields["url"],
        file_name=fields.get("file_name", path.name),
        score=fields.get("score"),
        page_keywords=tuple(part.strip() for part in str(seo.get("page_keywords", "")).split(",")),
        page_description=seo.get("page_description", ""),
        related=tuple(_related(fields)),
    )


def write(article: Article, folder: Path) -> None:
    """Write an article to its path below ``folder``, which must exist."""
    (folder / article.path).write_text(text(article), encoding="utf-8")


def text(article: Article) -> str:
    """Return the text of an article's file."""
    answer = article.answer.replace("\n", "\\n")
    lines = [
        "---",
        "_schema: default",
        f"id: {article.id}",
        f"date: {article.date}",
        f"title: {_folded(article.title)}",
        f"article_title: {_folded(article.title)}",
        "date_format: MMM DD, YYYY",
        "post_on_text: Posted on",
        "seo:",
        f"  title: QuickTakes | {article.subject}",
        f"  page_description: {_folded(article.page_description)}",
        f"  page_keywords: {_folded(', '.join(article.page_keywords))}",
        f"author: {_scalar(article.author)}",
        f"question: {_folded(article.question or article.title)}",
        f"answer: {_folded(answer)}",
        f"subject: {_scalar(article.subject)}",
        f"file_name: {_scalar(article.file_name)}",
        f"url: {_scalar(article.url)}",
        f"score: {-1.0 if article.score is None else article.score}",
    ]
    for number, link in enumerate(article.related, 1):
        lines += [
            f"related_article{number}:",
            f"    id: {link.id}",
            f"    title: {_folded(link.title, indent=8)}",
            f"    subject: {_scalar(link.subject, indent=8)}",
            f"    url: {_scalar(link.url, indent=8)}",
        ]
    return "\n".join([*lines, "---", "", "&nbsp;"])


def _related(fields: dict[str, Any]) -> Iterator[RelatedArticle]:
    number = 1
    while link := fields.get(f"related_article{number}"):
        yield RelatedArticle(link["id"], link["title"], link["subject"], link["url"])
        number += 1


def _scalar(value: str, indent: int = 4) -> str:
    return value if _PLAIN.fullmatch(value) else _folded(value, indent)


def _folded(value: str, indent: int = 4) -> str:
    # Leading blanks would change what a folded scalar means; an empty one would swallow the next line.
    return f">-\n{' ' * indent}{value.strip()}" if value.strip() else '""'
