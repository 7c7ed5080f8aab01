"""What SpamAssassin says of our own newsletter, where it is installed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.checks.spamassassin import Score, read, score
from newsletter.errors import ConfigurationError

REPORT = """\
Content analysis details:   (3.4 points, 5.0 required)

 pts rule name              description
---- ---------------------- --------------------------------------------------
-0.0 NO_RELAYS              Informational: message was not relayed via SMTP
 1.2 LOTS_OF_MONEY          Huge... sums of money
 2.2 MPART_ALT_DIFF         BODY: HTML and text parts are different
"""


def test_a_report_is_read() -> None:
    """The points, the limit, and what costs most first."""
    assert read(REPORT) == Score(3.4, 5.0, (("MPART_ALT_DIFF", 2.2), ("LOTS_OF_MONEY", 1.2)))


def test_a_report_without_points_is_refused() -> None:
    """Another program of that name, or one that failed."""
    with pytest.raises(ConfigurationError):
        read("no rules were found")


@pytest.mark.slow
def test_our_own_newsletter_is_no_spam() -> None:
    """July 2024 in its own theme costs less than nothing."""
    if shutil.which("spamassassin") is None:
        pytest.skip("NO SPAMASSASSIN ON THIS MACHINE: our newsletter is not tried with it (Debian: spamassassin)")
    space = config.load(Path(__file__).parents[2], environment={})
    built = pipeline.render(space, pipeline.choose(space, "2024-07", pipeline.read(space)))
    assert score(built.message(built.editions[0])).points < 1
