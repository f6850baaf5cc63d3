from __future__ import annotations

import errno
import os
import pickle
import random
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from qtsearch.articles import library as module
from qtsearch.articles.library import (
    ArticleFile,
    Library,
    LoadedArticle,
    Scan,
    digest,
    duplicate_id_problem,
)
from qtsearch.articles.model import Fingerprint, Problem
from qtsearch.errors import ConfigError

ARTICLE = b"---\ntitle: T\n---\nbody\n"


def put(folder: Path, *paths: str, data: bytes = ARTICLE) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def paths_of(folder: Path, **options) -> list[str]:
    return [file.path for file in Library(folder, **options).scan().files]


def test_scan_finds_article_files_at_any_depth_sorted_by_path(tmp_path):
    put(tmp_path, "b.md", "a/z.TXT", "a/b/c.Markdown", "a.md", "a-b/x.md", "é.md")
    put(tmp_path, "x.html", "md", ".hidden.md", ".git/x.md", "a/.cache/y.md")
    scan = Library(tmp_path).scan()
    expected = ["a-b/x.md", "a.md", "a/b/c.Markdown", "a/z.TXT", "b.md", "é.md"]
    assert [file.path for file in scan.files] == expected
    assert scan.problems == ()
    status = (tmp_path / "b.md").stat()
    assert scan.files[4] == ArticleFile("b.md", status.st_size, status.st_mtime_ns)


