"""Parsed articles that are indexed on all cores give the same index as one by one."""

import dataclasses
import errno
import os
import signal

import pytest

import qtsearch
from qtsearch.articles.model import Article, Fingerprint
from qtsearch.engines import store_at
from qtsearch.engines.whoosh import additions, batches, worker_process
from tests.folders import titles

UNREAD = Fingerprint(0, 0, bytes(16))


def article(number, title="Liver"):
    text = f"{title} Δ{number % 7} " + "word " * (number % 11)
    empty = dict.fromkeys(("question", "subject", "author", "url", "file_name", "page_description"), "")
    path = f"{number:04}.md"
    return Article(
        path=path,
        id=number + 1,
        title=f"{title} {number}",
        answer=text,
        answer_text=text,
        date=None,
        score=None,
        page_keywords=("fatty liver (FL)",),
        related=(),
        **empty,
    )


@pytest.fixture
def many_workers(monkeypatch):
    """Two workers from ten articles on, however many cores there are, and segments of about 80 articles."""
    monkeypatch.setattr(additions, "WORTH_WORKERS", 10)
    monkeypatch.setattr(additions, "ENOUGH_TO_LEARN", 10)
    monkeypatch.setattr(additions, "BATCH", 7)
    monkeypatch.setattr(additions, "TOKENS_IN_MEMORY", 1_000)
    monkeypatch.setattr(additions, "worker_count", lambda: 3)


def begun(index, lock, *, fresh=True):
    store = store_at(index)
    return store.write(lock, store.new_recipe(index), fresh=fresh)


def index_all(index, articles, *, gone=(), fresh=True):
    with store_at(index).lock(0.0) as lock, begun(index, lock, fresh=fresh) as changes:
        for each in articles:
            changes.add(each, UNREAD)
        for path in gone:
            changes.delete(path)
        changes.commit()


def answers(index):
    with qtsearch.open(index) as opened:
        found = [opened.search(text, limit=500) for text in ("liver word", "FL", "wor*", '"Δ3 word"')]
        return [[(hit.path, round(hit.score, 12)) for hit in results] for results in found]


def assert_same(index, other):
    assert titles(index) == titles(other)
    assert answers(index) == answers(other)
    assert qtsearch.check(index=index, verify=True).index_problems == ()


ARTICLES = [article(number) for number in range(250)]


@pytest.mark.parametrize("dictionary", [b"", b"Liver word " * 4_000], ids=["plain", "compressed"])
def test_the_same_index_as_one_by_one(tmp_path, monkeypatch, request, dictionary):
    index_all(tmp_path / "alone", ARTICLES)
    request.getfixturevalue("many_workers")
    monkeypatch.setattr(batches, "learned_dictionary", lambda articles, count: dictionary)
    index_all(tmp_path / "together", ARTICLES)
    assert_same(tmp_path / "together", tmp_path / "alone")
    with qtsearch.open(tmp_path / "together") as index:
        assert index.stats().segments == 1
    assert list(titles(tmp_path / "together")) == [each.path for each in ARTICLES]


def test_the_later_of_two_articles_of_a_path_wins(tmp_path, many_workers):
    """Whether the first still waits, is with a worker, is taken apart, or written."""
    again = [article(number, "Kidney") for number in (0, 100, 170, 230, 247, 249)]
    index_all(tmp_path / "twice", [*ARTICLES, *again, *again], gone=["0001.md", "0249.md", "absent.md"])
    changed = {each.path for each in again}
    left = [each for each in ARTICLES if each.path not in changed | {"0001.md"}]
    index_all(tmp_path / "once", [*left, *again[:-1]])
    assert_same(tmp_path / "twice", tmp_path / "once")


def test_a_commit_upon_another_may_use_workers_too(tmp_path, many_workers):
    index_all(tmp_path / "index", ARTICLES[:120])
    changed = [article(number, "Kidney") for number in range(100, 250)]
    index_all(tmp_path / "index", changed, gone=["0003.md", "0200.md"], fresh=False)
    expected = {each.path: each.title for each in [*ARTICLES[:120], *changed]}
    del expected["0003.md"], expected["0200.md"]
    assert titles(tmp_path / "index") == expected


def test_few_articles_start_no_process(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "start_workers", None)
    index_all(tmp_path / "index", ARTICLES)
    assert len(titles(tmp_path / "index")) == len(ARTICLES)


def test_a_few_huge_articles_start_no_process(tmp_path, monkeypatch):
    monkeypatch.setattr(additions, "WAITING_CHARACTERS", 100)
    monkeypatch.setattr(batches, "start_workers", None)
    index_all(tmp_path / "index", ARTICLES[:40])
    assert list(titles(tmp_path / "index")) == [each.path for each in ARTICLES[:40]]


def test_many_that_never_became_enough_to_learn_from_start_workers_at_the_commit(tmp_path, monkeypatch, many_workers):
    monkeypatch.setattr(additions, "ENOUGH_TO_LEARN", 1_000)
    index = tmp_path / "index"
    with store_at(index).lock(0.0) as lock, begun(index, lock) as changes:
        for each in ARTICLES:
            changes.add(each, UNREAD)
        assert changes._additions.workers == []
        changes._additions.flush()
        assert len(changes._additions.workers) == 2
        changes.commit()
    assert list(titles(index)) == [each.path for each in ARTICLES]


