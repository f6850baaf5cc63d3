"""The Python API: searching, filters, snippets, related articles."""

import copy
import datetime
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import qtsearch
from qtsearch.engines.whoosh.engine import WhooshEngine
from qtsearch.query.suggest import MAX_CORRECTED
from qtsearch.scoring import expansions, ranking
from tests.folders import SEEDS, write_article

ENDLESS = pytest.param(10**5_000, id="endless")
"""A whole number of more digits than Python writes."""


@pytest.fixture(scope="module")
def index_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    link = {"id": 3, "title": "Linked", "subject": "", "url": "/c"}
    lost = {"id": 99, "title": "Lost", "subject": "Elsewhere", "url": "/lost"}
    write_article(
        folder,
        "a.md",
        id=1,
        title="Type 1 diabetes",
        answer="Insulin is vital. IL-6 rises in T-cell trouble.",
        subject="Medicine",
        date=datetime.date(2024, 1, 5),
        url="/a",
        related_article1=link,
        related_article2=lost,
        seo={"page_keywords": "diabetes, insulin"},
    )
    write_article(
        folder,
        "b.md",
        id=2,
        title="Type 2 diabetes",
        answer="Metformin and diet. Vitamin B12 may fall.",
        subject="Medicine",
        date=datetime.date(2024, 6, 30),
        url="/b",
        seo={"page_keywords": "diabetes"},
    )
    write_article(
        folder,
        "c.md",
        id=3,
        title="Hepatitis B",
        answer="A virus of the liver.",
        subject="Health Studies",
        date=datetime.date(2023, 3, 3),
        url="/c",
        question="Is hepatitis B contagious?",
    )
    write_article(folder, "d.md", title="hepatitis C", answer="Another virus of the liver.", url="/d")
    index = tmp_path_factory.mktemp("index")
    qtsearch.reindex(folder, index)
    return index


@pytest.fixture
def index(index_folder):
    with qtsearch.open(index_folder) as opened:
        yield opened


def first(index, text):
    return index.search(text).hits[0].path


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("type 1 diabetes", "a.md"),
        ("type 2 diabetes", "b.md"),
        ("hepatitis B", "c.md"),
        ("hepatitis C", "d.md"),
        ("IL-6", "a.md"),
        ("IL6", "a.md"),
        ("T-cell", "a.md"),
        ("vitamin B12", "b.md"),
        ("what is contagious?", "c.md"),
        ("What are the treatments for type 2 diabetes?", "b.md"),
    ],
)
def test_the_right_article_comes_first(index, text, path):
    assert first(index, text) == path


def test_results_are_values(index):
    results = index.search("diabetes", limit=1)
    assert (results.total, len(results), results.offset) == (2, 1, 0)
    hit = next(iter(results))
    assert (hit.rank, hit.title, hit.subject) == (1, "Type 2 diabetes", "Medicine")
    with pytest.raises(AttributeError):
        hit.rank = 2


def test_pages_follow_each_other(index):
    everything = [hit.path for hit in index.search("virus diabetes", limit=10)]
    pages = [index.search("virus diabetes", limit=1, offset=n).hits[0] for n in range(len(everything))]
    assert [hit.path for hit in pages] == everything
    assert [hit.rank for hit in pages] == [1, 2, 3, 4]
    assert index.search("virus", offset=9).hits == ()


def test_filters(index):
    assert [hit.path for hit in index.search("type", subject="medicine")] != []
    assert index.search("virus", subject="Medicine").total == 0
    assert [hit.path for hit in index.search("type", since=datetime.date(2024, 6, 30))] == ["b.md"]
    assert [hit.path for hit in index.search("type", until=datetime.date(2024, 6, 29))] == ["a.md"]


def test_sorting(index):
    by_date = [hit.path for hit in index.search("virus diabetes", sort="date")]
    assert by_date == ["b.md", "a.md", "c.md", "d.md"]
    by_title = [hit.title for hit in index.search("virus diabetes", sort="title")]
    assert by_title == ["Hepatitis B", "hepatitis C", "Type 1 diabetes", "Type 2 diabetes"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": -1},
        {"offset": -1},
        {"sort": "size"},
        {"since": datetime.date(2024, 1, 2), "until": datetime.date(2024, 1, 1)},
        {"since": "2024-01-02"},
        {"until": datetime.datetime(2024, 1, 2)},
        {"limit": "10"},
        {"limit": 2.5},
        {"limit": 10_001},
        {"related": -3},
        {"fragments": -1},
        {"fragments": 10},
        {"subject": 5},
        {"filters": {"year": 2024}},
        {"filters": {"subject": b"Medicine"}},
        {"filters": {"year": "1" * 5_000}},
        {"filters": {"year": "0"}},
        {"facets": "audience"},
        {"facets": None},
        {"facets": b"subject"},
        {"filters": None},
        {"filters": [("subject", "Medicine")]},
        {"filters": {"subjct": []}},
        {"filters": {5: []}},
        {"text": None},
        {"text": b"x"},
        {"exact": "no"},
        {"expand": None},
        {"explain": np.array([1, 2])},
        *({name: 10**5_000} for name in ("limit", "related", "fragments", "subject", "since", "sort")),
        {"offset": -(10**5_000)},
        {"filters": {"subject": 10**5_000}},
        {"facets": [10**5_000]},
    ],
)
def test_senseless_requests_are_refused(index, wrong):
    with pytest.raises(qtsearch.RequestError):
        index.search(**{"text": "x", **wrong})


