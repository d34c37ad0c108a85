"""Measuring: several things in turns, so that whatever else the machine does falls on all of them alike."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median

Timed = Callable[[int], object]
"""One thing to be measured; it is given the number of the turn."""

WARM = 3
"""Turns that are not counted: statements are compiled, pages read."""


def in_turns(things: Mapping[str, Timed], turns: int) -> dict[str, list[float]]:
    """Name -> seconds of each turn. Every turn runs each thing once; the order changes from turn to turn."""
    names = list(things)
    found: dict[str, list[float]] = {name: [] for name in names}
    with quiet():
        for turn in range(-WARM, turns):
            shift = turn % len(names)
            for name in names[shift:] + names[:shift]:
                began = time.perf_counter()
                things[name](turn)
                spent = time.perf_counter() - began
                if turn >= 0:
                    found[name].append(spent)
    return found


@contextmanager
def quiet() -> Iterator[None]:
    """No collection of garbage in the middle of a figure."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def ms(seconds: list[float]) -> float:
    """The median in milliseconds."""
    return 1000 * median(seconds)


def lower(seconds: list[float]) -> float:
    """The lower quartile in milliseconds: steadier than the median where differences are small."""
    return 1000 * sorted(seconds)[len(seconds) // 4]
