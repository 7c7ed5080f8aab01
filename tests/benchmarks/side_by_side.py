"""Run several ways of doing something in turn, so that a busy machine slows all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def compare(ways: Mapping[str, Callable[[], object]], *, rounds: int = 7) -> dict[str, float]:
    """Print and return the median seconds of each way over interleaved rounds; the first is the measure of the rest."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begin = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - begin)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    first = next(iter(medians.values()))
    for name, median in medians.items():
        print(f"{name:<60} {median * 1000:12.3f} ms {median / first:9.2f} ×")
    return medians
