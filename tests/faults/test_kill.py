"""A reindex that is killed at any moment leaves the last commit, or the new one, whole."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest

import qtsearch
from tests.faults.states import indexed, needed_names, own_names
from tests.folders import write_article

ARTICLES = 60
KILLS = {"full": 60, "full on all cores": 40, "incremental": 50, "merging": 50}

REINDEX = """
import sys
import qtsearch, qtsearch.reindexing
import qtsearch.engines.whoosh.store, qtsearch.engines.whoosh.writer
if sys.argv[3] == "full on all cores":
    qtsearch.reindexing.WORTH_WORKERS = 1
print("begin", flush=True)
qtsearch.reindex(sys.argv[1], sys.argv[2], full=sys.argv[3].startswith("full"))
"""


def change(folder, version, kind, expected):
    """Change articles, a few where commits shall merge, and return the titles that should be indexed then."""
    numbers = [(3 * version + k) % ARTICLES for k in range(3)] if kind == "merging" else range(ARTICLES)
    for number in numbers:
        title = f"Article {number} version {version}"
        write_article(folder, f"{number}.md", id=number + 1, title=title, answer=f"{title} " + "word " * 50)
        expected = {**expected, f"{number}.md": title}
    return expected


def run(folder, index, kind, errors, kill_after=None):
    """Reindex in a process of its own, killed after so many seconds; return how long it took, and if it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", REINDEX, str(folder), str(index), kind],
        stdout=subprocess.PIPE,
        stderr=errors,
    )
    with process:
        process.stdout.readline()
        began = time.perf_counter()
        try:
            process.wait(timeout=kill_after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        return time.perf_counter() - began, process.returncode == -signal.SIGKILL


class EveryProcess:
    """Knows when all processes are gone that have ``errors`` as their standard error, those of killed parents too."""

    def __init__(self):
        self._reading, self.errors = os.pipe()
        os.set_blocking(self._reading, False)

    def read(self):
        """Make room in the pipe."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self._reading, 2**16):
                pass

    def wait(self):
        os.close(self.errors)
        os.set_blocking(self._reading, True)
        while os.read(self._reading, 2**16):
            pass
        os.close(self._reading)


def assert_found_by_id(index, expected):
    with qtsearch.open(index) as opened:
        assert opened.search("word", limit=0).total == len(expected)
        for path, title in expected.items():
            found = opened.get(int(path.removesuffix(".md")) + 1)
            assert (found.path, found.title) == (path, title)


def kill_often(tmp_path, kind, kills):
    folder, index = tmp_path / "articles", tmp_path / "index"
    expected = change(folder, 0, "full", {})
    qtsearch.reindex(folder, index)
    moments = random.Random(20261123)
    usual, killed, before, outcomes = 0.0, 0, expected, set()
    all_processes = EveryProcess()
    for version in range(1, kills + 1):
        expected = change(folder, version, kind, expected)
        if usual == 0.0 or version % 10 == 0:
            usual, _ = run(folder, index, kind, all_processes.errors)
            before = indexed(index)
            assert before == expected
            expected = change(folder, version + 1000, kind, expected)
        killed += run(folder, index, kind, all_processes.errors, kill_after=moments.uniform(0.0, usual))[1]
        all_processes.read()
        after = indexed(index)
        assert after in (before, expected)
        assert_found_by_id(index, after)
        outcomes.add(after == expected)
        before = after
    assert killed > kills // 5
    assert False in outcomes
    # A worker that outlives its parent for the task at hand may still write a file, which the next writer removes.
    all_processes.wait()
    qtsearch.reindex(folder, index)
    assert indexed(index) == expected
    qtsearch.reindex(folder, index, full=True)
    assert own_names(index) == needed_names(index)


@pytest.mark.long
@pytest.mark.parametrize("kind", KILLS)
def test_killed_at_200_random_moments(tmp_path, kind):
    assert sum(KILLS.values()) == 200
    kill_often(tmp_path, kind, KILLS[kind])