def test_any_whole_number_is_a_limit(index):
    assert index.search("diabetes", limit=np.int64(1)).hits


@pytest.mark.parametrize("limit", [-1, 10_001, "3"])
def test_senseless_limits_are_refused(index, limit):
    with pytest.raises(qtsearch.RequestError):
        index.related(1, limit)
    with pytest.raises(qtsearch.RequestError):
        index.complete("dia", limit)


@pytest.mark.parametrize("wrong", [None, b"x", 1])
def test_what_is_no_text_is_refused(index, wrong):
    with pytest.raises(qtsearch.RequestError, match="use a text"):
        index.complete(wrong)
    if wrong is not None:
        with pytest.raises(qtsearch.RequestError, match="use a text"):
            index.abbreviations(wrong)


@pytest.mark.parametrize("key", [None, True, 1.5, b"1", ("1",), ENDLESS])
def test_what_is_no_key_is_refused(tmp_path, key):
    write_article(tmp_path / "articles", "a.md", id="None", title="None")
    write_article(tmp_path / "articles", "b.md", id="true", title="True")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as opened:
        for look_up in (opened.get, opened.related):
            with pytest.raises(qtsearch.RequestError, match="use an article's id, url or path"):
                look_up(key)


def test_what_cannot_be_a_file_of_synonyms_is_refused(index_folder):
    with pytest.raises(qtsearch.ConfigError, match="use the path of a file"):
        qtsearch.open(index_folder, synonyms=5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_bytes": True},
        {"max_bytes": 10**5_000},
        {"wait": 10**400},
        {"wait": 10**5_000},
        {"wait": True},
        {"wait": "5"},
        {"wait": -1},
    ],
)
def test_senseless_numbers_are_refused(tmp_path, wrong):
    with pytest.raises(qtsearch.ConfigError, match=f"{next(iter(wrong))} is "):
        qtsearch.reindex(SEEDS, tmp_path / "index", **wrong)


@pytest.mark.parametrize("folder", ["", b"", "a\0b", "\ud800", None, 5, ENDLESS])
def test_what_is_no_folder_is_refused(tmp_path, folder):
    for call in (
        lambda: qtsearch.open(folder),
        lambda: qtsearch.check(SEEDS, folder),
        lambda: qtsearch.check(folder, tmp_path),
        lambda: qtsearch.reindex(folder, tmp_path),
        lambda: qtsearch.reindex(SEEDS, folder),
    ):
        with pytest.raises(qtsearch.ConfigError, match="use the path of a folder"):
            call()


@pytest.mark.parametrize("text", ["", "   ", "???", "zzz", '"', "((", "foo:bar", "a AND", "\ud800", "肝"])
def test_any_text_gives_an_answer(index, text):
    assert index.search(text).total >= 0


def test_highlights_are_the_matched_words(index):
    (hit,) = index.search("T-cell insulin")
    (fragment,) = hit.snippet.fragments
    assert [fragment.text[start:end] for start, end in fragment.highlights] == ["Insulin", "T-cell"]
    title = index.search("diabetes").hits[0]
    assert [title.title[start:end] for start, end in title.title_highlights] == ["diabetes"]


def test_an_article_is_found_by_id_url_and_path(index):
    assert {index.get(key).path for key in (1, "1", "/a", "a.md")} == {"a.md"}
    assert index.get("d.md").id is None
    with pytest.raises(qtsearch.ArticleNotFound, match="nope"):
        index.get("nope")


def test_related_curated_first_then_similar(index):
    related = index.related(1, limit=3)
    assert [(hit.title, hit.origin, hit.indexed) for hit in related] == [
        ("Hepatitis B", "curated", True),
        ("Lost", "curated", False),
        ("Type 2 diabetes", "similar", True),
    ]
    assert related[1].url == "/lost"
    assert index.search("type 1", related=1).hits[0].related == related[:1]


def test_an_article_that_says_nothing_has_no_similar_ones(tmp_path):
    write_article(tmp_path / "articles", "a.md", title="The", answer="It is.")
    write_article(tmp_path / "articles", "b.md", title="🙂", answer="🙂")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        (hit,) = index.search("the", related=3).hits
        assert (hit.path, hit.related, index.related("b.md")) == ("a.md", (), ())


