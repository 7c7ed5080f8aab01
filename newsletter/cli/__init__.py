"""The command line. Nothing heavy is imported before a command needs it: completion runs the program on every Tab."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        from newsletter import __version__

        print(f"newsletter {__version__}")
        return
    try:
        sys.exit(_run())
    except KeyboardInterrupt:
        # Before there was a command to be interrupted.
        sys.exit(130)


def _run() -> int:
    from newsletter.cli import stopping, streams

    stopping.listen()
    streams.open_missing()
    from newsletter.cli.app import run

    # Else Windows would take a git.exe that lies in the current folder, which may be what somebody proposes to change.
    os.environ.setdefault("NODEFAULTCURRENTDIRECTORYINEXEPATH", "1")
    streams.prepare(sys.stdout, sys.stderr)
    return run(sys.argv[1:])
