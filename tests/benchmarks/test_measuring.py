import compare
import goals
import processes
import pytest
import report
import timing


def test_contestants_take_turns_until_their_budget_is_spent():
    order = []

    def contestant(name, seconds):
        return lambda: order.append(name) or [seconds]

    results = timing.interleaved({"a": contestant("a", 1.0), "b": contestant("b", 9.0)}, rounds=3, budget=10)
    assert order == ["a", "b", "a", "b", "a"]
    assert results == {"a": [[1.0]] * 3, "b": [[9.0]] * 2}


def test_a_summary_takes_medians_over_rounds_then_over_queries():
    queries = [number / 1000 for number in range(1, 101)]
    disturbed = [*queries[:-1], 99.0]
    assert timing.summary([queries, disturbed, queries]) == (pytest.approx(50.5), pytest.approx(95.0))
    assert timing.summary([[0.002]]) == (pytest.approx(2.0), pytest.approx(2.0))


@pytest.mark.parametrize(
    ("line", "passed", "ratio"),
    [
        (goals.at_most("x", 1, "s", 3.0, "peer", 2.0, 1.5), True, 1.5),
        (goals.at_most("x", 1, "s", 3.1, "peer", 2.0, 1.5), False, 1.55),
        (goals.at_least("x", 1, "1/s", 30.0, "peer", 2.0, 15), True, 15.0),
        (goals.at_least("x", 1, "1/s", 29.0, "peer", 2.0, 15), False, 14.5),
        (goals.plus("x", 1, "ms", 250.0, "peer", 100.0, 150), True, 2.5),
        (goals.plus("x", 1, "ms", 251.0, "peer", 100.0, 150), False, 2.51),
        (goals.no_more_than("x", 1, "MB", 1000.0, 1000), True, None),
        (goals.no_more_than("x", 1, "MB", 1000.1, 1000), False, None),
    ],
)
def test_a_goal_is_met_up_to_its_limit(line, passed, ratio):
    assert line.passed is passed
    assert line.ratio == ratio
    assert line.cells()[-1] == ("pass" if passed else "**short**")


class CannedFigures:
    """Stands in for a Comparison: search figures by size, and nothing else."""

    sizes = (10, 110)

    def searches(self, size):
        ours = {kind: {"median": size / 10, "p95": size / 5} for kind in compare.KINDS}
        theirs = {kind: {"median": 2.0, "p95": 2.0} for kind in compare.KINDS}
        return {"qtsearch": {**ours, "bytes": size * 10**6}, "tantivy": {**theirs, "bytes": 20 * 10**6}}


def test_rows_compare_the_right_figures():
    figures = CannedFigures()
    searches = [(line.what, line.size, line.ours, line.theirs) for line in compare.search(figures)]
    assert searches[:2] == [
        ("warm natural-language, median", 10, 1.0, 2.0),
        ("warm natural-language, p95", 10, 2.0, 2.0),
    ]
    assert len(searches) == 8
    assert [line.ratio for line in compare.growth(figures)] == [11.0, 11.0]
    assert [line.passed for line in compare.index_size(figures)] == [True, False]


def test_a_failing_command_is_no_measurement(tmp_path):
    command = processes.python("-c", "import sys; sys.exit('no such thing')")
    for measure in (processes.seconds, processes.peak_bytes):
        with pytest.raises(processes.MeasurementError, match="no such thing"):
            measure(command, tmp_path)


def test_memory_of_children_counts(tmp_path):
    child = "import time; held = bytearray(b'x') * 100_000_000; time.sleep(0.3)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    assert processes.peak_bytes(processes.python("-c", parent), tmp_path) > 100_000_000


def test_a_readme_passage_is_replaced_between_its_markers(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("head\n<!-- a:begin -->old<!-- a:end -->\n<!-- b:begin -->b<!-- b:end -->\n")
    for text in ("first", "second"):
        report.write_readme("a", text, readme)
    assert readme.read_text() == (
        "head\n<!-- a:begin -->\n\nsecond\n\n<!-- a:end -->\n<!-- b:begin -->b<!-- b:end -->\n"
    )
    with pytest.raises(ValueError, match="lacks the markers"):
        report.write_readme("c", "text", readme)


def test_the_readme_has_every_marker():
    text = report.README.read_text(encoding="utf-8")
    for name in ("compare", "bench_index", "bench_search"):
        assert f"<!-- {name}:begin -->" in text
        assert f"<!-- {name}:end -->" in text


def test_a_table_is_markdown():
    assert report.table(["a", "b"], [["x", "1"]]) == "| a | b |\n| --- | ---: |\n| x | 1 |"
