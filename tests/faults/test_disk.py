"""Disks that are full, read-only, forbidden or failing, folders that go away: one line, and the old index intact."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import qtsearch
from qtsearch import reindexing
from qtsearch.cli import main
from qtsearch.engines.whoosh import durable
from qtsearch.engines.whoosh.state import last_generation, state_name, toc_name
from tests.faults.states import indexed, needed_names, own_names
from tests.folders import write_article

ARTICLES = 40
TEXT = " ".join(f"word{number}" for number in range(400))
LINUX_ROOT = pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0), reason="needs root, to mount a file system or change the user"
)


def write_articles(folder, version):
    for number in range(ARTICLES):
        title = f"Article {number} version {version}"
        write_article(folder, f"{number}.md", id=number + 1, title=title, answer=f"{TEXT} {version} {number}")


def versions(index):
    found = indexed(index)
    assert len(found) == ARTICLES
    return {title.rpartition(" ")[2] for title in found.values()}


@pytest.fixture
def mounted(tmp_path):
    """A function that mounts a file system of so many kilobytes; what it mounted is unmounted at the end."""
    places = []

    def mount(kilobytes):
        place = tmp_path / f"disk{len(places)}"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,nr_inodes=100", "none", str(place)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("cannot mount a file system here")
        places.append(place)
        return place

    yield mount
    for place in places:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, leave: int) -> None:
    """Fill a disk but for so many bytes, in whole pages."""
    free = os.statvfs(place)
    with (place / "filler").open("wb") as file:
        file.write(bytes(max(0, free.f_bavail * free.f_frsize - leave)))


@LINUX_ROOT
@pytest.mark.parametrize("kind", ["full", "full on all cores", "incremental"])
def test_a_disk_that_fills_up(tmp_path, mounted, monkeypatch, capsys, kind):
    folder, disk = tmp_path / "articles", mounted(1_500)
    index = disk / "index"
    write_articles(folder, 0)
    qtsearch.reindex(folder, index)
    size = sum(path.stat().st_size for path in index.iterdir())
    write_articles(folder, 1)
    full = [] if kind == "incremental" else ["--full"]
    words = ["reindex", "--quiet", "--articles", str(folder), "--index", str(index), *full]
    levels = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
    if kind == "full on all cores":
        monkeypatch.setattr(reindexing, "WORTH_WORKERS", 1)
        levels = (0.0, 0.5)
    for part in levels:
        fill(disk, int(size * part))
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert "cannot write" in err
        assert "free some space and run it again; the last commit still answers" in err
        assert versions(index) == {"0"}
        assert own_names(index) == needed_names(index), "what a failed writer wrote does not stay on the full disk"
        (disk / "filler").unlink()
    assert main(words) == 0
    assert versions(index) == {"1"}


REINDEX = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
from qtsearch.cli import main
sys.exit(main(["reindex", "--quiet", "--full", "--articles", sys.argv[1], "--index", sys.argv[2]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX resource limits")
@pytest.mark.parametrize("limit", [0, 100, 1_000, 4_000])
def test_a_limit_of_file_sizes(tmp_path, limit):
    folder, index = tmp_path / "articles", tmp_path / "index"
    write_articles(folder, 0)
    qtsearch.reindex(folder, index)
    write_articles(folder, 1)
    command = [sys.executable, "-c", REINDEX, str(folder), str(index), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "ulimit -f" in done.stderr
    assert versions(index) == {"0"}
    assert qtsearch.reindex(folder, index).updated == ARTICLES
    assert versions(index) == {"1"}


@LINUX_ROOT
def test_a_read_only_disk_can_be_searched(tmp_path, mounted, capsys):
    folder, disk = tmp_path / "articles", mounted(5_000)
    index = disk / "index"
    write_articles(folder, 0)
    qtsearch.reindex(folder, index)
    write_articles(folder, 1)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert versions(index) == {"0"}
    assert main(["word1", "--index", str(index), "--articles", str(folder)]) == 0
    assert main(["reindex", "--dry-run", "--index", str(index), "--articles", str(folder)]) == 0
    capsys.readouterr()
    for command in (["reindex"], ["reindex", "--full"]):
        assert main([*command, "--index", str(index), "--articles", str(folder)]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert "the disk is read-only" in err
    assert versions(index) == {"0"}


AS_NOBODY = """
import os, sys, warnings
import qtsearch
from qtsearch.cli import main
articles, index, spare = sys.argv[1:]
words = ["--articles", articles, "--index"]
# Everything is loaded first: nobody may not read the libraries either.
for command in (["reindex", "--full"], ["word1"], ["word1", "--count"], ["check", "--verify"]):
    main([*command, *words, spare])
