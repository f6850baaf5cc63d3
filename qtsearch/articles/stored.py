"""An article as bytes: the form in which an index keeps it. MessagePack, so that reading it back runs no code.

Before it stands one byte that says whether the answer holds any Markdown. Most do not: their text is the answer itself,
and is kept once. Reading such an article takes two thirds of the time.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import Any, Final

import msgspec

from qtsearch.articles.model import Article, RelatedArticle

_PLAIN: Final = 0
_MARKED_UP: Final = 1

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Article)
_NAMES: Final = tuple(field.name for field in dataclasses.fields(Article))
_VALUES: Final = attrgetter(*_NAMES)


def encode(article: Article) -> bytes:
    """Return the article as MessagePack: a map of its fields, dates as ISO 8601, behind a byte.

    Lone surrogates, which no file can hold but a Python program may pass, become question marks.
    """
    fields: dict[str, Any] = dict(zip(_NAMES, _VALUES(article), strict=True))
    try:
        return _encoded(fields)
    except UnicodeEncodeError:
        return _encoded(_clean(fields))


def _encoded(fields: dict[str, Any]) -> bytes:
    if fields["answer_text"] != fields["answer"]:
        return bytes([_MARKED_UP]) + _ENCODER.encode(fields)
    return bytes([_PLAIN]) + _ENCODER.encode(fields | {"answer_text": ""})


def decode(data: bytes | memoryview) -> Article:
    """Return the article that ``encode`` was given; about 5 us for 3 KB.

    Raises:
        ValueError: the bytes are no such article.
    """
    kind = data[0] if data else None
    if kind != _PLAIN and kind != _MARKED_UP:
        raise ValueError("not a stored article: it does not say which kind it is")
    try:
        article = _DECODER.decode(memoryview(data)[1:])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(f"not a stored article: {error}") from error
    if kind == _PLAIN:
        object.__setattr__(article, "answer_text", article.answer)  # nobody else has it yet
    return article


def _clean(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {key: _clean(one) for key, one in value.items()}
        case tuple() | list():
            return [_clean(one) for one in value]
        case RelatedArticle():
            return _clean(dataclasses.asdict(value))
    return value
