"""Readers that search while commits come and go: every answer is that of one whole commit."""

import io
import os
import subprocess
import sys
from functools import partial
from itertools import count

import pytest

import qtsearch
from qtsearch.engines.whoosh import durable
from tests.folders import write_article

ARTICLES = 25

READER = """
import itertools, sys
from pathlib import Path
import qtsearch

index, stop, articles = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])

def version_of(opened):
    results = opened.search("version", limit=articles, related=1)
    assert (results.total, len(results.hits)) == (articles, articles), results.total
    (version,) = {hit.title.rpartition(" ")[2] for hit in results}
    assert {other.title.rpartition(" ")[2] for hit in results for other in hit.related} == {version}
    assert opened.get(7).title == f"Article 7 version {version}"
    stats = opened.stats()
    assert (stats.generation, stats.documents) == (int(version), articles), (stats, version)
    return int(version)

answers = 0
kept = qtsearch.open(index)
kept_version = version_of(kept)
refreshed = qtsearch.open(index)
print("ready", flush=True)
last = kept_version
while not stop.exists():
    with qtsearch.open(index) as opened:
        version = version_of(opened)
    assert version >= last, (version, last)
    last = version
    refreshed.refresh()
    assert version_of(refreshed) >= last
    assert version_of(kept) == kept_version  # its files are gone by now, and yet it answers
    assert qtsearch.check(index=index, verify=True).clean or answers % 10
    answers += 3
print(answers, last)
"""


def write_version(folder, version):
    for number in range(ARTICLES):
        write_article(folder, f"{number}.md", id=number, title=f"Article {number} version {version}", answer="word")


def search_during(tmp_path, commits, readers):
    folder, index, stop = tmp_path / "articles", tmp_path / "index", tmp_path / "stop"
    write_version(folder, 0)
    qtsearch.reindex(folder, index)
    command = [sys.executable, "-c", READER, str(index), str(stop), str(ARTICLES)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(readers)]
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.communicate()
    for version in range(1, commits + 1):
        write_version(folder, version)
        assert qtsearch.reindex(folder, index, full=version % 3 == 0).committed
    stop.touch()
    for process in processes:
        out, err = process.communicate()
        assert (process.returncode, err) == (0, "")
        answers, last = map(int, out.split())
        assert answers > 0
        assert last <= commits


def test_two_readers_during_ten_commits(tmp_path):
    search_during(tmp_path, commits=10, readers=2)


@pytest.mark.long
def test_four_readers_during_a_hundred_commits(tmp_path):
    search_during(tmp_path, commits=100, readers=4)


LOOKS = [(os, "stat"), (os, "lstat"), (os, "listdir"), (os, "scandir"), (os, "readlink"), (io, "open")]
"""Calls by which a reader looks at a folder."""


class Interrupted:
    """Does something before the call of a certain number among ``LOOKS``, and another thing before each; counts."""

    def __init__(self, monkeypatch, action, at, always=lambda: None):
        self._action = action
        self._at = at
        self._always = always
        self.calls = 0
        for module, name in LOOKS:
            monkeypatch.setattr(module, name, self._wrapped(getattr(module, name)))

    def _wrapped(self, function):
        def look(*args, **kwargs):
            self.calls += 1
            if self.calls == self._at:
                always, self._always = self._always, lambda: None  # the action itself looks at the folder
                self._action()
                self._always = always
            self._always()
            return function(*args, **kwargs)

        return look


def opened_and_searched(_, index):
    with qtsearch.open(index) as opened:
        (hit,) = opened.search("version").hits
        assert opened.stats().documents == 1
        return hit.title


def refreshed_and_searched(opened, _):
    opened.refresh()
    (hit,) = opened.search("version").hits
    return hit.title


def checked(_, index):
    report = qtsearch.check(index=index, verify=True)
    assert report.clean, report
    return "version"


class Site:
    """A folder of one article, of which each commit indexes another version."""

    def __init__(self, path):
        self.folder, self.index = path / "articles", path / "index"
        self.version = 0

    def commit(self, *, full=False):
        self.version += 1
        write_article(self.folder, "a.md", id=1, title=f"version {self.version}", answer="word")
        qtsearch.reindex(self.folder, self.index, full=full)


@pytest.mark.parametrize("full", [True, False], ids=["rebuilt", "one changed"])
@pytest.mark.parametrize("look", [opened_and_searched, refreshed_and_searched, checked])
def test_a_commit_between_any_two_looks_at_the_folder_is_no_damage(tmp_path, look, full):
    site = Site(tmp_path)
    commit = partial(site.commit, full=full)
    commit()
    for at in count(1):
        opened = qtsearch.open(site.index)
        commit()
        before = site.version
        with pytest.MonkeyPatch.context() as monkeypatch:
            looks = Interrupted(monkeypatch, commit, at)
            found = look(opened, site.index)
        assert found in ("version", f"version {before}", f"version {site.version}")
        if site.version == before:
            break
    assert looks.calls == at - 1 > 3


class SlowListings:
    """Listings that begin before two commits and end after them: a name that went or came meanwhile may be missing.

    They hold the table of contents of the old commit, and not those of the new ones. There are as many of them as
    asked for.
    """

    def __init__(self, monkeypatch, commit, wanted):
        self._listdir = os.listdir
        self._commit = commit
        self._wanted = wanted
        monkeypatch.setattr(os, "listdir", self)

    def __call__(self, folder):
        before = self._listdir(folder)
        if self._wanted == 0:
            return before
        wanted, self._wanted = self._wanted, 0  # the writer lists the folder as well
        self._commit()
        self._commit()
        self._wanted = wanted - 1
        after = self._listdir(folder)
        return [name for name in before if name in after or name.endswith(".toc")]


@pytest.mark.parametrize("listings", [1, 2, 5])
@pytest.mark.parametrize("look", [opened_and_searched, refreshed_and_searched, checked])
def test_a_listing_that_is_overtaken_by_two_commits_is_no_damage(tmp_path, monkeypatch, look, listings):
    site = Site(tmp_path)
    site.commit()
    opened = qtsearch.open(site.index)
    site.commit()
    SlowListings(monkeypatch, site.commit, listings)
    assert look(opened, site.index) in ("version", f"version {site.version}")


class HeldRemovals(durable.Disk):
    """A disk on which files are removed one at a time, whenever ``remove_one`` is called: a writer that is paused."""

    def __init__(self):
        self.held = []

    def remove(self, path):
        self.held.append(path)

    def remove_one(self):
        if self.held:
            durable.Disk().remove(self.held.pop(0))


@pytest.mark.parametrize("look", [opened_and_searched, refreshed_and_searched, checked])
def test_a_writer_that_removes_a_file_before_each_look_is_no_damage(tmp_path, look):
    site = Site(tmp_path)
    for at in count(1):
        site.commit()
        opened = qtsearch.open(site.index)
        site.commit()
        before = site.version
        with pytest.MonkeyPatch.context() as monkeypatch:
            disk = HeldRemovals()

            def commit_and_hold(monkeypatch=monkeypatch, disk=disk):
                with monkeypatch.context() as held:
                    held.setattr(durable, "disk", disk)
                    site.commit()

            looks = Interrupted(monkeypatch, commit_and_hold, at, always=disk.remove_one)
            found = look(opened, site.index)
        assert found in ("version", f"version {before}", f"version {site.version}")
        if site.version == before:
            break
        while disk.held:
            disk.remove_one()
    assert looks.calls > 3