try:
    main(["reindex", "--full", *words, "/proc/nowhere"])
finally:
    sys.stderr.flush()
    os.setegid(65534)
    os.seteuid(65534)
print("--", flush=True)
print("--", file=sys.stderr, flush=True)
print(main(["word1", "--count", *words, index]), main(["reindex", "--full", *words, index]), flush=True)
os.seteuid(0)
os.chmod(index, 0)
os.seteuid(65534)
print(main(["word1", *words, index]), main(["check", "--verify", *words, index]), flush=True)
"""


@LINUX_ROOT
def test_a_user_without_rights_can_search_and_is_told(tmp_path):
    folder, index = tmp_path / "articles", tmp_path / "index"
    write_articles(folder, 0)
    qtsearch.reindex(folder, index)
    for place in [tmp_path, *tmp_path.parents][:-1]:
        if not place.stat().st_mode & 0o001 and place.is_relative_to(tmp_path.parents[2]):
            place.chmod(place.stat().st_mode | 0o011)
    command = [sys.executable, "-c", AS_NOBODY, str(folder), str(index), str(tmp_path / "spare")]
    # Not in this folder, where nobody may not look for a configuration.
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    index.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert done.stdout.partition("--\n")[2] == f"{ARTICLES}\n0 2\n2 2\n"
    lines = done.stderr.partition("--\n")[2].splitlines()
    assert len(lines) == 3
    assert all("ermission denied" in line and "give this user the right to it" in line for line in lines)
    assert versions(index) == {"0"}


def failing_open(monkeypatch, name: str, code: int) -> None:
    """Let every opening of a file of this name fail."""
    real = Path.open

    def fail(path, *arguments, **options):
        if path.name == name:
            raise OSError(code, os.strerror(code), str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", fail)


def test_a_disk_that_cannot_read(tmp_path, monkeypatch, capsys):
    folder, index = tmp_path / "articles", tmp_path / "index"
    write_articles(folder, 0)
    qtsearch.reindex(folder, index)
    words = ["--articles", str(folder), "--index", str(index)]
    toc = toc_name(last_generation(index))
    for name in sorted(own_names(index)):
        with monkeypatch.context() as patch:
            failing_open(patch, name, errno.EIO)
            (problem,) = qtsearch.check(index=index, verify=True).index_problems
            assert (problem.file, problem.what) == (name, "cannot be read: Input/output error")
            if name != toc:  # which a search does not read
                assert main(["word1", *words]) == 2
                out, err = capsys.readouterr()
                assert (out, err.count("\n")) == ("", 1)
                assert f"{name}: Input/output error; look at the disk" in err
    failing_open(monkeypatch, state_name(last_generation(index)), errno.EIO)
    assert qtsearch.reindex(folder, index, full=True).committed
    assert versions(index) == {"0"}


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that cannot be read")
@pytest.mark.parametrize("which", ["commit", "toc"])
def test_a_real_input_output_error(tmp_path, which, capsys):
    """Reading the first byte of a process's memory is EIO by the kernel itself."""
    folder, index = tmp_path / "articles", tmp_path / "index"
    write_articles(folder, 0)
    qtsearch.reindex(folder, index)
    generation = last_generation(index)
    path = index / (state_name(generation) if which == "commit" else toc_name(generation))
    path.unlink()
    path.symlink_to("/proc/self/mem")
    found = qtsearch.check(index=index, verify=True).index_problems
    assert (path.name, "cannot be read: Input/output error") in {(each.file, each.what) for each in found}
    if which == "commit":
        assert main(["word1", "--index", str(index)]) == 2
        assert "Input/output error; look at the disk" in capsys.readouterr().err
    assert qtsearch.reindex(folder, index, full=True).committed
    assert versions(index) == {"0"}


