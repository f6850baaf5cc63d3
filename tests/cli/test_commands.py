"""The commands in this process: what they print, and how they end."""

import json
import shlex
import shutil
import sys

import pytest

import qtsearch
from qtsearch.cli import main
from qtsearch.cli.commands.search import partial_date
from tests.folders import write_article

ARTICLE = "what-are-the-latest-advancements-in-the-treatment-of-hcc.md"
TITLE = "What are the latest advancements in the treatment of HCC?"
URL = "/learn/medicine/questions/what-are-the-latest-advancements-in-the-treatment-of-hcc"


@pytest.fixture
def cli(at_site, capsys):
    """Run one command; returns status, stdout and stderr."""

    def call(*words):
        status = main(words)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.mark.parametrize("words", [("HCC", "immunotherapy"), ("HCC immunotherapy",), ("search", "HCC"), ("--", "HCC")])
def test_search(cli, words):
    status, out, err = cli(*words)
    assert (status, err) == (0, "")
    assert out.startswith(f"1  {TITLE}\n   Medicine · 2024-12-07 · {URL}\n")
    assert out.count("not in the folder") == 3
    assert "\x1b" not in out


def test_search_as_json(cli):
    status, out, _ = cli("HCC", "--json", "--related", "4")
    form = json.loads(out)
    assert status == 0
    assert (form["format_version"], form["query"], form["total"], form["offset"]) == (1, "HCC", 1, 0)
    (hit,) = form["hits"]
    assert (hit["id"], hit["path"], hit["date"], hit["url"]) == (97061, ARTICLE, "2024-12-07", URL)
    start, end = hit["title_highlights"][0]
    assert hit["title"][start:end] == "HCC"
    assert all(hit["snippet"]["text"][start:end] for start, end in hit["snippet"]["highlights"])
    assert [related["id"] for related in hit["related"]] == [97063, 97057, 97064, 97062]
    assert {related["indexed"] for related in hit["related"]} == {False}


def test_search_as_json_without_hits(cli):
    status, out, _ = cli("zebra", "--json")
    assert status == 1
    assert json.loads(out)["hits"] == []


def test_programs_are_answered_where_the_text_is_empty(cli):
    status, out, err = cli("search", "--json", "")
    form = json.loads(out)
    assert (status, err, form["total"], form["notices"]) == (1, "", 0, ["the query is empty; type a word"])
    assert cli("--count", " ") == (1, "0\n", "qtsearch: the query is empty; type a word\n")
    assert cli("search", "--json")[:2] == (2, "")


def test_search_as_json_lines(cli):
    assert [json.loads(line)["id"] for line in cli("HCC", "--jsonl")[1].splitlines()] == [97061]
    assert cli("zebra", "--jsonl") == (1, "", "")


def test_search_for_paths_and_count(cli):
    assert cli("HCC", "--paths") == (0, f"seeds/{ARTICLE}\n", "")
    assert cli("HCC", "--count") == (0, "1\n", "")
    assert cli("zebra", "--paths") == (1, "", "")
    assert cli("zebra", "--count") == (1, "0\n", "")


def test_what_programs_get_comes_with_the_notices_on_stderr(cli):
    """Or 12 hits of another query look like those of this one."""
    said = 'qtsearch: no hits for "hepatoceluler"; these are for "hepatocellular"\n'
    for form in ("--count", "--paths", "--jsonl"):
        status, out, error = cli("hepatoceluler", form)
        assert (status, error) == (0, said)
        assert out
        assert cli("hepatoceluler", form, "--exact")[::2] == (1, "")


