"""The papers say what the code does: links lead somewhere, examples run, nothing public is left out."""

from __future__ import annotations

import ast
import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import qtsearch
from qtsearch.config import SETTINGS, load
from qtsearch.scoring.bm25f import Weighting
from qtsearch.scoring.neighbours import NEIGHBOUR_SHARE, TERM_SATURATION
from qtsearch.scoring.proximity import PAIR_SLOP, PAIR_WEIGHT
from qtsearch.scoring.refinement import CANDIDATES, DOUBT, FEW_TERMS, LACKED
from qtsearch.scoring.signature import SIGNATURE_WORDS
from qtsearch.scoring.telling_terms import TELLING_TERMS
from tests.folders import SEEDS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "qtsearch"
PAPERS = sorted(
    path for pattern in ("*.md", "docs/*.md", "benchmarks/*.md") for path in ROOT.glob(pattern) if path.is_file()
)
MODULES = sorted(PACKAGE.rglob("*.py"))

LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")
DURATION = re.compile(r"\b[\d.]+ (?:ms|s)\b")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def fenced(name: str, language: str) -> list[str]:
    return [body for found, body in FENCE.findall(text_of(name)) if found == language]


def code_spans() -> list[str]:
    """What stands between backticks in the text of ``docs/python.md``."""
    return re.findall(r"`([^`]+)`", FENCE.sub("", text_of("docs/python.md")))


