"""What a search does beyond finding words, on the screen: other names, corrections, completion, facets, measures."""

import datetime
import json
import os
import sys

import pytest

import qtsearch
from qtsearch.cli import main
from tests.folders import write_article


@pytest.fixture
def library(tmp_path, monkeypatch, capsys):
    """A working directory with a few articles, indexed with a further facet; runs one command."""
    for name in ("NO_COLOR", "FORCE_COLOR", "PAGER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    seeds = tmp_path / "seeds"
    write_article(
        seeds,
        "a.md",
        id=1,
        title="Hepatocellular carcinoma",
        answer="# Basics\n\nHepatocellular carcinoma (HCC) begins in the liver.\n\n## Care\n\nImmunotherapy helps.",
        subject="Medicine",
        author="Ann",
        date=datetime.date(2024, 1, 5),
        audience=["patients", "doctors"],
    )
    write_article(
        seeds,
        "b.md",
        id=2,
        title="Liver tumours",
        answer="HCC is one of them.",
        subject="Surgery",
        author="Bob",
        date=datetime.date(2023, 1, 5),
        audience="patients",
    )
    (tmp_path / "qtsearch.toml").write_text('facets = ["audience"]\nsynonyms = "names.txt"\n')
    (tmp_path / "names.txt").write_text("surgery, operation\nhepar => liver\n")
    assert main(["reindex", "--quiet"]) == 0

    def call(*words):
        status = main(words)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def found(out):
    return sorted(hit["id"] for hit in json.loads(out)["hits"])


def test_abbreviations_find_their_long_forms(library):
    status, out, _ = library("HCC", "--json")
    assert (status, found(out), json.loads(out)["also_searched"]) == (0, [1, 2], ["Hepatocellular carcinoma"])
    assert "also searched: Hepatocellular carcinoma\n" in library("HCC")[1]
    for option in ("--no-expand", "--exact"):
        assert json.loads(library("HCC", option, "--json")[1])["also_searched"] == []
    assert json.loads(library("hepatocellular carcinoma", "--json")[1])["also_searched"] == ["HCC"]


def test_the_list_of_abbreviations(library):
    assert library("abbreviations") == (0, "HCC  Hepatocellular carcinoma · 1 article\n", "")
    for typed in ("hepatocellular carcinomas", "hcc", "hccs", "HCCs"):
        assert library("abbreviations", typed)[:2] == (0, "HCC  Hepatocellular carcinoma · 1 article\n")
    assert library("abbreviations", "?!")[0] == 1
    assert library("abbreviations", "XYZ") == (1, "no abbreviations\n", "")
    assert json.loads(library("abbreviations", "XYZ", "--json")[1])["abbreviations"] == []
    rows = json.loads(library("abbreviations", "HCC", "--json")[1])["abbreviations"]
    assert rows == [{"short": "HCC", "long": "Hepatocellular carcinoma", "documents": 1}]


def test_synonyms_of_the_configured_file(library):
    assert found(library("hepar", "--json")[1]) == [1, 2]
    assert library("hepar", "--exact")[0] == 1
    assert library("hepar", "--exact")[2] == ""


def test_what_was_meant_is_searched_for_beside_words_that_are_found(library):
    status, out, err = library("tumours imunotherapy", "--json")
    told = 'did you mean "immunotherapy"? searched for it instead of "imunotherapy"'
    answer = json.loads(out)
    assert (status, found(out), answer["did_you_mean"]) == (0, [1, 2], "tumours immunotherapy")
    assert (answer["corrected"], answer["notices"]) == (True, [told])
    assert err == ""  # where a program reads the answer
    assert library("tumours imunotherapy")[2] == f"qtsearch: {told}\n"
    status, out, err = library("tumours imunotherapy", "--exact", "--json")
    assert (status, found(out), json.loads(out)["did_you_mean"], err) == (0, [2], "", "")
    # Two letters of six are too many to search for at once.
    assert library("tumours helfz")[2] == 'qtsearch: no article has "helfz"\nqtsearch: did you mean: tumours helps\n'


def test_a_mistyped_query_is_searched_as_it_was_meant(library):
    status, out, err = library("imunotherapy")
    assert (status, out.splitlines()[0]) == (0, "1  Hepatocellular carcinoma")
    assert err == 'qtsearch: no hits for "imunotherapy"; these are for "immunotherapy"\n'
    form = json.loads(library("imunotherapy", "--json")[1])
    assert (form["query"], form["did_you_mean"], form["corrected"]) == ("imunotherapy", "immunotherapy", True)
    status, out, err = library("imunotherapy", "--exact")
    assert (status, out[:7], err) == (1, "no hits", "")
    told = ['no article has "livr"', "did you mean: liver immunotherapy"]
    assert library("livr immunotherapy")[2].splitlines() == [f"qtsearch: {line}" for line in told]


def test_american_and_british_spelling_are_one(library):
    assert found(library("tumor", "--json")[1]) == [2]


def test_completion_of_a_query(library):
    status, out, _ = library("complete", "hepat")
    assert (status, out) == (0, "hepatocellular · 1 article\nHepatocellular carcinoma · title\n")
    form = json.loads(library("complete", "liver tum", "--json")[1])
    assert [one["text"] for one in form["completions"]] == ["liver tumours", "Liver tumours"]
    assert library("complete", "zzz") == (1, "no completions\n", "")
    assert json.loads(library("complete", "zzz", "--json")[1])["completions"] == []


def test_facets(library):
    facets = json.loads(library("HCC", "--facet", "subject, year,audience", "--json")[1])["facets"]
    assert facets == [
        {"name": "subject", "counts": [{"value": "Medicine", "count": 1}, {"value": "Surgery", "count": 1}]},
        {"name": "year", "counts": [{"value": "2024", "count": 1}, {"value": "2023", "count": 1}]},
        {"name": "audience", "counts": [{"value": "patients", "count": 2}, {"value": "doctors", "count": 1}]},
    ]
    assert json.loads(library("HCC", "--facet", "subject,year", "--facet", "audience", "--json")[1])["facets"] == facets
    assert "\naudience\n  patients  2\n  doctors   1\n" in library("HCC", "--facet", "audience")[1]
    assert "█" in library("HCC", "--facet", "audience", "--color", "always")[1]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--author", "ann"], [1]),
        (["--year", "2023"], [2]),
        (["--filter", "audience=DOCTORS"], [1]),
        (["--filter", "subject=medicine", "--filter", "subject=surgery"], [1, 2]),
        (["--subject", "medicine", "--subject", "surgery"], [1, 2]),
        (["--subject", "medicine", "--filter", "subject=surgery"], [1, 2]),
        (["--author", "ann", "--author", "bob", "--year", "2023", "--year", "2024"], [1, 2]),
        (["--author", "ann", "--author", "bob", "--year", "2023"], [2]),
        (["--subject", "Medicine", "--year", "2023"], []),
        (["--filter", "audience=nobody"], []),
    ],
)
def test_filters_by_facet(library, options, expected):
    assert found(library("HCC", *options, "--json")[1]) == expected


