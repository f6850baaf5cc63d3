"""What is remembered, and for how long."""

from qtsearch.scoring.memory import Memory


def test_what_was_not_asked_for_goes_first():
    memory: Memory[str, int] = Memory(4_000)
    for number, key in enumerate("abc"):
        memory.put(key, number, 700)
    assert memory.get("a") == 0
    memory.put("d", 3, 700)
    assert [memory.get(key) for key in "abcd"] == [0, None, 2, 3]


def test_where_all_were_asked_for_the_oldest_goes():
    memory: Memory[str, int] = Memory(4_000)
    for number, key in enumerate("abc"):
        memory.put(key, number, 700)
        assert memory.get(key) == number
    memory.put("d", 3, 700)
    assert [memory.get(key) for key in "abcd"] == [None, 1, 2, 3]


def test_what_is_too_large_is_not_remembered():
    memory: Memory[str, int] = Memory(1_000)
    memory.put("small", 1, 100)
    memory.put("large", 2, 5_000)
    assert (memory.get("small"), memory.get("large")) == (1, None)


def test_the_first_value_of_a_key_stays():
    memory: Memory[str, int] = Memory(10_000)
    memory.put("a", 1, 10)
    memory.put("a", 2, 10)
    assert memory.get("a") == 1
