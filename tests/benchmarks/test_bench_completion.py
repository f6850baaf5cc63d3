import bench_completion


def test_texts_are_cut_within_words():
    titles = ["What is Gout", "Anemia", "Asthma in children"]
    begun = bench_completion.beginnings(titles, 24, seed=0)
    words = [word for title in titles for word in title.split()]
    assert {len(text) for text in begun} >= {1, 2, 3, 4}
    assert all(any(word.startswith(text) for word in words) for text in begun)
    half = bench_completion.half_typed(titles, 20, seed=0)
    assert all(" " in text and any(title.startswith(text) for title in titles) for text in half)


def test_a_row_says_whether_the_goal_is_met():
    rows = bench_completion.table(1000, {"quick": [1.0, 2.0, 9.9], "slow": [1.0, 2.0, 10.1]}).splitlines()
    assert rows[2] == "| quick | 1,000 | 2.0 | 9.9 | 9.9 | at most 10 ms | pass |"
    assert rows[3].endswith("| **short** |")
