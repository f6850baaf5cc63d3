import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis.abbreviation_table import AbbreviationTable
from qtsearch.query.expand import FACTOR, MAX_OTHERS, MAX_PLACES, Abbreviations, Expanded, expand
from qtsearch.query.language import parse
from qtsearch.query.rendering import to_text
from qtsearch.query.synonyms import Synonyms
from qtsearch.query.tree import Alternatives, And, Boost, Not, Or, Phrase, Preferring, Words, leaves
from tests.query.strategies import hostile_texts, trees


class Table(AbbreviationTable):
    """A table that says which words are a form together, as an index does."""

    def lengths(self, words):
        texts = [(number, " ".join(words[:number])) for number in range(len(words), 0, -1)]
        return [number for number, text in texts if self.long_forms(text) or self.short_forms(text)]


TABLE = Table(
    {
        ("HCC", "hepatocellular carcinoma"): 12,
        ("IL-6", "interleukin-6"): 3,
        ("ADL", "activities of daily living"): 2,
        ("MS", "multiple sclerosis"): 40,
        ("MS", "mitral stenosis"): 5,
        ("MS", "morning stiffness"): 2,
        ("REDUCE", "Reduction by Dutasteride of Prostate Cancer Events"): 2,
        ("E. coli", "Escherichia coli"): 4,
    }
)
SYNONYMS = Synonyms([(("heart attack", "myocardial infarction"),) * 2, (("statin",), ("atorvastatin", "simvastatin"))])
SOURCES = (Abbreviations(TABLE), SYNONYMS)


def w(text, *fields):
    return Words(text, fields)


def also(exact, *others):
    return Alternatives(exact, others, FACTOR)


LONG = Or((w("hepatocellular"), w("carcinoma")))


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("HCC", also(w("HCC"), Phrase("hepatocellular carcinoma"))),
        ("hccs", also(w("hccs"), Phrase("hepatocellular carcinoma"))),
        ("hepatocellular carcinomas", also(Or((w("hepatocellular"), w("carcinomas"))), w("HCC"))),
        ("hepatocellular carcinoma treatment", Or((also(LONG, w("HCC")), w("treatment")))),
        ("best hepatocellular carcinoma", Or((w("best"), also(LONG, w("HCC"))))),
        ("HCC treatment", Or((also(w("HCC"), Phrase("hepatocellular carcinoma")), w("treatment")))),
        ("hepatocellular AND carcinoma", also(And((w("hepatocellular"), w("carcinoma"))), w("HCC"))),
        ("hepatocellular carcinoma AND cure", And((also(LONG, w("HCC")), w("cure")))),
        ("IL 6", also(Or((w("IL"), w("6"))), Phrase("interleukin-6"))),
        ("il6", also(w("il6"), Phrase("interleukin-6"))),
        ("interleukin-6", also(w("interleukin-6"), Phrase("IL-6"))),
        ("activities of daily living", also(Or((w("activities"), w("daily"), w("living"))), w("ADL"))),
        ("Escherichia coli", also(Or((w("Escherichia"), w("coli"))), Phrase("E. coli"))),
        ("MS", also(w("MS"), Phrase("multiple sclerosis"), Phrase("mitral stenosis"))),
        ("statins", also(w("statins"), w("atorvastatin"), w("simvastatin"))),
        ("title:HCC", also(w("HCC", "title"), Phrase("hepatocellular carcinoma", 0, ("title",)))),
        ("HCC^2", Boost(also(w("HCC"), Phrase("hepatocellular carcinoma")), 2.0)),
        ("HCC -MS", And((also(w("HCC"), Phrase("hepatocellular carcinoma")), Not(w("MS"))))),
        ("+HCC cure", Preferring(also(w("HCC"), Phrase("hepatocellular carcinoma")), w("cure"))),
    ],
)
def test_what_is_expanded(text, root):
    assert expand(parse(text).root, SOURCES).root == root


@pytest.mark.parametrize(
    "text",
    ["", "heart", "atorvastatin", '"HCC"', '"heart attack"', "-HCC", "HCC*", "HCC~", "title:heart attack", "carcinoma",
     "heart failure attack", "heart (pain attack^2)", "HCC hepatocellular carcinoma",
     "activities of daily living (ADL)", "subject:HCC", "date:2024"],
)  # fmt: skip
def test_what_is_not_expanded(text):
    root = parse(text).root
    assert expand(root, SOURCES) == Expanded(root)


def test_what_was_also_searched():
    expanded = expand(parse("(HCC OR hcc) heart attack").root, SOURCES)
    assert expanded.also_searched == ("hepatocellular carcinoma", "myocardial infarction")


def test_common_words_in_small_letters_are_no_short_forms():
    source = Abbreviations(TABLE, {"reduce": 900, "hcc": 100}.get)
    assert not source.alternatives("reduce")
    assert source.alternatives("REDUCE") == ("Reduction by Dutasteride of Prostate Cancer Events",)
    assert source.alternatives("hcc") == ("hepatocellular carcinoma",)
    stop_word = Abbreviations(Table({("ALL", "acute lymphoblastic leukemia"): 9}))
    assert stop_word.alternatives("all") == ()
    assert stop_word.alternatives("ALL") == ("acute lymphoblastic leukemia",)


def test_a_word_of_more_than_twenty_times_as_many_articles_is_no_short_form():
    assert Abbreviations(TABLE, {"hcc": 12 * 20}.get).alternatives("hcc")
    assert not Abbreviations(TABLE, {"hcc": 12 * 20 + 1}.get).alternatives("hcc")


def test_long_forms_of_a_tenth_as_many_articles_as_the_first_count():
    forms = {("XY", "xeno yield"): 40, ("XY", "xylo yeast"): 4, ("XY", "xanthic yarn"): 3}
    assert Abbreviations(Table(forms)).alternatives("XY") == ("xeno yield", "xylo yeast")


def test_what_a_query_may_cost_is_bounded():
    many = Synonyms([(("a1",), tuple(f"b{number}" for number in range(60))), (("c",), ("d",))])
    root = parse(" ".join(["c", "x", "a1"] * 40)).root
    found = [node for node in expand(root, [many]).root.children if isinstance(node, Alternatives)]
    assert len(found) == MAX_PLACES
    assert max(len(node.others) for node in found) == MAX_OTHERS


def test_names_with_quotes_and_parentheses_are_searched_without():
    root = expand(Words("x"), [Synonyms([(("x",), ('a "b" (c)',))])]).root
    assert root == also(w("x"), Phrase("a b c"))


def test_no_sources():
    assert expand(Words("x"), []) == Expanded(Words("x"))


class _Everything:
    """Has another name for whatever it is asked."""

    def lengths(self, words):
        return [2, 1] if len(words) > 1 else [1]

    def alternatives(self, text):
        return ("zzz", "yyy xxx")


@given(trees)
def test_expanding_leaves_the_rest_of_the_tree_alone(root):
    expanded = expand(root, [_Everything()])
    assert to_text(expanded.root) == to_text(root)
    assert list(_typed(expanded.root)) == list(leaves(root))
    assert bool(expanded.also_searched) == any(isinstance(leaf, Words) for leaf in leaves(root))


def _typed(node):
    """Yield the leaves of a tree without the other names."""
    return (leaf for leaf in leaves(node) if getattr(leaf, "text", "") not in ("zzz", "yyy xxx"))


@given(hostile_texts, st.floats(0.01, 0.99))
def test_no_text_raises(text, factor):
    root = parse(text).root
    expanded = expand(root, SOURCES, factor)
    assert to_text(expanded.root) == to_text(root)
