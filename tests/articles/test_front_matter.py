from __future__ import annotations

import datetime
import pickle
from pathlib import Path

import frontmatter
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.articles import front_matter
from qtsearch.articles.front_matter import read_article
from qtsearch.articles.model import Article, RelatedArticle
from qtsearch.articles.notes import Notes
from qtsearch.errors import ArticleError

SEED = Path(__file__).parents[2] / "seeds/what-are-the-latest-advancements-in-the-treatment-of-hcc.md"


def read_bytes(data: bytes):
    return read_article(Path("folder/a.md"), "a.md", data)


def failure(data: bytes) -> ArticleError:
    with pytest.raises(ArticleError) as caught:
        read_bytes(data)
    assert "\n" not in str(caught.value)
    assert caught.value.todo
    return caught.value


def test_the_seed_is_read_whole_and_without_a_warning():
    article, problems = read_article(SEED, SEED.name, SEED.read_bytes())
    assert problems == ()
    assert article.id == 97061
    assert article.date == datetime.date(2024, 12, 7)
    assert article.score == -1.0
    assert article.subject == "Medicine"
    assert article.page_keywords[:2] == ("hepatocellular carcinoma", "HCC")
    assert [link.id for link in article.related] == [97063, 97057, 97064, 97062]
    assert article.related[1] == RelatedArticle(
        97057,
        "What is the prevalence of liver cancer in Hong Kong?",
        "Health Studies",
        "/learn/health-studies/questions/what-is-the-prevalence-of-liver-cancer-in-hong-kong",
    )
    assert "\n\n1. **Combination Therapies**: The" in article.answer
    assert article.answer_text.split("\n")[1].startswith("Combination Therapies: The combination")
    assert len(article.answer_text.split("\n")) == 8


@pytest.mark.parametrize("marker", [b"---", b"-----", b"---  "])
def test_plain_markdown_article(marker):
    article, problems = read_bytes(marker + b"\ntitle: A\n" + marker + b"\n# Head\n\nText *b*\n")
    assert problems == ()
    assert article.answer == "# Head\n\nText *b*"
    assert article.answer_text == "Head\nText b"


def test_bom_and_windows_breaks_change_nothing():
    data = SEED.read_bytes()
    expected = read_bytes(data)
    assert read_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")) == expected
    assert read_bytes(data.replace(b"\n", b"\r")) == expected


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"", None, "the file is empty"),
        (b" \n\n", None, "the file is empty"),
        (b"just text\n", 1, "there is no front matter"),
        (b"\n\njust text\n\n---\na: b\n---\n", 3, "there is no front matter"),
        (b"---\ntitle: a\n", 1, "the front matter has no end"),
        (b"---\ntitle: a\n--- x\n", 1, "the front matter has no end"),
        (b"---\ntitle: a\nb: c\0\n---\n", 3, "NUL byte (byte 17"),
        (b"---\ntitle: \xff\n---\n", 2, "byte 11 of the file (0xFF)"),
        (b"\xef\xbb\xbf---\ntitle: \xff\n---\n", 2, "byte 14 of the file (0xFF)"),
        (b"---\ntitle: a\nb: c: d\n---\n", 3, "not valid YAML: mapping values"),
        (b"\n\n---\ntitle: a\nb: c: d\n---\n", 5, "not valid YAML: mapping values"),
        (b"---\ntitle: 'a\n---\n", 3, "not valid YAML"),
        (b"---\n- a\n- b\n---\n", 2, "not a list of 'key: value' lines"),
        (b"---\ntext\n---\n", 2, "not a list of 'key: value' lines"),
        (b"---\n---\nbody", 1, "there is no title"),
        (b"---\nid: 1\n---\nbody", 1, "there is no title"),
        (b"---\ntitle: T\n---\n", 1, "there is no answer"),
        (b"---\ntitle: T\nanswer: '&nbsp;'\n---\n\n&nbsp; \n&NBSP;\xc2\xa0\n", 1, "there is no answer"),
        (b"---\ntitle: T\na: !!python/object/apply:os.system [ls]\n---\nx", 3, "tag '!!python/object/apply:os.system'"),
        (b"---\ntitle: T\na: [b, {c: !secret d}]\n---\nx", 3, "tag '!secret'"),
        (b"---\ntitle: !!binary aGk=\n---\nx", 2, "tag '!!binary'"),
        (b"---\n%TAG ! b\n---\nx", 2, "YAML directive"),
        (b"---\na: *b\n---\nx", 2, "not valid YAML: found undefined alias"),
        (b"---\na: &a [*a]\n---\nx", 2, "more than 10,000 keys and values"),
    ],
)
def test_what_is_no_article(data, line, what):
    error = failure(data)
    assert what in error.what
    assert error.line == line
    assert error.path == str(Path("folder/a.md"))


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("title: A\narticle_title: B\nquestion: C", "A"),
        ("title:\narticle_title: B\nquestion: C", "B"),
        ("title: ~\nquestion: >-\n  C\n  d", "C d"),
        ("title: No", "No"),
        ("title: 12:30", "12:30"),
        ("title: 2024-01-01", "2024-01-01"),
        ("title: 1_000", "1_000"),
        ("title: =", "="),
        ("title: 'null'", "null"),
        ('title: "a\\tb\\r\\nc"', "a b c"),
        ("title: |\n  a\n  b", "a b"),
        ("title: e\u0301", "é"),
    ],
)
def test_title(read, lines, title):
    article, problems = read(lines)
    assert article.title == title
    assert problems == ()


