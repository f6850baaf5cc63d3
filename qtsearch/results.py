"""What a search answers: frozen values that a screen, a JSON file or a Python caller can read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Literal, overload

from qtsearch.articles.model import Article, ArticleId
from qtsearch.values import dataclass

Origin = Literal["curated", "similar"]
"""Who says that two articles belong together: an editor, or their words."""

Span = tuple[int, int]
"""Start and end of a stretch of text, in characters, the end not included."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of an article's plain text.

    Attributes:
        text: one line of plain text; it may hold any character that the article holds.
        highlights: where the matched words stand in ``text``: ascending, not overlapping.
        before: True if the article goes on before the fragment.
        after: True if the article goes on after the fragment.
        heading: the heading that the fragment stands under, "" where there is none above it.
    """

    text: str
    highlights: tuple[Span, ...] = ()
    before: bool = False
    after: bool = False
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The parts of an article that show best why it was found: none only where none were asked for."""

    fragments: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class RelatedHit:
    """An article that belongs to another.

    Attributes:
        id, title, subject, url: as indexed; as the curated link words them where it is not indexed.
        path: the file below the articles folder; None where the article is not in the index.
        origin: ``curated`` for an editor's link, ``similar`` for one found by likeness.
    """

    id: ArticleId | None
    title: str
    subject: str
    url: str
    path: str | None
    origin: Origin

    @property
    def indexed(self) -> bool:
        """Whether the article is in the index."""
        return self.path is not None


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One summand of a score.

    Attributes:
        kind: ``word`` for a word of the query, or what it stands for; ``pair`` for two neighbouring words of it close
            together; ``share of the title`` for how much of its title was asked for; ``similar articles`` for what the
            articles most like it lend; ``exact title``; ``rounding`` for the last digits that the other parts lost.
        text: what was found, in the query language; "" where the part is not about words.
        field: where it was found; "" likewise.
        score: what it adds.
    """

    kind: Literal["word", "pair", "share of the title", "similar articles", "exact title", "rounding"]
    text: str
    field: str
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a hit scores what it scores.

    Attributes:
        score: the score of the hit.
        coverage: which share of the query the article holds, 0 to 1; the more, the more its own words count. What even
            the best article lacks counts less.
        parts: they add up to ``score`` from left to right, exactly.
    """

    score: float
    coverage: float
    parts: tuple[ScorePart, ...]


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet, and how many of the matching articles have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """How the matching articles are spread over the values of one key.

    Attributes:
        name: ``subject``, ``author``, ``year``, or a further front-matter key.
        counts: most articles first; years newest first. Articles without a value are not counted, those with several
            values once for each.
    """

    name: str
    counts: tuple[FacetCount, ...]


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """An abbreviation learned from the articles.

    Attributes:
        short, long: both forms, each in its commonest spelling.
        documents: how many articles define it.
    """

    short: str
    long: str
    documents: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that answers the request.

    Attributes:
        rank: its place among all results, from 1 (with an offset of 10 the first is 11).
        score: how well it matches; comparable within one search only. 0 when sorted by date or title.
        article: the article as last indexed.
        title_highlights: where the matched words stand in the title.
        snippet: the best fragments.
        related: curated first, then similar; empty unless the search asked for them.
        explanation: what made the score; None unless the search asked for it and sorted by relevance.
    """

    rank: int
    score: float
    article: Article
    title_highlights: tuple[Span, ...]
    snippet: Snippet
    related: tuple[RelatedHit, ...] = ()
    explanation: Explanation | None = None

    @property
    def id(self) -> ArticleId | None:
        """The article's id."""
        return self.article.id

    @property
    def title(self) -> str:
        """The article's title."""
        return self.article.title

    @property
    def url(self) -> str:
        """The article's url, "" where it has none."""
        return self.article.url

    @property
    def path(self) -> str:
        """The article's file below the articles folder."""
        return self.article.path

    @property
    def subject(self) -> str:
        """The article's subject, "" where it has none."""
        return self.article.subject

    @property
    def author(self) -> str:
        """The article's author, "" where it has none."""
        return self.article.author

    @property
    def date(self) -> datetime.date | None:
        """The article's day of publication."""
        return self.article.date


@dataclass(frozen=True, slots=True)
class Results(Sequence[Hit]):
    """The answer to one request; a sequence of its hits.

    Attributes:
        text: the query text as typed.
        total: how many articles match in all.
        offset: how many of them come before the first hit here.
        hits: the slice that was asked for.
        seconds: how long the engine took.
        notices: one line each for what was not understood or searched for instead, and for words and values that no
            article has.
        also_searched: other names that were searched for too: abbreviations, their long forms, numerals, synonyms.
        did_you_mean: the query text that was probably meant, "" if nothing looks mistyped, or it finds nothing either.
        corrected: True if the hits are those of ``did_you_mean``, as a notice says: ``text`` finds nothing, or differs
            only in words that no article holds.
        facets: counts over all matching articles, in the order asked for.
    """

    text: str
    total: int
    offset: int
    hits: tuple[Hit, ...]
    seconds: float = field(compare=False)
    notices: tuple[str, ...] = ()
    also_searched: tuple[str, ...] = ()
    did_you_mean: str = ""
    corrected: bool = False
    facets: tuple[Facet, ...] = ()

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, place: int) -> Hit: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Hit, ...]: ...

    def __getitem__(self, place: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[place]


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What an index holds.

    Attributes:
        folder: where it lies.
        articles_folder: the folder it was made from.
        documents: indexed articles.
        terms: distinct terms over all searched fields.
        segments: parts the index is stored in.
        bytes: size on disk.
        generation: number of the last commit.
        committed: when that was, in UTC.
        oldest, newest: first and last article date.
        subjects: (subject, articles), most articles first.
        engine: the engine's name and version.
        schema_version: version of the stored form.
    """

    folder: str
    articles_folder: str
    documents: int
    terms: int
    segments: int
    bytes: int
    generation: int
    committed: datetime.datetime
    oldest: datetime.date | None
    newest: datetime.date | None
    subjects: tuple[tuple[str, int], ...]
    engine: str
    schema_version: int
