import pytest

from qtsearch.query.language import parse
from qtsearch.query.rendering import to_text
from qtsearch.query.tree import MatchNone


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("heart attack", "heart OR attack"),
        ("a b AND c", "(a OR b) AND c"),
        ("a OR b AND c", "a OR b AND c"),
        ("+a b -c", "+a b AND NOT c"),
        ("+a +b c (the)", "+(a AND b) (c OR the)"),
        ("+a (the)", "+a (the)"),
        ("-x", "NOT x"),
        ("subject:Medicine pain", 'pain AND subject:"Medicine"'),
        ("date:2024", "date:2024-01-01..2024-12-31"),
        ("date:>=2024", "date:2024-01-01.."),
        ("keywords:“a b”~3^2", 'keywords:"a b"~3^2.0'),
        ("title:(x~2 y* w?z)", "title:x~2 OR title:y* OR title:w?z"),
        ("(a b)^0.00001", "(a OR b)^0.00001"),
        ("((a)^2)^3", "(a^2.0)^3.0"),
    ],
)
def test_a_tree_as_text(text, rendered):
    assert to_text(parse(text).root) == rendered


def test_no_article_is_the_empty_text():
    assert to_text(MatchNone()) == ""
