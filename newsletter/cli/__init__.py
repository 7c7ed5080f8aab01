"""The command line. Nothing heavy is imported before a command needs it: completion runs the program on every Tab."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        from newsletter import __version__

        print(f"newsletter {__version__}")
        return
    from newsletter.cli import streams
    from newsletter.cli.app import run

    streams.prepare(sys.stdout, sys.stderr)
    sys.exit(run(sys.argv[1:]))
