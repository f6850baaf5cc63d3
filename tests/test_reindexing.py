"""What a reindex promises: the index says what the folder says, and nothing is lost on the way."""

import errno
import gc
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from whoosh import fields
from whoosh.index import create_in, open_dir

import qtsearch
from qtsearch import reindexing
from qtsearch.articles import library
from qtsearch.engines import lock, store_at
from qtsearch.engines.whoosh import store
from qtsearch.engines.whoosh.documents import SCHEMA_VERSION
from tests.folders import titles, write_article


@pytest.fixture
def folder(tmp_path):
    articles = tmp_path / "articles"
    write_article(articles, "a.md", id=1, title="Alpha")
    write_article(articles, "b.md", id=2, title="Beta")
    write_article(articles, "sub/c.md", id=3, title="Gamma")
    return articles


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


def kinds(report):
    return {change.path: change.kind for change in report.changes}


def test_first_run_adds_everything(folder, index):
    report = qtsearch.reindex(folder, index)
    assert (report.added, report.updated, report.deleted, report.unchanged, report.failed) == (3, 0, 0, 0, 0)
    assert report.committed
    assert report.documents == 3
    assert titles(index) == {"a.md": "Alpha", "b.md": "Beta", "sub/c.md": "Gamma"}


def test_an_unchanged_folder_writes_nothing(folder, index):
    qtsearch.reindex(folder, index)
    before = {path.name: path.stat().st_mtime_ns for path in index.iterdir() if "MAIN" in path.name}
    report = qtsearch.reindex(folder, index)
    assert (report.unchanged, report.committed, report.changes) == (3, False, ())
    assert {path.name: path.stat().st_mtime_ns for path in index.iterdir() if "MAIN" in path.name} == before


def test_what_a_report_lists_stands_in_the_order_of_paths(folder, index):
    write_article(folder, "d.md")
    qtsearch.reindex(folder, index)
    (folder / "a.md").unlink()
    write_article(folder, "0.md")
    write_article(folder, "b.md", title=None)
    write_article(folder, "d.md", title="Delta")
    write_article(folder, "sub/c.md", answer="x" * 5_000)
    report = qtsearch.reindex(folder, index, max_bytes=2_000)
    assert [change.path for change in report.changes] == ["0.md", "a.md", "d.md"]
    assert [problem.path for problem in report.problems] == ["b.md", "sub/c.md"]


def test_adds_updates_and_deletes_in_one_commit(folder, index):
    qtsearch.reindex(folder, index)
    before = store_at(index).last_commit()
    write_article(folder, "a.md", id=1, title="Alpha again")
    write_article(folder, "d.md", id=4, title="Delta")
    (folder / "b.md").unlink()
    report = qtsearch.reindex(folder, index)
    assert kinds(report) == {"a.md": "updated", "b.md": "deleted", "d.md": "added"}
    assert report.documents == 3
    assert titles(index) == {"a.md": "Alpha again", "d.md": "Delta", "sub/c.md": "Gamma"}
    assert store_at(index).last_commit() != before


def test_a_touched_file_is_not_indexed_again(folder, index):
    qtsearch.reindex(folder, index)
    os.utime(folder / "a.md", (1, 1))
    report = qtsearch.reindex(folder, index)
    assert (report.unchanged, report.changes, report.committed) == (3, (), False)


def test_a_touched_file_is_not_parsed_again(folder, index, monkeypatch):
    """A restored backup or a checkout touches all of them, and they stay so."""
    qtsearch.reindex(folder, index)
    os.utime(folder / "a.md", (1, 1))
    monkeypatch.setattr(library, "read_article", None)
    assert qtsearch.reindex(folder, index).unchanged == 3


def test_a_time_of_zero_is_not_trusted(folder, index):
    os.utime(folder / "a.md", (0, 0))
    qtsearch.reindex(folder, index)
    write_article(folder, "a.md", id=1, title="Omega")
    os.utime(folder / "a.md", (0, 0))
    assert kinds(qtsearch.reindex(folder, index)) == {"a.md": "updated"}


def test_a_time_in_the_far_future_is_no_error(folder, index):
    os.utime(folder / "a.md", (2**34, 2**34))
    assert qtsearch.reindex(folder, index).added == 3
    assert qtsearch.reindex(folder, index).unchanged == 3


