"""Boolean semantics: what a query text matches, against a second, independent reading of the same question.

A question is built as a nested tuple, evaluated on toy documents straight away, and written out as a query text in
its own way; the tree that ``parse`` makes of the text must match the same documents.
"""

from __future__ import annotations

from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from qtsearch.query.language import parse
from qtsearch.query.rendering import to_text
from qtsearch.query.tree import And, Boost, Match, MatchAll, MatchNone, Node, Not, Or, Preferring, Words

VOCABULARY = ("ache", "bone", "cough", "drug")
DOCUMENTS = [
    (frozenset(words), subject)
    for words in chain.from_iterable(combinations(VOCABULARY, size) for size in range(len(VOCABULARY) + 1))
    for subject in ("heart", "skin")
]


def matches(node: Node, document: tuple[frozenset[str], str]) -> bool:
    words, subject = document
    match node:
        case Words(text):
            return text in words
        case Match("subject", value):
            return value == subject
        case And(children):
            return all(matches(child, document) for child in children)
        case Or(children):
            return any(matches(child, document) for child in children)
        case Not(child):
            return not matches(child, document)
        case Preferring(required, _):
            return matches(required, document)
        case Boost(child):
            return matches(child, document)
        case MatchAll():
            return True
        case MatchNone():
            return False
    raise AssertionError(node)


words = st.sampled_from(VOCABULARY).map(lambda word: ("word", word))
questions = st.recursive(
    words,
    lambda inner: st.one_of(
        st.tuples(st.just("and"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("or"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("any"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("not"), inner),
        st.tuples(st.just("boost"), inner),
        st.tuples(st.just("sequence"), inner, inner, inner),
        st.tuples(st.just("filtered"), inner, st.sampled_from(["heart", "skin"])),
    ),
    max_leaves=8,
)


def can_score(question):
    """A group in which nothing scores restricts a sequence instead of being one of its alternatives."""
    kind, *parts = question
    match kind:
        case "word":
            return True
        case "not":
            return False
        case "and" | "or" | "any":
            return any(map(can_score, parts[0]))
        case "sequence":
            return can_score(parts[0]) or can_score(parts[1])
    return can_score(parts[0])


def expected(question, document):
    kind, *parts = question
    match kind:
        case "word":
            return parts[0] in document[0]
        case "and":
            return all(expected(part, document) for part in parts[0])
        case "or":
            return any(expected(part, document) for part in parts[0])
        case "any":
            scoring = [part for part in parts[0] if can_score(part)]
            restricting = [part for part in parts[0] if not can_score(part)]
            return all(expected(part, document) for part in restricting) and (
                not scoring or any(expected(part, document) for part in scoring)
            )
        case "not":
            return not expected(parts[0], document)
        case "boost":
            return expected(parts[0], document)
        case "sequence":
            must, may, no = parts
            restricted = not can_score(may) and not expected(may, document)
            return expected(must, document) and not restricted and not expected(no, document)
        case "filtered":
            return expected(parts[0], document) and document[1] == parts[1]
    raise AssertionError(kind)


def written(question):
    kind, *parts = question
    match kind:
        case "word":
            return parts[0]
        case "and":
            return " AND ".join(f"({written(part)})" for part in parts[0])
        case "or":
            return " OR ".join(f"({written(part)})" for part in parts[0])
        case "any":
            return " ".join(f"({written(part)})" for part in parts[0])
        case "not":
            return f"NOT ({written(parts[0])})"
        case "boost":
            return f"({written(parts[0])})^2.5"
        case "sequence":
            must, may, no = map(written, parts)
            return f"+({must}) ({may}) -({no})"
        case "filtered":
            return f"(({written(parts[0])}) AND subject:{parts[1]})"
    raise AssertionError(kind)


@given(questions)
@settings(max_examples=400)
def test_a_query_matches_what_it_says(question):
    root = parse(written(question)).root
    for document in DOCUMENTS:
        assert matches(root, document) == expected(question, document), (root, to_text(root))


@given(st.lists(st.tuples(st.sampled_from(["", "+", "-"]), st.sampled_from(VOCABULARY)), min_size=1, max_size=6))
@settings(max_examples=300)
def test_signs_require_and_exclude(signed):
    root = parse(" ".join(sign + word for sign, word in signed)).root
    must = {word for sign, word in signed if sign == "+"}
    no = {word for sign, word in signed if sign == "-"}
    may = {word for sign, word in signed if not sign}
    for document in DOCUMENTS:
        found = document[0]
        wanted = must <= found if must else (bool(may & found) or not may)
        assert matches(root, document) == (wanted and not no & found)


def test_operators_bind_in_the_documented_order():
    root = parse("ache bone AND cough OR drug").root
    assert root == Or((And((Or((Words("ache"), Words("bone"))), Words("cough"))), Words("drug")))
