"""Writes docs/cli.md: ``python -m qtsearch.cli.reference > docs/cli.md``. A test compares the two."""

from __future__ import annotations

import inspect
import operator
import sys
from collections.abc import Iterator, Mapping

import click

import qtsearch
from qtsearch.cli.app import app
from qtsearch.cli.words import COMMANDS
from qtsearch.config import SETTINGS

EXIT_STATUS = {
    0: "There are hits; or the thing asked for was done.",
    1: "`search`, `complete`, `related`, `abbreviations`: nothing found. `check`: something was found amiss. "
    "`reindex`: the index is up to date but for files that could not be indexed.",
    2: "An error, also in the usage. One line on stderr says what happened and what to do.",
    75: "Another process is writing the index.",
    130: "Interrupted with Ctrl-C. The index stays as last committed.",
    141: "Whoever read the output went away, as `head` does.",
}

PYTHON_TWINS = {
    "search": "Index.search",
    "complete": "Index.complete",
    "abbreviations": "Index.abbreviations",
    "reindex": "reindex",
    "show": "Index.get",
    "related": "Index.related",
    "stats": "Index.stats",
    "check": "check",
}
"""What each command calls in the package ``qtsearch``; an ``Index`` comes from ``qtsearch.open``."""

_RELATED_FIELDS = {
    "id": "The id; null where there is none.",
    "title": "The title; as the link words it where the article is not indexed.",
    "subject": 'The subject, "" where absent.',
    "url": 'The url as written, "" where absent.',
    "path": "The file below the folder of articles; null where the article is not indexed.",
    "origin": "`curated` for an editor's link, `similar` for one found by likeness.",
    "indexed": "Whether the article is in the index.",
}
_EXTRA = {
    "extra": "The values of each configured facet key that the article has, a list by key; `{}` where it has none."
}
_HIT_FIELDS = {
    "rank": "Place among all hits, from 1.",
    "score": "How well it matches; comparable within one search. 0 when sorted by date or title.",
    "id": "The id: a number, or text where a site uses names; null where the file names none.",
    "title": "The title.",
    "title_highlights": "Where the matched words stand in `title`: `[start, end]` in characters; `[]` with "
    "`--fragments 0`.",
    "subject": 'The subject, "" where absent.',
    "author": 'The author, "" where absent.',
    "date": "The date as YYYY-MM-DD; null where absent.",
    "url": 'The url as written, "" where absent.',
    "path": "The file below the folder of articles.",
    **_EXTRA,
    "snippet.text": "The best fragments as plain text, with ` … ` between them.",
    "snippet.highlights": "Where the matched words stand in it.",
    "snippet.headings": 'For each fragment the heading that it stands under, "" for none.',
    "snippet.fragments": "The same fragments one by one, in the order of the text.",
    "snippet.fragments[].text": "One fragment, one line of plain text.",
    "snippet.fragments[].highlights": "Where the matched words stand in it.",
    "snippet.fragments[].before": "Whether the article goes on before the fragment.",
    "snippet.fragments[].after": "Whether it goes on after it.",
    "snippet.fragments[].heading": 'The heading that it stands under, "" for none.',
}
_PROBLEM_FIELDS = {
    "path": "The file below the folder of articles.",
    "line": "The line, from 1; null where unknown.",
    "what": "What is wrong.",
    "todo": "What to do about it.",
    "fatal": "Whether the file could not be indexed.",
}
_VERSION = {"format_version": "1. Fields may be added; any other change raises it."}


def _under(prefix: str, fields: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}{name}": meaning for name, meaning in fields.items()}


