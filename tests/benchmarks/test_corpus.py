import itertools
import random
import tarfile

import article_files
import corpus
import pytest
import queries
from variation import FAMILY, InventedTerms, Variation


def test_a_written_article_reads_back(articles, tmp_path):
    (tmp_path / "medicine").mkdir()
    varied = itertools.islice(Variation(articles, seed=1).articles(), 40)
    for article in (*articles, *varied):
        article_files.write(article, tmp_path)
        assert article_files.read(tmp_path / article.path, tmp_path) == article


def test_variations_are_distinct_and_link_to_each_other(articles):
    varied = list(itertools.islice(Variation(articles).articles(), 10 * FAMILY))
    for name in ("id", "url", "path", "file_name"):
        assert len({getattr(article, name) for article in (*articles, *varied)}) == len(articles) + len(varied)
    assert {article.answer for article in varied}.isdisjoint(article.answer for article in articles)
    by_id = {article.id: article for article in varied}
    for article in varied:
        assert len(article.related) == FAMILY - 1
        for link in article.related:
            assert link.id != article.id
            assert (link.title, link.url) == (by_id[link.id].title, by_id[link.id].url)


def test_the_same_seed_gives_the_same_variations(articles):
    first, again, other = (list(itertools.islice(Variation(articles, s).articles(), 8)) for s in (3, 3, 4))
    assert first == again != other


def test_the_invented_vocabulary_grows_ever_more_slowly():
    terms = InventedTerms(random.Random(0))
    known = [0]
    drawn = []
    for _ in range(4):
        drawn += [terms.draw() for _ in range(5000)]
        known.append(len(terms))
    growth = [after - before for before, after in itertools.pairwise(known)]
    assert growth == sorted(growth, reverse=True)
    assert 0 < growth[-1] < growth[0]
    assert len(set(drawn)) == len(terms)


@pytest.fixture
def data(articles, tmp_path):
    """A data folder with one archive, laid out as the shared one."""
    source = tmp_path / "source" / "medical"
    (source / "articles" / "medicine").mkdir(parents=True)
    for article in articles:
        article_files.write(article, source / "articles")
    (source / "topics.tsv").write_text("1\tgout treatment\n2\tanemia\n")
    folder = tmp_path / "data"
    folder.mkdir()
    with tarfile.open(folder / "medical.tar.xz", "w:xz") as tar:
        tar.add(source, "medical")
    return folder


@pytest.mark.parametrize("size", [None, 1, 5, 12, 13, 30])
def test_a_corpus_has_its_size_and_no_dangling_link(data, tmp_path, size):
    made = corpus.prepare("medical", size, data=data, cache=tmp_path / "cache")
    listed = list(made.articles())
    assert made.size == len(listed) == (size or 12)
    files = {path.relative_to(made.articles_folder).as_posix() for path in made.articles_folder.rglob("*.md")}
    assert files == {article.path for article in listed}
    ids = {article.id for article in listed}
    assert {link.id for article in listed for link in article.related} <= ids
    assert made.topics() == ["gout treatment", "anemia"]


def test_a_finished_corpus_is_used_again_and_another_seed_replaces_it(data, tmp_path):
    made = corpus.prepare("medical", 20, data=data, to=tmp_path / "site", cache=tmp_path / "cache")
    before = list(made.articles())
    mark = made.articles_folder / "mark.md"
    mark.touch()
    corpus.prepare("medical", 20, data=data, to=tmp_path / "site", cache=tmp_path / "cache")
    assert mark.exists()
    again = corpus.prepare("medical", 20, data=data, to=tmp_path / "site", cache=tmp_path / "cache", seed=1)
    assert not mark.exists()
    assert list(again.articles()) != before


def test_a_larger_corpus_begins_with_a_smaller_one(data, tmp_path):
    small, large = (
        list(corpus.prepare("medical", size, data=data, cache=tmp_path / "cache").articles()) for size in (20, 40)
    )
    assert large[:20] == small


def test_a_folder_with_something_else_is_left_alone(data, tmp_path):
    (tmp_path / "articles").mkdir()
    precious = tmp_path / "articles" / "precious.md"
    precious.write_text("mine")
    with pytest.raises(FileExistsError, match="name another folder"):
        corpus.prepare("medical", 5, data=data, to=tmp_path, cache=tmp_path / "cache")
    assert precious.read_text() == "mine"


def test_missing_data_is_named(tmp_path):
    with pytest.raises(corpus.DataMissingError, match=r"medical\.tar\.xz.*--data"):
        corpus.prepare("medical", data=tmp_path, cache=tmp_path / "cache")


def test_queries_are_plain_words_that_articles_hold(articles):
    natural = queries.natural_language(articles, ["What's gout?"], 3)
    assert sorted(natural.texts)[-1] == "what s gout"
    assert set(natural.texts) < {"what s gout", "what is are gout", "what is are anemia", "what is are asthma"}
    assert len(set(natural.texts)) == 3
    texts = [f"{article.title} {article.answer}".lower() for article in articles]
    for pair in queries.two_words(articles, 20).texts:
        one, other = pair.split()
        assert any(one in text and other in text for text in texts)
