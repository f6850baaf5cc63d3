"""Many articles out of few: the same subjects and style, with other sentences, numbers, names and links.

Copies would flatter an engine: their posting lists compress too well, and the vocabulary stops growing. Here
each new article is a mixture of sentences of its subject, its numbers are drawn anew, and a part of its words is
replaced by invented terms whose number grows with the collection, as real vocabularies do.

Everything follows from the seed, article by article, so that a larger collection begins with a smaller one.
"""

from __future__ import annotations

import datetime
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qtsearch.articles.model import Article, RelatedArticle

FAMILY = 4
"""New articles that share a topic and link to each other, as the siblings in the source do."""

KEPT_SENTENCES = 0.5
INVENTED_WORDS = 0.04
FAMILIAR_TOPIC = 0.5

_SENTENCE_END = re.compile(r"(?<=[.!?]) +(?=[A-Z])")
_NUMBER = re.compile(r"\d+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_CONNECTORS = ("with", "and", "after", "without", "due to", "secondary to")
_ONSETS = """
    al am be bo cal cin da den dol el en fa fen gal glu he hy ib im ka lam lev lo ma mel mi na ne nor ol or pa pro pra
    qui ra rel ri sal sel si ta tel ti ul ur va ven vi xa xel ya zo zan
"""
_MIDDLES = "ba bi ca cli da do fi fo ga go la li lo ma mi mo na ni no pa pi ra ri ro sa ta ti to va vi za zi"
_ENDINGS = """
    mab nib itis oma osis pril sartan statin vir cillin mycin azole olol idine pathy emia uria plasty ectomy ase gen
    kine cept tide parin gliptin
"""
_SYLLABLES = [part.split() for part in (_ONSETS, _MIDDLES, _ENDINGS)]


class InventedTerms:
    """Draws invented names, new and old ones, as a Pitman-Yor process does (Goldwater et al., 2006).

    After ``n`` draws the number of names grows like ``n ** discount``, and their frequencies fall like Zipf's law: an
    old name is drawn in proportion to how often it was drawn before. The defaults continue the growth of the medical
    articles, whose vocabulary grows roughly like ``words ** 0.6`` (Heaps).
    """

    def __init__(self, rng: random.Random, discount: float = 0.7, strength: float = 100.0) -> None:
        self._rng = rng
        self._discount = discount
        self._strength = strength
        self._drawn: list[str] = []
        self._known: set[str] = set()

    def draw(self) -> str:
        """Return the next name."""
        drawn, known = len(self._drawn), len(self._known)
        new = (self._strength + self._discount * known) / (self._strength + drawn)
        name = self._invent() if self._rng.random() < new else self._rng.choice(self._drawn)
        self._drawn.append(name)
        return name

    def __len__(self) -> int:
        return len(self._known)

    def _invent(self) -> str:
        rng = self._rng
        if rng.random() < 0.15:  # like a gene: BRK17
            name = "".join(rng.choices("ABCDEFGHIKLMNPRSTVX", k=rng.randint(2, 4))) + str(rng.randint(1, 99))
        else:
            name = "".join(rng.choice(part) for part in _SYLLABLES)
        while name in self._known:
            name = rng.choice(_SYLLABLES[0]) + name.lower()
        self._known.add(name)
        return name


@dataclass(frozen=True, slots=True)
class _Source:
    """An article to vary: its topic, and its answer as paragraphs of sentences."""

    article: Article
    topic: str
    paragraphs: list[list[str]]


@dataclass(frozen=True, slots=True)
class _Subject:
    """What the articles of one subject offer to each other."""

    sources: list[_Source]
    sentences: list[str]
    topics: list[str]


class Variation:
    """An endless supply of new articles.

    Args:
        articles: the source; ids must be whole numbers.
        seed: the same seed gives the same articles.
    """

    def __init__(self, articles: Sequence[Article], seed: int = 0) -> None:
        self._rng = random.Random(seed)
        self._terms = InventedTerms(self._rng)
        self._next_id = max(int(article.id or 0) for article in articles) + 1
        self._subjects = _by_subject(articles)
        self._sources = [source for subject in self._subjects.values() for source in subject.sources]

    def articles(self) -> Iterator[Article]:
        """Yield new articles without end, family by family."""
        while True:
            yield from self._family()

    def _family(self) -> list[Article]:
        subject = self._subjects[self._rng.choice(self._sources).article.subject]
        topic = self._topic(subject)
        members = [self._member(self._rng.choice(subject.sources), subject, topic) for _ in range(FAMILY)]
        return [replace(member, related=_links(members, member)) for member in members]

    def _topic(self, subject: _Subject) -> str:
        rng = self._rng
        other = rng.choice(subject.topics) if rng.random() < FAMILIAR_TOPIC else self._terms.draw().capitalize()
        return f"{rng.choice(subject.topics)} {rng.choice(_CONNECTORS)} {other}"

    def _member(self, source: _Source, subject: _Subject, topic: str) -> Article:
        number, self._next_id = self._next_id, self._next_id + 1
        old = source.article
        title = old.title.replace(source.topic, topic) if source.topic in old.title else f"{topic}: {old.title}"
        answer = self._answer(source, subject, topic)
        slug = f"{_NOT_SLUG.sub('-', title.lower()).strip('-')[:120].strip('-')}-{number}"
        folder = old.path.rpartition("/")[0]
        return replace(
            old,
            path=f"{folder}/{slug}.md" if folder else f"{slug}.md",
            id=number,
            title=title,
            question=title if old.question else "",
            answer=answer,
            answer_text=answer,
            date=datetime.date(2015, 1, 1) + datetime.timedelta(days=self._rng.randrange(4000)),
            url=f"{old.url.rpartition('/')[0]}/{slug}",
            file_name=f"{slug}.md",
            page_keywords=(topic, *old.page_keywords[1:]),
            page_description=_SENTENCE_END.split(answer.partition("\n")[0], maxsplit=1)[0].strip(),
        )

    def _answer(self, source: _Source, subject: _Subject, topic: str) -> str:
        paragraphs = (
            " ".join(
                self._varied(sentence.replace(source.topic, topic))
                if self._rng.random() < KEPT_SENTENCES
                else self._varied(self._rng.choice(subject.sentences))
                for sentence in paragraph
            )
            for paragraph in source.paragraphs
        )
        return "\n\n".join(paragraphs)

    def _varied(self, sentence: str) -> str:
        words = _NUMBER.sub(self._other_number, sentence).split(" ")
        replaced = int(len(words) * INVENTED_WORDS + self._rng.random())
        for _ in range(replaced):
            place = self._rng.randrange(len(words))
            stop = words[place][-1:]
            words[place] = self._terms.draw() + (stop if stop in ".,;:?!" else "")
        return " ".join(words)

    def _other_number(self, number: re.Match[str]) -> str:
        digits = len(number.group())
        return str(self._rng.randrange(10 ** min(digits, 6)))


def _by_subject(articles: Sequence[Article]) -> dict[str, _Subject]:
    groups: defaultdict[str, list[_Source]] = defaultdict(list)
    for article in articles:
        groups[article.subject].append(_source(article))
    return {
        name: _Subject(
            sources,
            [sentence for source in sources for paragraph in source.paragraphs for sentence in paragraph],
            sorted({source.topic for source in sources}),
        )
        for name, sources in groups.items()
    }


def _source(article: Article) -> _Source:
    paragraphs = [_SENTENCE_END.split(line) for line in article.answer.split("\n") if line.strip()]
    topic = article.page_keywords[0] if article.page_keywords[0] in article.title else article.title
    return _Source(article, topic, paragraphs)


def _links(family: list[Article], member: Article) -> tuple[RelatedArticle, ...]:
    return tuple(
        RelatedArticle(other.id, other.title, other.subject, other.url) for other in family if other is not member
    )