JSON_FIELDS: dict[str, dict[str, str]] = {
    "search": {
        **_VERSION,
        "query": "The words as given.",
        "total": "How many articles match in all.",
        "offset": "How many of them come before the first hit here.",
        "seconds": "How long the search took.",
        "notices": "What was not understood in the query or searched for instead, and words and values of filters that "
        "no article has, one line each.",
        "also_searched": "Other names that were searched for too: abbreviations, their long forms, numerals, synonyms.",
        "did_you_mean": 'The query that was probably meant, "" if nothing looks mistyped or it finds nothing either.',
        "corrected": "Whether the hits are those of `did_you_mean`; a notice says so.",
        "facets": "The facets asked for, counted over all matching articles.",
        "facets[].name": "`subject`, `author`, `year`, or a configured key.",
        "facets[].counts": "All its values: most articles first, years newest first.",
        "facets[].counts[].value": "The value.",
        "facets[].counts[].count": "How many matching articles have it.",
        "hits": "The hits, best first; `[]` when there are none. `--jsonl` prints these, one a line.",
        **_under("hits[].", _HIT_FIELDS),
        "hits[].related": "Related articles: curated ones first, then similar ones.",
        **_under("hits[].related[].", _RELATED_FIELDS),
        "hits[].explanation.score": "The score, not rounded; `hits[].explanation` is null without `--explain`, and "
        "unless sorted by relevance.",
        "hits[].explanation.coverage": "Which share of the query the article holds, 0 to 1; what even the best article "
        "lacks counts less.",
        "hits[].explanation.parts": "The summands of the score; from left to right they add up to it exactly.",
        "hits[].explanation.parts[].kind": "`word`, `pair` (neighbouring words, close together), "
        "`share of the title`, `similar articles`, `exact title`, or `rounding`.",
        "hits[].explanation.parts[].text": 'What was found, "" where it is not about words.',
        "hits[].explanation.parts[].field": "Where it was found, likewise.",
        "hits[].explanation.parts[].score": "What it adds.",
    },
    "complete": {
        **_VERSION,
        "text": "The beginning of a query, as given.",
        "completions": "How it may go on: words, then titles.",
        "completions[].text": "The whole query.",
        "completions[].kind": "`word`, `value` (of a filter) or `title`.",
        "completions[].documents": "How many articles hold the word or have the value; null for a title.",
    },
    "abbreviations": {
        **_VERSION,
        "abbreviations": "The abbreviations that the articles define, those of most articles first.",
        "abbreviations[].short": "The short form, in its commonest spelling.",
        "abbreviations[].long": "The long form, likewise.",
        "abbreviations[].documents": "How many articles define it.",
    },
    "eval": {
        **_VERSION,
        "means": "The mean of each measure over the topics that have a relevant article.",
        "means[].measure": "Its name, as ir-measures has it.",
        "means[].value": "0 to 1.",
        "topics": "Each measure of each of these topics.",
        "topics[].topic": "The id of the topic.",
        "topics[].measure": "As above.",
        "topics[].value": "As above.",
        "comparison": "With `--baseline`: both runs by each measure; else `[]`.",
        "comparison[].measure": "As above.",
        "comparison[].baseline": "The mean of the baseline.",
        "comparison[].run": "The mean of the run.",
        "comparison[].better": "Topics in which the run is better.",
        "comparison[].worse": "Topics in which it is worse.",
        "comparison[].equal": "Topics in which both are equal.",
        "comparison[].p_value": "How likely a difference as large is between equally good runs.",
    },
    "reindex": {
        **_VERSION,
        "added": "Articles that are new.",
        "updated": "Articles that changed.",
        "deleted": "Articles whose file is gone.",
        "unchanged": "Articles that did not change.",
        "failed": "Files that could not be indexed.",
        "documents": "Articles in the index now.",
        "committed": "Whether anything was written.",
        "rebuilt": 'Why the index was built from the ground up; "" if it was not.',
        "dry_run": "Whether this was only a trial.",
        "seconds": "How long it took.",
        "changes": "Each change.",
        "changes[].path": "The file below the folder of articles.",
        "changes[].kind": "`added`, `updated` or `deleted`.",
        "kept": "Files that can no longer be read; their last indexed version stays.",
        "problems": "What the writers of the articles should mend.",
        **_under("problems[].", _PROBLEM_FIELDS),
    },
    "show": {
        **_VERSION,
        "id": "The id: a number, or text where a site uses names; null where the file names none.",
        "title": "The title.",
        "question": 'The question, "" where absent.',
        "answer": "The whole answer, as Markdown.",
        "subject": 'The subject, "" where absent.',
        "author": 'The author, "" where absent.',
        "date": "The date as YYYY-MM-DD; null where absent.",
        "url": 'The url as written, "" where absent.',
        "path": "The file below the folder of articles.",
        "file_name": 'The file\'s name as the article says it, "" where absent.',
        "score": "The site's own score; null where absent.",
        "page_keywords": "The keywords, in their order.",
        "page_description": 'The description, "" where absent.',
        **_EXTRA,
        "curated": "The links that the article's editor chose, as written.",
        "curated[].id": "The id; null where there is none.",
        "curated[].title": 'The title, "" where absent.',
        "curated[].subject": 'The subject, "" where absent.',
        "curated[].url": 'The url, "" where absent.',
        "related": "Related articles: curated ones first, then similar ones.",
        **_under("related[].", _RELATED_FIELDS),
    },
    "related": {
        **_VERSION,
        "key": "The id, url or path that was looked up.",
        "related": "Curated articles first, then similar ones; `[]` when there are none.",
        **_under("related[].", _RELATED_FIELDS),
    },
    "stats": {
        **_VERSION,
        "folder": "Where the index lies.",
        "articles_folder": "The folder it was made from.",
        "documents": "Indexed articles.",
        "terms": "Distinct terms over all searched fields.",
        "segments": "Parts the index is stored in.",
        "bytes": "Size on disk.",
        "generation": "Number of the last commit.",
        "committed": "When that was, in UTC.",
        "oldest": "First date of an article; null where no article has one.",
        "newest": "Last date of an article; null where no article has one.",
        "subjects": "All subjects, most articles first.",
        "subjects[].subject": "The subject; articles without one are left out.",
        "subjects[].articles": "How many articles have it.",
        "engine": "The engine's name and version.",
        "schema_version": "Version of the stored form.",
    },
    "check": {
        **_VERSION,
        "clean": "Whether nothing was found.",
        "stale": "Files that changed since they were indexed.",
        "missing": "Files that are not in the index.",
        "orphaned": "Indexed articles whose file is gone.",
        "broken_links": "Related links to articles that are not in the index.",
        "broken_links[].path": "The file that holds the link.",
        "broken_links[].title": "The title of the link.",
        "broken_links[].target": "The id or url it points to.",
        "problems": "What the writers of the articles should mend.",
        **_under("problems[].", _PROBLEM_FIELDS),
        "index_problems": "What is wrong with the index itself.",
        "index_problems[].file": "The file, or the folder.",
        "index_problems[].structure": "The part of the file; `file` or `folder` for all of it.",
        "index_problems[].what": "What is wrong.",
        "index_problems[].todo": "What to do about it.",
        "verified": "Whether every byte of the index was verified, instead of comparing it with the folder.",
    },
    "config": {
        **_VERSION,
        "file": "The configuration file that was read; null if there was none.",
        "settings": "Each setting.",
        "settings[].name": "Its name.",
        "settings[].value": "Its value.",
        "settings[].source": "`option`, the environment variable, the configuration file, `default`, or "
        "`the index`: of `articles`, the folder that a named index was made from.",
        "settings[].variable": "The environment variable that would set it.",
    },
}
"""What each field of each JSON form means; a test holds it against ``qtsearch.cli.forms``."""