def test_paths_are_the_very_names_in_a_pipe(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    names = [f"{name}.md" for name in ("fam\U0001f468\u200d\U0001f469", "a b\u200cc", "rtl\u200fgnp")]
    for name in names:
        (seeds / "seeds" / name).write_text("---\ntitle: Zeta\n---\nzeta\n")
    assert main(["reindex", "-q"]) == 0
    assert main(["zeta", "--paths"]) == 0
    assert sorted(capsys.readouterr().out.split("\n")[:-1]) == sorted(f"seeds/{name}" for name in names)


def test_paths_on_a_terminal_hold_nothing_that_is_not_seen(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    write_article(seeds / "seeds", "rtl\u200fgnp.md", title="Zebra")
    assert main(["reindex", "-q"]) == 0
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["zebra", "--paths"]) == 0
    assert capsys.readouterr().out == "seeds/rtlgnp.md\n"


def test_an_index_that_is_named_has_its_own_folder_of_articles(seeds, tmp_path_factory, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    assert main(["reindex", "-q"]) == 0
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "seeds").mkdir()
    (elsewhere / "seeds/other.md").write_text("---\ntitle: Other\n---\nother\n")
    monkeypatch.chdir(elsewhere)
    index = str(seeds / "index")
    assert main(["--index", index, "HCC", "--paths"]) == 0
    assert capsys.readouterr().out == f"{seeds / 'seeds' / ARTICLE}\n"
    assert main(["check", "--index", index]) == 1  # links that lead nowhere
    assert "not in the index" not in capsys.readouterr().out.replace("articles that are not in the index", "")
    assert main(["show", str(seeds / "seeds" / ARTICLE), "--index", index, "--json"]) == 0
    assert main(["reindex", "--index", index]) == 0
    assert "1 unchanged" in capsys.readouterr().out
    (seeds / "seeds").rename(seeds / "unmounted")
    assert main(["reindex", "--index", index]) == 2
    assert "there is no articles folder" in capsys.readouterr().err
    assert main(["--index", index, "HCC", "--count"]) == 0
    (commit,) = (seeds / "index").glob("commit-*.json")
    whole = commit.read_bytes()
    commit.write_text("x")
    assert main(["reindex", "--index", index]) == 2
    assert "with --articles" in capsys.readouterr().err
    for words in (["HCC"], ["stats"], ["check", "--verify"]):  # what they propose is about this index, not ./index
        assert main([*words, "--index", index]) in (1, 2)
        assert f"qtsearch reindex --full --index {index}\n" in "".join(capsys.readouterr())
    commit.write_bytes(whole)
    assert main(["reindex", "seeds", "--index", index]) == 0
    assert "built anew" in capsys.readouterr().out


def test_an_index_is_not_made_anew_of_the_default_folder_because_the_configuration_is_missing(
    seeds, monkeypatch, capsys
):
    monkeypatch.chdir(seeds)
    (seeds / "texts").mkdir()
    (seeds / "texts/other.md").write_text("---\ntitle: Other\n---\nother\n")
    (seeds / "qtsearch.toml").write_text('articles = "texts"\n')
    assert main(["reindex", "-q"]) == 0
    (seeds / "qtsearch.toml").rename(seeds / "away.toml")
    for words in (["reindex", "-q"], ["reindex", "--full"]):
        assert main(words) == 2
        assert "nothing says now where articles lie; name their folder" in capsys.readouterr().err
    (seeds / "qtsearch.toml").symlink_to("nowhere.toml")
    assert main(["reindex", "-q"]) == 2
    assert "qtsearch.toml is a link that leads to nothing" in capsys.readouterr().err
    (seeds / "qtsearch.toml").unlink()
    assert main(["other", "--count"]) == 0
    assert main(["reindex", "seeds"]) == 0
    seeds.rename(moved := seeds.with_name("moved"))
    monkeypatch.chdir(moved)
    assert main(["reindex"]) == 0  # moved, with its articles
    (moved / "seeds").rename(moved / "data")
    (moved / "seeds").symlink_to("data")
    assert main(["reindex"]) == 0
    assert main(["reindex"]) == 0  # a link to the folder that the index remembers
    capsys.readouterr()


def test_an_index_that_the_environment_names_has_its_own_folder_of_articles(
    seeds, tmp_path_factory, monkeypatch, capsys
):
    qtsearch.reindex(seeds / "seeds", seeds / "index")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write_article(elsewhere / "seeds", "other.md")
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("QTSEARCH_INDEX", str(seeds / "index"))
    assert main(["reindex"]) == 0
    assert "0 added · 0 updated · 0 deleted · 1 unchanged" in capsys.readouterr().out


def test_a_damaged_index_that_nobody_named_is_made_anew_of_the_default_folder(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    assert main(["reindex", "-q"]) == 0
    (seeds / "index" / "commit-0.json").write_bytes(b"damaged")
    assert main(["reindex"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("built anew: commit-0.json: header: ")
    assert "mend" not in out  # it is done


def test_a_working_directory_that_was_removed(tmp_path, monkeypatch, capsys):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    for words in (["HCC"], ["reindex"], ["HCC", "--json"]):
        assert main(words) == 2
        assert capsys.readouterr().err == "qtsearch: the working directory was removed; change to another one\n"


def test_completing_a_filter(cli):
    assert cli("complete", "HCC subject:med")[1] == "HCC subject:medicine · 1 article\n"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (["--subject", "medicine"], True),
        (["--subject", "Law"], False),
        (["--subject", "Law", "--filter", "subject=medicine"], True),
        (["--since", "2024"], True),
        (["--since", "2024-12-07", "--until", "2024-12-07"], True),
        (["--since", "2025"], False),
        (["--until", "2024"], True),
        (["--until", "2024-11"], False),
        (["--sort", "date"], True),
        (["--page", "2"], False),
    ],
)
def test_filters(cli, filters, found):
    status, out, _ = cli(*filters, "HCC", "--paths")
    assert (status, bool(out)) == ((0, True) if found else (1, False))


def test_the_greatest_number_that_an_option_names_may_be_given(cli):
    assert cli("HCC", "--fragments", "9")[::2] == (0, "")


def test_no_related_articles_unless_wanted(cli):
    assert "→" not in cli("HCC", "--related", "0")[1]


def test_notices_of_a_pipe_go_to_stderr(cli):
    status, out, err = cli("foo:HCC")
    assert status == 0
    assert err.startswith("qtsearch: ")
    assert "foo" in err
    assert "foo" not in out


@pytest.mark.parametrize("key", ["97061", URL, ARTICLE, f"seeds/{ARTICLE}", f"./seeds/../seeds/{ARTICLE}"])
def test_show_and_related_take_id_url_and_path(cli, key):
    assert json.loads(cli("show", key, "--json")[1])["id"] == 97061
    assert len(json.loads(cli("related", key, "--json")[1])["related"]) == 4


def test_show(cli):
    status, out, err = cli("show", "97061")
    assert (status, err) == (0, "")
    assert out.startswith(f"# {TITLE}\n\n")
    assert "\n1. **Combination Therapies**: " in out
    assert out.count("→") == 3


def test_related(cli):
    status, out, _ = cli("related", "97061", "-n", "2")
    assert status == 0
    assert out.count("→") == 2
    assert "· Health Studies · not in the folder\n  /learn/health-studies/" in out


def test_the_address_below_a_related_article_leads_to_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = "The liver is a large organ of the body, which makes bile."
    write_article(tmp_path / "seeds", "a.md", title="The liver", answer=text, url="/q/a")
    write_article(
        tmp_path / "seeds", "b.md", title="The liver?", answer="What a large organ does, such as the liver.", url="/q/b"
    )
    page = "https://example.org/q/c"
    write_article(tmp_path / "seeds", "c.md", title="The liver!", answer="Bile of the liver is green.", url=page)
    (tmp_path / "qtsearch.toml").write_text('site_url = "https://example.org"\n')
    assert main(["reindex", "--quiet"]) == 0
    for words in (["related", "a.md"], ["show", "a.md"]):
        assert main([*words, "--color", "never"]) == 0
        said = capsys.readouterr().out
        assert "≈ The liver?\n  https://example.org/q/b\n" in said
        assert "≈ The liver!\n  https://example.org/q/c\n" in said
        assert main([*words, "--color", "always"]) == 0
        assert "example.org/q/b\n" not in capsys.readouterr().out
    for name in "abc":
        assert main(["show", f"https://example.org/q/{name}", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["path"] == f"{name}.md"
    assert main(["show", "https://example.org/q/d"]) == 2
    assert main(["liver"]) == 0
    assert "≈ The liver?\n   " in capsys.readouterr().out  # short below a hit


def test_an_id_is_an_id_in_a_folder_of_the_articles_too(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    assert main(["reindex", "-q"]) == 0
    (seeds / "seeds" / "sub").mkdir()
    monkeypatch.chdir(seeds / "seeds" / "sub")
    assert main(["show", "97061", "--index", str(seeds / "index"), "--json"]) == 0
    assert main(["show", f"../{ARTICLE}", "--index", str(seeds / "index"), "--json"]) == 0


def test_an_article_without_related_ones_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_article(tmp_path / "seeds", "a.md", title="A")
    assert main(["reindex", "--quiet"]) == 0
    assert main(["related", "a.md"]) == 1
    assert capsys.readouterr() == ("no related articles\n", "")
    assert main(["related", "a.md", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["related"] == []


def test_stats(cli):
    assert "articles            1\n" in cli("stats")[1]
    assert json.loads(cli("stats", "--json")[1])["subjects"] == [{"subject": "Medicine", "articles": 1}]


def test_check_names_the_links_that_lead_nowhere(cli):
    status, out, _ = cli("check")
    assert status == 1
    assert "4 related links" in out
    assert len(json.loads(cli("check", "--json")[1])["broken_links"]) == 4


def test_check_of_a_changed_folder(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    (seeds / "seeds" / "a.md").write_text("---\ntitle: A\n---\nanswer a\n", "utf-8")
    (seeds / "seeds" / "b.md").write_text("---\ntitle: B\n---\nanswer b\n", "utf-8")
    assert main(["reindex", "--quiet"]) == 0
    (seeds / "seeds" / "a.md").unlink()
    (seeds / "seeds" / "b.md").write_text("---\ntitle: B\n---\nanswer bb\n", "utf-8")
    (seeds / "seeds" / "c.md").write_text("---\ntitle: C\n---\nanswer c\n", "utf-8")
    assert capsys.readouterr().out == ""
    assert main(["check", "--json"]) == 1
    form = json.loads(capsys.readouterr().out)
    assert (form["stale"], form["missing"], form["orphaned"]) == (["b.md"], ["c.md"], ["a.md"])
    assert main(["check"]) == 1
    assert "bring the index up to date with: qtsearch reindex" in capsys.readouterr().out


def test_check_says_why_a_file_is_left_out(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    (seeds / "seeds/empty.md").write_text("---\ntitle: Nothing\n---\n")
    text = (seeds / "seeds" / ARTICLE).read_text()
    (seeds / "seeds/zz.md").write_text(text)
    assert main(["reindex", "-q"]) == 1
    capsys.readouterr()
    report = qtsearch.check("seeds", "index")
    assert (report.missing, report.stale, [problem.path for problem in report.problems]) == (
        (),
        (),
        ["empty.md", "zz.md"],
    )
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert "bring the index up to date" not in out
    assert "is already that of" in out
    (seeds / "seeds/new.md").write_text("---\ntitle: New\nid: 5\n---\nnew\n")
    (seeds / "seeds/new2.md").write_text("---\ntitle: New\nid: 5\n---\nnew\n")
    report = qtsearch.check("seeds", "index")
    assert (report.missing, [one.path for one in report.problems]) == (("new.md",), ["empty.md", "new2.md", "zz.md"])
    (seeds / "seeds" / ARTICLE).unlink()  # so zz.md has its id
    report = qtsearch.check("seeds", "index")
    assert (report.missing, report.orphaned) == (("new.md", "zz.md"), (ARTICLE,))


def test_config_says_where_each_value_comes_from(cli, monkeypatch):
    monkeypatch.setenv("QTSEARCH_LIMIT", "7")
    status, out, _ = cli("config", "--index", "elsewhere", "--json")
    found = {setting["name"]: (setting["value"], setting["source"]) for setting in json.loads(out)["settings"]}
    assert status == 0
    assert found["limit"] == (7, "QTSEARCH_LIMIT")
    assert found["index"][1] == "option"
    assert found["related"] == (3, "default")
    assert "QTSEARCH_LIMIT" in cli("config")[1]


def test_the_first_search_builds_the_index(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    assert main(["HCC"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"1  {TITLE}")
    assert said.err.splitlines()[0] == "qtsearch: no index yet; indexing the articles in seeds"
    assert "1 added" in said.err
    assert main(["HCC"]) == 0
    assert capsys.readouterr().err == ""


def test_the_first_search_names_articles_that_failed(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    (seeds / "seeds" / "bad.md").write_text("---\ntitle: [\n---\ntext\n", "utf-8")
    assert main(["HCC"]) == 0
    _, problem, summary = capsys.readouterr().err.splitlines()
    assert problem.startswith("qtsearch: bad.md:")
    assert "1 failed" in summary


def test_the_first_search_builds_the_index_as_it_is_configured_and_names_no_warnings(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    (seeds / "qtsearch.toml").write_text('max_bytes = 1_000\nfacets = ["audience"]\n')
    write_article(seeds / "seeds", "b.md", title="Zebra", audience="nurses", date="soon")
    assert main(["zebra", "--paths"]) == 0
    _, problem, summary = capsys.readouterr().err.splitlines()
    assert problem.startswith(f"qtsearch: {ARTICLE}: the file has ")
    assert "1 added" in summary
    assert qtsearch.check("seeds", "index", facets=["audience"]).index_problems == ()


def test_an_index_that_was_named_is_named_where_it_is_built(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    assert main(["HCC", "--index", "nosuch"]) == 0
    assert capsys.readouterr().err.startswith("qtsearch: no index yet in nosuch; indexing the articles in seeds\n")


def test_a_folder_without_any_article_file_is_no_error_but_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.html").write_text("<p>no article")
    said = "qtsearch: no .md, .markdown or .txt file in seeds\n"
    for words in (["reindex"], ["reindex", "--quiet"], ["reindex", "--full"]):
        assert main(words) == 0
        assert capsys.readouterr().err == said
    assert main(["reindex", "--if-needed"]) == 0  # looks for none
    assert capsys.readouterr().err == ""
    assert main(["HCC", "--index", "new"]) == 1
    assert said in capsys.readouterr().err


def test_reindex_says_what_it_did(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    assert main(["reindex", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert f"+ {ARTICLE}\n1 added · 0 updated · 0 deleted · 0 unchanged · 0 failed · " in said
    assert "nothing was written" in said
    assert main(["reindex", "--json"]) == 0
    form = json.loads(capsys.readouterr().out)
    assert (form["added"], form["documents"], form["committed"]) == (1, 1, True)
    assert main(["reindex"]) == 0
    assert "0 added · 0 updated · 0 deleted · 1 unchanged · 0 failed · " in capsys.readouterr().out
    for words in (["--full", "--quiet"], ["--full", "--quiet", "--json"], ["--if-needed", "--quiet", "--json"]):
        assert main(["reindex", *words]) == 0
        assert capsys.readouterr() == ("", "")


def test_reindex_if_needed_does_not_speak_of_changes_that_it_did_not_look_for(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    assert main(["reindex", "--if-needed"]) == 0
    assert capsys.readouterr().out.startswith("1 added · ")
    write_article(seeds / "seeds", "b.md", title="B")
    assert main(["reindex", "--if-needed"]) == 0
    assert capsys.readouterr() == ("there is a usable index of 1 article; nothing done\n", "")
    assert main(["reindex", "--if-needed", "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["reindex", "--if-needed", "--full"]) == 0
    assert "2 added · " in capsys.readouterr().out
    assert main(["reindex", "--if-needed"]) == 0
    assert "usable index of 2 articles" in capsys.readouterr().out


def test_reindex_names_articles_that_failed(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    (seeds / "seeds" / "bad.md").write_text("---\ntitle: [\n---\ntext\n", "utf-8")
    assert main(["reindex", "--quiet"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("qtsearch: bad.md:")
    assert said.err.count("\n") == 1
    assert main(["reindex", "--quiet", "--json"]) == 1
    said = capsys.readouterr()
    assert ([problem["path"] for problem in json.loads(said.out)["problems"]], said.err) == (["bad.md"], "")
    assert main(["HCC", "--count"]) == 0


def test_where_problems_are_left_out_the_named_command_lists_them(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    for number in range(21):
        write_article(seeds / "my texts", f"{number}.md", title="A", date="soon")
    (seeds / "my.toml").write_text('articles = "my texts"\n')
    for words in (["my texts", "--index", "here"], ["--config", "my.toml"]):
        assert main(["reindex", *words]) == 0
        *_, last = capsys.readouterr().err.splitlines()
        said, _, todo = last.partition("; all of them: qtsearch ")
        assert said == "qtsearch: ... and 1 more warning"
        assert main(shlex.split(todo)) == 0
        form = json.loads(capsys.readouterr().out)
        assert (len(form["problems"]), form["committed"]) == (21, False)


def test_reindex_of_another_folder(seeds, monkeypatch, capsys):
    monkeypatch.chdir(seeds)
    shutil.move(seeds / "seeds", seeds / "texts")
    assert main(["reindex", "texts"]) == 0
    assert main(["reindex", "texts", "--articles", "texts"]) == 2
    assert "named twice" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["HCC", "-b"], "'-b' is no option; to leave a word out, write: qtsearch -- HCC -b"),
        (
            ["liver", "-hepatitis"],
            "'-hepatitis' is no option; to leave a word out, write: qtsearch -- liver -hepatitis",
        ),
        (["-n", "3", "it's", "-neuropathy", "--json"], """write: qtsearch -n 3 --json -- 'it'"'"'s' -neuropathy"""),
        (
            ["search", "-n3", "covid", "-19"],
            "'-19' is no option; to leave a word out, write: qtsearch search -n3 -- co",
        ),
        (["HCC", "-b", "--", "-c"], "'-b' is no option; to leave a word out, write: qtsearch -- HCC -b -c\n"),
        (["REINDEX", "--ful"], "'--ful' is no option of search; did you mean the command reindex?"),
        (["--limt", "3", "HCC"], "qtsearch: '--limt' is no option; did you mean --limit?\n"),
        (["--hhh", "HCC"], "'--hhh' is no option; to search for words that start with a dash, put -- before them"),
        (["HCC", "-n"], "Option '-n' requires an argument; see: qtsearch search --help\n"),
        (["reindex", "--wait"], "see: qtsearch reindex --help\n"),
        (["--related", "show"], "see: qtsearch search --help\n"),
        (["--page", "-12345678", "HCC"], "qtsearch: --page is -12345678; use a whole number, 1 or more\n"),
        (["-n", "ten", "--", "liver", "-nausea"], "'ten' is not a valid integer; see: qtsearch search --help"),
        (["--page", "0", "HCC"], "qtsearch: --page is 0; use a whole number, 1 or more\n"),
        (["--fragments", "10", "HCC"], "qtsearch: --fragments is 10; use a whole number from 0 to 9\n"),
        (["--related", "101", "HCC"], "qtsearch: --related is 101; use a whole number from 0 to 100\n"),
        (["--year", "abc", "HCC"], "qtsearch: --year is 'abc'; use a year such as 2024\n"),
        (["--year", "0", "HCC"], "--year is '0'"),
        (["--year", "9" * 5_000, "HCC"], "use a year such as 2024"),
        (["--since", "2024-13", "HCC"], "'2024-13' is no date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        (["--since", "soon", "HCC"], "is no date"),
        (["--since", "2025", "--until", "2024", "HCC"], "since 2025-01-01 is after until 2024-12-31"),
        (["-n", "0", "HCC"], "--limit is 0; use a whole number from 1 to 10,000"),
        (["--json", "--paths", "HCC"], "use only one of --json, --jsonl, --paths and --count"),
        (["--facet", "year", "--jsonl", "HCC"], "use only one of --facet and --jsonl; see"),
        (["--facet", "year", "--count", "HCC"], "use only one of --facet and --count"),
        (["--explain", "--paths", "HCC"], "use only one of --explain and --paths"),
        (["--explain", "--sort", "date", "HCC"], "use only one of --explain and --sort date"),
        (["reindex", "--quiet", "--dry-run"], "use only one of --quiet and --dry-run"),
        (["reindex", "--if-needed", "--dry-run"], "use only one of --if-needed and --dry-run"),
        (["search"], "no words to search for"),
        ([""], "no words to search for"),
        (["-n", "3"], "no words to search for"),
        (["stats", "on", "cancer"], "to search for the word stats: qtsearch search stats ..."),
        (["show", "me", "cancer"], "to search for the word show: qtsearch search show ..."),
        (["show", "1", "2"], "(2); one article is shown at a time; to search for the word show"),
        (["related", "97061", "2"], "(2); name one article at a time; to search for the word related"),
        (["complete", "foo", "bar"], "(bar); put quotes round the text; to search for the word complete"),
        (
            ["-n", "3", "check", "liver"],
            "'-n' is no option of check; see: qtsearch check --help; to search for the word",
        ),
        (
            ["check", "--jsonl"],
            "did you mean --json? See: qtsearch check --help; to search for the word check: qtsearch",
        ),
        (["check", "--verfy"], "'--verfy' is no option of check; did you mean --verify? See: qtsearch check --help\n"),
        (["--version", "foo"], "--version stands alone; write: qtsearch --version"),
        (["reindex", "--version"], "--version stands alone; write: qtsearch --version"),
        (
            ["reidnex", "--full"],
            "'--full' is no option of search; did you mean the command reindex? Else put -- before words",
        ),
        (["--full", "Reindex"], "did you mean the command reindex?"),
        (["statz", "-b"], "did you mean the command stats?"),
        (["search", "reidnex", "--full"], "'--full' is no option; did you mean --until?\n"),
        (["cost", "-b"], "to leave a word out, write: qtsearch -- cost -b"),
        (["show", "12345"], "12345"),
        (["related", "nowhere.md"], "nowhere.md"),
        (["show", "\x1b[31m\u202e"], "no article"),
        (["--index", "nowhere", "stats"], "no index in"),
        (["--index", "nowhere", "--articles", "none", "HCC"], "name their folder with --articles"),
        (["--config", "nowhere.toml", "HCC"], "no configuration file"),
        (["reindex", "nowhere"], "nowhere"),
        (["reindex", "--wait", "nan"], "--wait is nan; use a number of seconds, 0 or more\n"),
        (["reindex", "--wait", "-1"], "--wait is -1; use a number of seconds, 0 or more\n"),
        (["reindex", "--wait", "x"], "Invalid value for '--wait': 'x' is not a valid number; see"),
        (["--page", "x", "HCC"], "Invalid value for '--page': 'x' is not a valid integer; see"),
        (["completion", "tcsh"], "'tcsh' is not one of 'bash', 'zsh', 'fish'"),
    ],
)
def test_an_error_is_one_line_and_status_2(cli, words, said):
    status, out, err = cli(*words)
    assert (status, out) == (2, "")
    assert err.startswith("qtsearch: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert err[:-1].isprintable()
    assert said in err


def test_an_unexpected_error_is_one_line_too(cli, monkeypatch):
    def broken(folder, **_):
        raise RuntimeError("a \x1b[31mred\nline")

    monkeypatch.setattr(qtsearch, "open", broken, raising=False)
    status, _, err = cli("HCC")
    assert (status, err) == (
        2,
        "qtsearch: internal error: RuntimeError: a red line; run again with --debug\n",
    )
    status, _, err = cli("HCC", "--debug")
    assert status == 2
    assert "Traceback" in err


def test_help_and_version(cli):
    status, out, _ = cli()
    assert status == 0
    assert out.startswith("Usage: qtsearch [OPTIONS] WORDS...\n")
    assert cli("--help")[:2] == cli("-h")[:2] == (0, out)
    assert cli("--version")[1] == f"qtsearch {qtsearch.__version__}\n"
    assert cli("--help", "reindex")[1].startswith("Usage: qtsearch reindex ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(cli, shell):
    status, out, _ = cli("completion", shell)
    assert status == 0
    assert f"_QTSEARCH_COMPLETE={shell}_complete" in out


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-2", "2023-02-01", "2023-02-28"),
        ("2024-02-03", "2024-02-03", "2024-02-03"),
        ("0001", "0001-01-01", "0001-12-31"),
    ],
)
def test_partial_dates(text, first, last):
    assert str(partial_date(text, last=False)) == first
    assert str(partial_date(text, last=True)) == last
