"""An article as bytes: the form in which an index keeps it. JSON, so that reading it back runs no code."""

from __future__ import annotations

import datetime
import json
from typing import Any

from qtsearch.articles.model import Article, RelatedArticle

_PLAIN = (
    "path",
    "id",
    "title",
    "question",
    "answer",
    "answer_text",
    "subject",
    "author",
    "url",
    "file_name",
    "score",
    "page_description",
)


def encode(article: Article) -> bytes:
    """Return the article as UTF-8 JSON; absent values and repeated texts are left out."""
    fields: dict[str, Any] = {name: getattr(article, name) for name in _PLAIN}
    if article.answer_text == article.answer:
        del fields["answer_text"]
    if article.question == article.title:
        fields["question"] = True
    fields["date"] = article.date.isoformat() if article.date else None
    fields["page_keywords"] = list(article.page_keywords)
    fields["related"] = [[link.id, link.title, link.subject, link.url] for link in article.related]
    fields["extra"] = [[key, list(texts)] for key, texts in article.extra]
    kept = {name: value for name, value in fields.items() if value not in (None, "", [])}
    # Lone surrogates cannot be UTF-8; as JSON escapes they survive.
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def decode(data: bytes) -> Article:
    """Return the article that ``encode`` was given.

    Raises:
        ValueError: the bytes are no such article.
    """
    try:
        fields = json.loads(data)
        question = fields.get("question", "")
        return Article(
            path=fields["path"],
            id=fields.get("id"),
            title=fields["title"],
            question=fields["title"] if question is True else question,
            answer=fields["answer"],
            answer_text=fields.get("answer_text", fields["answer"]),
            date=datetime.date.fromisoformat(fields["date"]) if "date" in fields else None,
            subject=fields.get("subject", ""),
            author=fields.get("author", ""),
            url=fields.get("url", ""),
            file_name=fields.get("file_name", ""),
            score=fields.get("score"),
            page_keywords=tuple(fields.get("page_keywords", ())),
            page_description=fields.get("page_description", ""),
            related=tuple(RelatedArticle(*link) for link in fields.get("related", ())),
            extra=tuple((key, tuple(texts)) for key, texts in fields.get("extra", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a stored article: {error!r}") from error