@pytest.mark.parametrize(
    ("options", "notices"),
    [
        (["--subject", "Surgeri"], ['no article has the subject "Surgeri"']),
        (["--subject", "Surgeri", "--subject", "surgery"], ['no article has the subject "Surgeri"']),
        (["--author", "Eve", "--year", "1901"], ['no article has the author "Eve"', 'no article has the year "1901"']),
        (["--filter", "audience=nobody"], ['no article has the audience "nobody"']),
        (
            ["subject:Surgeri NOT author:Eve"],
            ['no article has the subject "Surgeri"', 'no article has the author "Eve"'],
        ),
        (["--subject", "surgery", "--author", "ann", "id:1", "--since", "2030"], []),
        (["zebra"], ['no article has "zebra"']),
    ],
)
def test_a_value_that_no_article_has_is_named(library, options, notices):
    assert json.loads(library("HCC", *options, "--json")[1])["notices"] == notices
    assert library("HCC", *options)[2] == "".join(f"qtsearch: {notice}\n" for notice in notices)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--facet", "colour"], "no facet 'colour'; this index has subject, author, year, audience"),
        (["--filter", "colour=red"], "no facet 'colour'"),
        (["--filter", "colour"], "'colour' is no filter; write KEY=VALUE"),
        (["--year", "soon"], "year is 'soon'; use a year such as 2024"),
    ],
)
def test_facets_that_are_none(library, options, said):
    status, out, err = library("HCC", *options)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_explained_scores_add_up_exactly(library):
    for text in ("liver HCC immunotherapy", "hepatocellular carcinoma", '+HCC -surgery liv* "one of them"'):
        for hit in json.loads(library(text, "--explain", "--json")[1])["hits"]:
            explanation = hit["explanation"]
            assert sum(part["score"] for part in explanation["parts"]) == explanation["score"] > 0
            assert round(explanation["score"], 6) == hit["score"]
    assert "  HCC in answer\n" in library("HCC", "--explain")[1]
    pairs = '"hepatocellular carcinoma"~3 in title (close together)\n'
    assert pairs in library("hepatocellular carcinoma", "--explain")[1]


