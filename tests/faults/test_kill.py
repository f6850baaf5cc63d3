"""A reindex that is killed at any moment leaves the last commit, or the new one, whole."""

import random
import signal
import subprocess
import sys
import time

import pytest

import qtsearch
from tests.folders import titles, write_article

ARTICLES = 60
KILLS = 50

REINDEX = """
import sys, qtsearch
print("begin", flush=True)
qtsearch.reindex(sys.argv[1], sys.argv[2], full=sys.argv[3] == "full")
"""


def write_version(folder, version):
    for number in range(ARTICLES):
        title = f"Article {number} version {version}"
        write_article(folder, f"{number}.md", id=number + 1, title=title, answer=f"{title} " + "word " * 50)


def version_of(index):
    """Return the one version that all articles of the index have."""
    found = titles(index)
    assert len(found) == ARTICLES
    (version,) = {int(title.rpartition(" ")[2]) for title in found.values()}
    return version


def run(folder, index, kind, kill_after=None):
    """Reindex in a process of its own, killed after so many seconds; return how long it took."""
    process = subprocess.Popen(
        [sys.executable, "-c", REINDEX, str(folder), str(index), kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        process.stdout.readline()
        began = time.perf_counter()
        try:
            process.wait(timeout=kill_after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        return time.perf_counter() - began


@pytest.mark.long
@pytest.mark.parametrize("kind", ["full", "incremental"])
def test_kill_at_random_moments(tmp_path, kind):
    folder, index = tmp_path / "articles", tmp_path / "index"
    write_version(folder, 0)
    qtsearch.reindex(folder, index)
    usual = run(folder, index, "full")
    moments = random.Random(20261123)
    killed = 0
    before = version_of(index)
    for version in range(1, KILLS // 2 + 1):
        write_version(folder, version)
        moment = moments.uniform(0.0, usual * 1.1)
        killed += run(folder, index, kind, kill_after=moment) >= moment
        after = version_of(index)
        assert after in (before, version)
        with qtsearch.open(index) as opened:
            assert opened.search("word", limit=0).total == ARTICLES
            assert opened.get(1).title == f"Article 0 version {after}"
        before = after
    assert killed > KILLS // 5
    qtsearch.reindex(folder, index)
    assert version_of(index) == KILLS // 2
    leftovers = [path.name for path in index.iterdir() if "tmp" in path.name]
    assert leftovers == []