_INTRODUCTION = """\
# The command line

This page is written by `python -m qtsearch.cli.reference > docs/cli.md`. Do not edit it.

`qtsearch WORDS` searches. Quotes around the words are not needed; `qtsearch search WORDS` is the same, for
words that start with a command's name. Options may stand before or after the words. Write `--` before words
that start with a dash.

On a terminal, titles are links, matched words are highlighted, and long output goes through `$PAGER`, else
`less` (not on a dumb terminal; not for commands without `--pager`). In a pipe the same stands as plain text, and
notices go to stderr. `NO_COLOR` switches colours and links off, `FORCE_COLOR` switches them on. Where there are no
links, `show` and `related` print the url or path of each related article, which both commands take; below the hits of
a search only `--json` has them. Text from articles cannot control the terminal: escape sequences,
control characters, bidirectional overrides and invisible characters are taken out. In JSON they are written as
`\\uXXXX`.

The same in Python stands below each command that has such a twin. `index` there is what `qtsearch.open("index")`
returns.

A related article that its editor chose is marked with `→`, one found by likeness with `≈`. Where the encoding of the
output lacks such a sign, `->`, `~`, `-` or `#` stands for it, and `?` for any other; JSON has `\\uXXXX` for all that is
not ASCII, unless the encoding is UTF-8, and so loses nothing.
"""


