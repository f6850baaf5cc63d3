"""Nothing is left behind."""

import shutil

import pytest

from tests.fuzz.targets import scratch


@pytest.fixture(scope="session", autouse=True)
def no_scratch_is_left():
    """The processes of xdist end without what they registered for their end."""
    yield
    shutil.rmtree(scratch(), ignore_errors=True)