def test_one_core_starts_no_process(tmp_path, monkeypatch, many_workers):
    monkeypatch.setattr(additions, "worker_count", lambda: 1)
    monkeypatch.setattr(batches, "start_workers", None)
    index_all(tmp_path / "index", ARTICLES)
    assert len(titles(tmp_path / "index")) == len(ARTICLES)


@pytest.mark.parametrize("added", [60, 250], ids=["before a segment", "after segments"])
def test_a_worker_that_is_killed_is_one_clear_line(tmp_path, many_workers, added):
    index = tmp_path / "index"
    index_all(index, ARTICLES[:5])
    with store_at(index).lock(0.0) as lock, begun(index, lock) as changes:
        for each in ARTICLES[:added]:
            changes.add(each, UNREAD)
        for worker in changes._additions.workers:
            os.kill(worker._process.pid, signal.SIGKILL)
        for _ in range(2):
            with pytest.raises(qtsearch.IndexFault, match="an indexing process ended with status -9"):
                changes.commit()
    assert len(titles(index)) == 5


def test_what_a_worker_cannot_write_stops_the_commit(tmp_path, many_workers):
    index = tmp_path / "index"
    with store_at(index).lock(0.0) as lock, begun(index, lock) as changes:
        for each in ARTICLES[:60]:
            changes.add(each, UNREAD)
        index.rename(tmp_path / "elsewhere")
        with pytest.raises(qtsearch.IndexFault, match="cannot write"):
            changes.commit()
        (tmp_path / "elsewhere").rename(index)
        for again in (changes.commit, lambda: changes.add(ARTICLES[0], UNREAD), lambda: changes.delete("0001.md")):
            with pytest.raises(qtsearch.IndexFault, match="cannot write"):
                again()  # or what is half done would be committed
    assert store_at(index).last_commit() == ""


def test_a_committed_writer_takes_no_more_changes(tmp_path):
    index = tmp_path / "index"
    with store_at(index).lock(0.0) as lock, begun(index, lock) as changes:
        changes.add(ARTICLES[0], UNREAD)
        changes.commit()
        before = {file.name: file.read_bytes() for file in index.iterdir()}
        for again in (changes.commit, lambda: changes.add(ARTICLES[1], UNREAD), lambda: changes.delete("0000.md")):
            with pytest.raises(qtsearch.IndexFault, match="committed already"):
                again()
        assert {file.name: file.read_bytes() for file in index.iterdir()} == before


def test_where_a_worker_cannot_be_started_all_is_done_without(tmp_path, monkeypatch, many_workers):
    made = []

    class Second(worker_process.WorkerProcess):
        def __init__(self):
            if made:
                raise OSError(errno.EMFILE, "Too many open files")
            super().__init__()
            made.append(self)

    monkeypatch.setattr(worker_process, "WorkerProcess", Second)
    with store_at(tmp_path / "index").lock(0.0) as lock, begun(tmp_path / "index", lock) as changes:
        for each in ARTICLES:
            changes.add(each, UNREAD)
        changes.commit()
    (first,) = made
    assert first._process.poll() is not None
    assert len(titles(tmp_path / "index")) == len(ARTICLES)


def test_cancelling_ends_the_workers_and_removes_their_files(tmp_path, many_workers):
    index = tmp_path / "index"
    index_all(index, ARTICLES[:5])
    before = sorted(path.name for path in index.iterdir())
    with store_at(index).lock(0.0) as lock, begun(index, lock) as changes:
        for each in ARTICLES:
            changes.add(each, UNREAD)
        workers = changes._additions.workers
        assert len(list(index.iterdir())) > len(before)
    assert all(worker._process.poll() is not None for worker in workers)
    assert sorted(path.name for path in index.iterdir()) == before


def test_an_article_no_file_can_hold(tmp_path, many_workers):
    odd = dataclasses.replace(ARTICLES[20], answer="lone \ud800 surrogate", answer_text="lone \ud800 surrogate")
    index_all(tmp_path / "index", [*ARTICLES[:20], odd, *ARTICLES[21:60]])
    with qtsearch.open(tmp_path / "index") as index:
        assert [hit.path for hit in index.search("surrogate")] == [odd.path]


def test_what_waits_for_workers_is_bounded_in_characters_too(tmp_path, monkeypatch):
    monkeypatch.setattr(additions, "WAITING_CHARACTERS", 200)
    collected, waiting = additions.Additions(tmp_path, []), []
    for each in ARTICLES[:30]:
        collected.add(each, UNREAD)
        waiting.append(collected._characters)
    assert 0 < max(waiting) < 200


def test_without_workers_too_a_segment_is_written_when_the_memory_is_full(tmp_path, monkeypatch):
    monkeypatch.setattr("qtsearch.analysis.inversion._TOGETHER", 100)
    monkeypatch.setattr(additions, "TOKENS_IN_MEMORY", 100)
    monkeypatch.setattr(additions, "worker_count", lambda: 1)
    segments = []
    collected = additions.Additions(tmp_path, segments)
    for each in ARTICLES:
        collected.add(each, UNREAD)
    collected.flush()
    assert len(segments) > 1
    assert sum(segment.doc_count_all() for segment in segments) == len(ARTICLES)
