from datetime import date

import pytest

from qtsearch.query.dates import date_range
from qtsearch.query.tree import DateRange


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-2-3", date(2024, 2, 3), date(2024, 2, 3)),
        ("2024-01..2024-06", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024-01-15..2024", date(2024, 1, 15), date(2024, 12, 31)),
        ("2024 .. 2025", date(2024, 1, 1), date(2025, 12, 31)),
        ("..2023", None, date(2023, 12, 31)),
        ("2023..", date(2023, 1, 1), None),
        (">=2024", date(2024, 1, 1), None),
        (">2024", date(2025, 1, 1), None),
        (">2024-02", date(2024, 3, 1), None),
        ("<=2024-05", None, date(2024, 5, 31)),
        ("<2024-05-01", None, date(2024, 4, 30)),
        ("<2024", None, date(2023, 12, 31)),
        ("0001..9999", date(1, 1, 1), date(9999, 12, 31)),
    ],
)
def test_partial_dates_stand_for_all_their_days(text, since, until):
    assert date_range(text) == DateRange(since, until)


NO_DATES = (
    "|..|...|foo|2024-13|2024-00|2023-02-29|2024-01-00|0000|24|20245|2024-01-01-01|<0001|>9999|>=|<>2024|==2024|"
    "2024/01|2024..foo|>=2024..2025|２０２４|-2024"
)


@pytest.mark.parametrize("text", NO_DATES.split("|"))
def test_what_is_no_date_gives_none(text):
    assert date_range(text) is None
