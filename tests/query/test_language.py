"""What each thing that can be typed means, one example at a time."""

from __future__ import annotations

from datetime import date

import pytest

from qtsearch.query.language import parse
from qtsearch.query.tree import (
    And,
    Boost,
    DateRange,
    Fuzzy,
    Match,
    MatchAll,
    MatchNone,
    Node,
    Not,
    Or,
    Phrase,
    Preferring,
    Prefix,
    Wildcard,
    Words,
    leaves,
)


def w(text: str, *fields) -> Words:
    return Words(text, fields)


def either(*nodes: Node | str) -> Or:
    return Or(tuple(w(node) if isinstance(node, str) else node for node in nodes))


def both(*nodes: Node | str) -> And:
    return And(tuple(w(node) if isinstance(node, str) else node for node in nodes))


UNDERSTOOD = [
    # plain words, questions
    ("diabetes", w("diabetes")),
    ("heart attack", either("heart", "attack")),
    ("diabetes?", w("diabetes")),
    ("What are the treatments for type 2 diabetes?", either("treatments", "type", "2", "diabetes")),
    ("what's diabetes", w("diabetes")),
    ("What’s diabetes", w("diabetes")),
    ("vitamin B 12", either("vitamin", "B", "12")),
    ("hepatitis a", either("hepatitis", "a")),
    ("I have pain", w("pain")),
    ("what can i do about gout", w("gout")),
    ("type I diabetes", either("type", "I", "diabetes")),
    ("factor i", either("factor", "i")),
    ("I 131 therapy", either("I", "131", "therapy")),
    ("what is I 131", either("I", "131")),
    ("MHC class II and I", either("MHC", "class", "II", "I")),
    ("I", w("I")),
    ("title:i pain", either(w("i", "title"), "pain")),
    ("i-cell disease", either("i-cell", "disease")),
    ("tell me about gout thanks", w("gout")),
    ("thanks", w("thanks")),
    ("to be or not to be", either("to", "be", "or", "not", "to", "be")),
    ("who", w("who")),
    ("what does WHO say about ALL", either("WHO", "say", "ALL")),
    ("WHAT IS DIABETES", w("DIABETES")),
    ("fever and cough", either("fever", "cough")),
    ("not or and", either("not", "or", "and")),
    # words with signs inside
    ("covid-19", w("covid-19")),
    ("IL-6", w("IL-6")),
    ("β-blocker", w("β-blocker")),
    ("don't", w("don't")),
    ("Crohn’s disease", either("Crohn’s", "disease")),
    ("heart - attack", either("heart", "attack")),
    ("heart --attack", either("heart", "attack")),
    ("(CD4)-positive", either("CD4", "positive")),
    ("12:30", w("12:30")),
    ("1:1000", w("1:1000")),
    ("120/80 mg/dL n/a", either("120/80", "mg/dL", "n/a")),
    ("fever/cough,pain", either("fever", "cough", "pain")),
    ("https://x.y/z?a=b", w("https://x.y/z?a=b")),
    ("C:\\dir", w("C:\\dir")),
    ("Question: pain", either("Question", "pain")),
    ("10^9/L", w("10^9/L")),
    ("糖尿病", w("糖尿病")),
    ("naïve café", either("naïve", "café")),
    ("heart 😀 attack", either("heart", "attack")),
    ("'heart' [attack], ¿pain!", either("heart", "attack", "pain")),
    ("a\x00b", either("a", "b")),
    ("heart\ud800attack", either("heart", "attack")),
    # phrases
    ('"heart attack"', Phrase("heart attack")),
    ("“heart attack”", Phrase("heart attack")),
    ("„heart attack“", Phrase("heart attack")),
    ('"heart attack"~5', Phrase("heart attack", 5)),
    ('"  heart \n attack "~', Phrase("heart attack")),
    ('"what is it"', Phrase("what is it")),
    ('"what is it" pain', either(Phrase("what is it"), "pain")),
    ('5" needle 6" long', either("5", "needle", "6", "long")),
    ('"" pain "?"', w("pain")),
    # plus, minus
    ("+heart attack", Preferring(w("heart"), w("attack"))),
    ("+a +b c d", Preferring(both("a", "b"), either("c", "d"))),
    ("+a +b", both("a", "b")),
    ("+a the", w("a")),
    ("+the a", Preferring(w("the"), w("a"))),
    ('+the "a b"', Preferring(w("the"), Phrase("a b"))),
    ("+i pain", Preferring(w("i"), w("pain"))),
    ("a -b", both("a", Not(w("b")))),
    ("+a b -c", both(Preferring(w("a"), w("b")), Not(w("c")))),
    ("-x", both(MatchAll(), Not(w("x")))),
    ("-x -y", both(MatchAll(), Not(w("x")), Not(w("y")))),
    ('-"a b"', both(MatchAll(), Not(Phrase("a b")))),
    ("a -(b c)", both("a", Not(either("b", "c")))),
    ("-#tag", w("tag")),
    ("lenses -0.75 +1,5", either("lenses", "0.75", "1,5")),
    ("-5 NOT 0.75", both(MatchAll(), Not(w("5")), Not(w("0.75")))),
    ("+(0.75) lenses", Preferring(w("0.75"), w("lenses"))),
    ("who -x", both("who", Not(w("x")))),
    # AND, OR, NOT
    ("a AND b", both("a", "b")),
    ("a OR b", either("a", "b")),
    ("a NOT b", both("a", Not(w("b")))),
    ("a AND NOT b", both("a", Not(w("b")))),
    ("NOT a", both(MatchAll(), Not(w("a")))),
    ("NOT a OR b", either(both(MatchAll(), Not(w("a"))), "b")),
    ("NOT NOT a", w("a")),
    ("a OR b AND c", either("a", both("b", "c"))),
    ("a b AND c", both(either("a", "b"), "c")),
    ("(a OR b) AND c", both(either("a", "b"), "c")),
    ("(a)AND(b)", both("a", "b")),
    ("the OR pain", either("the", "pain")),
    ("AND, OR.", either("and", "or")),
    ("((a)) ()", w("a")),
    # fields
    ("title:pain", w("pain", "title")),
    ("Title:pain", w("pain", "title")),
    ("answer:pain", w("pain", "answer")),
    ("keywords:pain", w("pain", "page_keywords")),
    ('title:"heart attack"~2', Phrase("heart attack", 2, ("title",))),
    ("title:the pain", either(w("the", "title"), "pain")),
    ("title:heart*", Prefix("heart", ("title",))),
    ("title:(a OR b) c", either(w("a", "title"), w("b", "title"), "c")),
    ("title:(a answer:b)", either(w("a", "title"), w("b", "answer"))),
    ("title:fever/cough", either(w("fever", "title"), w("cough", "title"))),
    ("-title:x", both(MatchAll(), Not(w("x", "title")))),
    ("title:AND", w("and", "title")),
    # filters
    ("subject:Medicine", both(MatchAll(), Match("subject", "Medicine"))),
    ('subject:"Heart  Disease"', both(MatchAll(), Match("subject", "Heart Disease"))),
    ("subject:Medicine what is", both(MatchAll(), Match("subject", "Medicine"))),
    ("author:Smith pain", both("pain", Match("author", "Smith"))),
    ("pain fever author:Smith", both(either("pain", "fever"), Match("author", "Smith"))),
    ("+subject:A pain", Preferring(Match("subject", "A"), w("pain"))),
    ("pain -subject:A", both("pain", Not(Match("subject", "A")))),
    ("(subject:A OR subject:B) pain", both("pain", either(Match("subject", "A"), Match("subject", "B")))),
    ("id:0000123-4, pain", both("pain", Match("id", "0000123-4"))),
    ("url:https://x.y/z_(a)?b=c", both(MatchAll(), Match("url", "https://x.y/z_(a)?b=c"))),
    ("(subject:A)", both(MatchAll(), Match("subject", "A"))),
    ("subject:A -x", both(MatchAll(), Match("subject", "A"), Not(w("x")))),
    ("date:2024-01..2024-06", both(MatchAll(), DateRange(date(2024, 1, 1), date(2024, 6, 30)))),
    ("pain date:>=2024", both("pain", DateRange(date(2024, 1, 1), None))),
    ('date:"2024"', both(MatchAll(), DateRange(date(2024, 1, 1), date(2024, 12, 31)))),
    # patterns
    ("hepat*", Prefix("hepat")),
    ("wild*card", Wildcard("wild*card")),
    ("*itis", Wildcard("*itis")),
    ("*update*", Wildcard("*update*")),
    ("*a*b*c*d*", Wildcard("*a*b*c*d*")),
    ("a**b", Wildcard("a*b")),
    ("wom?n", Wildcard("wom?n")),
    ("wom?n?", Wildcard("wom?n")),
    ("5?6", w("5?6")),
    ("covid-1*", both("covid", Prefix("1"))),
    ("IL6*", both("IL", Prefix("6"))),
    ("a * b", either("a", "b")),
    # fuzzy
    ("term~", Fuzzy("term")),
    ("term~1", Fuzzy("term", 1)),
    ("term~2", Fuzzy("term", 2)),
    ("term~, pain", either(Fuzzy("term"), "pain")),
    ("beta-blocker~", both(Fuzzy("beta"), Fuzzy("blocker"))),
    ("covid-19~", both(Fuzzy("covid"), "19")),
    ("~5 mg", either("5", "mg")),
    # boosts
    ("term^2", Boost(w("term"), 2.0)),
    ("term~2^.5", Boost(Fuzzy("term", 2), 0.5)),
    ("term^0", Boost(w("term"), 0.0)),
    ('"a b"~3^2', Boost(Phrase("a b", 3), 2.0)),
    ("(a b)^0.5 c", either(Boost(either("a", "b"), 0.5), "c")),
    ("the^2 pain", either(Boost(w("the"), 2.0), "pain")),
    ("term^ term^x", either("term", "term^x")),
]