def test_fragments_stand_under_their_headings(library):
    (hit,) = json.loads(library("immunotherapy", "--json")[1])["hits"]
    assert hit["snippet"]["headings"] == ["Care"]
    assert "   Care: " in library("immunotherapy")[1]
    assert json.loads(library("immunotherapy", "--fragments", "0", "--json")[1])["hits"][0]["snippet"]["headings"] == []


def test_json_has_the_fragments_one_by_one_too(library, tmp_path):
    between = "\n\nNothing is said here of what was asked for, only of quite another thing." * 10
    answer = f"Preface.\n\n# Basics\n\nZebras begin at the liver.{between}\n\n## Care\n\nImmunotherapy helps."
    write_article(tmp_path / "seeds", "c.md", title="C", answer=answer)
    library("reindex", "--quiet")
    hit = json.loads(library("zebras immunotherapy", "--fragments", "2", "--json")[1])["hits"][0]
    first, second = hit["snippet"]["fragments"]
    assert hit["snippet"]["text"] == f"{first['text']} … {second['text']}"
    assert (first["heading"], first["before"], first["after"]) == ("Basics", True, True)
    (start, end) = second.pop("highlights")[0]
    assert second["text"][start:end] == "Immunotherapy"
    assert second == {"text": "Immunotherapy helps.", "before": True, "after": False, "heading": "Care"}


def test_json_has_the_values_of_configured_keys(library):
    (hit,) = json.loads(library("immunotherapy", "--json")[1])["hits"]
    assert hit["extra"] == {"audience": ["patients", "doctors"]}
    assert json.loads(library("show", "2", "--json")[1])["extra"] == {"audience": ["patients"]}


def test_rankings_are_measured(library, tmp_path):
    (tmp_path / "topics").write_text("1\tliver tumours\n2\ttumor one\n")
    (tmp_path / "qrels").write_text("1 0 2 1\n2 0 2 1\n")
    status, out, _ = library("eval", "topics", "qrels", "--write", "run", "--json")
    means = {row["measure"]: row["value"] for row in json.loads(out)["means"]}
    assert (status, means["P@1"], means["R@100"]) == (0, 1.0, 1.0)
    assert (tmp_path / "run").read_text().startswith("1 Q0 2 1 2 qtsearch\n1 Q0 1 2 1 qtsearch\n2 Q0 2 1 ")
    out = library("eval", "topics", "qrels", "--run", "run", "--baseline", "run", "--per-topic")[1]
    assert out.splitlines()[3] == "all     1.0000   1.0000   1.0000   1.0000   1.0000"
    assert "nDCG@10     1.0000   1.0000       0       0       2   1.0000" in out
    for place, why in (("none/run", "No such file or directory"), ("/dev/full", "No space left on device")):
        said = f"qtsearch: cannot write {place}: {why}; name another file with --write\n"
        status, out, err = library("eval", "topics", "qrels", "--write", place)
        assert (status, err) == (2, said)
        assert out.splitlines()[1] == "all     1.0000   1.0000   1.0000   1.0000   1.0000"
    assert library("eval", "nowhere", "qrels")[0] == 2


