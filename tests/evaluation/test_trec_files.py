"""Files of TREC are read as written, and a wrong line is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.errors import RequestError
from qtsearch.evaluation.trec_files import Topic, make_run, read_qrels, read_run, read_topics, write_run

ids = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1, max_size=5)


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "file"
        path.write_text(text, encoding=encoding, newline="\n")
        return path

    return write


def test_topics_keep_their_order_and_their_tabs(file):
    path = file("2\tliver cancer\r\n\n1\ttype 2\tdiabetes\n", "utf-8-sig")
    assert read_topics(path) == (Topic("2", "liver cancer"), Topic("1", "type 2\tdiabetes"))


def test_qrels_are_grades_by_topic(file):
    assert read_qrels(file("1 0 a 1\n1 0 b -1\n\n2\t0\ta\t2\n")) == {"1": {"a": 1, "b": -1}, "2": {"a": 2}}


def test_a_run_is_ranked_by_score_and_then_by_falling_id(file):
    run = read_run(file("1 Q0 a 1 2.5 x\n1 Q0 c 3 9 x\n1 Q0 b 2 2.5 x\n"))
    assert list(run["1"].items()) == [("c", 9.0), ("b", 2.5), ("a", 2.5)]


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (read_topics, "1 liver\n", ":1: not a topic; write: id, tab, query text"),
        (read_topics, "1\t \n", ":1: not a topic"),
        (read_topics, " \tliver\n", ":1: not a topic"),
        (read_qrels, "1 0 a 1 2\n", ":1: not a judgement"),
        (read_topics, "1\ta\n\n1\tb\n", ":3: topic 1 comes twice; give each topic its own id"),
        (read_qrels, "1 0 a 1\n1 0 b\n", ":2: not a judgement; write: topic iteration article grade"),
        (read_qrels, "1 0 a high\n", ":1: not a judgement"),
        (
            read_qrels,
            "1 0 a 1\n1 0 b 2147483647\n",
            ":2: not a judgement; write: topic iteration article grade, the grade",
        ),
        (read_qrels, "1 0 a -9223372036854775808\n", ":1: not a judgement"),
        (read_qrels, "1 0 a 1\n1 0 a 0\n", ":2: article a comes twice for topic 1; remove one line"),
        (read_run, "1 Q0 a 1 nan x\n", ":1: not a hit; write: topic Q0 article rank score name"),
        (read_run, "1 Q0 a 1 inf x\n", ":1: not a hit"),
    ],
)
def test_a_wrong_line_is_named(file, read, text, message):
    with pytest.raises(RequestError) as caught:
        read(file(text))
    assert str(caught.value).startswith(f"{file(text)}{message}")


def test_what_is_no_file_or_no_text_is_said(tmp_path):
    with pytest.raises(RequestError, match="check the name"):
        read_qrels(tmp_path / "none")
    (tmp_path / "latin").write_bytes(b"1\tna\xefve\n")
    with pytest.raises(RequestError, match="is not UTF-8 text; convert it"):
        read_topics(tmp_path / "latin")


@given(st.dictionaries(ids, st.lists(ids, min_size=1, max_size=6), max_size=4))
def test_a_written_run_reads_back_in_the_same_order(tmp_path_factory, ranking):
    path = tmp_path_factory.getbasetemp() / "run.txt"
    run = make_run([Topic(name, name) for name in ranking], ranking.__getitem__)
    write_run(path, run, "mine")
    back = read_run(path)
    assert {topic: list(documents) for topic, documents in back.items()} == {
        topic: list(dict.fromkeys(documents)) for topic, documents in ranking.items()
    }
    assert back == run


def test_ranks_count_from_one(tmp_path):
    write_run(tmp_path / "run", {"7": {"b": 0.5, "a": 0.4}}, "mine")
    assert (tmp_path / "run").read_text() == "7 Q0 b 1 2 mine\n7 Q0 a 2 1 mine\n"


@pytest.mark.parametrize("name", ["", "my run", "a\n"])
def test_names_with_white_space_do_not_fit_into_a_run(tmp_path, name):
    with pytest.raises(RequestError, match="; use a name without one"):
        write_run(tmp_path / "run", {"1": {"a": 1.0}}, name)
    with pytest.raises(RequestError, match="; give that article an id without one"):
        write_run(tmp_path / "run", {"1": {name: 1.0}}, "mine")
    assert not (tmp_path / "run").exists()
