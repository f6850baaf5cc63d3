"""Few segments, and little work for each commit."""

from hypothesis import given
from hypothesis import strategies as st

from qtsearch.engines.whoosh.merge_policy import Size, to_merge


def apply(sizes):
    groups = to_merge(sizes)
    merged = {index for group in groups for index in group}
    rest = [size for index, size in enumerate(sizes) if index not in merged]
    made = [sum(sizes[index].live for index in group) for group in groups]
    return rest + [Size(live, live) for live in made if live], sum(made)


def test_a_thousand_small_commits_leave_few_segments_and_little_was_rewritten():
    sizes, rewritten = [Size(100_000, 100_000)], 0
    for _ in range(1_000):
        sizes, work = apply([*sizes, Size(1, 1)])
        rewritten += work
        assert len(sizes) <= 12
    assert sum(size.live for size in sizes) == 101_000
    assert rewritten < 10_000


def test_four_segments_of_a_tier_become_one_and_three_stay():
    small, large = Size(15, 15), Size(16, 16)
    assert to_merge([small] * 3 + [large] * 3) == []
    assert to_merge([large, *[small] * 4]) == [[1, 2, 3, 4]]
    assert to_merge([large] * 3 + [small] * 4) == [[0, 1, 2, 3, 4, 5, 6]]


def test_a_segment_that_is_half_deleted_is_rewritten():
    assert to_merge([Size(100, 50), Size(1_000, 900)]) == [[0]]


@given(st.lists(st.integers(1, 10_000).flatmap(lambda n: st.integers(0, n).map(lambda live: Size(n, live)))))
def test_groups_are_distinct_segments(sizes):
    indices = [index for group in to_merge(sizes) for index in group]
    assert len(indices) == len(set(indices))
    assert all(0 <= index < len(sizes) for index in indices)
    assert all(group for group in to_merge(sizes))
