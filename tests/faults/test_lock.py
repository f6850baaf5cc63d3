"""One writer: the lock dies with its process, the second writer waits or says who holds it, clocks do not matter."""

import os
import re
import subprocess
import sys

import pytest

import qtsearch
from qtsearch.cli import main
from qtsearch.engines import store_at
from qtsearch.engines.lock import HOLDER_NAME
from tests.faults.states import indexed, write_version

HOLD = """
import sys
from pathlib import Path
from qtsearch.engines import store_at
with store_at(Path(sys.argv[1])).lock(0):
    print("held", flush=True)
    sys.stdin.read()
"""
WAIT = """
import sys, qtsearch
print("waiting", flush=True)
print(qtsearch.reindex(sys.argv[1], sys.argv[2], full=True, wait=60).documents)
"""
JUMP = """
import sys, time
real, steps = time.time, iter(int(word) for word in sys.argv[3].split(",") for _ in range(10**6))
time.time = lambda: real() + next(steps) * 86_400 * 365
real_ns = time.time_ns
time.time_ns = lambda: int(time.time() * 10**9)
import qtsearch
report = qtsearch.reindex(sys.argv[1], sys.argv[2])
print(report.updated, report.committed)
"""


@pytest.fixture
def site(tmp_path):
    write_version(tmp_path / "articles", 0, range(3))
    qtsearch.reindex(tmp_path / "articles", tmp_path / "index")
    return tmp_path


def python(script, *arguments):
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def holder(site):
    process = python(HOLD, site / "index")
    assert process.stdout.readline() == "held\n", process.communicate()
    yield process
    process.kill()
    process.communicate()


def test_the_second_writer_is_told_who_and_since_when(site, holder, capsys):
    assert main(["reindex", "--full", "--articles", str(site / "articles"), "--index", str(site / "index")]) == 75
    out, err = capsys.readouterr()
    assert out == ""
    since = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    assert re.fullmatch(rf"qtsearch: .*index is being written by process {holder.pid} on .* since {since}; .*\n", err)


def test_searching_needs_no_lock(site, holder):
    assert len(indexed(site / "index")) == 3


def test_the_lock_of_a_killed_writer_is_free_at_once(site, holder):
    holder.kill()
    holder.wait()
    assert (site / "index" / "writer.json").exists()
    assert qtsearch.reindex(site / "articles", site / "index", full=True).committed
    assert not (site / "index" / "writer.json").exists()


def test_the_second_writer_waits(site, holder):
    waiting = python(WAIT, site / "articles", site / "index")
    assert waiting.stdout.readline() == "waiting\n"
    assert holder.communicate() == ("", "")
    assert waiting.communicate() == ("3\n", "")


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1, "host": "\\u001b[31m", "since": "\\n"}'])
def test_a_note_that_says_nothing(site, holder, note, capsys):
    (site / "index" / "writer.json").write_text(note)
    assert main(["reindex", "--full", "--articles", str(site / "articles"), "--index", str(site / "index")]) == 75
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "\x1b" not in err


@pytest.mark.parametrize("years", ["20", "-20", "3,-30,0,15"])
def test_clocks_that_jump(site, years):
    """The process lives in another decade, or its clock jumps at every reading; so did that of the commit before."""
    for version in (1, 2):
        write_version(site / "articles", version, range(2))
        done = python(JUMP, site / "articles", site / "index", years)
        assert done.communicate() == ("2 True\n", "")
        years = "0"
    assert set(indexed(site / "index").values()) == {f"Article {n} version {2 if n < 2 else 0}" for n in range(3)}


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_a_lock_that_is_a_link_is_not_followed(site, capsys):
    (site / "victim").write_text("precious")
    (site / "index" / "write.lock").unlink(missing_ok=True)
    (site / "index" / "write.lock").symlink_to(site / "victim")
    assert main(["reindex", "--full", "--articles", str(site / "articles"), "--index", str(site / "index")]) == 2
    assert "remove that symbolic link" in capsys.readouterr().err
    assert (site / "victim").read_text() == "precious"


@pytest.mark.skipif(os.name != "posix", reason="needs folders that can be flushed")
def test_every_folder_that_is_made_for_an_index_is_flushed_into_its_parent(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: flushed.append(os.fstat(descriptor).st_ino))
    with store_at(tmp_path / "a" / "b" / "index").lock(0.0):
        assert flushed == [folder.stat().st_ino for folder in (tmp_path, tmp_path / "a", tmp_path / "a" / "b")]


def test_the_note_of_a_killed_writer_gives_way_to_that_of_the_next(site):
    (site / "index" / HOLDER_NAME).write_text('{"pid": 1, "host": "gone", "since": "then"}')
    with store_at(site / "index").lock(0.0), pytest.raises(qtsearch.IndexBusy, match=f"process {os.getpid()} "):
        qtsearch.reindex(site / "articles", site / "index", full=True)


def test_the_note_is_gone_before_the_lock_is(site, monkeypatch):
    """Or it would be that of the next writer that is removed."""
    note, seen = site / "index" / HOLDER_NAME, []
    held = store_at(site / "index").lock(0.0)
    release = held._lock.release
    monkeypatch.setattr(held._lock, "release", lambda: seen.append(note.exists()) or release())
    held.release()
    assert seen == [False]


@pytest.mark.parametrize(
    "note", ["[" * 100_000, '{"pid": Infinity, "host": "a", "since": "b"}', '{"pid": 1e999, "host": 1}']
)
def test_a_note_that_cannot_be_read_names_nobody(site, note):
    folder = site / "index"
    with store_at(folder).lock(0.0):
        (folder / HOLDER_NAME).write_text(note)
        with pytest.raises(qtsearch.IndexBusy, match="another process"):
            store_at(folder).lock(0.0)


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_what_stands_in_the_place_of_a_note_is_not_read(site, kind):
    folder = site / "index"
    with store_at(folder).lock(0.0):
        (folder / HOLDER_NAME).unlink()
        if kind == "pipe":
            os.mkfifo(folder / HOLDER_NAME)  # of which a read would wait for ever
        else:
            (folder / HOLDER_NAME).symlink_to("/dev/zero")
        with pytest.raises(qtsearch.IndexBusy, match="another process"):
            store_at(folder).lock(0.0)
