"""How often Python's cycle collector looks at what lives."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 200_000


@contextmanager
def few_collections() -> Iterator[None]:
    """A run builds an estate, its intents and its lines and keeps them to its end, so each look at them finds nothing;
    with some hundred devices the looks cost a quarter of the whole. What nothing refers to is freed as always."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