def test_an_empty_index_answers(tmp_path):
    (tmp_path / "articles").mkdir()
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        assert index.search("liver*", facets=["subject"], sort="date").total == 0
        assert (index.complete("liv"), index.complete("fatty liv"), index.abbreviations()) == ((), (), ())
        assert index.stats().documents == 0


def test_of_keys_that_differ_in_case_the_one_typed_is_found(tmp_path):
    for path, id, url in [("a.md", "Abc", "/A"), ("b.md", "abc", "/a")]:
        link = {"id": None, "title": "Link", "url": "/a"}
        write_article(tmp_path / "articles", path, id=id, url=url, related_article1=link)
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        assert [index.get(key).path for key in ("Abc", "abc", "/A", "/a", "ABC")] == [
            "a.md",
            "b.md",
            "a.md",
            "b.md",
            "a.md",
        ]
        assert index.related("a.md", 1)[0].path == "b.md"


def test_a_filter_without_values_lets_everything_through(index):
    assert index.search("diabetes", filters={"subject": []}) == index.search("diabetes")


@pytest.mark.parametrize("offset", [np.int64(1), True])
def test_the_offset_of_results_is_an_int(index, offset):
    results = index.search("diabetes", offset=offset)
    assert type(results.offset) is int
    assert results == index.search("diabetes", offset=1)


def test_a_subject_and_a_filter_must_both_fit(index):
    assert index.search("diabetes", subject="medicine").total == 2
    assert index.search("diabetes", subject="medicine", filters={"subject": "Cardiology"}).total == 0


def test_filters_are_compared_as_articles_are_written(tmp_path):
    write_article(tmp_path / "articles", "a.md", subject="Ménière")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index", facets=("audience",))
    with qtsearch.open(tmp_path / "index") as index:
        for typed in ("Ménière", "Me\u0301nie\u0300re", "MÉNIÈRE"):
            assert index.search("answer", filters={"subject": typed}).total == 1
            assert index.search(f'subject:"{typed}"').total == 1


def test_what_only_deleted_articles_say_counts_for_nothing(tmp_path):
    articles = tmp_path / "articles"
    texts = ["studies alpha", "studiedness study study study beta", "gamma study", "x", "y"]
    for number, text in enumerate(texts):
        write_article(articles, f"{number}.md", title=f"Title {number}", answer=text)
    qtsearch.reindex(articles, tmp_path / "index")
    (articles / "0.md").unlink()
    qtsearch.reindex(articles, tmp_path / "index")
    qtsearch.reindex(articles, tmp_path / "anew")
    scores = []
    for folder in ("index", "anew"):
        with qtsearch.open(tmp_path / folder) as index:
            scores.append(
                [(hit.path, hit.score) for query in ("studie*", "s*d*", "studies~2") for hit in index.search(query)]
            )
    assert scores[0] == scores[1]
    assert scores[0][0][0] == "1.md"


