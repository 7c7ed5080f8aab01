"""Slips in the settings, told as what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import config
from newsletter.errors import ConfigurationError
from tests.test_config import SETTINGS, problems, write


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            '<<<<<<< HEAD\nreply_to = "a@example.org"\n=======\nreply_to = "b@example.org"\n>>>>>>> topic',
            ("CFG001", "newsletter.toml:5:1", "git has left two versions of these lines here"),
        ),
        ("reply_to = “a@example.org”", ("CFG001", "newsletter.toml:5:12", "the quotation marks are curly")),
        ('zone = "UTC"', ("CFG001", "newsletter.toml:5:1", "zone is written twice")),
        (
            '[brand]\ncolor = "#000000"\n[brand]\ncolor = "#000000"',
            ("CFG001", "newsletter.toml:7:1", "[brand] is written twice"),
        ),
    ],
)
def test_slips_of_toml_are_told_in_words(tmp_path: Path, line: str, told: tuple[str, str, str]) -> None:
    """Quotation marks from a word processor, and what was pasted a second time."""
    assert problems(write(tmp_path, SETTINGS + line + "\n")) == [told]


@pytest.mark.parametrize(
    ("line", "told", "fix"),
    [
        ("approval = Yes", "Yes is not how a switch is set here", "write approval = true"),
        ("approval = off  # for now", "off is not how a switch is set here", "write approval = false"),
        ("reply_to = press@example.org", "the text has no quotation marks", 'put it between two: reply_to = "…"'),
        ('reply_to = "press@example.org', "a quotation mark is not closed", 'write " at its end, too'),
    ],
)
def test_what_is_no_toml_is_told_as_what_was_meant(tmp_path: Path, line: str, told: str, fix: str) -> None:
    """What stands there is never repeated in the remedy: it may be a key."""
    with pytest.raises(ConfigurationError) as raised:
        config.load(write(tmp_path, SETTINGS + line + "\n"), {})
    assert [(finding.message, finding.fix) for finding in raised.value.findings] == [(told, fix)]


@pytest.mark.parametrize(
    ("lines", "fix"),
    [
        ('topics = ["Wells"]', "move the line down, below a line [readers]"),
        (
            '[brand]\ncolor = "#000000"\nproof_to = ["a@example.org"]',
            "move the line up, above the first line in square brackets: here it counts for [brand]",
        ),
        (
            '[providers.ours]\nkind = "smtp"\nhost = "mail.example.org"',
            'write server and port together: `base_url = "smtp://mail.example.org:587"`',
        ),
    ],
)
def test_a_setting_in_a_wrong_place_is_told_the_right_one(tmp_path: Path, lines: str, fix: str) -> None:
    """A line that is added at the end of the file counts for the last line in square brackets."""
    with pytest.raises(ConfigurationError) as raised:
        config.load(write(tmp_path, SETTINGS + lines + "\n"), {})
    assert [(finding.code, finding.fix) for finding in raised.value.findings] == [("CFG004", fix)]


@pytest.mark.parametrize(
    ("address", "told", "fix"),
    [
        (
            "https://news.example.org/päth",
            "'https://news.example.org/päth' has letters after its domain that headers of mail cannot carry",
            "choose a path of unaccented letters and digits, or none",
        ),
        (
            "https://-ä.example.org",
            "'https://-ä.example.org' is not a web address: Invalid IDNA hostname: '-ä.example.org'",
            "correct `public_url`",
        ),
    ],
)
def test_readers_are_led_to_no_address_that_mail_cannot_carry(
    tmp_path: Path, address: str, told: str, fix: str
) -> None:
    """A domain beyond ASCII is written as browsers ask for it; the rest the team has to choose otherwise."""
    with pytest.raises(ConfigurationError) as raised:
        config.load(write(tmp_path, SETTINGS + f'public_url = "{address}"\n'), {})
    assert [(finding.message, finding.fix) for finding in raised.value.findings] == [(f"`public_url`: {told}", fix)]
