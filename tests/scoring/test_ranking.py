"""The refined ranking, against a slow oracle that looks at every document, and what it promises."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qtsearch.analysis import analyzer
from qtsearch.query import tree
from qtsearch.query.language import parse
from qtsearch.scoring import ranking, refinement
from qtsearch.scoring.bm25f import Weighting, idf
from qtsearch.scoring.collection import Collection
from qtsearch.scoring.evaluation import Evaluator
from qtsearch.scoring.neighbours import borrowed, likenesses
from qtsearch.scoring.proximity import pairs_of
from qtsearch.scoring.ranking import About, asked_for, rank
from qtsearch.scoring.refinement import DOUBT, FEW_TERMS, LACKED, AskedFor, Refined, below, covered, trusted
from qtsearch.scoring.signature import title_key
from tests.oracle import Document, MemorySegment, Oracle, column_filter, headings_of, signatures_of
from tests.scoring.test_evaluation import WORDS, documents

queries = st.lists(
    st.sampled_from([*WORDS, "of", '"type 1"', "-hcc", "+liver", "title:cancer", "il-6", "x"]), max_size=5
).map(" ".join)


def made(segments):
    everything = [document for segment in segments for document in segment]
    collection = Collection([MemorySegment(segment) for segment in segments])
    evaluator = Evaluator(collection, Weighting(), column_filter(everything))
    about = About(
        lambda docnums: headings_of([everything[n] for n in docnums.tolist()]),
        lambda docnums: signatures_of([everything[n] for n in docnums.tolist()]),
        lambda docnums: np.array([title_key(everything[n].terms("title")) for n in docnums.tolist()], np.uint32),
        lambda n: everything[n].title,
    )
    return everything, evaluator, about


def by_hand(everything, root, text, candidates):
    """Refine every score, one document at a time."""
    oracle = Oracle(everything, Weighting())
    own = oracle.evaluate(root)
    best = sorted(own, key=lambda n: (-own[n], n))[:candidates]
    for n in best:
        own[n] += sum(oracle.pair_score(pair, everything[n]) for pair in pairs_of(root))
        typed = [(leaf, factor) for (leaf, *_), factor in asked_for(root) if isinstance(leaf, tree.Words)]
        own[n] += oracle.title_score(typed, everything[n])
    best.sort(key=lambda n: (-own[n], n))
    weights = []
    for (leaf,), factor in asked_for(root):
        holders = {n for n, d in enumerate(everything) if not d.deleted and oracle.frequency(leaf, d)}
        if holders:
            lacked = 1.0 if holders.intersection(best[:1]) else LACKED
            weights.append((holders, lacked * factor * idf(len(holders), len(oracle.live))))
    total = sum(weight for _, weight in weights)
    coverage = {n: sum(w for holders, w in weights if n in holders) / total if total else 1.0 for n in best}
    signatures = signatures_of([everything[n] for n in best])
    held = np.array([coverage[n] for n in best])
    lent = borrowed(np.array([own[n] for n in best]), likenesses(signatures), len(best) // 2, held)
    scores = {}
    for n, loan, terms in zip(best, lent.tolist(), signatures.lengths.tolist(), strict=True):
        whole = math.isclose(coverage[n], 1.0)
        lacking = 0.0 if whole else 1 - coverage[n]
        doubt = DOUBT * lacking**0.25 * terms / (terms + FEW_TERMS) if loan else lacking
        exact = whole and everything[n].terms("title") == analyzer.terms(text)
        scores[n] = (1 - doubt) * own[n] + doubt * loan + exact * max(own[m] for m in best)
    return scores, own


@given(st.lists(st.lists(documents, max_size=5), max_size=3), queries, st.integers(2, 6))
@settings(max_examples=200)
def test_ranking_equals_the_oracle(segments, text, candidates):
    everything, evaluator, about = made(segments)
    root = parse(text).root
    expected, own = by_hand(everything, root, text, candidates)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "CANDIDATES", candidates)
        # The documents here are few; with a quarter hardly anybody would have a neighbour.
        patch.setattr(refinement, "NEIGHBOUR_SHARE", 0.5)
        found = rank(evaluator, root, text, 100, about)
    assert sorted(found.docnums.tolist()) == sorted(own)
    assert set(found.docnums.tolist()[: len(expected)]) == set(expected)
    for n, score in zip(found.docnums.tolist(), found.scores.tolist(), strict=True):
        if n in expected:
            assert score == pytest.approx(expected[n])
    assert (np.diff(found.scores) <= 1e-9).all()
    assert (found.scores >= 0.0).all()


@given(st.lists(documents, min_size=1, max_size=8), queries, st.data())
@settings(max_examples=100)
def test_segment_boundaries_and_deleted_documents_change_nothing(everything, text, data):
    root = parse(text).root
    cut = data.draw(st.integers(0, len(everything)))
    alive = [d for d in everything if not d.deleted]
    results = []
    for segments in ([everything], [everything[:cut], everything[cut:]], [alive]):
        rows, evaluator, about = made(segments)
        found = rank(evaluator, root, text, 100, about)
        results.append(
            sorted(
                (round(s, 9), id(rows[n])) for n, s in zip(found.docnums.tolist(), found.scores.tolist(), strict=True)
            )
        )
    assert results[0] == results[1] == results[2]


@given(st.lists(documents, min_size=3, max_size=9), queries, st.integers(0, 9))
@settings(max_examples=100)
def test_a_short_page_is_the_start_of_a_long_one(everything, text, wanted):
    _, evaluator, about = made([everything])
    root = parse(text).root
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "CANDIDATES", 4)
        short, long = (rank(evaluator, root, text, n, about) for n in (wanted, 100))
    assert short.docnums.tolist() == long.docnums.tolist()[:wanted]


@given(st.lists(documents, min_size=1, max_size=8), queries)
@settings(max_examples=100)
def test_the_parts_of_a_score_add_up_to_it_exactly(everything, text):
    _, evaluator, about = made([everything])
    refined = rank(evaluator, parse(text).root, text, 10, about).refined
    for place, score in enumerate(refined.scores.tolist()):
        assert sum(value for _, value in refined.parts(place)) == score


@given(st.integers(1, 3), st.lists(st.floats(0.1, 10.0), min_size=1, max_size=40))
def test_who_holds_every_word_of_a_query_however_long_holds_exactly_all_of_it(whole, boosts):
    words = [f"{chr(97 + n % 26)}{'x' * (n // 26)}zq" for n in range(len(boosts))]
    # Every word is in another number of documents.
    everything = [Document(" ".join(words))] * whole + [Document(" ".join(words[:n])) for n in range(len(words))]
    _, evaluator, _ = made([everything])
    things = [AskedFor((evaluator.concept(tree.Words(word)),), by) for word, by in zip(words, boosts, strict=True)]
    assert covered(evaluator, things, np.arange(whole)).tolist() == [1.0] * whole


def test_what_the_best_document_lacks_counts_less():
    diseases = [Document(f"{name} cancer", name, f"{name} cancer is treated") for name in ("liver", "lung", "colon")]
    odd = Document("a letter of thanks", "", "thanks to all")
    _, evaluator, _ = made([[*diseases, odd]])
    things = [AskedFor(tuple(map(evaluator.concept, names)), by) for names, by in asked_for(parse("liver letter").root)]
    alike = covered(evaluator, things, np.array([0, 1, 3]))
    led = covered(evaluator, things, np.array([0, 1, 3]), 0)
    assert alike.tolist() == pytest.approx([0.5, 0.0, 0.5])
    assert led.tolist() == pytest.approx([1 / (1 + LACKED), 0.0, LACKED / (1 + LACKED)])
    assert covered(evaluator, things, np.array([1, 0]), 0).tolist() == pytest.approx([0.0, 0.5])


def test_the_exact_title_comes_first():
    long = Document(
        "Treatment of liver cancer liver cancer treatment", "liver cancer treatment", "liver cancer treatment " * 9
    )
    exact = Document("Liver cancer treatment?", "", "nothing here")
    _, evaluator, about = made([[long, long, exact, Document("livers", "", "")]])
    text = "liver cancer treatment"
    plain = evaluator.evaluate(parse(text).root)
    found = rank(evaluator, parse(text).root, text, 10, about)
    assert plain.scores.argmax() != 2
    assert found.docnums[0] == 2


def test_what_lies_below_the_candidates_stays_below_them_in_its_order():
    zeros = np.zeros(2)
    refined = Refined(np.array([4, 7]), zeros, zeros, zeros, zeros, zeros, np.array([3.0, 2.0]))
    assert below(refined, np.array([4.0, 1.0])).tolist() == [2.0, 0.5]
    assert below(refined, np.array([1.0, 0.5])).tolist() == [1.0, 0.5]
    assert below(refined, np.zeros(0)).tolist() == []
    assert below(dataclasses.replace(refined, scores=zeros), np.array([4.0])).tolist() == [0.0]


def test_equal_scores_stand_by_document_number():
    everything = [Document("liver cancer" + " again" * (number % 2)) for number in range(200)]
    _, evaluator, about = made([everything])
    for text in ("liver", "liver cancer", "liver AND cancer"):
        found = rank(evaluator, parse(text).root, text, 200, about)
        assert found.docnums.tolist() == [*range(0, 200, 2), *range(1, 200, 2)]


def test_other_names_count_as_having_the_word():
    rows, evaluator, about = made([[Document("hcc drug"), Document("carcinoma drug"), Document("drug")]])
    root = tree.Or((tree.Alternatives(tree.Words("hcc"), (tree.Words("carcinoma"),), 0.5), tree.Words("drug")))
    things = [refinement.AskedFor(tuple(map(evaluator.concept, names)), by) for names, by in asked_for(root)]
    coverage = refinement.covered(evaluator, things, np.arange(len(rows)))
    assert coverage[0] == coverage[1] == 1.0
    assert coverage[2] < 1.0
    assert rank(evaluator, root, "hcc drug", 3, about).docnums.tolist() == [0, 1, 2]


def test_boosts_multiply_on_the_way_down():
    root = tree.Boost(tree.Or((tree.Words("a"), tree.Boost(tree.Words("b"), 3.0), tree.Phrase("c d"))), 2.0)
    assert list(asked_for(root)) == [
        ((tree.Words("a"),), 2.0),
        ((tree.Words("b"),), 6.0),
        ((tree.Phrase("c d"),), 2.0),
    ]
    assert list(asked_for(tree.And((tree.MatchAll(), tree.Not(tree.Words("a")))))) == []


def test_the_more_is_lacking_the_less_an_own_score_counts():
    coverage = np.array([1.0, 0.99, 0.5, 0.0])
    trust = trusted(coverage, np.ones(4), np.full(4, FEW_TERMS))
    assert trust[0] == 1.0
    assert (np.diff(trust) < 0.0).all()
    assert trust[3] == 1.0 - DOUBT / 2


def test_the_fewer_terms_a_document_has_the_more_it_is_judged_by_its_own():
    coverage = np.full(4, 0.5)
    trust = trusted(coverage, np.ones(4), np.array([0, 2, 40, 10**9]))
    assert trust[0] == 1.0
    assert (np.diff(trust) < 0.0).all()
    assert trust[3] == pytest.approx(1.0 - DOUBT * 0.5**0.25)


def test_what_nothing_is_like_is_trusted_by_what_it_holds():
    coverage = np.array([1.0, 0.75, 0.0])
    assert trusted(coverage, np.zeros(3), np.array([0, 5, 100])).tolist() == coverage.tolist()
