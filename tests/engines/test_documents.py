"""The short ways to what a document holds agree with the general ones."""

import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qtsearch.codec import values
from qtsearch.engines.whoosh.documents import UNDATED, day_terms, stored_article, stored_form
from qtsearch.engines.whoosh.schema import schema


@given(st.binary(max_size=400))
def test_both_ways_agree(article):
    data = stored_form(article)
    assert stored_article(data) == article
    assert values.decode(data) == {"article": article}


@given(st.binary(max_size=40))
def test_anything_else_is_a_value_error(data):
    try:
        article = stored_article(data)
    except ValueError:
        return
    assert stored_form(article) == data


def test_what_was_cut_off_is_refused():
    data = stored_form(b"x" * 300)
    for size in range(len(data)):
        with pytest.raises(ValueError, match="stored article"):
            stored_article(data[:size])


@given(st.integers(0, datetime.date.max.toordinal()))
@example(UNDATED)
def test_the_terms_of_a_day_are_those_of_whoosh(day):
    assert day_terms(day) == [bytes(term) for term, *_ in schema()["date"].index(day)]
