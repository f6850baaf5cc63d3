"""A disk that takes no more: the last commit goes on answering, and one line says what happened."""

import subprocess
import sys

import pytest

import qtsearch
from tests.folders import titles, write_article

REINDEX = """
import resource, sys, qtsearch
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    qtsearch.reindex(sys.argv[1], sys.argv[2], full=True)
except qtsearch.QtsearchError as error:
    print(error)
    sys.exit(2)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX resource limits")
@pytest.mark.parametrize("limit", [0, 100, 1_000, 4_000])
def test_a_write_that_fails_loses_nothing(tmp_path, limit):
    folder, index = tmp_path / "articles", tmp_path / "index"
    for number in range(40):
        write_article(folder, f"{number}.md", id=number + 1, title=f"Old {number}", answer="word " * 400)
    qtsearch.reindex(folder, index)
    before = titles(index)
    write_article(folder, "0.md", id=1, title="New")
    command = [sys.executable, "-c", REINDEX, str(folder), str(index), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("\n")) == (2, 1), done.stderr
    assert "cannot write" in done.stdout
    assert titles(index) == before
    assert qtsearch.reindex(folder, index).updated == 1