def test_words_of_deleted_articles_take_no_place_of_others(tmp_path, monkeypatch):
    monkeypatch.setattr(expansions, "MAX_EXPANSIONS", 5)
    articles = tmp_path / "articles"
    for number in range(3):
        write_article(articles, f"{number}.md", answer=" ".join(f"zz{letter}" for letter in "abcdefghi"))
    for number in range(9):
        write_article(articles, f"filler{number}.md")
    write_article(articles, "live.md", answer="zzyq")
    qtsearch.reindex(articles, tmp_path / "index")
    for number in range(3):
        (articles / f"{number}.md").unlink()
    qtsearch.reindex(articles, tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        assert [hit.path for hit in index.search("zz*", exact=True)] == ["live.md"]


def test_the_coverage_of_every_hit_is_explained(tmp_path):
    for number in range(90):
        write_article(
            tmp_path / "articles",
            f"{number:02}.md",
            title=f"T{number}",
            answer="heart attack " * (number < 70) + "heart",
        )
    write_article(tmp_path / "articles", "rare.md", title="Rare", answer="zebrafish")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        hits = index.search("heart attack zebrafish", limit=100, explain=True, exact=True).hits
    held = {}
    for hit in hits:
        words = frozenset(part.text for part in hit.explanation.parts if part.kind == "word")
        held.setdefault(words, set()).add(round(hit.explanation.coverage, 12))
    assert {words: len(shares) for words, shares in held.items()} == dict.fromkeys(held, 1)
    assert len(held) == 3
    assert all(0 < share < 1 for shares in held.values() for share in shares)


def test_the_coverage_explained_is_the_one_that_counted(tmp_path, monkeypatch):
    for number, words in enumerate(["liver cancer", "liver", "cancer of the lung", "liver trial", "odd zebra"]):
        write_article(tmp_path / "articles", f"{number}.md", title=f"T{number}", answer=f"{words} is told of here")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    counted = []
    refine = ranking.refine
    monkeypatch.setattr(ranking, "refine", lambda *given: counted.append(refine(*given)) or counted[-1])
    with qtsearch.open(tmp_path / "index") as index:
        hits = index.search("liver cancer zebra", explain=True, exact=True).hits
    (refined,) = counted
    told = [hit.explanation.coverage for hit in hits]
    assert told == pytest.approx(refined.coverage[refined.order()].tolist())
    assert 0 < min(told) < max(told) < 1


def test_a_name_with_signs_that_a_person_has_synonyms_for_stays_whole(tmp_path):
    write_article(tmp_path / "articles", "a.md", title="Liver transplant", answer="of the liver")
    write_article(tmp_path / "articles", "b.md", title="Betes", answer="dia and betes apart")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    (tmp_path / "names.txt").write_text("dia-betes, liver transplant\n")
    with qtsearch.open(tmp_path / "index", synonyms=tmp_path / "names.txt") as index:
        results = index.search("dia-betes")
        assert ([hit.path for hit in results], results.also_searched, results.notices) == (
            ["a.md"],
            ("liver transplant",),
            (),
        )
        assert index.search("dia-betes", expand=False).notices == (
            'no article has "dia-betes"; searched for its words apart',
        )
        assert index.search("dia-betes", exact=True).total == 0


def test_fragments_with_the_same_text_stand_under_headings_of_their_own(tmp_path):
    filler = "filler text stands here. " * 15
    parts = [f"## {name}\n\nLiver hurts a lot.\n\n{filler}" for name in ("First", "Second")]
    write_article(tmp_path / "articles", "a.md", answer="\n\n".join(parts))
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        fragments = index.search("liver", fragments=2).hits[0].snippet.fragments
    assert [(one.heading, one.text[:18]) for one in fragments] == [
        ("First", "Liver hurts a lot."),
        ("Second", "Liver hurts a lot."),
    ]


def test_an_article_is_never_related_to_itself(index):
    assert all(hit.path != "b.md" for hit in index.related(2, limit=10))


def test_thousands_of_links_are_looked_up_as_far_as_they_are_shown(tmp_path, monkeypatch):
    folder = tmp_path / "articles"
    links = {f"related_article{number}": {"id": number % 2 + 1} for number in range(1, 1000)}
    write_article(folder, "a.md", id=1, title="Liver", **links)
    write_article(folder, "b.md", id=2, title="Liver virus", related_article1={"id": 98}, related_article2={"id": 98})
    write_article(folder, "c.md", id=3, title="Virus", **{f"related_article{n}": {"id": n + 3} for n in range(1, 100)})
    qtsearch.reindex(folder, tmp_path / "index")
    asked = []
    find = WhooshEngine.find
    monkeypatch.setattr(WhooshEngine, "find", lambda engine, key: asked.append(key) or find(engine, key))
    with qtsearch.open(tmp_path / "index") as index:
        assert [hit.id for hit in index.related("a.md", limit=3)] == [2, 3]
        assert asked == ["a.md", 2, 1]
        assert [hit.id for hit in index.related("c.md", limit=2)] == [4, 5]
        assert asked[3:] == ["c.md", 4, 5]
    asked.clear()
    assert len(qtsearch.check(folder, tmp_path / "index").broken_links) == 101
    assert sorted(asked) == sorted({1, 2, 98, *range(4, 103)})


def test_related_articles_come_once_and_never_the_article_itself(tmp_path):
    links = [{"id": 1}, {"id": 2}, {"url": "/b"}, {"id": 98, "title": "Lost"}, {"id": 99, "title": "Lost"}]
    for number, name in enumerate("abcd", 1):
        write_article(
            tmp_path / "articles",
            f"{name}.md",
            id=number,
            url=f"/{name}",
            title="Liver virus",
            answer=f"The virus of the liver: {' '.join(name * length for length in range(2, 9))}.",
            **({f"related_article{n}": link for n, link in enumerate(links, 1)} if name == "a" else {}),
        )
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        related = index.related("a.md", limit=5)
    assert [(hit.id, hit.origin) for hit in related] == [
        (2, "curated"),
        (98, "curated"),
        (99, "curated"),
        (3, "similar"),
        (4, "similar"),
    ]


def test_near_duplicates_are_folded_together(tmp_path):
    words = "the virus of the liver is found in blood and it may become chronic after many years of silence"
    for name, title, answer in [
        ("a.md", "Liver virus", words),
        ("b.md", "Liver virus", words + "."),
        ("c.md", "Virus in blood", f"Another text: blood tests show the virus, {words}"),
        ("d.md", "Virus in blood", f"Another text: blood tests show the virus, {words}!"),
    ]:
        write_article(tmp_path / "articles", name, title=title, answer=answer)
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as opened:
        assert [hit.path for hit in opened.related("a.md")] == ["c.md"]
        assert [hit.path for hit in opened.related("d.md")] == ["a.md"]


def test_facets_come_most_articles_first_and_without_those_that_lack_a_value(tmp_path):
    new_year, last_day = datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)
    for number, (subject, date) in enumerate(
        [("Rare", new_year), ("Common", last_day), (None, datetime.date(2024, 5, 5)), ("Common", None), ("Odd", None)]
    ):
        write_article(tmp_path / "articles", f"{number}.md", subject=subject, date=date)
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        subject, year = index.search("answer", facets=["subject", "year"]).facets
        assert [(one.value, one.count) for one in subject.counts] == [("Common", 2), ("Odd", 1), ("Rare", 1)]
        assert [(one.value, one.count) for one in year.counts] == [("2024", 1), ("2023", 2)]
        by_year = index.search("answer", filters={"year": "2023"}, sort="date")
        assert [hit.path for hit in by_year] == ["1.md", "0.md"]