@pytest.mark.parametrize(("text", "root"), UNDERSTOOD, ids=[ascii(text) for text, _ in UNDERSTOOD])
def test_understood_without_a_notice(text, root):
    query = parse(text)
    assert query.root == root
    assert query.notices == ()
    assert query.text == text


NOTED = [
    ("", MatchNone(), "the query is empty; type a word"),
    (" \t\n", MatchNone(), "the query is empty; type a word"),
    ("😀 … - ?", MatchNone(), "there is no word to search for"),
    ("*", MatchNone(), "there is no word to search for"),
    ("()", MatchNone(), "there is no word to search for"),
    ("(?!)^2", MatchNone(), "there is no word to search for"),
    ('"heart attack', either("heart", "attack"), "a quote is not closed; read as plain words"),
    ('title:"heart', w("heart", "title"), "a quote is not closed; read as plain words"),
    ("(a b", either("a", "b"), "the parentheses do not pair; the odd ones were ignored"),
    ("a) b", either("a", "b"), "the parentheses do not pair; the odd ones were ignored"),
    ("pain :)", w("pain"), "the parentheses do not pair; the odd ones were ignored"),
    ("a AND", w("a"), "AND has nothing to join on one side; ignored"),
    ("OR b", w("b"), "OR has nothing to join on one side; ignored"),
    ("odds ratio (OR)", either("odds", "ratio"), "OR has nothing to join on one side; ignored"),
    ("a NOT", w("a"), "NOT has nothing to exclude; ignored"),
    ("NOT", w("not"), "there is nothing but AND, OR and NOT; searched for them as words"),
    ("OR", w("or"), "there is nothing but AND, OR and NOT; searched for them as words"),
    ("AND AND", either("and", "and"), "there is nothing but AND, OR and NOT; searched for them as words"),
    ("foo:bar", either("foo", "bar"), 'no field "foo"; searched for it as text'),
    ("foo:bar what", either("foo", "bar"), 'no field "foo"; searched for it as text'),
    ("-foo:bar", both(MatchAll(), Not(w("foo")), Not(w("bar"))), 'no field "foo"; searched for it as text'),
    ('NOT foo:"a b"', both(MatchAll(), Not(w("foo")), Not(Phrase("a b"))), 'no field "foo"; searched for it as text'),
    ("doi:10.1000/x", either("doi", "10.1000/x"), 'no field "doi"; searched for it as text'),
    ("title:", w("title"), 'nothing follows "title:"; searched for it as text'),
    ("subject: Medicine", either("subject", "Medicine"), 'nothing follows "subject:"; searched for it as text'),
    ('author:""', w("author"), 'nothing follows "author:"; searched for it as text'),
    ("date:", w("date"), 'nothing follows "date:"; searched for it as text'),
    ("date:soon", either("date", "soon"), 'cannot read "soon" as a date; searched for it as text'),
    (
        "date:2024..2023",
        both(MatchAll(), DateRange(date(2023, 1, 1), date(2024, 12, 31))),
        'the dates of "2024..2023" run backwards; swapped them',
    ),
    ("term~9", Fuzzy("term", 2), "a word may be 1 to 2 letters away; read as ~2"),
    ("term~0", Fuzzy("term", 1), "a word may be 1 to 2 letters away; read as ~1"),
    ("IL-6~", w("IL-6"), '"IL-6" is too short for ~; ignored'),
    ("wom*n~", Wildcard("wom*n"), "~ does not go with * or ?; ignored"),
    ('"a b"~5000', Phrase("a b", 100), "at most 100 other words may stand inside a phrase; read as ~100"),
    ("a^5000", Boost(w("a"), 1000.0), "a boost is at most 1000; read as ^1000"),
    ("(a b)~5", either("a", "b"), "~ does not go with parentheses; ignored"),
    ('a subject:"A"~2', both("a", Match("subject", "A")), "~ has no effect on a filter; ignored"),
    ("a (subject:A)^2", both("a", Match("subject", "A")), "^2 has no effect on a filter; ignored"),
]


