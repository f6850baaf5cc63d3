"""Indexing on all cores gives what indexing one by one gives."""

import errno
import shutil
import subprocess
import sys

import pytest
from whoosh.filedb.filestore import FileStorage

import qtsearch
from qtsearch import reindexing
from qtsearch.articles.library import ArticleFile, Library
from qtsearch.codec.inverted_index import InvertedIndex
from qtsearch.codec.merge import ALL_TERMS
from qtsearch.engines import store_at
from qtsearch.engines.whoosh import additions, bulk, worker_process, writer
from qtsearch.engines.whoosh.tasks import Done, Merge, TermsFile
from tests.folders import titles, write_article


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    for number in range(40):
        write_article(folder, f"{number:02}.md", id=number + 1, title=f"Liver {number}", answer="word " * number)
    write_article(folder, "rival.md", id=1, title="Rival")
    (folder / "broken.md").write_text("---\ntitle: [\n---\n")
    return folder


@pytest.fixture(params=[bulk.BYTES_OF_PARTS, -1], ids=["one segment of parts", "segments"])
def many_workers(request, monkeypatch):
    monkeypatch.setattr(reindexing, "WORTH_WORKERS", 1)
    monkeypatch.setattr(bulk, "SHARE", 7)
    monkeypatch.setattr(bulk, "BYTES_OF_PARTS", request.param)


def hits(index):
    with qtsearch.open(index) as opened:
        return [(hit.path, round(hit.score, 12)) for hit in opened.search("liver word", limit=100)]


@pytest.mark.usefixtures("many_workers")
def test_the_same_index_as_one_by_one(folder, tmp_path, monkeypatch):
    with monkeypatch.context() as one_by_one:
        one_by_one.setattr(reindexing, "WORTH_WORKERS", 1_000)
        alone = qtsearch.reindex(folder, tmp_path / "alone")
    seen = []
    together = qtsearch.reindex(folder, tmp_path / "together", progress=seen.append)
    assert together.changes == alone.changes
    assert together.problems == alone.problems
    assert (together.added, together.failed) == (40, 2)
    assert titles(tmp_path / "together") == titles(tmp_path / "alone")
    assert hits(tmp_path / "together") == hits(tmp_path / "alone")
    assert [progress for progress in seen if progress.phase == "read"][-1].done == 42
    with qtsearch.open(tmp_path / "together") as index:
        assert index.stats().segments == 1


@pytest.mark.usefixtures("many_workers")
@pytest.mark.parametrize("rivals", [("03.md", "05.md"), ("00.md", "39.md", "rival.md"), ("38.md", "39.md", "rival.md")])
def test_who_loses_an_id_is_left_out_wherever_it_stands(folder, tmp_path, rivals):
    for path in rivals:
        write_article(folder, path, id=777, title="Liver")
    report = qtsearch.reindex(folder, tmp_path / "index")
    found = titles(tmp_path / "index")
    assert [path for path in rivals if path in found] == [rivals[0]]
    with qtsearch.open(tmp_path / "index") as index:
        assert index.stats().documents == report.documents == len(found)
        assert index.search("id:777").total == 1


@pytest.mark.usefixtures("many_workers")
def test_no_worker_outlives_a_run_that_fails_before_they_have_work(folder, tmp_path, monkeypatch):
    made = []
    start = worker_process.start
    monkeypatch.setattr(worker_process, "start", lambda: made.append(start()) or made[-1])

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(bulk, "_dictionary", interrupted)
    with pytest.raises(KeyboardInterrupt):
        qtsearch.reindex(folder, tmp_path / "index")
    assert made
    assert [process.wait() for process in made] == [-9] * len(made)


@pytest.mark.usefixtures("many_workers")
@pytest.mark.parametrize("started", [0, 1])
def test_where_no_process_can_be_started_the_run_goes_on_without(folder, tmp_path, monkeypatch, started):
    alone = qtsearch.reindex(folder, tmp_path / "alone")
    # Enough to start workers for parsed articles, if it were tried again.
    monkeypatch.setattr(additions, "WORTH_WORKERS", 1)
    start, made, refused = worker_process.start, [], []

    def refuse():
        if len(made) < started:
            made.append(start())
            return made[-1]
        refused.append(True)
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(worker_process, "start", refuse)
    report = qtsearch.reindex(folder, tmp_path / "index")
    assert (report.changes, report.problems) == (alone.changes, alone.problems)
    assert hits(tmp_path / "index") == hits(tmp_path / "alone")
    assert all(process.wait(10) is not None for process in made)
    assert len(refused) == 2  # while the folder is looked through, and for what was found there


@pytest.mark.usefixtures("many_workers")
def test_a_run_that_leaves_out_all_it_read_writes_nothing(folder, tmp_path):
    copies = folder / "zcopies"
    shutil.copytree(folder, copies)
    (copies / "broken.md").unlink()
    qtsearch.reindex(folder, tmp_path / "index")
    before = store_at(tmp_path / "index").last_commit()
    report = qtsearch.reindex(folder, tmp_path / "index")
    assert (report.changes, report.committed) == ((), False)
    assert store_at(tmp_path / "index").last_commit() == before


