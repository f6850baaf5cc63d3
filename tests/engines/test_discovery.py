"""What an engine knows beyond posting lists, compared with a look at every article, after many small commits too."""

from __future__ import annotations

from collections import Counter

import pytest

import qtsearch
from qtsearch.analysis import analyzer
from qtsearch.analysis.abbreviation_table import AbbreviationTable, definitions_of
from qtsearch.analysis.phonetics import phonetic_key
from qtsearch.engines import store_at
from qtsearch.query.request import SearchRequest
from tests.folders import write_article

TEXTS = [
    "Hepatocellular carcinoma (HCC) is a cancer of the liver.",
    "A study of hepatocellular carcinomas (HCCs) and of the human immunodeficiency virus (HIV).",
    "HIV (human immunodeficiency virus) weakens. Multiple sclerosis (MS) does not.",
    "Mass spectrometry (MS) and multiple sclerosis (MS).",
    "Hepatitis and hepatic failure; no short forms (none at all).",
    "Magnetic resonance imaging (MRI).",
]


@pytest.fixture(params=["one commit", "many commits"])
def engine(request, tmp_path):
    """An engine over the same articles: made at once, or with articles that came, changed and went in between."""
    articles, index = tmp_path / "articles", tmp_path / "index"
    for number, text in enumerate(TEXTS):
        if request.param == "many commits":
            gone = write_article(articles, "gone.md", title="Gone", answer=f"Obsolete thing {number} (OT).")
            write_article(articles, f"{number}.md", title="Old", answer="Old text (OLD).", audience="nobody")
            qtsearch.reindex(articles, index, facets=("audience",))
            gone.unlink()
        write_article(
            articles,
            f"{number}.md",
            title=f"Liver text {number}",
            answer=text,
            audience=["All", f"of {number % 2}", "ALL"],
        )
        if request.param == "many commits":
            qtsearch.reindex(articles, index, facets=("audience",))
    qtsearch.reindex(articles, index, facets=("audience",))
    return store_at(index).open()


def test_abbreviations_are_those_of_the_articles(engine):
    expected = AbbreviationTable(Counter(pair for text in TEXTS for pair in definitions_of(text)))
    found = [(one.short, one.long, one.documents) for one in engine.abbreviations()]
    assert found == list(expected)
    for text in ("HCC", "hccs", "MS", "multiple sclerosis", "Hepatocellular Carcinomas", "OT", "none", "", "H. I. V."):
        assert engine._abbreviations.long_forms(text) == expected.long_forms(text)
        assert engine._abbreviations.short_forms(text) == expected.short_forms(text)


def test_words_are_those_of_the_articles(engine):
    titles = [f"Liver text {number}" for number in range(len(TEXTS))]
    held = Counter(word for pair in zip(titles, TEXTS, strict=True) for word in set(analyzer.words(" ".join(pair))))
    vocabulary = engine._vocabulary
    assert {word: vocabulary.doc_freq(word) for word in held} == held
    assert vocabulary.doc_freq("obsolete") == vocabulary.doc_freq("old") == 0
    assert vocabulary.doc_freq("livers") == len(TEXTS)
    fitting = sorted(((-count, word) for word, count in held.items() if word.startswith("he")))
    assert vocabulary.words_with_prefix("he", 50) == [(word, -count) for count, word in fitting]
    assert dict(vocabulary.within("livre", 1)) == {"liver": len(TEXTS)}
    for key in map(phonetic_key, held):
        alike = {word: count for word, count in held.items() if phonetic_key(word) == key}
        assert {word: count for word, count in vocabulary.sounding(key, 0) if count} == alike
    assert vocabulary.words_with_prefix("live", 5, "title") == [("liver", len(TEXTS))]
    assert vocabulary.words_with_prefix("he", 50, "title") == []
    assert "hepatocellular" in dict(vocabulary.words_with_prefix("he", 50, "answer"))
    assert vocabulary.holding(["hiv", "failure"]) >= vocabulary.holding(["hiv"]) > 0 == vocabulary.holding(["obsolete"])
    assert vocabulary.are_neighbours("Liver", "text")
    assert not vocabulary.are_neighbours("text", "liver")
    assert vocabulary.together("hepatocellular", ["hiv", "failure"]) == 1


def test_titles_are_completed(engine):
    assert [one.text for one in engine.complete("liver te", 20) if one.kind == "title"] == [
        f"Liver text {number}" for number in range(len(TEXTS))
    ]
    assert engine.complete("", 5) == engine.complete("gon", 5) == ()


def test_facets_count_matching_live_articles(engine):
    results = engine.search(SearchRequest("liver", facets=("audience", "audience"), limit=1))
    (facet,) = results.facets
    assert [(one.value, one.count) for one in facet.counts] == [("All", 6), ("of 0", 3), ("of 1", 3)]
    filtered = engine.search(SearchRequest("liver", filters=(("audience", ("OF 1", "nobody")),)))
    assert sorted(hit.path for hit in filtered) == ["1.md", "3.md", "5.md"]


def test_another_name_never_outranks_the_words_typed(engine):
    results = engine.search(SearchRequest("HIV"))
    assert results.also_searched == ("human immunodeficiency virus",)
    exact = engine.search(SearchRequest("HIV", exact=True))
    assert results.hits[0].path == exact.hits[0].path
    assert results.total >= exact.total > 0


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_are_slices_of_one_order(engine, limit):
    everything = [(hit.path, hit.score) for hit in engine.search(SearchRequest("liver virus hepatitis text", limit=99))]
    for offset in range(len(everything)):
        page = engine.search(SearchRequest("liver virus hepatitis text", offset=offset, limit=limit))
        assert [(hit.path, hit.score) for hit in page] == everything[offset : offset + limit]