@pytest.mark.parametrize(("text", "root", "notice"), NOTED, ids=[ascii(text) for text, _, _ in NOTED])
def test_read_sensibly_with_a_notice(text, root, notice):
    query = parse(text)
    assert query.root == root
    assert query.notices == (notice,)


def test_too_many_words_are_cut_with_a_notice():
    query = parse(" ".join(f"w{number}x" for number in range(1000)))
    assert sum(1 for _ in leaves(query.root)) == 256 // 3
    assert query.notices == ("more than 256 words; searched for the first ones only",)


def test_too_many_patterns_are_read_as_words():
    query = parse("a* b?c *d* pain~ e* -f* g~2 h*^2 i* -j?k l~ m* fever")
    words = [leaf.text for leaf in leaves(query.root) if isinstance(leaf, Words)]
    assert words == ["g", "h", "i", "l", "m", "fever"]
    assert Not(Or((w("j"), w("k")))) in query.root.children
    assert query.notices == ("more than 5 words with *, ? or ~; read the others as plain words",)


def test_too_long_text_is_cut_with_a_notice():
    query = parse("pain" + " " * 20_000 + "fever")
    assert query.root == w("pain")
    assert query.notices == ("the query is longer than 20,000 characters; the rest was left out",)


def test_in_a_word_of_more_than_a_hundred_characters_signs_mean_nothing():
    stem = "x" * 99
    assert parse(f"{stem}*").root == Prefix(stem)
    assert parse(f"{stem}~").root == Fuzzy(stem)
    for sign in ("*", "~", "^2"):
        assert [type(leaf) for leaf in leaves(parse(f"{stem}xx{sign}").root)] == [Words]


def test_a_phrase_too_long_is_read_as_words():
    query = parse('"' + "pain " * 65 + '"')
    assert query.root == Or((w("pain"),) * 65)
    assert query.notices == ("more than 64 words in a row; read as plain words",)


def test_what_a_notice_quotes_is_short_and_printable():
    (notice,) = parse("date:\u202e" + "x" * 100).notices
    assert notice.isprintable()
    assert len(notice) < 100


def test_leaves_are_those_that_score():
    root = parse('a "b c" -d subject:X (+e f*)^2 NOT (g)').root
    assert list(leaves(root)) == [w("a"), Phrase("b c"), w("e"), Prefix("f")]
