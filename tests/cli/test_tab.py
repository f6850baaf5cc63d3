"""What the shell is offered where somebody presses Tab."""

from string import ascii_lowercase

import pytest

import qtsearch
from tests.cli.conftest import run
from tests.folders import write_article


def offered(words, cwd, shell="bash", **env):
    """The (type, value) pairs for a command line whose last word is half typed."""
    line = ["qtsearch", *words]
    answer = run(
        cwd=cwd,
        env={
            "_QTSEARCH_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": " ".join(line),
            "COMP_CWORD": str(len(line) - 1),
            **env,
        },
    )
    assert answer.stderr == ""
    rows = answer.stdout.splitlines()
    if shell == "zsh":
        return list(zip(rows[::3], rows[1::3], strict=True))
    return [tuple(row.split(",", 1)) for row in rows if row]


def plain(*values):
    return [("plain", value) for value in values]


def test_words_of_the_articles_are_offered(site):
    assert offered(["hepatoc"], site) == plain("hepatocellular")
    assert offered(["hcc", "immunoth"], site) == plain("immunotherapies", "immunotherapy")
    assert offered(["complete", "hepatoc"], site) == plain("hepatocellular")
    assert offered(["abbreviations", "hc"], site) == plain("hcc")


@pytest.mark.parametrize(
    ("begun", "whole"), [("HC", "HCC"), ("Hepatoc", "Hepatocellular"), ("+hepatoc", "+hepatocellular")]
)
def test_what_was_typed_stays_as_it_was(site, begun, whole):
    assert offered([begun], site) == plain(whole)


def test_words_and_values_behind_a_colon_are_offered(site):
    assert offered(["title:adv"], site, "zsh") == plain("title:advanced")
    for begun in ("subject:med", "subject:Med", "+subject:"):
        assert ("plain", begun + "medicine"[len(begun.partition(":")[2]) :]) in offered([begun], site, "zsh")


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["subject", ":", "med"], ["medicine"]),
        (["subject", ":"], ["medicine"]),
        (["subject", ":", ""], []),
        (["subject:med"], ["subject:medicine"]),  # a bash that was told not to
        (["hcc", "title", ":", "treatm"], ["treatment"]),
        (["title", ":", "treatment", "hepatoc"], ["hepatocellular"]),
        (["complete", "subject", ":", "med"], ["medicine"]),
        (["https", "://e.org/"], []),
    ],
)
def test_bash_takes_a_colon_for_a_word_of_its_own(site, words, values):
    assert offered(words, site) == plain(*values)


def test_a_search_needs_no_name_to_be_completed(site):
    commands_and_words = offered(["re"], site)
    assert commands_and_words[:2] == plain("related", "reindex")
    assert ("plain", "recent") in commands_and_words
    assert offered(["--frag"], site) == offered(["hcc", "--frag"], site) == plain("--fragments")
    assert len(set(offered(["--"], site))) == len(offered(["--"], site))
    assert {("plain", "--help"), ("plain", "--version"), ("plain", "--sort")} < set(offered(["--"], site))


def test_no_more_than_twenty_words_are_offered(seeds):
    write_article(seeds / "seeds", "zebras.md", answer=" ".join(f"zebra{sign}" for sign in ascii_lowercase))
    qtsearch.reindex(seeds / "seeds", seeds / "index")
    assert len(offered(["zebra"], seeds)) == 20


def test_folders_and_files_are_left_to_the_shell(site):
    assert offered(["--index", "ind"], site) == offered(["reindex", "ind"], site) == [("dir", "ind")]
    assert offered(["--config", "q"], site) == [("file", "q")]


def test_another_index_is_asked_where_one_is_named(site, tmp_path):
    assert offered(["--index", str(site / "index"), "hepatoc"], tmp_path) == plain("hepatocellular")
    assert offered(["hepatoc"], tmp_path, QTSEARCH_INDEX=str(site / "index")) == plain("hepatocellular")


def test_nothing_is_said_and_nothing_made_where_there_is_no_index(seeds):
    before = sorted(seeds.rglob("*"))
    assert offered(["hepatoc"], seeds) == []
    assert offered(["--config", "missing.toml", "hepatoc"], seeds) == []
    (seeds / "qtsearch.toml").write_text("this is = no configuration")
    assert offered(["hepatoc"], seeds) == []
    assert sorted(seeds.rglob("*")) == sorted([*before, seeds / "qtsearch.toml"])