def test_many_broken_files_are_no_reason_for_a_commit(folder, index, monkeypatch):
    monkeypatch.setattr(reindexing, "WORTH_WORKERS", 3)
    qtsearch.reindex(folder, index)
    for number in range(4):
        (folder / f"broken{number}.md").write_text("nothing")
    for _ in range(2):
        report = qtsearch.reindex(folder, index)
        assert (report.failed, report.unchanged, report.committed) == (4, 3, False)
    with qtsearch.open(index) as opened:
        assert opened.stats().generation == 0


def test_a_run_with_nothing_to_write_needs_no_room(folder, index, monkeypatch):
    qtsearch.reindex(folder, index)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(lock.json, "dumps", full)
    assert qtsearch.reindex(folder, index).unchanged == 3
    assert not (index / "writer.json").exists()


def test_the_same_size_and_a_new_time_is_seen(folder, index):
    qtsearch.reindex(folder, index)
    write_article(folder, "a.md", id=1, title="Omega")
    assert kinds(qtsearch.reindex(folder, index)) == {"a.md": "updated"}


def test_a_change_in_the_same_moment_is_seen(folder, index):
    path = folder / "a.md"
    path.touch()
    qtsearch.reindex(folder, index)
    moment = path.stat().st_mtime_ns
    path.write_text(path.read_text().replace("Alpha", "Omega"))
    os.utime(path, ns=(moment, moment))
    assert kinds(qtsearch.reindex(folder, index)) == {"a.md": "updated"}


