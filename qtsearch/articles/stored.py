"""An article as bytes: the form in which an index keeps it. MessagePack, so that reading it back runs no code."""

from __future__ import annotations

import dataclasses
from typing import Final

import msgspec

from qtsearch.articles.model import Article

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Article)


def encode(article: Article) -> bytes:
    """Return the article as MessagePack: a map of its fields, dates as ISO 8601.

    Lone surrogates, which no file can hold but a Python program may pass, become question marks.
    """
    try:
        return _ENCODER.encode(article)
    except UnicodeEncodeError:
        return _ENCODER.encode(_clean(dataclasses.asdict(article)))


def decode(data: bytes) -> Article:
    """Return the article that ``encode`` was given; about 5 us for 6 KB.

    Raises:
        ValueError: the bytes are no such article.
    """
    try:
        return _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(f"not a stored article: {error}") from error


def _clean(value: object) -> object:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {key: _clean(one) for key, one in value.items()}
        case tuple() | list():
            return [_clean(one) for one in value]
    return value