def test_what_was_meant_is_not_told_where_it_finds_nothing_either(index):
    results = index.search("metfromin", subject="Health Studies")
    assert (results.total, results.did_you_mean, results.corrected) == (0, "", False)
    assert index.search("metfromin").corrected


def test_titles_are_found_behind_many_shorter_ones(tmp_path):
    for number in range(20):
        write_article(tmp_path / "articles", f"{number}.md", title=f"Liver {number}")
    write_article(tmp_path / "articles", "long.md", title="What is known about cancer of the liver?")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        titles = [one.text for one in index.complete("cancer live", 2) if one.kind == "title"]
    assert titles == ["What is known about cancer of the liver?"]


def test_the_words_of_a_field_are_completed_commonest_in_that_field_first(tmp_path):
    for number, title in enumerate(["Livedo", "A livedo", "Liver"]):
        write_article(tmp_path / "articles", f"{number}.md", title=title, answer="Of the liver.")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        found = [(one.text, one.documents) for one in index.complete("title:liv") if one.kind == "word"]
    assert found == [("title:livedo", 2), ("title:liver", 1)]


def test_the_words_of_a_loose_phrase_are_highlighted_one_by_one(index):
    (hit,) = index.search('"insulin rises"~9')
    (fragment,) = hit.snippet.fragments
    assert [fragment.text[start:end] for start, end in fragment.highlights] == ["Insulin", "rises"]


def test_each_hit_of_a_long_page_has_its_own_snippet(tmp_path):
    for number in range(40):
        write_article(tmp_path / "articles", f"{number}.md", answer=f"Liver number{number}.")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        hits = index.search("liver", limit=40).hits
    assert len(hits) == 40
    assert all(hit.snippet.fragments[0].text == hit.article.answer_text for hit in hits)


@pytest.mark.parametrize("sort", ["date", "title"])
def test_what_is_not_sorted_by_relevance_has_neither_scores_nor_explanations(index, sort):
    hits = index.search("virus diabetes", sort=sort, explain=True).hits
    assert [(hit.score, hit.explanation) for hit in hits] == [(0.0, None)] * 4


def test_stats(index):
    stats = index.stats()
    assert (stats.documents, stats.oldest, stats.newest) == (4, datetime.date(2023, 3, 3), datetime.date(2024, 6, 30))
    assert stats.subjects == (("Medicine", 2), ("Health Studies", 1))
    assert stats.bytes > 0


def test_all_articles(index):
    assert sorted(article.path for article in index.articles()) == sorted(hit.path for hit in index.search("-nothing"))


def test_the_first_ten_notices_are_shown_whoever_has_them(index):
    text = " ".join([f"subject:a{number} f{number}:x" for number in range(14)])
    notices = index.search(text).notices
    assert len(notices) == len(set(notices)) == 10


def test_results_are_a_sequence_of_hits(index):
    results = index.search("diabetes hepatitis")
    assert len(results) > 1
    assert (results[0], results[-1], results[:1]) == (results.hits[0], results.hits[-1], results.hits[:1])
    assert list(results) == list(results.hits)
    assert isinstance(results, Sequence)
    assert (results.index(results[1]), results[1] in results, list(reversed(results))[-1]) == (1, True, results[0])
    match results:
        case [first, *rest]:
            assert [first, *rest] == list(results)
        case _:
            pytest.fail("no pattern of a sequence matches it")
    assert results == index.search("diabetes hepatitis")
    assert results != index.search("diabetes")


