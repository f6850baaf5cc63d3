"""What is shown of a hit."""

from hypothesis import example, given
from hypothesis import strategies as st

from qtsearch.articles.markdown import headings, plain_text
from qtsearch.engines.whoosh.showing import _may_have_headings

lines = st.sampled_from(
    ["# One", "## Two ##", "- # in a list", "> # quoted", "1. # numbered", "#hash", "C# code", "    # code", "\t# tab"]
) | st.sampled_from(
    ["Text", "===", "---", "=", "-", "- ", "> ---", "  ==", "", "- item", "`--`", "a -- b", "|--|", "***"]
)


@given(st.lists(lines | st.text(alphabet="ab#=->* \t1."), max_size=8).map("\n".join))
@example("Text\n=")
@example("Text\n -\n")
def test_no_heading_is_overlooked(markdown):
    if headings(markdown):
        assert _may_have_headings(markdown, plain_text(markdown))


def test_dashes_and_hashes_in_a_text_are_no_signs():
    assert not _may_have_headings("C# is a language -- as is F#.\n\n- a == b\n- five #\n", "")