@pytest.mark.parametrize(
    ("written", "read_as", "warns"),
    [
        ("7", 7, False),
        ("-7", -7, False),
        ("0", 0, False),
        ("", None, False),
        ("~", None, False),
        ("name-1", "name-1", False),
        ("'97061'", 97061, True),
        (">-\n  97061", 97061, True),
        ("007", 7, True),
        ("1_000", 1000, True),
        ("1_0", "1_0", True),
        ("12:30", "12:30", True),
        ("0x1F", "0x1F", False),
        ("1.5", "1.5", True),
        ("9" * 18, int("9" * 18), False),
        ("9" * 19, "9" * 19, True),
        ("9" * 5000, "9" * 5000, True),
        ("\u0663", "\u0663", False),
        ("true", "true", False),
        ("[1]", None, True),
        ("{a: 1}", None, True),
    ],
)
def test_id(read, written, read_as, warns):
    article, problems = read(f"id: {written}")
    assert article.id == read_as
    assert type(article.id) is type(read_as)
    assert bool(problems) == warns
    for problem in problems:
        assert (problem.path, problem.line, problem.fatal) == ("a.md", 2, False)


@pytest.mark.parametrize(
    ("written", "day", "warning"),
    [
        ("2024-12-07", "2024-12-07", ""),
        ("2024-1-7", "2024-01-07", ""),
        ("'2024-12-07'", "2024-12-07", "is text"),
        ("2024-12-07T10:11:12Z", "2024-12-07", "time of day"),
        ("2024-12-07 10:11:12 +2", "2024-12-07", "time of day"),
        ("2024-02-30", None, "is not a date"),
        ("0000-01-01", None, "is not a date"),
        ("07/12/2024", None, "is not a date"),
        ("20241207", None, "is not a date"),
        ("[2024-12-07]", None, "is not a date"),
        ("", None, ""),
    ],
)
def test_date(read, written, day, warning):
    article, problems = read(f"date: {written}")
    assert article.date == (day and datetime.date.fromisoformat(day))
    assert [warning in problem.what for problem in problems] == ([True] if warning else [])


@pytest.mark.parametrize(
    ("written", "score", "warns"),
    [
        ("-1.0", -1.0, False),
        (".5", 0.5, False),
        ("3", 3.0, False),
        ("1e3", 1000.0, False),
        ("", None, False),
        ("'4.5'", 4.5, True),
        (".nan", None, True),
        ("nan", None, True),
        (".inf", None, True),
        ("1e999", None, True),
        ("true", None, True),
        ("12:30", None, True),
        ("[1]", None, True),
        ("9" * 5000, None, True),
    ],
)
def test_score(read, written, score, warns):
    article, problems = read(f"score: {written}")
    assert article.score == score
    assert bool(problems) == warns


@pytest.mark.parametrize(
    ("lines", "phrases", "warns"),
    [
        ("seo:\n  page_keywords: a b, c,, d", ("a b", "c", "d"), False),
        ("seo:\n  page_keywords: [a b, 'c, d', 2]", ("a b", "c, d", "2"), True),
        ("seo:\n  page_keywords: {a: b}", (), True),
        ("seo:\n  page_keywords:", (), False),
        ("seo:", (), False),
        ("seo: text", (), True),
        ("seo: [a]", (), True),
    ],
)
def test_page_keywords(read, lines, phrases, warns):
    article, problems = read(lines)
    assert article.page_keywords == phrases
    assert bool(problems) == warns


@pytest.mark.parametrize("field", ["subject", "author", "url", "file_name"])
@pytest.mark.parametrize(
    ("written", "text", "warns"),
    [("a", "a", False), ("No", "No", False), ("[a, b]", "a, b", True), ("{a: b}", "", True), ("[[a]]", "", True)],
)
def test_one_line_fields(read, field, written, text, warns):
    article, problems = read(f"{field}: {written}")
    assert getattr(article, field) == text
    assert [problem.what.startswith(field) for problem in problems] == [True] * warns


def test_related_in_numeric_order_and_malformed_ones_warned(read):
    article, problems = read(
        "related_article10: {id: 10}\n"
        "related_article2: {title: two}\n"
        "related_article1: {id: '1', url: /u}\n"
        "related_article3: text\n"
        "related_article4: {}\n"
        "related_article5:\n"
        "related_articleX: {id: 5}\n"
        f"related_article{'9' * 900}: {{id: 6}}"
    )
    assert article.related == (
        RelatedArticle(1, "", "", "/u"),
        RelatedArticle(None, "two", "", ""),
        RelatedArticle(10, "", "", ""),
    )
    assert sorted(problem.line or 0 for problem in problems) == [4, 5, 6, 8, 9]


