"""Where does an index live, and who answers a request?

``base`` says what an engine is; each package beside it is one engine. The rest of qtsearch asks this module for the
store of an index folder and never names an engine.
"""

from __future__ import annotations

from pathlib import Path

from qtsearch.engines.base import Store


def store_at(folder: Path) -> Store:
    """Return the store of an index folder, whether or not there is an index in it yet."""
    from qtsearch.engines.whoosh.store import (
        WhooshStore,
    )  # a heavy import, of use only when an index is touched

    return WhooshStore(folder)