def reference() -> str:
    """The whole page, as Markdown."""
    parts = [_INTRODUCTION, _commands(), _json_forms(), _exit_status(), _settings()]
    return "\n".join(parts)


def _commands() -> str:
    group = _help_text(app, "qtsearch", None)
    texts = [f"## Commands\n\n```text\n{group}\n```\n"]
    parent = click.Context(app, info_name="qtsearch")
    for name in COMMANDS:
        command = app.get_command(parent, name)
        assert command is not None, "every name of COMMANDS has a module"
        texts.append(f"### qtsearch {name}\n\n```text\n{_help_text(command, name, parent)}\n```\n")
        if name in PYTHON_TWINS:
            texts.append(f"In Python: `{python_call(PYTHON_TWINS[name])}`\n")
    return "\n".join(texts)


def python_call(name: str) -> str:
    """How to call a function of the package: ``index.related(key, limit=5)``."""
    function = operator.attrgetter(name)(qtsearch)
    parameters = [each for each in inspect.signature(function).parameters.values() if each.name != "self"]
    words = [_argument(each) for each in parameters]
    by_name_only = [each.kind is inspect.Parameter.KEYWORD_ONLY for each in parameters]
    if any(by_name_only):
        words.insert(by_name_only.index(True), "*")
    return f"{name.replace('Index', 'index') if '.' in name else f'qtsearch.{name}'}({', '.join(words)})"


def _argument(parameter: inspect.Parameter) -> str:
    if parameter.default is inspect.Parameter.empty:
        return parameter.name
    default = dict(parameter.default) if isinstance(parameter.default, Mapping) else parameter.default
    return f"{parameter.name}={default!r}"


def _help_text(command: click.Command, name: str, parent: click.Context | None) -> str:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=80, max_content_width=80)
    context.help_option_names = ["-h", "--help"]
    return command.get_help(context).rstrip()


def _json_forms() -> str:
    texts = [
        "## JSON\n\nEach command below prints one object with `--json`. `a[].b` is field `b` of each member "
        "of the list `a`.\n"
    ]
    for name, fields in JSON_FIELDS.items():
        rows = "\n".join(f"| `{field}` | {meaning} |" for field, meaning in fields.items())
        texts.append(f"### qtsearch {name} --json\n\n| field | meaning |\n|---|---|\n{rows}\n")
    return "\n".join(texts)


def _exit_status() -> str:
    rows = "\n".join(f"| {status} | {meaning} |" for status, meaning in EXIT_STATUS.items())
    return f"## Exit status\n\n| status | meaning |\n|---|---|\n{rows}\n"


def _settings() -> str:
    rows = "\n".join(f"| {' | '.join(row)} |" for row in _setting_rows())
    return (
        "## Settings\n\nAn option counts before the environment variable (an empty one counts as absent), that "
        "before `qtsearch.toml`, and that before the default. Where `--index` or `QTSEARCH_INDEX` names an index and "
        "nothing names the articles, they are the folder that it was made from. "
        "`qtsearch.toml` is read from the working directory, or is the file named "
        "by `--config` or `QTSEARCH_CONFIG`. A relative path in it starts at its own folder. "
        "`qtsearch config` shows where each value comes from.\n\n"
        f"| key in `qtsearch.toml` | environment variable | default | meaning |\n|---|---|---|---|\n{rows}\n"
    )


def _setting_rows() -> Iterator[tuple[str, str, str, str]]:
    for setting in SETTINGS:
        default = str(setting.default).lower() if isinstance(setting.default, bool) else repr(setting.default)
        yield f"`{setting.name}`", f"`{setting.variable}`", f"`{default}`", setting.meaning


if __name__ == "__main__":
    sys.stdout.write(reference())
