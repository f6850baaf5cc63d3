"""What each component of the ranking gives, on both judged collections at once.

    python benchmarks/ablation.py --write-docs

The table goes between the markers in ``docs/scoring.md``. Rankings are made in memory by the functions that searches
use; a component is taken away by setting what it needs to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import judged
import numpy as np
import report
from judged import DEPTH, Judged
from memory_segment import MemorySegment

from qtsearch.evaluation.measures import evaluate
from qtsearch.evaluation.trec_files import Topic, make_run
from qtsearch.query.language import parse
from qtsearch.query.tree import SEARCHED_FIELDS, FieldName
from qtsearch.scoring import ranking, refinement, telling_terms
from qtsearch.scoring.bm25f import FieldWeighting, Weighting, saturate
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.concepts import Concept, Wording
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.ranking import About, rank
from qtsearch.scoring.signature import HEADING_FIELDS, heading, joined, signature, title_key
from qtsearch.scoring.top_k import top_k

SHOWN = ("nDCG@10", "RR@10", "AP", "P@1")
DOCS = Path(__file__).resolve().parent.parent / "docs" / "scoring.md"

UNTUNED = Weighting(
    1.2,
    {
        "title": FieldWeighting(2.0, 0.5),
        "page_keywords": FieldWeighting(1.5, 0.5),
        "answer": FieldWeighting(1.0, 0.75),
    },
)
"""What the ranking began with."""

Patch = tuple[object, str, object]
NO_PAIRS: Patch = (ranking, "pairs_of", lambda _root: [])
NO_TITLES: Patch = (ranking, "title_scores", lambda _evaluator, _words, headings: np.zeros(len(headings.lengths)))
NO_COVERAGE: Patch = (ranking, "covered", lambda _evaluator, _things, docnums, _leader: np.ones(len(docnums)))
NO_EXACT_TITLE: Patch = (ranking, "exact_titles", lambda _query, docnums, *_: np.zeros(len(docnums), np.bool_))
COVERAGE_ALONE: Patch = (refinement, "borrowed", lambda own, *_: np.zeros(len(own)))

VARIANTS: list[tuple[str, Weighting, list[Patch]]] = [
    ("plain BM25F, weights 2 / 1.5 / 1", UNTUNED, [NO_PAIRS, NO_TITLES, NO_COVERAGE, NO_EXACT_TITLE]),
    ("plain BM25F, weights 4 / 3 / 1", Weighting(), [NO_PAIRS, NO_TITLES, NO_COVERAGE, NO_EXACT_TITLE]),
    ("... and pairs", Weighting(), [NO_TITLES, NO_COVERAGE, NO_EXACT_TITLE]),
    ("... and shares of titles", Weighting(), [NO_COVERAGE, NO_EXACT_TITLE]),
    ("... and similar articles", Weighting(), [NO_EXACT_TITLE]),
    ("... and exact titles: the ranking as it is", Weighting(), []),
    ("without pairs", Weighting(), [NO_PAIRS]),
    ("without shares of titles", Weighting(), [NO_TITLES]),
    ("coverage alone, nothing borrowed", Weighting(), [COVERAGE_ALONE]),
    ("with the old weights", UNTUNED, []),
]


class Ranker:
    """Ranks one collection in memory."""

    def __init__(self, data: Judged) -> None:
        self.data = data
        self._segment = MemorySegment([_texts(article) for article in data.articles])
        self._about = About(
            lambda docnums: joined([heading(*self._terms(one, HEADING_FIELDS)) for one in docnums.tolist()]),
            lambda docnums: joined([signature(*self._terms(one, SEARCHED_FIELDS)) for one in docnums.tolist()]),
            lambda docnums: np.array(list(map(self._title_key, docnums.tolist())), np.uint32),
            lambda docnum: self.data.articles[docnum].title,
        )
        self._collection = Collection([self._segment])

    def evaluator(self, weighting: Weighting) -> Evaluator:
        """Return an evaluator with these parameters; there are no filters here."""
        return Evaluator(self._collection, weighting, lambda _: self._collection.live)

    def search(self, weighting: Weighting) -> Callable[[str], list[str]]:
        """Return a search that gives ids."""
        evaluator = self.evaluator(weighting)

        def found(text: str) -> list[str]:
            ranked = rank(evaluator, parse(text).root, text, DEPTH, self._about)
            return [str(self.data.articles[docnum].id) for docnum in ranked.docnums.tolist()]

        return found

    def _terms(self, docnum: int, fields: Sequence[FieldName]) -> list[list[str]]:
        return [self._segment.terms[docnum][name] for name in fields]

    def _title_key(self, docnum: int) -> int:
        return title_key(self._segment.terms[docnum]["title"])


def _texts(article: judged.Article) -> dict[FieldName, str]:
    return {"title": article.title, "page_keywords": "\n".join(article.page_keywords), "answer": article.answer_text}


def variant(ranker: Ranker, topics: Sequence[Topic], weighting: Weighting, patches: Sequence[Patch]) -> dict:
    """Return the run of a ranking from which some components were taken."""
    with ExitStack() as stack:
        for owner, name, value in patches:
            stack.enter_context(mock.patch.object(owner, name, value))
        return make_run(topics, ranker.search(weighting))


def table(rankers: Sequence[Ranker], shown: Sequence[str] = SHOWN) -> str:
    """Return the ablation table: means, and a mark where the paired test finds a difference to the whole ranking."""
    results = [
        [evaluate(ranker.data.qrels, variant(ranker, ranker.data.topics, weighting, patches)) for ranker in rankers]
        for _, weighting, patches in VARIANTS
    ]
    whole = next(row for (_, weighting, patches), row in zip(VARIANTS, results, strict=True) if not patches)
    header = ["ranking", *(f"{ranker.data.name} {measure}" for ranker in rankers for measure in shown)]
    rows = [
        [name, *(cell for one, full in zip(row, whole, strict=True) for cell in judged.cells(one, full, shown))]
        for (name, _, _), row in zip(VARIANTS, results, strict=True)
    ]
    return report.table(header, rows)


def splits(ranker: Ranker, measure: str) -> str:
    """Return what the whole ranking gives over plain BM25F on the odd and on the even topics."""
    plain, whole = (
        evaluate(ranker.data.qrels, variant(ranker, ranker.data.topics, weighting, patches))
        for _, weighting, patches in (VARIANTS[1], VARIANTS[5])
    )
    halves = []
    for half in (0, 1):
        topics = [topic for place, topic in enumerate(plain.topics) if place % 2 == half]
        gains = [whole.topics[topic][measure] - plain.topics[topic][measure] for topic in topics]
        halves.append(f"{np.mean(gains):+.3f}")
    return f"{ranker.data.name}: {measure} {' and '.join(halves)} on the two halves of the topics"


def titles(ranker: Ranker) -> str:
    """Return how often a title, typed as a query, finds an article of that title first, with and without the bonus."""
    articles = ranker.data.articles[:: max(1, len(ranker.data.articles) // 200)]
    by_id = {str(article.id): article.title.casefold() for article in ranker.data.articles}
    topics = [Topic(article.title, article.title) for article in articles]
    shares = []
    for patches in ([NO_EXACT_TITLE], []):
        run = variant(ranker, topics, Weighting(), patches)
        firsts = [by_id[next(iter(found))] == topic.casefold() for topic, found in run.items() if found]
        shares.append(f"{np.mean(firsts):.3f}")
    without, bonus = shares
    return f"{ranker.data.name}: a title typed as a query finds it first: {without} without the bonus, {bonus} with it"


def siblings(ranker: Ranker) -> str:
    """Return the share of possible siblings (same first keyword) among the four articles most like another."""
    articles = ranker.data.articles
    groups: dict[str, set[int]] = {}
    for place, article in enumerate(articles):
        groups.setdefault(article.page_keywords[0] if article.page_keywords else "", set()).add(place)
    evaluator = ranker.evaluator(Weighting())
    found = possible = 0
    for place in range(0, len(articles), 5):
        group = groups[articles[place].page_keywords[0] if articles[place].page_keywords else ""] - {place}
        best = [other for other in _similar(evaluator, articles[place]) if other != place][:4]
        found += len(group & set(best))
        possible += min(4, len(group))
    return (
        f"{ranker.data.name}: {found / possible:.3f} of the possible siblings are among the four most similar articles"
    )


def _similar(evaluator: Evaluator, article: judged.Article) -> list[int]:
    def rarity(term: str) -> float:
        return evaluator.idf(len(evaluator.frequencies(concept_of(term))[0]))

    scores = np.zeros(evaluator.doc_count)
    for term, weight in telling_terms.telling_terms(_texts(article), rarity):
        docnums, frequencies = evaluator.frequencies(concept_of(term))[:2]
        scores[docnums] += weight * evaluator.idf(len(docnums)) * saturate(frequencies, evaluator.k1)
    return top_k(scores, scores > 0.0, 5).tolist()


def concept_of(term: str) -> Concept:
    """Return the concept of one term in all searched fields."""
    return Concept((Wording((term.encode(),)),), SEARCHED_FIELDS)


def main() -> None:
    """Run from the command line."""
    parser = judged.options("What each component of the ranking gives.")
    parser.add_argument("--write-docs", action="store_true", help="put the table into docs/scoring.md")
    given = parser.parse_args()
    rankers = [Ranker(data) for data in judged.both(given.data)]
    notes = [
        "An asterisk marks a difference to the ranking as it is, p < 0.05 in a paired randomization test.",
        *(splits(ranker, "nDCG@10") for ranker in rankers),
        *(titles(ranker) for ranker in rankers),
        siblings(rankers[0]),
    ]
    text = "\n".join([table(rankers), "", *(f"- {note}" for note in notes)])
    print(text)
    if given.write_docs:
        report.write_readme("ablation", text, DOCS)


if __name__ == "__main__":
    main()