@pytest.mark.usefixtures("many_workers")
def test_an_incremental_run_may_use_workers_too(folder, tmp_path):
    index = tmp_path / "index"
    qtsearch.reindex(folder, index)
    for number in range(20):
        write_article(folder, f"new/{number}.md", id=100 + number, title=f"New {number}")
    write_article(folder, "new/rival.md", id=5, title="Another rival")
    report = qtsearch.reindex(folder, index)
    assert report.added == 20
    assert len(titles(index)) == 60


@pytest.mark.usefixtures("many_workers")
def test_workers_of_many_cores_can_still_merge(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "worker_count", lambda: 4)
    index = tmp_path / "index"
    for run in range(5):
        for number in range(20):
            write_article(folder, f"{run}/{number}.md", id=100 * run + number + 100, title=f"Run {run} {number}")
        assert qtsearch.reindex(folder, index).committed
    assert len(titles(index)) == 140
    with qtsearch.open(index) as opened:
        assert opened.stats().segments < 5


def test_a_worker_that_dies_is_one_clear_line(folder, tmp_path, monkeypatch):
    index = tmp_path / "index"
    index.mkdir()
    command = [sys.executable, "-c", "import os; os._exit(7)"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    monkeypatch.setattr(worker_process, "start", lambda: subprocess.Popen(command, **pipes))
    library = Library(folder)
    working = bulk.BulkIndexing(library, library.scan().files, index, 2)
    try:
        with pytest.raises(qtsearch.IndexFault, match="ended with status 7"):
            list(working)
    finally:
        working.close()


@pytest.mark.usefixtures("many_workers")
def test_what_a_worker_cannot_write_stops_the_run(folder, tmp_path):
    store = store_at(tmp_path / "index")
    library = Library(folder)
    with store.lock(0.0) as lock, store.write(lock, store.new_recipe(folder), fresh=True) as writer:
        (tmp_path / "index").rename(tmp_path / "elsewhere")
        with pytest.raises(qtsearch.IndexFault, match="cannot write"):
            list(writer.add_files(library, library.scan().files, lambda files: None))
        (tmp_path / "elsewhere").rename(tmp_path / "index")


def processes_of(workers):
    return [worker._process for worker in workers]


def test_workers_that_wait_for_files_end_with_the_writer(folder, tmp_path):
    store = store_at(tmp_path / "index")
    with store.lock(0.0) as lock, store.write(lock, store.new_recipe(folder), fresh=True) as writer:
        writer.expect_files()
        writer.expect_files()
        waiting = processes_of(writer._early)
        assert len(waiting) == worker_process.worker_count()
    assert all(process.poll() is not None for process in waiting)


def test_workers_that_wait_read_the_files_and_what_is_too_many_ends(folder, tmp_path, many_workers):
    index = tmp_path / "index"
    index.mkdir()
    library = Library(folder)
    early = [worker_process.WorkerProcess() for _ in range(3)]
    used, spare = processes_of(early[:1]), processes_of(early[1:])
    working = bulk.BulkIndexing(library, library.scan().files[:1], index, 3, early)
    try:
        assert processes_of(working.workers) == used
        assert all(process.poll() is not None for process in spare)
        assert [message.outcomes[0].path for message in working if isinstance(message, Done)] == ["00.md"]
    finally:
        working.close()
    assert used[0].poll() is not None


@pytest.fixture
def indexed(folder, tmp_path, many_workers):
    """Workers that have indexed all files, and the segments they wrote."""
    index = tmp_path / "index"
    index.mkdir()
    library = Library(folder)
    working = bulk.BulkIndexing(library, library.scan().files, index, 2)
    segments = [info for message in working if isinstance(message, Done) for info in message.segments]
    yield working.workers[0], Merge(index, tuple(segments), "answer", ALL_TERMS, "MAIN_aside")
    working.close()


def test_shares_are_adjacent_and_about_as_large(tmp_path):
    files = [ArticleFile(f"{number:05}.md", 100_000 if number < 10 else 3_000, 0) for number in range(9_000)]
    parts = bulk._parts(files, 2)
    sizes = [sum(file.size + 2_000 for file in part) for part in parts]
    assert [file for part in parts for file in part] == files
    assert len(parts) == 4
    assert max(sizes) - min(sizes) < 2 * 102_000
    assert bulk._parts(files[:1], 2) == [files[:1]]


def test_a_worker_merges_a_field(indexed):
    worker, task = indexed
    documents = sum(info.doc_count_all for info in task.segments)
    assert worker.ask(task).result() == TermsFile(documents)
    merged = InvertedIndex(FileStorage(task.folder), "MAIN_aside", documents)
    assert merged.field_names() == ["answer"]


def test_what_a_worker_cannot_merge_is_an_error(indexed):
    worker, task = indexed
    (task.folder / f"{task.segments[0].segment_id}.terms").unlink()
    with pytest.raises(qtsearch.IndexDamaged, match="missing"):
        worker.ask(task).result()


def test_a_worker_that_is_gone_cannot_merge(indexed):
    worker, task = indexed
    worker.kill()
    with pytest.raises(qtsearch.IndexFault, match="ended with status -9"):
        worker.ask(task).result()