def anchors(paper: Path) -> set[str]:
    """The names that GitHub gives to headings."""
    headings = HEADING.findall(FENCE.sub("", paper.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def in_python(arguments: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run Python in an environment of our own, as on a terminal of 100 columns where one is asked for."""
    environ = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "100"}
    command = [sys.executable, "-W", "error", *arguments]
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, check=False, encoding="utf-8")


def qtsearch_with(arguments: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return in_python(["-m", "qtsearch", *arguments], cwd)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A working directory with the article of ``seeds``, and its index."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    qtsearch.reindex(tmp_path / "seeds", tmp_path / "index")
    return tmp_path


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(paper: Path):
    broken = []
    for target in LINK.findall(FENCE.sub("", paper.read_text(encoding="utf-8"))):
        if target.startswith(("https://", "http://")):
            continue
        name, _, anchor = target.partition("#")
        file = (paper.parent / name).resolve() if name else paper
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def test_there_are_links_to_test():
    assert len(LINK.findall(text_of("README.md"))) > 5


@pytest.mark.parametrize(
    ("paper", "number"),
    [(paper, number) for paper in ("README.md", "docs/python.md") for number in range(len(fenced(paper, "python")))],
)
def test_the_python_examples_run(paper: str, number: int, site: Path):
    done = in_python(["-c", fenced(paper, "python")[number]], site)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_example_of_the_readme_finds_the_article(site: Path):
    [code] = fenced("README.md", "python")
    printed = in_python(["-c", code], site).stdout
    assert "1 indexed, 0 could not be read" in printed
    assert "What are the latest advancements in the treatment of HCC?" in printed


def test_the_example_article_can_be_read(tmp_path: Path):
    [article] = fenced("README.md", "markdown")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "example.md").write_text(article, encoding="utf-8")
    report = qtsearch.reindex(tmp_path / "seeds", tmp_path / "index")
    assert (report.problems, report.added) == ((), 1)


def test_the_example_configuration_names_every_setting(tmp_path: Path):
    [text] = fenced("README.md", "toml")
    (tmp_path / "qtsearch.toml").write_text(text, encoding="utf-8")
    settings = load({}, {}, tmp_path)
    assert set(settings.sources) == {setting.name for setting in SETTINGS}
    assert set(settings.sources.values()) == {str(tmp_path / "qtsearch.toml")}
    for setting in SETTINGS:
        if setting.name != "site_url":
            assert getattr(settings, setting.name) == setting.read(setting.default, tmp_path)


def test_the_screen_of_the_readme_is_what_is_seen(site: Path):
    """If it is not: run the first command of the README in a terminal of 100 columns, and paste what it prints."""
    done = qtsearch_with(["HCC immunotherapy", "--color", "always"], site)
    seen = [line.rstrip() for line in ESCAPE.sub("", done.stdout).strip().splitlines()]
    [screen] = fenced("README.md", "text")
    shown = [line for line in screen.strip().splitlines() if not line.startswith("qtsearch: ")]
    assert DURATION.sub("N ms", "\n".join(shown)) == DURATION.sub("N ms", "\n".join(seen))


@pytest.mark.parametrize("line", fenced("README.md", "console")[0].splitlines())
def test_the_commands_of_the_readme_work(line: str, site: Path):
    prompt, program, *arguments = shlex.split(line, comments=True)
    assert (prompt, program) == ("$", "qtsearch")
    done = qtsearch_with(arguments, site)
    # The related articles of the one in the folder are not there, and check says so.
    assert (done.returncode, done.stderr) == (1 if arguments == ["check"] else 0, "")
    assert done.stdout


def test_the_two_commands_stand_where_they_are_looked_for():
    section = text_of("README.md").partition("\n## The two commands\n")[2].partition("\n## ")[0]
    commands = [body.strip() for language, body in FENCE.findall(section) if language == "sh"]
    assert [command.rpartition("&& ")[2] for command in commands] == [
        '.venv/bin/qtsearch "HCC immunotherapy"',
        ".venv/bin/pytest -q -n auto",
    ]


@pytest.mark.parametrize("name", sorted(set(qtsearch.__all__)))
def test_every_public_name_is_documented(name: str):
    code = " ".join(code_spans())
    tree = "\n".join(fenced("docs/python.md", "text"))
    assert re.search(rf"\b{name}\b", f"{code}\n{tree}")


@pytest.mark.parametrize(
    "name", ["Hit", "Results", "ReindexReport", "CheckReport", "IndexStats", "Article", "RelatedHit", "Problem"]
)
def test_every_attribute_of_a_value_is_documented(name: str):
    code = " ".join(code_spans())
    value = getattr(qtsearch, name)
    missing = [each for each in dir(value) if not each.startswith("_") and not re.search(rf"\b{each}\b", code)]
    assert missing == []


@pytest.mark.parametrize("function", ["open", "reindex", "check", "Index.search"])
def test_every_argument_is_documented(function: str):
    owner, _, name = function.rpartition(".")
    value = getattr(getattr(qtsearch, owner) if owner else qtsearch, name)
    names = [parameter for parameter in inspect.signature(value).parameters if parameter != "self"]
    [given] = (span[len(function) + 1 : -1] for span in code_spans() if span.startswith(f"{function}("))
    assert re.findall(r"(\w+)(?==|,|$)", re.sub(r"=[^,]*", "", given)) == names


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(ROOT)))
def test_every_module_says_what_it_is(module: Path):
    assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))


def test_the_architecture_names_every_room():
    text = text_of("docs/architecture.md")
    rooms = {path.name for path in PACKAGE.glob("*.py")} | {f"{path.parent.name}/" for path in PACKAGE.glob("*/*.py")}
    assert [room for room in sorted(rooms) if f"`{room}`" not in text] == []


def test_the_architecture_draws_the_layers_that_are_held():
    contract = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]
    held = [sorted(re.findall(r"qtsearch\.(\w+)", layer)) for layer in contract["layers"]]
    section = text_of("docs/architecture.md").partition("\n## Direction of imports\n")[2]
    drawn = [sorted(line.split()) for line in FENCE.findall(section)[0][1].splitlines()]
    assert drawn == [layer for layer in held if layer != ["__main__"]]


def test_the_architecture_gives_a_reason_for_every_dependency():
    dependencies = tomllib.loads(text_of("pyproject.toml"))["project"]["dependencies"]
    names = {re.match(r"[\w.-]+", dependency)[0] for dependency in dependencies}  # type: ignore[index]
    section = text_of("docs/architecture.md").partition("\n## Dependencies\n")[2]
    assert set(re.findall(r"^\| \[([^\]]+)\]", section, re.MULTILINE)) == names


def test_the_parameters_of_the_ranking_are_the_documented_ones():
    paper = " ".join(text_of("docs/scoring.md").split())
    weighting = Weighting()
    for sentence in (
        *(f"| weight of {name} | {field.weight:g} |" for name, field in weighting.fields.items()),
        f"| `k1` | {weighting.k1} |",
        f"trust = 1 - {DOUBT} * (1 - coverage) ** 0.25 * n / (n + {FEW_TERMS})",
        f"holds the thing, else {LACKED} A thing",
        f"all else is worked out for the best {CANDIDATES} of them (`CANDIDATES`)",
        f"at most {PAIR_SLOP} other words between them (`PAIR_SLOP`)",
        f"Its `factor` is {PAIR_WEIGHT} (`PAIR_WEIGHT`",
        f"the most similar {CANDIDATES * NEIGHBOUR_SHARE:g} of the {CANDIDATES} candidates (`NEIGHBOUR_SHARE`)",
        f"a term weighing f / (f + {TERM_SATURATION:g}) * idf",
        f"the first {SIGNATURE_WORDS} words of the answer",
        f"searches for the {TELLING_TERMS} most telling terms",
    ):
        assert sentence in paper
    assert {f"| `b`, all fields | {field.b} |" in paper for field in weighting.fields.values()} == {True}


def test_the_changelog_mentions_the_version():
    assert re.search(rf"^## {re.escape(qtsearch.__version__)}\b", text_of("CHANGELOG.md"), re.MULTILINE)