def test_duplicate_keys_keep_the_last_and_name_the_line(read):
    article, problems = read("subject: A\nseo:\n  x: 1\n  x: 2\nsubject: B")
    assert article.subject == "B"
    assert sorted((problem.line, problem.what.split(";")[0]) for problem in problems) == [
        (5, "the key 'x' appears twice"),
        (6, "the key 'subject' appears twice"),
    ]


def test_keys_that_are_not_text_are_warned(read):
    article, problems = read("? [a, b]\n: c\nid: 3")
    assert article.id == 3
    assert [problem.line for problem in problems] == [2]


def test_aliases_and_merge_keys_work(read):
    article, problems = read(
        "base: &b {id: 5, title: X}\nrelated_article1:\n  <<: *b\n  title: Y\nsubject: &s Z\nauthor: *s"
    )
    assert article.related == (RelatedArticle(5, "Y", "", ""),)
    assert article.author == "Z"
    assert problems == ()


def test_control_characters_cost_a_warning_not_the_article(read):
    article, problems = read("subject: a\x1b[31mb\nauthor: x\x80")
    assert article.subject == "a [31mb"
    assert [(problem.line, "U+001B" in problem.what) for problem in problems] == [(2, True)]
    article, problems = read('subject: "a\\e[31mb"')
    assert article.subject == "a\x1b[31mb"
    assert problems == ()


def test_messages_show_hostile_text_escaped_and_cut(read):
    _, problems = read('date: "\\e]0;x\\a\\u202e' + "y" * 500 + '"')
    assert "\\x1b]0;x\\x07\\u202e" in str(problems[0])
    assert str(problems[0]).isprintable()
    assert len(str(problems[0])) < 200


def test_warnings_are_bounded(read):
    _, problems = read("\n".join(f"related_article{i}: x" for i in range(500)))
    assert len(problems) == 21
    assert "more than 20 warnings" in problems[-1].what


def test_written_breaks_in_folded_answers_only(read):
    assert read("answer: >-\n  a\\n\\n1. b")[0].answer == "a\n\n1. b"
    assert read("answer: a\\n- b")[0].answer == "a\n- b"
    assert read("answer: 'a\\n- b'")[0].answer == "a\\n- b"
    assert read("answer: |\n  a\\n- b")[0].answer == "a\\n- b"


def test_errors_survive_the_way_back_from_a_worker_process():
    error = failure(b"---\ntitle: 'a\n---\n")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def check_invariants(article: Article) -> None:
    for text in (article.title, article.question, article.subject, article.author, article.url):
        assert text == " ".join(text.split())
    assert article.title
    assert article.answer.strip()
    assert "\r" not in article.answer + article.answer_text


@given(st.binary(max_size=300), st.sampled_from([b"", b"---\n", b"---\ntitle: "]), st.sampled_from([b"", b"\n---\nx"]))
def test_any_bytes_are_an_article_or_an_article_error(data, before, after):
    try:
        article, _ = read_bytes(before + data + after)
    except ArticleError as error:
        assert str(error).isprintable()
    else:
        check_invariants(article)


KEYS = st.sampled_from(
    "id date title article_title question answer subject url score seo related_article1 related_article x <<".split()
)
PIECES = st.sampled_from(
    [
        *"[]{}&*!|>'\"%@`,:?-#~",
        "\n",
        "\n  ",
        ": ",
        "- ",
        "&a ",
        "*a",
        "!!int ",
        "<<: ",
        "a",
        "1",
        "\\n",
        "\x1b",
        "é",
        ">-\n  ",
    ]
)
VALUES = st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=12).map("".join))


@given(st.lists(st.tuples(KEYS, VALUES), max_size=6), st.text(max_size=20))
def test_any_front_matter_is_an_article_or_an_article_error(fields, body):
    lines = "".join(f"{key}: {value}\n" for key, value in fields)
    data = f"---\ntitle: T\n{lines}---\n{body}".encode(errors="replace")
    try:
        article, problems = read_bytes(data)
    except ArticleError as error:
        assert str(error).isprintable()
    else:
        check_invariants(article)
        for problem in problems:
            assert str(problem).isprintable()
            assert not problem.fatal


_LINES = st.sampled_from(["---", "---", "---", "--- ", "----", "---x", "- --", "a: b", "", " ", "\u2028", "body "])


@given(st.lists(_LINES, max_size=7).map("\n".join))
def test_plain_markers_part_a_file_as_python_frontmatter_does(text):
    parted = front_matter._parted(text)
    if parted is not None:
        handler = front_matter._SplittingHandler(Notes("a.md", "a.md"))
        _, body = frontmatter.parse(text, handler=handler)
        assert parted == (handler.front_matter, body)


def test_plain_markers_are_told_from_others():
    assert front_matter._parted("---\na: b\n---\n\nbody\n") == ("\na: b\n", "body")
    assert front_matter._parted("---\na: b\n---") == ("\na: b\n", "")
    for text in ("", "---\na: b\n", "----\na: b\n---\n", "---\na: b\n--- \nc\n---\n", "a\n---\nb\n---\n"):
        assert front_matter._parted(text) is None
