"""Topics, judgements and runs in the text forms of TREC.

topics   id TAB query text
qrels    topic iteration document grade            separated by white space; the iteration is not used
run      topic Q0 document rank score name         written best first; read by score, as trec_eval does
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from qtsearch.errors import RequestError

Qrels = Mapping[str, Mapping[str, int]]
"""Grade by document by topic; above 0 is relevant."""

Run = Mapping[str, Mapping[str, float]]
"""Score by document by topic; documents stand best first."""

MAX_GRADE = 1_000_000
"""Grades are that large at most, with either sign. trec_eval counts by grade: larger ones cost it memory, and from
2**31 - 1 on its nDCG is 0."""

_Value = TypeVar("_Value")


class Topic(NamedTuple):
    """One thing that is searched for."""

    id: str
    text: str


def read_topics(path: Path) -> tuple[Topic, ...]:
    """Read topics, in their order.

    Raises:
        RequestError: the file cannot be read, a line is no topic, or an id comes twice.
    """
    found: dict[str, Topic] = {}
    for number, line in _lines(path):
        topic_id, tab, text = line.partition("\t")
        if not tab or not topic_id.strip() or not text.strip():
            raise _bad(path, number, "not a topic", "write: id, tab, query text")
        topic = Topic(topic_id.strip(), text.strip())
        if topic.id in found:
            raise _bad(path, number, f"topic {topic.id} comes twice", "give each topic its own id")
        found[topic.id] = topic
    return tuple(found.values())


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Read judgements.

    Raises:
        RequestError: the file cannot be read, a line is no judgement, or a document is judged twice.
    """
    form = f"topic iteration article grade, the grade a whole number up to {MAX_GRADE:,}"
    return _table(path, "a judgement", form, 4, lambda words: _grade(words[3]))


def read_run(path: Path) -> dict[str, dict[str, float]]:
    """Read a run; the documents of each topic by falling score, equal ones by falling id, as trec_eval ranks them.

    Raises:
        RequestError: the file cannot be read, a line is no hit, or a document comes twice.
    """
    table = _table(path, "a hit", "topic Q0 article rank score name", 6, lambda words: _finite(words[4]))
    return {topic: _ranked(scores) for topic, scores in table.items()}


def write_run(path: Path, run: Run, name: str) -> None:
    """Write a run, documents in the order in which they stand.

    trec_eval reads the score alone, as a float of 32 bits, and sorts equal scores by id. So that any reader sees the
    ranking as it was, scores are written by rank: the number of hits, and down to 1.

    Args:
        path: is replaced.
        run: documents best first.
        name: of the run; no white space.

    Raises:
        RequestError: the name, a topic or a document id holds white space or is empty.
        OSError: the file cannot be written.
    """
    lines = [
        _line(
            _word(topic, "give that topic an id"),
            _word(document, "give that article an id"),
            rank,
            len(documents) - rank + 1,
            _word(name, "use a name"),
        )
        for topic, documents in run.items()
        for rank, document in enumerate(documents, 1)
    ]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def make_run(topics: Iterable[Topic], search: Callable[[str], Sequence[str]]) -> dict[str, dict[str, float]]:
    """Return the run of a search over topics.

    Args:
        topics: what to search for.
        search: gives the document ids for a query text, best first; where an id comes twice, the first one counts.
    """
    run = {}
    for topic in topics:
        documents = list(dict.fromkeys(search(topic.text)))
        run[topic.id] = {document: float(len(documents) - place) for place, document in enumerate(documents)}
    return run


def _line(topic: str, document: str, rank: int, score: int, name: str) -> str:
    return f"{topic} Q0 {document} {rank} {score} {name}\n"


def _word(text: str, todo: str) -> str:
    if text.split() != [text]:
        raise RequestError(f"{text!r} cannot stand in a run, whose fields have blanks between them; {todo} without one")
    return text


def _ranked(scores: Mapping[str, float]) -> dict[str, float]:
    # trec_eval: higher score first, then the id that sorts last.
    by_id = sorted(scores, reverse=True)
    return {document: scores[document] for document in sorted(by_id, key=lambda one: -scores[one])}


def _table(
    path: Path, what: str, form: str, width: int, value: Callable[[Sequence[str]], _Value]
) -> dict[str, dict[str, _Value]]:
    table: dict[str, dict[str, _Value]] = {}
    for number, line in _lines(path):
        words = line.split()
        try:
            if len(words) != width:
                raise ValueError
            found = value(words)
        except ValueError:
            raise _bad(path, number, f"not {what}", f"write: {form}") from None
        row = table.setdefault(words[0], {})
        if words[2] in row:
            raise _bad(path, number, f"article {words[2]} comes twice for topic {words[0]}", "remove one line")
        row[words[2]] = found
    return table


def _grade(text: str) -> int:
    value = int(text)
    if abs(value) > MAX_GRADE:
        raise ValueError
    return value


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that say anything, with their numbers from 1."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RequestError(f"cannot read {path}: {error.strerror}; check the name") from error
    except UnicodeDecodeError as error:
        raise RequestError(f"{path} is not UTF-8 text; convert it") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def _bad(path: Path, number: int, what: str, todo: str) -> RequestError:
    return RequestError(f"{path}:{number}: {what}; {todo}")