def test_an_unreadable_article_keeps_its_last_version(folder, index):
    qtsearch.reindex(folder, index)
    (folder / "a.md").write_text("---\ntitle: [broken\n---\nx")
    report = qtsearch.reindex(folder, index)
    assert report.kept == ("a.md",)
    assert report.failed == 1
    assert [problem.path for problem in report.problems] == ["a.md"]
    assert titles(index)["a.md"] == "Alpha"
    (folder / "a.md").unlink()
    assert kinds(qtsearch.reindex(folder, index)) == {"a.md": "deleted"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_articles_in_an_unreadable_folder_stay(folder, index):
    qtsearch.reindex(folder, index)
    (folder / "sub").chmod(0)
    try:
        report = qtsearch.reindex(folder, index)
    finally:
        (folder / "sub").chmod(0o755)
    assert report.kept == ("sub/c.md",)
    assert len(titles(index)) == 3


def test_an_article_that_grew_too_large_stays(folder, index):
    qtsearch.reindex(folder, index)
    write_article(folder, "a.md", id=1, title="Alpha", answer="x" * 5_000)
    report = qtsearch.reindex(folder, index, max_bytes=2_000)
    assert (report.kept, report.failed) == (("a.md",), 1)
    assert len(titles(index)) == 3


def test_a_full_rebuild_cannot_keep_what_it_cannot_read(folder, index):
    qtsearch.reindex(folder, index)
    (folder / "a.md").write_text("nothing")
    report = qtsearch.reindex(folder, index, full=True)
    assert report.rebuilt
    assert sorted(titles(index)) == ["b.md", "sub/c.md"]


def test_the_first_path_has_the_id(folder, index):
    write_article(folder, "z.md", id=1, title="Zeta")
    report = qtsearch.reindex(folder, index)
    assert sorted(titles(index)) == ["a.md", "b.md", "sub/c.md"]
    (problem,) = report.problems
    assert "a.md" in str(problem)
    assert "z.md" in str(problem)


@pytest.mark.parametrize("path", ["0.md", "a.md", "z.md"])
def test_a_new_owner_of_an_id_gives_what_a_full_run_gives(folder, index, tmp_path, path):
    qtsearch.reindex(folder, index)
    write_article(folder, path, id=2, title="Rival")
    qtsearch.reindex(folder, index)
    qtsearch.reindex(folder, tmp_path / "anew")
    assert titles(index) == titles(tmp_path / "anew")


def test_the_other_article_follows_when_the_owner_goes(folder, index):
    write_article(folder, "z.md", id=1, title="Zeta")
    qtsearch.reindex(folder, index)
    (folder / "a.md").unlink()
    qtsearch.reindex(folder, index)
    assert titles(index)["z.md"] == "Zeta"


def test_a_folder_that_lost_everything_does_not_empty_the_index(folder, index):
    qtsearch.reindex(folder, index)
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(qtsearch.ConfigError, match="--full"):
        qtsearch.reindex(folder, index)
    assert len(titles(index)) == 3
    qtsearch.reindex(folder, index, full=True)
    assert titles(index) == {}


def test_how_many_articles_would_be_lost_is_said_as_all_numbers_are(folder, index, monkeypatch):
    qtsearch.reindex(folder, index)
    shutil.rmtree(folder)
    folder.mkdir()
    monkeypatch.setattr("qtsearch.engines.whoosh.engine.WhooshEngine.document_count", 4_607)
    with pytest.raises(qtsearch.ConfigError, match=r"the index holds 4,607;"):
        qtsearch.reindex(folder, index, facets=("audience",))


def test_nor_does_it_where_what_is_left_cannot_be_read(folder, index):
    qtsearch.reindex(folder, index)
    with pytest.raises(qtsearch.ConfigError, match="--full"):
        qtsearch.reindex(folder, index, max_bytes=5, facets=("audience",))
    for path in ("a.md", "b.md", "sub/c.md"):
        (folder / path).unlink()
    write_article(folder, "big.md", answer="x" * 5_000)
    with pytest.raises(qtsearch.ConfigError, match="--full"):
        qtsearch.reindex(folder, index, max_bytes=2_000)
    assert len(titles(index)) == 3


@pytest.mark.parametrize("change", ["facets", "damage", "dangling link"])
def test_nor_does_it_where_the_index_would_be_built_anew_or_something_is_left(folder, index, change):
    qtsearch.reindex(folder, index)
    shutil.rmtree(folder)
    folder.mkdir()
    if change == "damage":
        for path in index.glob("*.docs"):
            path.write_bytes(path.read_bytes()[:-9])
    if change == "dangling link":
        (folder / "x.md").symlink_to(folder / "nowhere")
    before = sorted(path.name for path in index.iterdir())
    with pytest.raises(qtsearch.ConfigError, match=r"holds no article, but .*--full"):
        qtsearch.reindex(folder, index, facets=("audience",) if change == "facets" else ())
    assert sorted(path.name for path in index.iterdir()) == before


def test_nor_does_it_where_an_older_version_made_the_index(folder, index, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(store, "SCHEMA_VERSION", SCHEMA_VERSION - 1)
        qtsearch.reindex(folder, index)
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(qtsearch.ConfigError, match="holds no article, but there is an index of articles"):
        qtsearch.reindex(folder, index)


def test_a_hidden_article_whose_id_is_taken_is_deleted_and_nothing_else(folder, index):
    qtsearch.reindex(folder, index)
    write_article(folder, "b.md", id=2, title="Beta", answer="x" * 5_000)
    write_article(folder, "0.md", id=2, title="Rival")
    report = qtsearch.reindex(folder, index, max_bytes=2_000)
    assert kinds(report) == {"0.md": "added", "b.md": "deleted"}
    assert (report.unchanged, report.kept, report.documents) == (2, (), 3)
    assert sorted(titles(index)) == ["0.md", "a.md", "sub/c.md"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_bytes": 0},
        {"max_bytes": 2**40},
        {"max_bytes": "5"},
        {"facets": "year"},
        {"facets": ["a", ""]},
        {"wait": -1},
        {"wait": float("nan")},
    ],
)
def test_senseless_settings_are_refused(folder, index, wrong):
    with pytest.raises(qtsearch.ConfigError):
        qtsearch.reindex(folder, index, **wrong)


def test_a_check_refuses_a_senseless_size(folder, index):
    qtsearch.reindex(folder, index)
    with pytest.raises(qtsearch.ConfigError, match="max_bytes is 0"):
        qtsearch.check(folder, index, max_bytes=0)


def test_a_text_names_further_facets_as_a_setting_does(folder, index):
    write_article(folder, "d.md", audience="nurses", level=3)
    qtsearch.reindex(folder, index, facets="audience, level")
    with qtsearch.open(index) as opened:
        names = [facet.name for facet in opened.search("beta", facets=["audience", "level"]).facets]
    assert names == ["audience", "level"]


def test_a_missing_folder_is_named(index, tmp_path):
    with pytest.raises(qtsearch.ConfigError, match="nowhere"):
        qtsearch.reindex(tmp_path / "nowhere", index)
    assert not index.exists()


def test_dry_run_says_what_would_change_and_writes_nothing(folder, index):
    report = qtsearch.reindex(folder, index, dry_run=True)
    assert (report.added, report.committed, report.dry_run) == (3, False, True)
    assert not index.exists()


def test_if_needed_builds_once_and_again_for_another_recipe(folder, index, monkeypatch):
    assert qtsearch.reindex(folder, index, if_needed=True).committed
    write_article(folder, "d.md", id=4)
    report = qtsearch.reindex(folder, index, if_needed=True)
    assert (report.committed, report.documents, report.unchanged) == (False, 3, 0)  # nobody looked
    monkeypatch.setattr("qtsearch.analysis.analyzer.ANALYZER_VERSION", 99)
    report = qtsearch.reindex(folder, index, if_needed=True)
    assert (report.rebuilt, report.documents) == ("the analyzer settings changed", 4)


def test_a_check_says_that_the_texts_would_be_taken_apart_in_another_way(folder, index, monkeypatch):
    qtsearch.reindex(folder, index)
    assert not qtsearch.check(folder, index).index_problems
    monkeypatch.setattr("qtsearch.analysis.analyzer.ANALYZER_VERSION", 99)
    (problem,) = qtsearch.check(folder, index).index_problems
    assert (problem.file, problem.structure) == (index.name, "folder")
    assert (problem.what, problem.todo) == (
        "the analyzer settings changed",
        "bring it up to date with: qtsearch reindex",
    )
    qtsearch.reindex(folder, index)
    assert not qtsearch.check(folder, index).index_problems


def test_if_needed_builds_anew_what_is_damaged(folder, index):
    qtsearch.reindex(folder, index)
    for path in index.glob("*.docs"):
        path.write_bytes(path.read_bytes()[:-9])
    assert qtsearch.reindex(folder, index, if_needed=True).rebuilt
    assert len(titles(index)) == 3


def test_another_articles_folder_means_a_rebuild(folder, index, tmp_path):
    qtsearch.reindex(folder, index)
    other = tmp_path / "other"
    write_article(other, "x.md", id=9)
    report = qtsearch.reindex(other, index)
    assert str(folder) in report.rebuilt
    assert sorted(titles(index)) == ["x.md"]


def test_an_open_index_answers_from_its_commit_until_refreshed(folder, index):
    qtsearch.reindex(folder, index)
    with qtsearch.open(index) as opened:
        write_article(folder, "a.md", id=1, title="Changed")
        qtsearch.reindex(folder, index, full=True)
        assert opened.search("alpha").total == 1
        assert opened.get(1).title == "Alpha"
        assert opened.refresh()
        assert opened.get(1).title == "Changed"
        assert not opened.refresh()


def test_another_index_put_in_the_place_of_an_open_one_is_noticed(folder, index, tmp_path):
    current = tmp_path / "current"
    qtsearch.reindex(folder, index)
    current.symlink_to(index)
    with qtsearch.open(current) as opened:
        write_article(folder, "a.md", id=1, title="Changed")
        qtsearch.reindex(folder, tmp_path / "green")
        assert opened.stats().generation == 0
        current.unlink()
        current.symlink_to(tmp_path / "green")
        assert opened.refresh()
        assert (opened.get(1).title, opened.stats().generation) == ("Changed", 0)
        assert not opened.refresh()


class SlowStore:
    """Opens the index only when it is told to."""

    def __init__(self, store):
        self._store = store
        self.asked, self.go_on = threading.Event(), threading.Event()

    def last_commit(self):
        return self._store.last_commit()

    def open(self):
        opened = self._store.open()
        self.asked.set()
        assert self.go_on.wait(60)
        return opened


def test_an_index_that_is_closed_during_a_refresh_stays_closed(folder, index):
    qtsearch.reindex(folder, index)
    opened = qtsearch.open(index)
    write_article(folder, "d.md", id=4)
    qtsearch.reindex(folder, index)
    slow = opened._store = SlowStore(opened._store)
    with ThreadPoolExecutor(2) as pool:
        refreshed = pool.submit(opened.refresh)
        assert slow.asked.wait(60)
        closed = pool.submit(opened.close)
        slow.go_on.set()
        assert refreshed.result(60) is True
        closed.result(60)
    with pytest.raises(qtsearch.IndexFault, match="was closed"):
        opened.search("alpha")


def test_an_open_index_answers_on_where_its_folder_was_removed(folder, index):
    qtsearch.reindex(folder, index)
    with qtsearch.open(index) as opened:
        shutil.rmtree(index)
        assert opened.search("alpha", related=1, facets=["subject"]).total == 1
        assert opened.complete("alp")
        assert (opened.stats().documents, opened.stats().bytes) == (3, 0)


def test_an_open_index_stays_where_it_is_when_the_program_goes_elsewhere(folder, index, tmp_path, monkeypatch):
    monkeypatch.chdir(index.parent)
    qtsearch.reindex(folder, index.name)
    with qtsearch.open(index.name) as opened:
        other = tmp_path / "other" / index.name
        qtsearch.reindex(folder, other, full=True)
        monkeypatch.chdir(other.parent)
        assert opened.stats().folder == str(index)
        assert not opened.refresh()


def _mapped(folder):
    return [line for line in Path("/proc/self/maps").read_text().splitlines() if str(folder) in line]


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="nothing tells which files are mapped")
def test_a_reindex_writes_where_it_was_told_when_the_program_goes_elsewhere(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert qtsearch.reindex(folder, "index", progress=lambda _: os.chdir(folder)).committed
    assert len(titles(tmp_path / "index")) == 3
    assert not (folder / "index").exists()


def test_a_closed_index_lets_go_of_its_files_at_once(folder, index):
    qtsearch.reindex(folder, index)
    gc.collect()
    gc.disable()
    try:
        opened = qtsearch.open(index)
        opened.search("alpha betta HCC", related=2, facets=("subject",), explain=True)
        opened.search('tet* "alpha beta"', sort="title")
        opened.complete("alp")
        opened.related(1)
        opened.abbreviations("HCC")
        opened.stats()
        assert _mapped(index)
        qtsearch.reindex(folder, index, full=True)
        opened.refresh()
        assert not any("(deleted)" in line for line in _mapped(index))
        opened.close()
        assert not _mapped(index)
        with pytest.raises(qtsearch.IndexFault, match="was closed; open it again"):
            opened.search("alpha")
        assert not opened.refresh()
    finally:
        gc.enable()


def test_an_index_of_a_newer_version_is_refused_and_not_replaced_unasked(folder, index, monkeypatch):
    qtsearch.reindex(folder, index)
    before = store_at(index).last_commit()
    for module in ("state", "store"):
        monkeypatch.setattr(f"qtsearch.engines.whoosh.{module}.SCHEMA_VERSION", 0)
    for use in (qtsearch.reindex, qtsearch.check, lambda _, index: qtsearch.open(index)):
        with pytest.raises(qtsearch.IndexOutdated, match=r"a newer qtsearch .* upgrade qtsearch, or rebuild with: "):
            use(folder, index)
    assert store_at(index).last_commit() == before
    assert qtsearch.reindex(folder, index, full=True).committed
    assert len(titles(index)) == 3


def test_who_loses_an_id_is_deleted_and_not_unchanged(folder, index):
    qtsearch.reindex(folder, index)
    write_article(folder, "0.md", id=2, title="Rival")
    report = qtsearch.reindex(folder, index)
    assert kinds(report) == {"0.md": "added", "b.md": "deleted"}
    assert (report.unchanged, report.documents) == (2, 3)


def test_a_check_calls_neither_a_touched_file_changed_nor_a_hidden_one_gone(folder, index):
    qtsearch.reindex(folder, index)
    os.utime(folder / "a.md", (1, 1))
    write_article(folder, "b.md", id=2, title="Beta", answer="x" * 5_000)
    report = qtsearch.check(folder, index, max_bytes=2_000)
    assert (report.stale, report.missing, report.orphaned) == ((), (), ())
    assert [problem.path for problem in report.problems] == ["b.md"]


def test_a_check_foresees_that_a_new_first_path_takes_an_id(folder, index):
    qtsearch.reindex(folder, index)
    write_article(folder, "0.md", id=2)
    report = qtsearch.check(folder, index)
    assert (report.missing, [problem.path for problem in report.problems]) == (("0.md",), ["b.md"])
    assert kinds(qtsearch.reindex(folder, index)) == {"0.md": "added", "b.md": "deleted"}


def test_a_check_foresees_that_a_changed_article_keeps_its_id_or_loses_it(folder, index):
    write_article(folder, "e.md", id=1, title="Left out")
    qtsearch.reindex(folder, index)
    write_article(folder, "a.md", id=1, title="Alpha again")
    write_article(folder, "sub/c.md", id=2, title="Gamma takes an id")
    report = qtsearch.check(folder, index)
    assert (report.stale, report.missing, report.orphaned) == (("a.md",), (), ())
    assert [problem.path for problem in report.problems] == ["e.md", "sub/c.md"]
    assert kinds(qtsearch.reindex(folder, index)) == {"a.md": "updated", "sub/c.md": "deleted"}


def test_a_check_foresees_that_an_id_which_was_given_up_is_free(folder, index):
    qtsearch.reindex(folder, index)
    write_article(folder, "b.md", id=9, title="Beta")
    write_article(folder, "z.md", id=2)
    report = qtsearch.check(folder, index)
    assert (report.stale, report.missing, report.problems) == (("b.md",), ("z.md",), ())


def test_new_articles_without_an_id_are_missing_each_by_itself(folder, index):
    qtsearch.reindex(folder, index)
    for path in ("x.md", "y.md"):
        write_article(folder, path)
    report = qtsearch.check(folder, index)
    assert (report.missing, report.problems) == (("x.md", "y.md"), ())


def test_a_segment_that_lost_its_last_article_is_left_out(folder, index):
    qtsearch.reindex(folder, index)
    write_article(folder, "d.md", id=4)
    qtsearch.reindex(folder, index)
    (folder / "d.md").unlink()
    qtsearch.reindex(folder, index)
    with qtsearch.open(index) as opened:
        assert (opened.stats().documents, opened.stats().segments) == (3, 1)


def test_a_second_writer_is_told_who_holds_the_lock(folder, index):
    qtsearch.reindex(folder, index)
    with store_at(index).lock(0.0), pytest.raises(qtsearch.IndexBusy, match=f"process {os.getpid()} "):
        qtsearch.reindex(folder, index)
    assert not qtsearch.reindex(folder, index).committed


def test_searching_needs_no_lock(folder, index):
    qtsearch.reindex(folder, index)
    with store_at(index).lock(0.0), qtsearch.open(index) as opened:
        assert opened.search("alpha").total == 1


def test_progress_is_told(folder, index):
    seen = []
    qtsearch.reindex(folder, index, progress=seen.append)
    assert (seen[0].phase, seen[-1].phase) == ("scan", "write")
    assert qtsearch.Progress("read", 3, 3) in seen


def test_leftovers_of_a_dead_writer_are_removed(folder, index):
    qtsearch.reindex(folder, index)
    for name in ("MAIN_0000000000000000.trm", "_MAIN_1.toc.123.4", "commit-7.json"):
        (index / name).write_text("half")
    write_article(folder, "d.md", id=4)
    qtsearch.reindex(folder, index)
    assert not any(path.read_bytes() == b"half" for path in index.rglob("*") if path.is_file())
    assert len(titles(index)) == 4


@pytest.mark.parametrize(("version", "written_by"), [(SCHEMA_VERSION - 1, "older"), (SCHEMA_VERSION + 1, "newer")])
def test_an_index_of_another_version_is_neither_opened_nor_called_sound(
    folder, index, monkeypatch, version, written_by
):
    with monkeypatch.context() as patch:
        patch.setattr(store, "SCHEMA_VERSION", version)
        qtsearch.reindex(folder, index)
    for look in (lambda: qtsearch.open(index), lambda: qtsearch.check(folder, index, verify=True)):
        with pytest.raises(qtsearch.IndexOutdated, match=f"{written_by} qtsearch.*: qtsearch reindex"):
            look()


def test_a_commit_of_whoosh_is_refused_and_the_next_reindex_builds_anew(folder, index):
    qtsearch.reindex(folder, index)
    writer = open_dir(index).writer()
    writer.delete_by_term("path", "a.md")
    writer.commit()
    with pytest.raises(qtsearch.IndexDamaged, match="qtsearch reindex --full"):
        qtsearch.open(index)
    report = qtsearch.reindex(folder, index)
    assert (report.added, report.documents) == (3, 3)
    assert "missing" in report.rebuilt
    assert sorted(titles(index)) == ["a.md", "b.md", "sub/c.md"]


@pytest.mark.parametrize("documents", [0, 1])
def test_an_index_of_another_program_is_not_replaced_unasked(folder, index, documents):
    index.mkdir()
    made = create_in(index, fields.Schema(title=fields.TEXT, day=fields.NUMERIC(sortable=True, stored=True)))
    if documents:
        writer = made.writer()
        writer.add_document(title="precious", day=1)
        writer.commit()
    before = {path.name: path.read_bytes() for path in index.iterdir()}
    with pytest.raises(qtsearch.IndexFault, match=r"made by another program.*--full"):
        qtsearch.reindex(folder, index)
    with pytest.raises(qtsearch.IndexFault, match="made by another program"):
        qtsearch.check(folder, index, verify=True)
    after = {path.name: path.read_bytes() for path in index.iterdir()}
    assert {name: after.get(name) for name in before} == before
    assert qtsearch.reindex(folder, index, full=True).added == 3
    assert not {path.suffix for path in index.iterdir()} & {".seg", ".col", ".trm", ".pst"}


def test_an_index_among_the_articles_removes_none_of_them(tmp_path):
    names = ["MAIN_intro.md", "MAIN_1.txt", "MAIN_vol.1/a.md", "_MAIN_3.toc.md", "commit-1.json.md"]
    for name in names:
        write_article(tmp_path, name, title=name)
    for _ in range(2):
        qtsearch.reindex(tmp_path, tmp_path, full=True)
    assert sorted(titles(tmp_path)) == sorted(names)
    assert all((tmp_path / name).is_file() for name in names)
    (tmp_path / "film.bin").write_bytes(bytes(10**6))
    with qtsearch.open(tmp_path) as opened:
        assert 0 < opened.stats().bytes < 10**6


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_folder_of_files_that_are_no_articles_does_not_empty_the_index(folder, index, rebuild):
    qtsearch.reindex(folder, index)
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "NOT_MOUNTED.txt").write_text("not mounted")
    if rebuild:
        for path in index.glob("*.docs"):
            path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(qtsearch.ConfigError, match=r"no article that can be read, but .*--full"):
        qtsearch.reindex(folder, index)
    if not rebuild:
        assert len(titles(index)) == 3
    assert qtsearch.reindex(folder, index, full=True).documents == 0