def test_an_index_says_what_it_is(tmp_path):
    qtsearch.reindex(SEEDS, tmp_path)
    opened = qtsearch.open(tmp_path)
    assert repr(opened) == f"<qtsearch.Index in {tmp_path}: 1 articles>"
    opened.close()
    assert repr(opened) == f"<qtsearch.Index in {tmp_path}: closed>"


@pytest.mark.parametrize(
    "error",
    [
        qtsearch.ArticleError("a.md", "no title", "write one", 3),
        qtsearch.ConfigError("a b"),
        qtsearch.IndexMissing(Path("index")),
        qtsearch.IndexBusy(Path("index"), "process 4711"),
        qtsearch.IndexDamaged("x"),
    ],
)
def test_errors_go_from_process_to_process(error):
    for copied in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(copied) is type(error)
        assert str(copied) == str(error)
        assert vars(copied) == vars(error)


def test_stats_count_subjects_as_the_facet_does(tmp_path):
    for number, subject in enumerate(("Oncology", "oncology", "Oncology", "Cardiology")):
        write_article(tmp_path / "articles", f"{number}.md", id=number, subject=subject)
    write_article(tmp_path / "articles", "none.md", id=9, subject=None)
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        (facet,) = index.search("-zebra", facets=["subject"]).facets
        assert index.stats().subjects == (("Oncology", 3), ("Cardiology", 1))
        assert index.stats().subjects == tuple((one.value, one.count) for one in facet.counts)


def test_stats_are_those_of_the_articles_that_are_left(tmp_path):
    for number in range(5):
        subject = "Gone" if number == 0 else "Few" if number == 1 else "Many"
        write_article(
            tmp_path / "articles", f"{number}.md", subject=subject, date=datetime.date(2020 + number, 1, 1), id=number
        )
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    (tmp_path / "articles/0.md").unlink()
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as index:
        stats = index.stats()
    assert (stats.documents, stats.oldest, stats.subjects) == (4, datetime.date(2021, 1, 1), (("Many", 3), ("Few", 1)))


def test_many_threads_search_at_once(index):
    texts = ["type 1 diabetes", "hepatitis B", '"virus of the liver"', "vir*", "metformine~"] * 20
    alone = [[(hit.path, hit.score) for hit in index.search(text)] for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: [(hit.path, hit.score) for hit in index.search(text)], texts))
    assert together == alone


@pytest.fixture(scope="module")
def mistyped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mistyped")
    (folder / "names.txt").write_text("hart atack, myocardial infarction\n")
    answers = {
        "infarct": "Myocardial infarction.",
        "lungs": "Pneumonia.",
        "mania": "New mania.",
        "search": "A search.",
        "letters": "Re: letters.",
        "liver": "The liver.",
        "cancer": "Cancer of the skin.",
        "both": "Liver cancer.",
        "hcc": "Hepatocellular carcinoma (HCC) of the liver.",
        "research": "Research on skin, research.",
        "more": "Research on cancer.",
        "most": "Research.",
    }
    for name, answer in answers.items():
        write_article(folder / "articles", f"{name}.md", title=name.title(), answer=answer)
    qtsearch.reindex(folder / "articles", folder / "index")
    with qtsearch.open(folder / "index", synonyms=folder / "names.txt") as opened:
        yield opened


@pytest.mark.parametrize(
    ("typed", "meant", "also", "found"),
    [
        ("liver cancar", "liver cancer", (), {"liver", "both", "hcc", "cancer", "more"}),
        ("title:canser liver", "title:cancer liver", (), {"liver", "both", "hcc", "cancer"}),
        ("skin hepatocelular", "skin hepatocellular", (), {"cancer", "research", "hcc"}),
        (
            "skin (hepatocelular^2 liver)",
            "skin (hepatocellular^2 liver)",
            (),
            {"cancer", "research", "hcc", "both", "liver"},
        ),
        ("hepatocelular carcinoma", "hepatocellular carcinoma", ("HCC",), {"hcc"}),
        ("skin researchoncancer", "skin researchoncancer", (), {"cancer", "research"}),
    ],
)
def test_what_was_probably_meant_is_searched_for_instead(mistyped, typed, meant, also, found):
    results = mistyped.search(typed)
    assert (results.text, results.total, results.also_searched) == (typed, len(found), also)
    assert {hit.path.removesuffix(".md") for hit in results} == found
    if typed == meant:
        assert (results.did_you_mean, results.corrected) == ("", False)
        assert results.notices == ('no article has "researchoncancer"',)
        return
    assert (results.did_you_mean, results.corrected) == (meant, True)
    (notice,) = results.notices
    assert notice.startswith('did you mean "') and '"? searched for it instead of "' in notice
    asked = mistyped.search(meant)
    assert [(hit.path, hit.score, hit.snippet) for hit in results] == [
        (hit.path, hit.score, hit.snippet) for hit in asked
    ]
    assert mistyped.search(typed, expand=False).corrected
    exact = mistyped.search(typed, exact=True)
    assert (exact.did_you_mean, exact.corrected, exact.notices) == ("", False, ())
    assert {hit.path for hit in exact} <= {hit.path for hit in results}