def test_scan_equals_a_plain_walk(tmp_path):
    chance = random.Random(4)
    for _ in range(60):
        put(tmp_path, "/".join(chance.choice("abc.") + "x" for _ in range(chance.randint(0, 3))) + "/f.md")
    walked = (path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md"))
    assert paths_of(tmp_path) == sorted(path for path in walked if "/." not in "/" + path)


@pytest.mark.parametrize("what", ["missing", "file.md"])
def test_no_folder(tmp_path, what):
    put(tmp_path, "file.md")
    with pytest.raises(ConfigError, match="no articles folder"):
        Library(tmp_path / what).scan()


def test_links_are_not_followed_out_nor_counted_twice(tmp_path):
    root = tmp_path / "root"
    put(tmp_path, "out/secret.md")
    put(root, "a/x.md", ".store/kept.md", "raw/noted")
    (root / "loop").symlink_to(root)
    (root / "again").symlink_to("a")
    (root / "again.md").symlink_to("a/x.md")
    (root / "out").symlink_to(tmp_path / "out")
    (root / "out.md").symlink_to(tmp_path / "out/secret.md")
    (root / "passwd.md").symlink_to("/etc/passwd")
    (root / "kept.md").symlink_to(".store/kept.md")
    (root / "kept2.md").symlink_to(".store/kept.md")
    (root / "noted.md").symlink_to("raw/noted")
    (root / "dead.md").symlink_to(".nothing.md")
    scan = Library(root).scan()
    assert [file.path for file in scan.files] == ["a/x.md", "kept.md", "noted.md"]
    assert [(problem.path, problem.fatal) for problem in scan.problems] == [
        ("dead.md", False),
        ("out", False),
        ("out.md", False),
        ("passwd.md", False),
    ]


def test_a_folder_whose_name_begins_alike_is_another_one(tmp_path):
    put(tmp_path, "root/a.md", "root old/b.md", "root old/.c/c.md")
    (tmp_path / "root/b.md").symlink_to(tmp_path / "root old/b.md")
    (tmp_path / "root/c.md").symlink_to(tmp_path / "root old/.c/c.md")
    scan = Library(tmp_path / "root").scan()
    assert [file.path for file in scan.files] == ["a.md"]
    assert [problem.path for problem in scan.problems] == ["b.md", "c.md"]


def test_of_several_links_to_one_file_the_first_by_name_stands_for_it(tmp_path):
    put(tmp_path, ".store/x.md")
    names = [f"{number}.md" for number in range(10, 40)]
    for name in [*names[15:], *names[:15]]:
        (tmp_path / name).symlink_to(".store/x.md")
    assert paths_of(tmp_path) == ["10.md"]


def test_a_root_that_is_a_link_is_read(tmp_path):
    put(tmp_path, "real/a.md")
    (tmp_path / "link").symlink_to("real")
    assert paths_of(tmp_path / "link") == ["a.md"]


def test_files_beyond_the_limit_are_named_and_kept(tmp_path):
    put(tmp_path, "a.md", data=b"x" * 101)
    put(tmp_path, "b.md", data=b"x" * 100)
    scan = Library(tmp_path, max_bytes=100).scan()
    assert [file.path for file in scan.files] == ["b.md"]
    assert [problem.path for problem in scan.problems] == ["a.md"]
    assert "101 bytes, more than the limit of 100" in scan.problems[0].what
    assert scan.hides("a.md")
    assert not scan.hides("b.md")


@pytest.mark.parametrize("name", [b"a\nb.md", b"a\x1b[31m.md", b"\xff.md", b"a\xe2\x80\xa8.md", b"x\n/a.md"])
def test_bad_names_are_named_escaped(tmp_path, name):
    target = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    try:
        put(tmp_path, str(target.relative_to(tmp_path)))
    except OSError:
        pytest.skip("this file system refuses the name")
    scan = Library(tmp_path).scan()
    assert scan.files == ()
    assert len(scan.problems) == 1
    assert str(scan.problems[0]).isprintable()


def test_a_scan_says_how_far_it_is(tmp_path):
    put(tmp_path, "1.md", "a/2.md", "a/3.md", "b/4.md")
    counts = []
    Library(tmp_path).scan(counts.append)
    assert counts[0] == 1
    assert counts[-1] == 4
    assert counts == sorted(counts)
    assert len(counts) == 3


def test_an_unreadable_folder_is_a_problem_and_hides_what_it_holds(tmp_path, monkeypatch):
    put(tmp_path, "a/x.md", "b/y.md")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("a/"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(module.os, "scandir", scandir)
    scan = Library(tmp_path).scan()
    assert [file.path for file in scan.files] == ["b/y.md"]
    assert [str(problem) for problem in scan.problems] == [
        "a: cannot be read: Permission denied; check its permissions and the disk"
    ]
    assert scan.hides("a/x.md")
    assert not scan.hides("ab/x.md")


def test_a_file_that_vanishes_while_its_folder_is_listed_is_no_article_and_no_problem(tmp_path, monkeypatch):
    put(tmp_path, "a.md", "b.md")
    real = os.scandir

    @contextmanager
    def scandir(path):
        with real(path) as listing:
            entries = list(listing)
        (tmp_path / "a.md").unlink()
        yield entries

    monkeypatch.setattr(module.os, "scandir", scandir)
    scan = Library(tmp_path).scan()
    assert [file.path for file in scan.files] == ["b.md"]
    assert scan.problems == ()


def test_a_link_that_cannot_be_followed_is_a_warning(tmp_path):
    put(tmp_path, "a/x.md")
    (tmp_path / "a/loop").symlink_to("loop")
    (tmp_path / "a/long").symlink_to("x" * 300)
    scan = Library(tmp_path).scan()
    assert [file.path for file in scan.files] == ["a/x.md"]
    assert [problem.path for problem in scan.problems] == ["a/long", "a/loop"]
    assert not any(problem.fatal for problem in scan.problems)


def test_what_lies_in_an_unread_folder_is_hidden():
    scan = Scan((), (), ("a", "a.md", "b/c", "b/c d"))
    for path in ("a", "a/x.md", "a/b/x.md", "a.md", "b/c/x.md", "b/c d/x.md"):
        assert scan.hides(path)
    for path in ("aa", "a.txt", "b", "b/x.md", "b/c.md", "c/a/x.md"):
        assert not scan.hides(path)


def test_pipes_and_folders_with_an_article_name_are_no_articles(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    put(tmp_path, "folder.md/a.md")
    assert paths_of(tmp_path) == ["folder.md/a.md"]
    loaded = Library(tmp_path).load(ArticleFile("pipe.md", 1, 1))
    assert isinstance(loaded, Problem)
    assert "not a regular file" in loaded.what


def test_load(tmp_path):
    put(tmp_path, "a/b.md")
    os.utime(tmp_path / "a/b.md", ns=(10**18, 10**18))
    library = Library(tmp_path)
    (file,) = library.scan().files
    loaded = library.load(file)
    assert isinstance(loaded, LoadedArticle)
    assert loaded.article.path == "a/b.md"
    assert loaded.fingerprint == Fingerprint(len(ARTICLE), 10**18, digest(ARTICLE))
    assert loaded.problems == ()
    assert pickle.loads(pickle.dumps(library)).load(file) == loaded
    assert pickle.loads(pickle.dumps(loaded)) == loaded
    assert library.load(file, digest(ARTICLE)) is None
    assert library.load(file, digest(ARTICLE + b" ")) == loaded


@pytest.mark.parametrize(("seconds", "trusted"), [(-5, False), (0, False), (1, True), (2**33, True), (2**34, False)])
def test_a_time_that_no_index_can_hold_is_not_trusted(tmp_path, seconds, trusted):
    put(tmp_path, "a.md")
    os.utime(tmp_path / "a.md", (seconds, seconds))
    if (tmp_path / "a.md").stat().st_mtime_ns != seconds * 10**9:
        pytest.skip("this file system cannot hold it either")
    library = Library(tmp_path)
    (file,) = library.scan().files
    loaded = library.load(file)
    assert (file.mtime_ns == loaded.fingerprint.mtime_ns == seconds * 10**9) == trusted
    assert file.mtime_ns != 0
    assert trusted or loaded.fingerprint.mtime_ns == 0


def test_a_file_of_this_very_moment_is_not_trusted(tmp_path, monkeypatch):
    put(tmp_path, "a.md")
    mtime_ns = (tmp_path / "a.md").stat().st_mtime_ns
    for later, trusted in [(1_999_999_999, 0), (2_000_000_000, mtime_ns), (-2_000_000_000, mtime_ns)]:
        monkeypatch.setattr(module.time, "time_ns", lambda later=later: mtime_ns + later)
        loaded = Library(tmp_path).load(ArticleFile("a.md", 0, 0))
        assert isinstance(loaded, LoadedArticle)
        assert loaded.fingerprint.mtime_ns == trusted


def test_load_never_raises(tmp_path):
    put(tmp_path, "bad.md", data=b"---\na: b: c\n---\n")
    put(tmp_path, "big.md", data=b"x" * 50)
    put(tmp_path, "folder/x.md")
    bad = Library(tmp_path).load(ArticleFile("bad.md", 1, 1))
    assert isinstance(bad, Problem)
    assert (bad.path, bad.line, bad.fatal) == ("bad.md", 2, True)
    for path, what in [("gone.md", "vanished"), ("folder", "regular"), ("a\0b", "null"), ("bad.md/x", "Not a")]:
        problem = Library(tmp_path).load(ArticleFile(path, 1, 1))
        assert isinstance(problem, Problem)
        assert what in problem.what
    big = Library(tmp_path, max_bytes=49).load(ArticleFile("big.md", 1, 1))
    assert isinstance(big, Problem)
    assert "more than the limit of 49" in big.what


def test_a_file_that_grows_is_read_to_its_end_and_no_further_than_the_limit(tmp_path, monkeypatch):
    put(tmp_path, "a.md", data=ARTICLE + b"x" * 1_000)
    status = (tmp_path / "a.md").stat()
    before = SimpleNamespace(st_mode=status.st_mode, st_size=0, st_mtime_ns=status.st_mtime_ns)
    monkeypatch.setattr(module.os, "fstat", lambda _: before)
    loaded = Library(tmp_path).load(ArticleFile("a.md", 0, 1))
    assert isinstance(loaded, LoadedArticle)
    assert loaded.fingerprint.size == status.st_size
    problem = Library(tmp_path, max_bytes=50).load(ArticleFile("a.md", 0, 1))
    assert isinstance(problem, Problem)
    assert "the file has at least 51 bytes" in problem.what


def test_duplicate_id_names_both_files():
    problem = duplicate_id_problem("a.md", "b.md", 7)
    assert problem.path == "b.md"
    assert problem.fatal
    assert "the id 7 is already that of a.md" in problem.what


def test_a_link_that_may_not_be_followed_is_named_and_the_others_are_read(tmp_path, monkeypatch):
    put(tmp_path, "a.md", ".store/x.md")
    for name in ("bad.md", "good.md"):
        (tmp_path / name).symlink_to(".store/x.md")
    realpath = os.path.realpath

    def refuse(path):
        if os.fspath(path).endswith("bad.md"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return realpath(path)

    monkeypatch.setattr(os.path, "realpath", refuse)
    scan = Library(tmp_path).scan()
    assert [file.path for file in scan.files] == ["a.md", "good.md"]
    assert [(one.path, one.what) for one in scan.problems] == [
        ("bad.md", "the symbolic link cannot be followed: Permission denied")
    ]


@pytest.mark.parametrize("target", ["missing.md", "a.md", "sub/missing.md"])
def test_a_link_that_leads_to_nothing_or_itself_is_named(tmp_path, target):
    (tmp_path / "a.md").symlink_to(target)
    scan = Library(tmp_path).scan()
    assert (scan.files, [one.what for one in scan.problems]) == ((), ["the symbolic link leads to nothing"])
