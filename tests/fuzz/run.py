"""Fuzz one target by coverage: ``python -m tests.fuzz.run TARGET SECONDS [CORPUS]``. Needs atheris."""

import sys

import atheris

with atheris.instrument_imports(include=["qtsearch"]):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Run until the time is over, or until the target raises."""
    name, seconds, *corpus = sys.argv[1:]
    options = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=10", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], *options, *corpus], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
