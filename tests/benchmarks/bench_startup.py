"""How long the program takes to start, beside a bare interpreter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.side_by_side import compare


def _start(*command: str) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    """Print the medians of 21 rounds."""
    program = str(Path(sys.executable).with_name("newsletter"))
    compare(
        {
            "python -c pass": _start(sys.executable, "-c", "pass"),
            "newsletter --version": _start(program, "--version"),
            "newsletter --help": _start(program, "--help"),
        },
        rounds=21,
    )


if __name__ == "__main__":
    main()
