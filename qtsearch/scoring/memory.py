"""What was worked out lately, within a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Remembers values until they take too much room; those not asked for longest go first. Safe for many threads.

    ``functools.lru_cache`` counts values, but one here may be a thousand times as large as another.

    Args:
        capacity: bytes that all values may take together.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """Return what is remembered, None for nothing."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Remember a value that takes so many bytes; one larger than the capacity is not."""
        # Whoever remembers something pays for the key as well, so that empty values cannot pile up.
        size += 500
        if size > self._capacity:
            return
        with self._lock:
            if key in self._values:
                return
            self._values[key] = (value, size)
            self._size += size
            while self._size > self._capacity:
                _, (_, freed) = self._values.popitem(last=False)
                self._size -= freed