def test_an_article_that_vanishes_during_the_walk(tmp_path):
    folder, index = tmp_path / "articles", tmp_path / "index"
    write_articles(folder, 0)
    qtsearch.reindex(folder, index)
    write_articles(folder, 1)

    def vanish(progress):
        if progress.phase == "read":
            (folder / "30.md").unlink(missing_ok=True)

    report = qtsearch.reindex(folder, index, progress=vanish)
    assert [problem.path for problem in report.problems] == ["30.md"]
    assert report.kept == ("30.md",)
    assert report.updated == ARTICLES - 1
    assert versions(index) == {"0", "1"}
    assert qtsearch.reindex(folder, index).deleted == 1


def test_articles_that_go_away_during_the_walk(tmp_path, capsys, monkeypatch):
    folder, index = tmp_path / "articles", tmp_path / "index"
    write_articles(folder, 0)
    qtsearch.reindex(folder, index)
    write_articles(folder, 1)

    def go(progress):
        if progress.phase == "read" and folder.exists():
            folder.rename(tmp_path / "renamed")

    report = qtsearch.reindex(folder, index, progress=go)
    assert report.failed == ARTICLES
    assert versions(index) == {"0"}
    with pytest.raises(qtsearch.ConfigError):
        qtsearch.reindex(folder, index)
    assert versions(index) == {"0"}


class RenamingDisk(durable.Disk):
    """Renames a folder when a file is created for the second time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._created = 0

    def create(self, path: Path):
        self._created += 1
        if self._created == 2:
            self._folder.rename(self._folder.with_name("renamed"))
        return super().create(path)


def test_an_index_folder_that_is_renamed_meanwhile(tmp_path, monkeypatch, capsys):
    folder, index = tmp_path / "articles", tmp_path / "index"
    write_articles(folder, 0)
    qtsearch.reindex(folder, index)
    opened = qtsearch.open(index)
    write_articles(folder, 1)
    with monkeypatch.context() as patch:
        patch.setattr(durable, "disk", RenamingDisk(index))
        assert main(["reindex", "--quiet", "--articles", str(folder), "--index", str(index)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "cannot write" in err
    assert versions(tmp_path / "renamed") == {"0"}
    assert opened.search("word1").total == ARTICLES
    opened.close()
    shutil.rmtree(index, ignore_errors=True)
    (tmp_path / "renamed").rename(index)
    assert qtsearch.reindex(folder, index).updated == ARTICLES
    assert own_names(index) == needed_names(index)


@pytest.mark.parametrize("kind", ["file", "below a file", "dangling link"])
def test_an_index_folder_that_is_none(tmp_path, kind, capsys):
    folder, index = tmp_path / "articles", tmp_path / "index"
    write_articles(folder, 0)
    if kind == "dangling link":
        index.symlink_to(tmp_path / "nowhere" / "at all")
    else:
        index.write_text("a file")
    place = index / "below" if kind == "below a file" else index
    for command in (["reindex"], ["reindex", "--full"], ["word1"]):
        assert main([*command, "--articles", str(folder), "--index", str(place)]) == 2
        out, err = capsys.readouterr()
        *notices, error = err.splitlines()
        assert out == ""
        assert all(notice.startswith("qtsearch: no index yet in ") for notice in notices)
        assert len(notices) <= (command == ["word1"])
        assert "internal error" not in error