def test_a_run_may_take_the_place_of_the_baseline_that_it_is_compared_with(library, tmp_path):
    (tmp_path / "topics").write_text("1\tliver tumours\n")
    (tmp_path / "qrels").write_text("1 0 2 1\n")
    (tmp_path / "run").write_text("1 Q0 1 1 1 old\n")
    words = ("eval", "topics", "qrels", "--baseline", "run", "--write", "run")
    assert "P@1         0.0000   1.0000       1" in library(*words)[1]
    assert "P@1         1.0000   1.0000       0" in library(*words)[1]


def test_what_is_wrong_with_the_files_is_said_before_the_searches(library, tmp_path, monkeypatch):
    (tmp_path / "topics").write_text("1\tliver tumours\n")
    (tmp_path / "qrels").write_text("1 0 2 1\n")
    monkeypatch.setattr(qtsearch, "open", None)
    status, out, err = library("eval", "topics", "qrels", "--baseline", "nowhere")
    assert (status, out, err.partition(":")[2]) == (
        2,
        "",
        " cannot read nowhere: No such file or directory; check the name\n",
    )
    os.link(tmp_path / "qrels", tmp_path / "another")
    (tmp_path / "link").symlink_to("topics")
    for place, name in (
        ("topics", "TOPICS (topics)"),
        ("./qrels", "QRELS (qrels)"),
        ("another", "QRELS (qrels)"),
        ("link", "TOPICS (topics)"),
    ):
        said = f"qtsearch: --write would replace {name}; name another file\n"
        assert library("eval", "topics", "qrels", "--write", place) == (2, "", said)
    assert (tmp_path / "topics").read_text() == "1\tliver tumours\n"


def test_an_article_that_has_no_place_in_a_run_costs_the_run_alone(library, tmp_path):
    write_article(tmp_path / "seeds", "liver three.md", title="Liver three", answer="Three tumours of the liver.")
    library("reindex", "--quiet")
    (tmp_path / "topics").write_text("1\tliver tumours\n")
    (tmp_path / "qrels").write_text("1 0 2 1\n")
    status, out, err = library("eval", "topics", "qrels", "--write", "run")
    assert (status, out.splitlines()[1].split()[0]) == (2, "all")
    assert err.startswith("qtsearch: --write: 'liver three.md' cannot stand in a run")
    assert err.endswith("; give that article an id without one\n")
    assert not (tmp_path / "run").exists()


def test_only_topics_that_were_asked_are_measured(library, tmp_path):
    (tmp_path / "topics").write_text("2\ttumor one\n")
    (tmp_path / "qrels").write_text("1 0 2 1\n2 0 2 1\n")
    out = library("eval", "topics", "qrels", "--per-topic")[1]
    assert [line.split()[0] for line in out.splitlines()] == ["topic", "2", "all"]
    (tmp_path / "qrels").write_text("1 0 2 1\n2 0 2 0\n2 0 1 -1\n")
    said = "qtsearch: none of the topics has a relevant article; judge some with a grade above 0\n"
    assert library("eval", "topics", "qrels") == (2, "", said)
    (tmp_path / "topics").write_text("x2\ttumor one\n")
    said = "qtsearch: none of the topics is judged; check that the topics and the judgements number them alike\n"
    assert library("eval", "topics", "qrels") == (2, "", said)


def test_without_ir_measures_there_is_one_clear_line(library, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    (tmp_path / "topics").write_text("1\tHCC\n")
    (tmp_path / "qrels").write_text("1 0 2 1\n")
    said = "qtsearch: ir-measures is not installed; install it with: pip install ir-measures\n"
    assert library("eval", "topics", "qrels") == (2, "", said)


def test_another_facet_rebuilds_the_index(library, tmp_path):
    (tmp_path / "qtsearch.toml").write_text('facets = "level"\n')
    status, out, _ = library("check")
    assert (status, "index: folder: the facets were audience and are now level\n" in out) == (1, True)
    report = json.loads(library("reindex", "--json")[1])
    assert library("check")[0] == 0
    assert report["rebuilt"] == "the facets were audience and are now level"
    assert json.loads(library("HCC", "--facet", "level", "--json")[1])["facets"] == [{"name": "level", "counts": []}]
