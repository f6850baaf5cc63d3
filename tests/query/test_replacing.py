"""Mistyped words in a query tree, and what stays as it is."""

import pytest
from hypothesis import given

from qtsearch.query.language import parse
from qtsearch.query.rendering import to_text
from qtsearch.query.replacing import replaced
from tests.query.strategies import hostile_texts, trees

MEANT = {("canser",): "cancer", ("heartattack",): "heart attack", ("lu", "ng"): "lung", ("hart",): "heart"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("canser", "cancer"),
        ("skin canser", "skin cancer"),
        ("Canser CANSER", "cancer cancer"),
        ("heartattack", "heart attack"),
        ("diet heartattack", "diet heart attack"),
        ("+heartattack diet", "+(heart attack) diet"),
        ("diet AND heartattack", "diet AND heart AND attack"),
        ("heartattack^3 diet", "(heart attack)^3 diet"),
        ("(skin AND canser) OR hart", "(skin AND cancer) OR heart"),
        ("title:canser", "title:cancer"),
        ("title:heartattack", "title:(heart attack)"),
        ("(lu ng) diet", "lung diet"),
        ("title:lu title:ng", "title:lung"),
        ("lu title:ng", "lu title:ng"),
        ("ng lu", "ng lu"),
        ("lu lu ng ng", "lu lung ng"),
        ('"canser"', '"canser"'),
        ("skin -canser", "skin -canser"),
        ("skin NOT (canser hart)", "skin NOT (canser hart)"),
        ("canser* canser~ subject:canser", "canser* canser~ subject:canser"),
        ("canser-diet", "canser-diet"),
        ("", ""),
    ],
)
def test_what_is_replaced(typed, meant):
    root, found = replaced(parse(typed).root, MEANT)
    assert to_text(root) == to_text(parse(meant).root)
    assert bool(found) == (typed != meant)


def test_it_says_what_was_there():
    assert replaced(parse("lu ng hart").root, MEANT)[1] == {("lu", "ng"), ("hart",)}
    assert replaced(parse('"hart" -canser').root, MEANT)[1] == frozenset()


@given(trees)
def test_without_anything_meant_a_tree_stays_as_it_is(root):
    assert replaced(root, {}) == (root, frozenset())


@given(hostile_texts)
def test_no_text_raises_and_the_tree_stays_in_normal_form(text):
    root, _ = replaced(parse(f"{text} hart canser").root, MEANT)
    assert parse(to_text(root)).root == root