@pytest.mark.parametrize(
    ("typed", "meant", "also", "found", "lacking"),
    [
        ("liver cabter", "liver cancer", (), {"liver", "both", "hcc"}, ["cabter"]),  # too far
        ('liver "skin cabter"', 'liver "skin cancer"', (), {"liver", "both", "hcc"}, ["cabter"]),  # as it stands
        (
            "skin re search",
            "skin research",
            ("research",),
            {"cancer", "research", "more", "most", "search", "letters"},
            [],
        ),
        ("cabter", "cancer", (), set(), []),  # and so are no hits for what is as far
        ("+cabter liver", "+cancer liver", (), set(), ["cabter"]),
        ("+cabter date:1987", "", (), set(), []),  # what was meant finds nothing either
    ],
)
def test_what_may_have_been_meant_is_proposed(mistyped, typed, meant, also, found, lacking):
    results = mistyped.search(typed)
    assert (results.did_you_mean, results.corrected, results.also_searched) == (meant, False, also)
    assert {hit.path.removesuffix(".md") for hit in results} == found
    assert list(results.notices) == [f'no article has "{word}"' for word in lacking]


def test_of_what_was_meant_only_what_is_near_is_searched_for(mistyped):
    results = mistyped.search("cabter hepatocelular")
    assert (results.did_you_mean, results.corrected) == ("cancer hepatocellular", False)
    assert [hit.path for hit in results] == ["hcc.md"]
    assert results.notices == (
        'no hits for "cabter hepatocelular"; these are for "cabter hepatocellular"',
        'no article has "cabter"',
    )


def test_what_a_blank_tore_apart_is_another_name(mistyped):
    results = mistyped.search("skin re search", expand=False)
    assert (results.did_you_mean, results.also_searched) == ("skin research", ())
    assert {hit.path for hit in results} == {hit.path for hit in mistyped.search("skin re search", exact=True)}


@pytest.mark.parametrize(
    ("typed", "notices"),
    [
        ("liver Zürich", ['no article has "Zürich"']),
        ("zebra liver Zebra ouagadougou 1987", ['no article has "zebra", "ouagadougou" or "1987"']),
        ("+liver +zebra", ['no article has "zebra"']),  # and so nothing is found
        (
            "liver zebra cancar",
            ['did you mean "cancer"? searched for it instead of "cancar"', 'no article has "zebra"'],
        ),
        ("liver zebra cabter", ['no article has "zebra" or "cabter"']),  # a better word is only proposed
        ("liver p53", ['no article has "p53"']),
        ("zebra liv*", ['no article has "zebra"']),
        ("liver w/zebra", ['no article has "w/zebra"; searched for its words apart']),  # and once is enough
        (
            "ouagadougou cancar",
            ['no hits for "ouagadougou cancar"; these are for "ouagadougou cancer"', 'no article has "ouagadougou"'],
        ),
        ("research AND cabter AND hepatocellular", ['no article has "cabter"']),  # what is proposed finds nothing
        ("liver B\u2081\u2082", []),  # may stand there as two words
        ("zebra ouagadougou", []),  # that there are no hits says as much
        ("liver -zebra", []),
        ("liver livers", []),
        ("liver 斑馬", []),
        ("liver " + "zebra ouagadougou " * 60, []),  # a page
    ],
)
def test_words_that_no_article_has_are_named(mistyped, typed, notices):
    assert list(mistyped.search(typed).notices) == notices
    assert mistyped.search(typed, exact=True).notices == ()


@pytest.mark.parametrize("typed", ["liver -cancar", "pneu\u2010monia", "hart atack"])
def test_what_is_excluded_or_known_by_other_means_is_left_alone(mistyped, typed):
    results = mistyped.search(typed)
    assert (results.did_you_mean, results.corrected) == ("", False)
    assert {hit.path.removesuffix(".md") for hit in results} == {
        "liver -cancar": {"liver", "both", "hcc"},
        "pneu\u2010monia": {"lungs"},
        "hart atack": {"infarct"},
    }[typed]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("liver -cancar", {"cancar": "cancer"}),
        ("liver NOT (cancar OR cancer)", {"cancar": "cancer"}),
        ('+liver (skin -"skin cancar")', {"skin cancar": "skin cancer"}),
        ("liver -cancer", {}),
        ("liver -insulin", {}),  # nothing is near
        ('liver -"cancer liver"', {}),  # nor wrong
        ("liver -cancar*", {}),
    ],
)
def test_what_excludes_nothing_because_it_is_mistyped_is_told(mistyped, typed, told):
    assert mistyped.search(typed).notices == tuple(
        f'no article has "{text}", so it excludes nothing; did you mean "{meant}"?' for text, meant in told.items()
    )
    assert mistyped.search(typed, exact=True).notices == ()


