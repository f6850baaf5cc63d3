from dataclasses import replace
from pathlib import Path

import click

from qtsearch.articles.model import Problem
from qtsearch.checking import BrokenLink, CheckReport
from qtsearch.cli import forms, process
from qtsearch.cli.app import app
from qtsearch.cli.reference import EXIT_STATUS, JSON_FIELDS, PYTHON_TWINS, python_call, reference
from qtsearch.cli.words import COMMANDS
from qtsearch.config import SETTINGS
from qtsearch.engines.base import IndexProblem
from qtsearch.evaluation.comparison import Comparison
from qtsearch.evaluation.measures import MEASURES, Evaluated
from qtsearch.query.completion import Completion
from qtsearch.results import Abbreviation, Explanation, Facet, FacetCount, ScorePart

from .samples import CURATED, REINDEX, STATS, article, hit, results
from .samples import SETTINGS as VALUES

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"

CHECK = CheckReport(
    ("a.md",),
    ("b.md",),
    ("c.md",),
    (BrokenLink("a.md", "A", "5"),),
    (Problem("a", "b", "c"),),
    (IndexProblem("f", "s", "w", "t"),),
)

EXPLAINED = replace(hit(), explanation=Explanation(1.0, 0.5, (ScorePart("word", "HCC", "title", 1.0),)))
FACETS = (Facet("year", (FacetCount("2024", 2),)),)
COMPARED = (Comparison("AP", 0.25, 0.5, 2, 1, 3, 0.5),)

FORMS = {
    "search": forms.results_form(results(EXPLAINED, facets=FACETS)),
    "complete": forms.completions_form("he", (Completion("hepatitis", "word", 3),)),
    "abbreviations": forms.abbreviations_form((Abbreviation("HCC", "hepatocellular carcinoma", 2),)),
    "eval": forms.evaluation_form(Evaluated({"1": dict.fromkeys(MEASURES, 0.5)}), COMPARED),
    "reindex": forms.reindex_form(REINDEX),
    "show": forms.article_form(article(), (CURATED,)),
    "related": forms.related_list_form("5", (CURATED,)),
    "stats": forms.stats_form(STATS),
    "check": forms.check_form(CHECK),
    "config": forms.settings_form(VALUES),
}


def field_names(form, prefix=""):
    for name, value in form.items():
        if isinstance(value, dict) and value:  # what is empty here has names of a user's own
            yield from field_names(value, f"{prefix}{name}.")
            continue
        yield prefix + name
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield from field_names(value[0], f"{prefix}{name}[].")


def test_the_page_is_up_to_date():
    assert PAGE.read_text("utf-8") == reference(), "run: python -m qtsearch.cli.reference > docs/cli.md"


def test_every_field_of_every_form_is_described():
    for name, form in FORMS.items():
        assert sorted(field_names(form)) == sorted(JSON_FIELDS[name])
        assert form["format_version"] == forms.FORMAT_VERSION
    assert FORMS.keys() == JSON_FIELDS.keys()


def test_every_command_with_json_has_a_form():
    context = click.Context(app, info_name="qtsearch")
    with_json = {
        name for name in COMMANDS if any("--json" in each.opts for each in app.get_command(context, name).params)
    }
    assert with_json == JSON_FIELDS.keys()


def test_every_command_option_setting_and_status_is_on_the_page():
    text = PAGE.read_text("utf-8")
    context = click.Context(app, info_name="qtsearch")
    for name in COMMANDS:
        assert f"### qtsearch {name}\n" in text
        for param in app.get_command(context, name).params:
            assert all(opt in text for opt in param.opts)
    for setting in SETTINGS:
        assert f"| `{setting.name}` | `{setting.variable}` |" in text
    statuses = {process.DONE, process.NOTHING, process.ERROR, process.BUSY, process.INTERRUPTED, process.PIPE_CLOSED}
    assert statuses == EXIT_STATUS.keys()


def test_every_python_twin_is_on_the_page():
    text = PAGE.read_text("utf-8")
    assert python_call("Index.get") == "index.get(key)"
    assert python_call("reindex").startswith("qtsearch.reindex(articles='seeds', index='index', *, full=False, ")
    assert all(f"In Python: `{python_call(name)}`" in text for name in PYTHON_TWINS.values())
    assert PYTHON_TWINS.keys() == set(COMMANDS) - {"config", "completion", "eval"}
