import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.cli.app import app
from qtsearch.cli.words import COMMANDS, OPTIONS_WITH_VALUE, name_command_first


def all_commands():
    context = click.Context(app, info_name="qtsearch")
    return {name: app.get_command(context, name) for name in app.list_commands(context)}


@pytest.mark.parametrize(
    ("given_words", "meant"),
    [
        ("HCC", "search HCC"),
        ("HCC immunotherapy -n 3", "search HCC immunotherapy -n 3"),
        ("-n 3 HCC", "search -n 3 HCC"),
        ("-n3 HCC", "search -n3 HCC"),
        ("--limit=3 HCC", "search --limit=3 HCC"),
        ("--subject stats HCC", "search --subject stats HCC"),
        ("stats", "stats"),
        ("--index old stats --json", "stats --index old --json"),
        ("--json stats", "stats --json"),
        ("search check liver", "search check liver"),
        ("-n 3 search check", "search -n 3 check"),
        ("liver check", "search liver check"),
        ("-- stats", "search -- stats"),
        ("-- -b", "search -- -b"),
        ("-b HCC", "search -b HCC"),
        ("-n 3", "search -n 3"),
        ("- stats", "search - stats"),
        ("--help", "--help"),
        ("-h", "-h"),
        ("--version", "--version"),
        ("--help reindex", "reindex --help"),
        ("", ""),
    ],
)
def test_which_command_is_meant(given_words, meant):
    assert name_command_first(given_words.split()) == meant.split()


WORDS = st.sampled_from([*COMMANDS, *sorted(OPTIONS_WITH_VALUE), "--json", "--", "HCC", "3", "", "-x"])


@given(st.lists(WORDS))
def test_no_word_is_lost_and_a_command_is_always_first(words):
    named = name_command_first(words)
    assert sorted(named) in (sorted(words), sorted([*words, "search"]))
    assert not named or named[0] in COMMANDS


def test_the_options_that_take_a_value_are_known():
    found = {
        name
        for command in all_commands().values()
        for option in command.params
        if isinstance(option, click.Option) and not option.is_flag
        for name in option.opts
    }
    assert found == OPTIONS_WITH_VALUE


def test_every_command_and_option_says_what_it_does():
    for name, command in all_commands().items():
        assert command.name == name
        assert command.help
        assert command.short_help.endswith(".")
        for option in command.params:
            assert isinstance(option, click.Argument) or option.help.endswith((".", "(the default).")), option


def test_an_unknown_name_is_no_command():
    assert app.get_command(click.Context(app), "nothing") is None
