"""How long commands take from their start to their end, beside a bare interpreter: most of it is imports."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter.content.sources import apart
from tests.benchmarks.side_by_side import compare

PROGRAM = str(Path(sys.executable).with_name("newsletter"))
FEED = b"""<rss version="2.0"><channel><title>News</title>
<item><title>A new study</title><link>https://www.example.org/study</link></item></channel></rss>"""


def _start(*command: str, folder: Path | None = None) -> Callable[[], object]:
    # Without bytecode each start would compile all of the program anew.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(command, check=True, capture_output=True, cwd=folder, env=environment)


def _sent(folder: Path) -> str:
    """Make a newsletter whose only issue has been sent to four people; return the issue's name."""
    _start(PROGRAM, "init", str(folder))()
    _start(PROGRAM, "subscribers", "import", "subscribers.csv", "--list", "monthly", folder=folder)()
    (file,) = folder.glob("issues/*/issue.yaml")
    _start(PROGRAM, "send", file.parent.name, "--yes", "--expect", "4", folder=folder)()
    return file.parent.name


def main() -> None:
    """Print the medians of 21 rounds, in a newsletter as `init` makes it."""
    with TemporaryDirectory() as name:
        folder = Path(name, "newsletter")
        issue = _sent(folder)
        commands = [
            ["--version"],
            ["--help"],
            ["entries"],
            ["select", issue],
            ["pin", issue, "sample-project"],
            ["templates", "list"],
            ["rule", "SLT001"],
            ["lists"],
            ["subscribers", "show", "reader.one@example.org"],
            ["status", issue],
            ["report", issue],
            ["lint", issue],
            ["build", issue],
        ]
        compare(
            {
                "python -c pass": _start(sys.executable, "-c", "pass"),
                **{f"newsletter {' '.join(command)}": _start(PROGRAM, *command, folder=folder) for command in commands},
                "the process that reads a feed": lambda: apart.read(FEED, "https://www.example.org/feed", "", UTC),
            },
            rounds=21,
        )


if __name__ == "__main__":
    main()