def test_names_of_files_are_read_as_utf8_or_not_at_all(folder, index, tmp_path):
    write_article(folder, "naïve-café.md", id=7)
    qtsearch.reindex(folder, index)
    code = f"import qtsearch; qtsearch.reindex({str(folder)!r}, {str(index)!r})"
    environ = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([sys.executable, "-c", code], env=environ, cwd=tmp_path, capture_output=True, check=False)
    assert b"ConfigError: names of files are read as ascii here, not as UTF-8; set PYTHONUTF8=1" in done.stderr
    assert "naïve-café.md" in titles(index)
    (folder / "naïve-café.md").unlink()
    (folder / "a\tb.md").write_text("a name that is told, and no reason to refuse all")
    done = subprocess.run([sys.executable, "-c", code], env=environ, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, len(titles(index))) == (0, 3)


def test_a_facet_is_spelled_as_most_articles_that_are_there_spell_it(folder, index):
    for number, subject in enumerate(["MEDICINE", "Medicine", "medicine", "Medicine"]):
        write_article(folder, f"{number}.md", title="Liver", subject=subject)
    qtsearch.reindex(folder, index)
    assert facet_values(index) == {"Medicine": 4}
    for number in (1, 3):
        write_article(folder, f"{number}.md", title="Liver", subject="Surgery")
    (folder / "0.md").unlink()
    qtsearch.reindex(folder, index)
    assert facet_values(index) == {"Surgery": 2, "medicine": 1}


def facet_values(index):
    with qtsearch.open(index) as opened:
        [facet] = opened.search("liver", facets=["subject"]).facets
    return {count.value: count.count for count in facet.counts}
