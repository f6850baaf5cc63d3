from qtsearch.articles.library import ArticleFile
from qtsearch.engines.base import Differences, Known, KnownFiles


def known_files(**stamps):
    """Return what an index knows of files, of which size and time are given."""
    sizes, times = zip(*stamps.values(), strict=True)
    return KnownFiles(
        list(stamps), sizes, times, lambda path: Known(b"", "") if path in stamps else None, lambda id_text: None
    )


def test_files_differ_by_size_and_time():
    known = known_files(a=(5, 7), b=(6, 7), c=(5, 8), d=(5, 0), y=(5, 7), x=(5, 7))
    differences = known.differences([ArticleFile(name, 5, 7) for name in "abcdef"])
    assert [file.path for file in differences.to_read] == list("bcdef")
    assert differences.unsettled == set("bcdxy")
    assert differences.gone == set("xy")


def test_of_the_same_files_none_differs():
    files = [ArticleFile(name, 5, 7) for name in "ab"]
    assert known_files(a=(5, 7), b=(5, 7)).differences(files) == Differences([], set(), set())


def test_what_is_known_is_a_mapping():
    known = known_files(a=(5, 7), b=(5, 7))
    assert (list(known), len(known), "a" in known, known.get("c")) == (["a", "b"], 2, True, None)
