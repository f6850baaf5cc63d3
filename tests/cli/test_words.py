"""What is read without click, compared with what click reads."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.cli import main, process
from qtsearch.cli.commands import search as command
from qtsearch.cli.folders import places_in
from qtsearch.cli.searching import search
from qtsearch.cli.words import COMMANDS, plain_search


@pytest.mark.parametrize(
    ("words", "places"),
    [
        (["--index", "a", "HCC"], {"--index": "a"}),
        (["--index=a", "--index", "b", "HCC"], {"--index": "b"}),
        (["--index", "b", "--index=a", "-n", "3"], {"--index": "a"}),
        (["HCC", "--", "--index", "x"], {}),
        (["--subject", "--index", "HCC"], {}),
        (["reindex", "my articles", "--index", "i"], {"--articles": "my articles", "--index": "i"}),
        (["show", "7", "--config", "c.toml"], {"--config": "c.toml"}),
        (["HCC", "--index"], {"--index": ""}),
    ],
)
def test_the_places_that_a_command_line_names(words, places):
    assert places_in(words) == places


@pytest.mark.parametrize(
    ("words", "text", "settings"),
    [
        (["HCC"], "HCC", {}),
        (["HCC immunotherapy", "liver"], "HCC immunotherapy liver", {}),
        (["liver", "check"], "liver check", {}),
        (["--index", "old", "HCC"], "HCC", {"index": "old"}),
        (["HCC", "--articles", "seeds", "--config", "c.toml"], "HCC", {"articles": "seeds", "config": "c.toml"}),
        (["--index", "a", "HCC", "--index", "b"], "HCC", {"index": "b"}),
        (["--index", "", "HCC"], "HCC", {"index": ""}),
        (["", "HCC"], " HCC", {}),
    ],
)
def test_a_plain_search(words, text, settings):
    assert plain_search(words) == (text, settings)


@pytest.mark.parametrize(
    "words",
    [
        [],
        [""],
        [" ", "\t"],
        ["stats"],
        ["search", "HCC"],
        ["--index", "old", "stats"],
        ["--index", "old"],
        ["HCC", "--index"],
        ["HCC", "--index", "-x"],
        ["--index=old", "HCC"],
        ["-n", "3", "HCC"],
        ["--json", "HCC"],
        ["HCC", "--", "therapy"],
        ["HCC", "-"],
        ["HCC", "--help"],
    ],
)
def test_what_only_click_can_read(words):
    assert plain_search(words) is None


WORDS = st.lists(
    st.one_of(
        st.sampled_from(["HCC", "liver cancer", "", " ", *COMMANDS]),
        st.sampled_from(["--index", "--articles", "--config", "seeds", "old", "a", "\udc80"]),
        st.text(st.characters(exclude_characters="\0"), max_size=3),
    ),
    max_size=6,
)


@given(WORDS)
def test_click_reads_the_same(words):
    if plain_search(words) is not None:
        assert asked_for(words) == asked_for(words, click=True)


def asked_for(words, *, click=False):
    """How ``search`` is called, defaults included, and with what status the run ends."""
    calls = []

    def record(*arguments, **named):
        bound = inspect.signature(search).bind(*arguments, **named)
        bound.apply_defaults()
        calls.append(
            {**bound.arguments, "filters": dict(named.get("filters", {})), "facets": list(named.get("facets", ()))}
        )
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qtsearch.cli.searching.search", record)
        patch.setattr(command, "search", record)
        if click:
            patch.setattr(process, "plain_search", lambda words: None)
        return main(words), calls
