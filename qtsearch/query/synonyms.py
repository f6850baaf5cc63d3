"""A person's own synonyms, read from a text file.

The file is UTF-8, one group a line. Words of a line are parted by commas; each may be several words long::

    # heart
    heart attack, myocardial infarction, MI      # each of these also finds the others
    statin => atorvastatin, simvastatin          # the left ones also find the right ones, not the other way round

A ``#`` at the start of a line or behind a blank begins a comment. Empty lines are passed over. Words are compared by
their terms, so without case, hyphens, plural and stop words.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from qtsearch.analysis.abbreviation_table import Key, long_key, long_keys
from qtsearch.analysis.analyzer import terms
from qtsearch.errors import ConfigError

MAX_BYTES: Final = 5_000_000
"""Size of the file: a hundred thousand groups."""

MAX_WORDS: Final = 16
"""Words that one synonym may consist of."""

MAX_GROUP: Final = 64
"""Synonyms of one line: each of them is searched for when one is typed."""

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_ARROW = "=>"


class Synonyms:
    """What else to search for; immutable.

    Args:
        groups: pairs of what is typed and what is searched for as well, as written; a mutual group has both the same.
    """

    def __init__(self, groups: Iterable[tuple[tuple[str, ...], tuple[str, ...]]] = ()) -> None:
        found: dict[Key, dict[Key, str]] = {}
        for typed, also in groups:
            for text in typed:
                key = long_key(text)
                others = found.setdefault(key, {})
                for other in also:
                    if (other_key := long_key(other)) != key:
                        others.setdefault(other_key, other)
        self._others: Mapping[Key, tuple[str, ...]] = {
            key: tuple(others.values()) for key, others in found.items() if key and others
        }
        self.longest = max(map(len, self._others), default=0)
        """Terms of the longest text that has synonyms."""

    def __len__(self) -> int:
        return len(self._others)

    def lengths(self, words: Sequence[str]) -> list[int]:
        """Return how many words, from the first on, have synonyms together; the most first."""
        keys = enumerate(long_keys(words[: self.longest]), 1)
        return [number for number, key in keys if key in self._others][::-1]

    def alternatives(self, text: str) -> tuple[str, ...]:
        """Return what to search for as well, in the order of the file; () if there is nothing."""
        return self._others.get(long_key(text), ())

    @classmethod
    def load(cls, path: Path) -> Synonyms:
        """Read a synonyms file.

        Raises:
            ConfigError: the file cannot be read, or a line of it cannot be understood.
        """
        return cls(_groups(_read(path), path))


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); name another synonyms file") from error
    except ValueError as error:
        raise ConfigError(f"{str(path)!r} is no file name; name another synonyms file") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}: larger than {MAX_BYTES:,} bytes; is it a synonyms file?")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: is not UTF-8; save the file as UTF-8") from error


def _groups(text: str, path: Path) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for number, line in enumerate(text.split("\n"), 1):
        content = _COMMENT.sub("", line).strip()
        if not content:
            continue
        try:
            yield _group(content)
        except ValueError as error:
            raise ConfigError(f"{path}:{number}: {error}") from error


def _group(line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sides = line.split(_ARROW)
    if len(sides) > 2:
        raise ValueError(f"more than one {_ARROW}; write one group a line")
    if len(sides) == 2:
        return _items(sides[0], f"before {_ARROW}"), _items(sides[1], f"behind {_ARROW}")
    items = _items(line, "on the line")
    if len(items) < 2:
        raise ValueError(f"one synonym is none; write at least two, parted by commas, or use {_ARROW}")
    return items, items


def _items(text: str, where: str) -> tuple[str, ...]:
    items = tuple(" ".join(item.split()) for item in text.split(","))
    if len(items) > MAX_GROUP:
        raise ValueError(f"more than {MAX_GROUP} synonyms {where}; write several lines")
    for item in items:
        count = len(terms(item))
        if not count:
            raise ValueError(f"an empty synonym {where}; take out the extra comma or write the word")
        if count > MAX_WORDS:
            raise ValueError(f"more than {MAX_WORDS} words without a comma {where}; part the synonyms by commas")
    return items