def test_only_some_of_what_excludes_nothing_is_looked_after(mistyped):
    typed = "liver " + " ".join(f"-canc{letter}r" for letter in "abcdfghijklm")
    assert len(mistyped.search(typed).notices) == MAX_CORRECTED


def test_a_number_leaves_an_abbreviation_its_long_form(mistyped):
    results = mistyped.search("HCC 2")
    assert results.also_searched == ("Hepatocellular carcinoma",)
    assert {hit.path for hit in results} == {"hcc.md"}


def test_what_was_meant_takes_the_place_of_a_query_that_finds_nothing(mistyped):
    for typed in ("canser", "+canser liver", '"canser"'):
        results = mistyped.search(typed)
        assert results.corrected
        meant = typed.replace("canser", "cancer")
        assert (results.did_you_mean, results.also_searched) == (meant, ())
        unquoted = [text.strip('"') for text in (typed, meant)]
        assert results.notices == ('no hits for "{}"; these are for "{}"'.format(*unquoted),)
        assert {hit.path for hit in results} == {"cancer.md", "both.md", "more.md"}


def test_a_notice_of_no_hits_is_one_short_line(mistyped):
    (told,) = mistyped.search("canser\n\x1b" + " " * 100).notices
    assert told.isprintable() and len(told) < 120


def test_numbers_are_found_however_they_are_written(tmp_path):
    folder = tmp_path / "articles"
    for name, answer in (
        ("roman", "Stage IV cancer."),
        ("arabic", "Stage 4 cancer."),
        ("none", "Cancer on the stage."),
        ("part", "Stage IIIB cancer."),
    ):
        write_article(folder, f"{name}.md", title=name, answer=answer)
    qtsearch.reindex(folder, tmp_path / "index")
    with qtsearch.open(tmp_path / "index") as opened:
        results = opened.search("stage 4 cancer")
        assert [hit.path for hit in results][:2] == ["arabic.md", "roman.md"]
        assert results.also_searched == ("stage IV",)
        assert {"Stage IV", "cancer"} == {
            fragment.text[start:end] for fragment in results[1].snippet.fragments for start, end in fragment.highlights
        }
        assert opened.search("stage four cancer").also_searched == ("stage 4", "stage IV")
        assert opened.search("stage 5 cancer").also_searched == ()
        assert opened.search("stage 4 cancer", expand=False).also_searched == ()
        parts = opened.search("stage 3b cancer")
        assert (parts[0].path, parts.also_searched, parts.notices) == ("part.md", ("stage IIIB",), ())
        assert opened.search("stage 2b cancer").notices == ('no article has "2b"',)


def test_missing_index_says_how_to_build_one(tmp_path):
    with pytest.raises(qtsearch.IndexMissing, match="qtsearch reindex"):
        qtsearch.open(tmp_path / "none")


def test_the_real_article(tmp_path):
    qtsearch.reindex(SEEDS, tmp_path)
    with qtsearch.open(tmp_path) as opened:
        (hit,) = opened.search("HCC immunotherapy", related=4)
    assert hit.id == 97061
    assert hit.date == datetime.date(2024, 12, 7)
    assert [related.id for related in hit.related] == [97063, 97057, 97064, 97062]
    assert not any(related.indexed for related in hit.related)
    assert {"HCC", "immunotherapy"} <= {
        fragment.text[start:end] for fragment in hit.snippet.fragments for start, end in fragment.highlights
    }


def test_importing_loads_nothing_heavy():
    code = "import qtsearch, sys; print(sorted({'numpy', 'whoosh', 'click', 'rich', 'yaml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_are_sorted_and_all_there():
    assert qtsearch.__all__ == sorted(qtsearch.__all__)
    assert dir(qtsearch) == qtsearch.__all__
    assert all(getattr(qtsearch, name) is not None for name in qtsearch.__all__)
    with pytest.raises(AttributeError):
        _ = qtsearch.nothing


def test_a_word_that_a_person_has_synonyms_for_is_no_mistake(tmp_path):
    write_article(tmp_path / "articles", "a.md", title="Cancer", answer="of the liver")
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    (tmp_path / "names.txt").write_text("canser, liver\n")
    with qtsearch.open(tmp_path / "index") as index:
        assert index.search("canser").did_you_mean == "cancer"
    with qtsearch.open(tmp_path / "index", synonyms=tmp_path / "names.txt") as index:
        results = index.search("canser")
        assert (results.did_you_mean, results.also_searched) == ("", ("liver",))
