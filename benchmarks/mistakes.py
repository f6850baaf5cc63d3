"""Texts with a typing mistake in one of their words, the same ones whenever they are made."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from qtsearch.evaluation.trec_files import Topic
from qtsearch.query.noisy_channel import KEYBOARD

_LONG_WORD = re.compile(r"\b[a-zA-Z]{5,}\b")


def mistyped(topics: Sequence[Topic], seed: int = 1) -> list[Topic]:
    """Return the topics with a mistake in one word of five letters or more, each kind of mistake in turn.

    Topics without such a word are left as they are.
    """
    return [
        topic._replace(text=_with(MISTAKES[place % len(MISTAKES)], topic.text, random.Random(f"{seed} {topic.id}")))
        for place, topic in enumerate(topics)
    ]


def _with(mistake: Callable[[str, int], str], text: str, chance: random.Random) -> str:
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    word = chance.choice(words)
    places = chance.sample(range(1, len(word[0]) - 1), len(word[0]) - 2)
    wrong = next((wrong for place in places if (wrong := mistake(word[0], place)) != word[0]), word[0])
    return text[: word.start()] + wrong + text[word.end() :]


def _swapped(word: str, place: int) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _left_out(word: str, place: int) -> str:
    return word[:place] + word[place + 1 :]


def _doubled(word: str, place: int) -> str:
    return word[: place + 1] + word[place:]


def _key_beside(word: str, place: int) -> str:
    letter = word[place].lower()
    (row,) = (row for row in KEYBOARD if letter in row)
    at = row.index(letter)
    return word[:place] + row[at + 1 if at + 1 < len(row) else at - 1] + word[place + 1 :]


def _torn_apart(word: str, place: int) -> str:
    return f"{word[: place + 1]} {word[place + 1 :]}"


MISTAKES = (_swapped, _left_out, _doubled, _key_beside, _torn_apart)
