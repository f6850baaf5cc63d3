"""``qtsearch eval TOPICS QRELS``."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

import qtsearch
from qtsearch.cli.forms import evaluation_form
from qtsearch.cli.layout import Line, span
from qtsearch.cli.options import common_options, json_option, pager_option
from qtsearch.cli.process import DONE
from qtsearch.cli.progress import topics_bar
from qtsearch.cli.screen import Screen
from qtsearch.config import Settings
from qtsearch.errors import RequestError
from qtsearch.evaluation.comparison import Comparison, compare
from qtsearch.evaluation.measures import MEASURES, Evaluated, evaluate, require_ir_measures
from qtsearch.evaluation.trec_files import Qrels, Run, Topic, make_run, read_qrels, read_run, read_topics, write_run

DEPTH = 1_000
"""Hits of each topic, as at TREC."""


@click.command("eval", short_help="Measure how good the rankings are.")
@click.argument("topics", type=click.Path(path_type=Path))
@click.argument("qrels", type=click.Path(path_type=Path))
@click.option(
    "--run", "run_file", type=click.Path(path_type=Path), metavar="FILE", help="Measure this TREC run instead."
)
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Compare with this TREC run.")
@click.option(
    "--write",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the run to this file, as TREC has it.",
)
@click.option("--per-topic", is_flag=True, help="Show the measures of each topic too.")
@json_option
@pager_option
@common_options
def command(
    topics: Path,
    qrels: Path,
    run_file: Path | None,
    baseline: Path | None,
    write: Path | None,
    per_topic: bool,
    as_json: bool,
    pager: bool,
    settings: Settings,
    screen: Screen,
) -> int:
    """Search for each of TOPICS and measure the hits by the judgements in QRELS.

    The means are over the topics of TOPICS that have a relevant article in QRELS: one with a grade above 0. A line of
    TOPICS is: id, tab, query text. A line of QRELS, the qrels of TREC, is: topic, iteration, article, grade. An article
    is named by its id, or by its path if it has none. The comparison is a paired randomization test over the topics;
    --baseline and --write may name the same file, which then holds the run for the next time. This needs ir-measures:
    pip install ir-measures
    """
    if write:
        _refuse_to_replace(write, {"TOPICS": topics, "QRELS": qrels})
    # All that can be wrong with what is given is said before the searches, which may take minutes.
    require_ir_measures()
    asked = read_topics(topics)
    judged = _judged(read_qrels(qrels), asked)
    before = read_run(baseline) if baseline else None
    run = read_run(run_file) if run_file else _searched(asked, settings, screen)
    evaluated = evaluate(judged, run)
    comparisons = () if before is None else compare(evaluate(judged, before), evaluated)
    try:
        if as_json:
            screen.write_json(evaluation_form(evaluated, comparisons))
        else:
            lines = _lines(evaluated, comparisons, per_topic=per_topic)
            screen.write(screen.text(lines), pager=pager)
    finally:  # neither costs the other: a run that cannot be written, or a reader who went away
        if write:
            _write_run(write, run)
    return DONE


def _refuse_to_replace(write: Path, inputs: Mapping[str, Path]) -> None:
    """Raise a ``RequestError`` if the file to write is one of those, be it by another name."""
    for name, path in inputs.items():
        with contextlib.suppress(OSError):  # one of them is not there
            if write.samefile(path):
                raise RequestError(f"--write would replace {name} ({path}); name another file")


def _write_run(path: Path, run: Run) -> None:
    try:
        write_run(path, run, "qtsearch")
    except OSError as error:
        raise RequestError(f"cannot write {path}: {error.strerror}; name another file with --write") from error
    except RequestError as error:
        raise RequestError(f"--write: {error}") from error


def _judged(qrels: Qrels, topics: Sequence[Topic]) -> Qrels:
    """Return the judgements of some topics.

    Raises:
        RequestError: there is none, or none of a relevant article, so that nothing can be measured.
    """
    asked = {topic.id for topic in topics}
    judged = {topic: grades for topic, grades in qrels.items() if topic in asked}
    if not judged:
        raise RequestError("none of the topics is judged; check that the topics and the judgements number them alike")
    if not any(grade > 0 for grades in judged.values() for grade in grades.values()):
        raise RequestError("none of the topics has a relevant article; judge some with a grade above 0")
    return judged


def _searched(topics: Sequence[Topic], settings: Settings, screen: Screen) -> Run:
    done = itertools.count()
    with (
        qtsearch.open(settings.index, synonyms=settings.synonyms) as index,
        topics_bar(styled=screen.styled) as progress,
    ):

        def found(text: str) -> list[str]:
            progress(next(done), len(topics))
            results = index.search(text, limit=DEPTH, fragments=0, expand=settings.expand)
            return [str(hit.path if hit.id is None else hit.id) for hit in results]

        return make_run(topics, found)


def _lines(evaluated: Evaluated, comparisons: Sequence[Comparison], *, per_topic: bool) -> Iterator[Line]:
    width = max([5, *map(len, evaluated.topics)]) if per_topic else 5
    yield Line((span(f"{'topic':<{width}}" + "".join(f"{name:>9}" for name in MEASURES), "heading"),))
    if per_topic:
        for topic, row in evaluated.topics.items():
            yield _row(topic, row, width)
    yield _row("all", evaluated.means(), width)
    if comparisons:
        yield Line()
        head = f"{'measure':<9}{'baseline':>9}{'run':>9}{'better':>8}{'worse':>8}{'equal':>8}{'p':>9}"
        yield Line((span(head, "heading"),))
        for one in comparisons:
            numbers = (
                f"{one.first:>9.4f}{one.second:>9.4f}{one.better:>8}{one.worse:>8}{one.equal:>8}{one.p_value:>9.4f}"
            )
            yield Line((span(f"{one.measure:<9}{numbers}"),))


def _row(name: str, values: Mapping[str, float], width: int) -> Line:
    return Line((span(f"{name:<{width}}" + "".join(f"{values[measure]:>9.4f}" for measure in MEASURES)),))
