"""What SpamAssassin says of a message, on a machine that has it.

Only its own rules are asked (`--local`), no network: about a second for each message.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

from newsletter.errors import ConfigurationError

_TOTAL = re.compile(r"\((-?\d+(?:\.\d+)?) points, (-?\d+(?:\.\d+)?) required\)")
_HIT = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s+([A-Z][A-Z0-9_]+)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Score:
    """Points for and against a message, the limit, and the rules that cost it points, the dearest first."""

    points: float
    limit: float
    hits: tuple[tuple[str, float], ...]


def score(message: bytes) -> Score:
    """Return what SpamAssassin says of a message; raise ConfigurationError where it cannot be asked."""
    program = shutil.which("spamassassin")
    if program is None:
        raise ConfigurationError(
            "SpamAssassin is not installed on this machine",
            fix="install it (Debian: apt install spamassassin), or leave out --spam",
        )
    try:
        done = subprocess.run(  # noqa: S603  the message comes on its standard input
            [program, "--local", "--test-mode"], input=message, capture_output=True, timeout=120, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigurationError("SpamAssassin gives no answer", why=str(error), fix="leave out --spam") from None
    return read(done.stdout.decode("utf-8", "replace"))


def read(report: str) -> Score:
    """Return the score that a report ends with; raise ConfigurationError for one without."""
    _, _, analysis = report.rpartition("Content analysis details:")
    total = _TOTAL.search(analysis)
    if total is None:
        raise ConfigurationError(
            "SpamAssassin's answer cannot be read",
            why="it has no line with the points",
            fix="try it by hand: spamassassin --local --test-mode < issue.eml",
        )
    hits = [(name, float(points)) for points, name in _HIT.findall(analysis) if float(points) > 0]
    return Score(float(total[1]), float(total[2]), tuple(sorted(hits, key=lambda hit: -hit[1])))
