"""What was worked out lately, within a number of bytes."""

from __future__ import annotations

from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class _Kept(Generic[V]):
    """A value, the bytes it takes, and whether it was asked for since it was last looked over."""

    __slots__ = ("asked", "size", "value")

    def __init__(self, value: V, size: int) -> None:
        self.value = value
        self.size = size
        self.asked = False


class Memory(Generic[K, V]):
    """Remembers values until they take too much room; of the oldest, those not asked for go. Safe for many threads.

    ``functools.lru_cache`` counts values, but one here may be a thousand times as large as another. A query asks some
    thirty times, so asking takes no lock and moves nothing: it leaves a mark, and whoever needs room passes over what
    is marked once (the clock algorithm, Corbató, A paging experiment with the Multics system, 1968).

    Args:
        capacity: bytes that all values may take together.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._values: dict[K, _Kept[V]] = {}
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """Return what is remembered, None for nothing."""
        found = self._values.get(key)
        if found is None:
            return None
        found.asked = True
        return found.value

    def put(self, key: K, value: V, size: int) -> None:
        """Remember a value that takes so many bytes; one larger than the capacity is not."""
        # Whoever remembers something pays for the key as well, so that empty values cannot pile up.
        size += 500
        if size > self._capacity:
            return
        with self._lock:
            if key in self._values:
                return
            # Before it is there, or it would be the first to go that nobody asked for.
            while self._size + size > self._capacity:
                self._let_go_of_one()
            self._values[key] = _Kept(value, size)
            self._size += size

    def _let_go_of_one(self) -> None:
        """Remove the oldest value that was not asked for lately; those before it become the newest."""
        while True:
            oldest = next(iter(self._values))
            kept = self._values.pop(oldest)
            if not kept.asked:
                self._size -= kept.size
                return
            kept.asked = False
            self._values[oldest] = kept
