"""Words with signs inside that no article has side by side."""

import fnmatch

import pytest
from hypothesis import given

from qtsearch.query.language import parse, unshouted
from qtsearch.query.loosening import loosened
from qtsearch.query.rendering import to_text
from qtsearch.query.tree import Wildcard, Words, leaves
from tests.query.strategies import hostile_texts

KNOWN = {"copd", "il-6", "diabetes", "diet", "x-ray", "of", "kidney", "stones", "25mg", "co", "2,300", "1500", "12080"}


def known(leaf):
    if isinstance(leaf, Wildcard):
        return fnmatch.filter(KNOWN, leaf.pattern.lower()) != []
    return int(leaf.text.lower() in KNOWN)


@pytest.mark.parametrize(
    ("typed", "meant", "notice"),
    [
        ("C.O.P.D.", "COPD", 'no article has "C.O.P.D"; searched for "COPD"'),
        ("diabetes-diet", "diabetes OR diet", 'no article has "diabetes-diet"; searched for its words apart'),
        ("kidney_stones", "kidney OR stones", 'no article has "kidney_stones"; searched for its words apart'),
        ("stones-of-kidney", "stones OR kidney", 'no article has "stones-of-kidney"; searched for its words apart'),
        ("title:diabetes-diet", "title:diabetes OR title:diet", None),
        ("+diabetes-diet asthma", None, None),
        ("5mg", "5 OR mg", 'no article has "5mg"; searched for its words apart'),
        ("covid-19", "covid OR 19", 'no article has "covid-19"; searched for its words apart'),
        ("ca-125", "ca OR 125", 'no article has "ca-125"; searched for its words apart'),
        ("p53", "p OR 53", 'no article has "p53"; searched for its words apart'),  # better than nothing
        ("diabetes?Thanks", "diabetes OR Thanks", 'no word fits "diabetes?Thanks"; searched for its words apart'),
        ("kidney title:why??diet", "kidney OR title:why OR title:diet", None),
        ("p53 -diet", "(p OR 53) -diet", 'no article has "p53"; searched for its words apart'),
        ("2.5mg", "2.5 OR mg", 'no article has "2.5mg"; searched for its words apart'),  # and never 25mg
        ("0.5/kg", "0.5 OR kg", 'no article has "0.5/kg"; searched for its words apart'),
        ("120/80", "120 OR 80", 'no article has "120/80"; searched for its words apart'),  # nothing else is left
        ("c/o", "c OR o", 'no article has "c/o"; searched for its words apart'),  # and never co
        ("2300", "2,300", 'no article has "2300"; searched for "2,300"'),
        ("1,500", "1500", 'no article has "1,500"; searched for "1500"'),
        ("title:2300", "title:2,300", 'no article has "title:2300"; searched for "2,300"'),
    ],
)
def test_what_no_article_has_side_by_side_is_taken_apart(typed, meant, notice):
    root, notices = loosened(typed, parse(typed).root, known)
    assert meant is None or root == parse(meant).root
    assert len(notices) == 1
    assert notice is None or notices == (notice,)
    assert all("-" not in leaf.text for leaf in leaves(root))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("p53 diet", "p53"),
        ("diet AND (p53 OR kidney)", "p53"),
        ("+p53 diet", "p53"),
        ("p53 IL-6", "p53"),
        ("p53 C.O.P.D^2 di*", "p53"),
        ("19-9 diet*", "19-9"),
        ("title:p53 diet", "title:p53"),
        ("120/80 diet", "120/80"),
        ("c/o kidney", "c/o"),
    ],
)
def test_letters_and_small_numbers_are_not_looked_for_beside_words(typed, name):
    root, notices = loosened(typed, parse(typed).root, known)
    assert Words(name.removeprefix("title:"), ("title",) if ":" in name else ()) in leaves(root)
    assert f'no article has "{name}"' in notices


def test_names_that_say_nothing_apart_are_looked_for_apart_if_there_is_nothing_else():
    root, notices = loosened("p53 p21", parse("p53 p21").root, known)
    assert root == parse("p OR 53 OR p OR 21").root
    assert len(notices) == 2


@pytest.mark.parametrize(
    "typed",
    [
        "di?t",
        "d?a*s",
        "zeb?a*s",
        "-zeb?a diet",
        "IL-6",
        "x-ray",
        "heart attack",
        '"diabetes-diet"',
        "-diabetes-diet",
        "糖尿病",
        "",
    ],
)
def test_what_is_known_or_meant_as_it_stands_stays(typed):
    root = parse(typed).root
    assert loosened(typed, root, known) == (root, ())


@given(hostile_texts)
def test_any_tree_stays_a_tree_in_normal_form(text):
    root, notices = loosened(text, parse(text).root, lambda leaf: len(to_text(leaf)) % 2)
    assert parse(to_text(root)).root == root
    assert len(notices) <= 10
    assert loosened(text, parse(text).root, lambda leaf: 1) == (parse(text).root, ())


@pytest.mark.parametrize(
    "text",
    [
        "WHAT IS BUNDLE BLOCKAGE AND ITS SYMPTOMS?",
        "CAUSES AND SYMPTOMS OF GOUT",
        "X-RAY - HOW IS IT DONE OR PREPARED",
        "THE CAUSES ARE NOT KNOWN",
    ],
)
def test_a_sentence_in_capitals_has_no_operators(text):
    meant, notices = unshouted(text)
    assert meant == text.lower()
    assert notices == ("everything is in capitals; read AND, OR and NOT as words",)


@pytest.mark.parametrize(
    "text",
    [
        "HPV AND HIV",
        "COPD OR HCC NOT TB",
        "AML NOT ALL",
        "WHO AND CDC",
        "ALL AND THERAPY",
        "HEART ATTACK NOT CHILDREN",
        "WHAT OF (KIDNEY OR LIVER) AND TRANSPLANT",
        '"KIDNEY FAILURE" AND THE CHILDREN',
        "SUBJECT:CARDIOLOGY AND THE ASPIRIN",
        "THE ASPIRIN AND -CHILDREN",
        "heart AND attack",
        "HEART ATTACK",
        "Stroke OR ATTACK",
        "",
        "AND",
    ],
)
def test_abbreviations_and_small_letters_keep_their_operators(text):
    assert unshouted(text) == (text, ())


@given(hostile_texts)
def test_nothing_but_the_case_changes(text):
    meant, notices = unshouted(text)
    assert meant in (text, text.lower())
    assert bool(notices) == (meant != text)


def test_a_leaf_is_asked_about_as_it_is():
    asked = []
    loosened("title:il-6", parse("title:il-6").root, lambda leaf: asked.append(leaf) or 1)
    assert asked == [Words("il-6", ("title",))]
