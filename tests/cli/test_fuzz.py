import contextlib
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qtsearch.cli import main
from qtsearch.cli.words import COMMANDS, OPTIONS_WITH_VALUE

from .test_sanitize import HOSTILE, harmless

# Other tests read the same folder: nothing here may write to it, as a search does where it finds no index.
HARMLESS = sorted(set(COMMANDS) - {"reindex"})
OPTIONS = sorted(OPTIONS_WITH_VALUE - {"--articles", "--index", "--wait"})
FLAGS = ["--json", "--jsonl", "--paths", "--count", "--no-pager", "--help", "--version", "-h", "--", "-", "-x"]
WORDS = st.one_of(
    HOSTILE,
    st.sampled_from(HARMLESS),
    st.sampled_from(OPTIONS),
    st.sampled_from(FLAGS),
    st.sampled_from(["HCC", "97061", "0", "3", "-1", "2024", "2024-13", "date", "bash", "always", ""]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, max_size=6))
def test_whatever_is_typed_ends_in_an_answer_or_one_line(at_site, words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(words)
    lines = err.getvalue().split("\n")[:-1]
    assert status in (0, 1, 2)
    assert all(line.startswith("qtsearch: ") and all(map(harmless, line)) for line in lines)
    assert "internal error" not in err.getvalue()
    if status == 2:
        assert len(lines) == 1
