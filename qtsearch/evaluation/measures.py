"""How good a run is, topic by topic, through ir-measures (the extra ``eval``)."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean
from typing import Final

from qtsearch.errors import RequestError
from qtsearch.evaluation.trec_files import Qrels, Run
from qtsearch.values import dataclass

MEASURES: Final = ("nDCG@10", "RR@10", "AP", "P@1", "R@100")
"""As ir-measures names them, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The measures of one run.

    Attributes:
        topics: value by measure, by topic id: the judged topics, in the order of the judgements.
    """

    topics: Mapping[str, Mapping[str, float]]

    def mean(self, measure: str) -> float:
        """Return the mean of a measure over the topics, 0 if there are none."""
        values = [row[measure] for row in self.topics.values()]
        return fmean(values) if values else 0.0

    def means(self) -> dict[str, float]:
        """Return the mean of each measure."""
        return {measure: self.mean(measure) for measure in MEASURES}


def require_ir_measures() -> None:
    """Raise a ``RequestError`` if ir-measures is not installed: before a long run rather than behind it."""
    try:
        import ir_measures  # noqa: F401
    except ImportError:
        raise RequestError("ir-measures is not installed; install it with: pip install ir-measures") from None


def evaluate(qrels: Qrels, run: Run) -> Evaluated:
    """Return the measures of a run for each topic that has a relevant document.

    A topic that the run does not answer counts 0; one without relevant documents cannot be answered and is left out,
    as trec_eval does.

    Raises:
        RequestError: ir-measures is not installed.
    """
    require_ir_measures()
    import ir_measures

    judged = {topic: grades for topic, grades in qrels.items() if any(grade > 0 for grade in grades.values())}
    table = {topic: dict.fromkeys(MEASURES, 0.0) for topic in judged}
    # Not parsed from their names: the parser of ir-measures does not run on Python 3.14, and warns before.
    measures = [
        ir_measures.nDCG @ 10,
        ir_measures.RR @ 10,
        ir_measures.AP,
        ir_measures.P @ 1,
        ir_measures.R @ 100,
    ]
    # By rank, so that neither equal scores nor 32 bits in the evaluator change the order.
    ranks = {
        topic: {document: len(scores) - place for place, document in enumerate(scores)}
        for topic, scores in run.items()
        if topic in judged and scores
    }
    if ranks:
        for found in ir_measures.iter_calc(measures, judged, ranks):
            table[found.query_id][str(found.measure)] = found.value
    return Evaluated(table)
