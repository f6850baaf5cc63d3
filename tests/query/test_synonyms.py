import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis.abbreviation_table import long_key
from qtsearch.errors import ConfigError
from qtsearch.query.synonyms import MAX_BYTES, MAX_GROUP, MAX_WORDS, Synonyms


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "synonyms.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_mutual_group(write):
    synonyms = Synonyms.load(write("heart attack, myocardial infarction, MI\n"))
    assert synonyms.alternatives("Heart Attacks") == ("myocardial infarction", "MI")
    assert synonyms.alternatives("mi") == ("heart attack", "myocardial infarction")
    assert synonyms.alternatives("heart") == ()
    assert (len(synonyms), synonyms.longest) == (3, 2)


def test_one_way(write):
    synonyms = Synonyms.load(write("statin, lipid-lowering drug => atorvastatin, simvastatin"))
    assert synonyms.alternatives("statins") == ("atorvastatin", "simvastatin")
    assert synonyms.alternatives("lipid lowering drugs") == ("atorvastatin", "simvastatin")
    assert synonyms.alternatives("atorvastatin") == ()


def test_comments_blanks_marks_and_line_ends(write):
    content = "\ufeff# heart\r\n\r\n  a#b ,  c   d  # both\r\n\t# x, y\r\nα-blocker,beta blocker"
    synonyms = Synonyms.load(write(content))
    assert synonyms.alternatives("a b") == ("c d",)
    assert synonyms.alternatives("β blocker") == ("α-blocker",)
    assert synonyms.alternatives("x") == ()


def test_groups_of_the_same_word_add_up_without_repeats(write):
    synonyms = Synonyms.load(write("a1, b\na1, c, B\na1 => a1, d"))
    assert synonyms.alternatives("a1") == ("b", "c", "d")


def test_an_empty_file_has_no_synonyms(write):
    synonyms = Synonyms.load(write(""))
    assert (len(synonyms), synonyms.longest, synonyms.alternatives("x"), synonyms.alternatives("")) == (0, 0, (), ())


@pytest.mark.parametrize(
    ("content", "place", "todo"),
    [
        ("a, b\n\nc", ":3: ", "write at least two"),
        ("a => b => c", ":1: ", "one group a line"),
        ("a, , b", ":1: ", "take out the extra comma"),
        ("a, b,", ":1: ", "take out the extra comma"),
        ("=> b", ":1: ", "before =>"),
        ("a =>", ":1: ", "behind =>"),
        ("a, !?", ":1: ", "write the word"),
        ("a, " + "x " * (MAX_WORDS + 1), ":1: ", "part the synonyms"),
        (",".join(f"a{number}" for number in range(MAX_GROUP + 1)), ":1: ", "several lines"),
        (b"a, b\n\xff, c", ":2: ", "save the file as UTF-8"),
        (b"\xef\xbb\xbfa, b\n\xff, c", ":2: ", "save the file as UTF-8"),
        (b"a" * (MAX_BYTES + 1), ": ", "larger than"),
    ],
)
def test_a_bad_line_is_named(write, content, place, todo):
    path = write(content)
    with pytest.raises(ConfigError) as caught:
        Synonyms.load(path)
    assert str(caught.value).startswith(f"{path}{place}")
    assert todo in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        Synonyms.load(tmp_path / "none")
    with pytest.raises(ConfigError, match="cannot be read"):
        Synonyms.load(tmp_path)
    with pytest.raises(ConfigError, match="no file name"):
        Synonyms.load(tmp_path / "a\0b")


_items = st.sampled_from(["a1", "heart attack", "IL-6", "Heart Attacks", "heart", "β", "quality of life"])


@given(st.lists(st.lists(_items, min_size=2, max_size=4), max_size=5))
def test_mutual_groups_work_both_ways(groups):
    synonyms = Synonyms((tuple(group), tuple(group)) for group in groups)
    for group in groups:
        for one in group:
            found = {long_key(text) for text in synonyms.alternatives(one)}
            assert found >= {long_key(other) for other in group} - {long_key(one)}
            assert long_key(one) not in found


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("synonyms") / "s.txt"
    path.write_bytes(content)
    try:
        Synonyms.load(path)
    except ConfigError as error:
        assert str(path) in str(error)
