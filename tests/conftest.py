import pytest
from hypothesis import HealthCheck, settings

# How long an example takes depends on the machine and on what else it does; no test here is about that.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Report a failure that shows a lone surrogate with ``\\ud800`` in its place.

    Tests run in several processes, which tell each other what failed in UTF-8, and end at once where that cannot be.
    """
    report = yield
    told = str(report.longrepr)
    if report.failed and (sendable := told.encode("utf-8", "backslashreplace").decode()) != told:
        report.longrepr = sendable
    return report
