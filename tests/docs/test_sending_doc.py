"""docs/sending.md tells of every kind of provider, of its settings and its limits, and of none that does not exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from newsletter import config
from newsletter.config import ProviderSettings
from newsletter.sending.providers import (
    KINDS,
    brevo,
    mailgun,
    mailjet,
    null,
    outbox,
    postmark,
    provider,
    resend,
    sendgrid,
    ses,
    smtp,
)
from newsletter.sending.providers.configuration import ALWAYS

PAGE = (Path(__file__).parents[2] / "docs" / "sending.md").read_text(encoding="utf-8")
LIMITS = {
    "outbox": outbox.CAPABILITIES,
    "null": null.CAPABILITIES,
    "resend": resend.CAPABILITIES,
    "brevo": brevo.CAPABILITIES,
    "mailgun": mailgun.CAPABILITIES,
    "mailjet": mailjet.CAPABILITIES,
    "postmark": postmark.CAPABILITIES,
    "sendgrid": sendgrid.CAPABILITIES,
    "ses": ses.CAPABILITIES,
    "smtp": smtp.CAPABILITIES,
}


def rows(heading: str) -> dict[str, str]:
    """Return the rows of the tables below a heading, by the kinds that they begin with."""
    part = PAGE.partition(f"### {heading}\n")[2].partition("\n### ")[0]
    found = {}
    for line in part.splitlines():
        if line.startswith("| `"):
            for kind in re.findall(r"`(\w+)`", line.split("|")[1]):
                found[kind] = line
    return found


@pytest.mark.parametrize("heading", ["What each promises", "What each carries", "Settings of each kind"])
def test_every_kind_is_told_of(heading: str) -> None:
    """And nothing that is no kind."""
    assert set(rows(heading)) - {"rate", "quota", "price_per_thousand", "currency"} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_limits_are_those_of_the_code(kind: str) -> None:
    """How many a call holds, and when a lost one is searched for."""
    row, able = rows("What each promises")[kind], LIMITS[kind]
    assert f"{able.max_recipients:,}" in row
    if able.settle:
        assert f"after {able.settle.total_seconds() / 60:.0f} minutes" in row


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_is_named(kind: str) -> None:
    """Each that the kind knows, and no other."""
    named = set(re.findall(r"`(\w+)`", rows("Settings of each kind")[kind].partition("|")[2].partition("|")[2]))
    assert named & set(ProviderSettings.model_fields) == set(KINDS[kind].options)


def test_settings_of_all_kinds_are_named() -> None:
    """In a table of their own."""
    part = PAGE.partition("All kinds know")[2].partition("\n\n|")[0]
    assert set(re.findall(r"`(\w+)`", part)) == ALWAYS - {"kind"}


def test_the_examples_work(tmp_path: Path) -> None:
    """As they stand."""
    examples = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert all(map(tomllib.loads, examples))
    example = "\n".join(reversed(examples))
    head = 'title = "N"\nfrom = "N <n@example.org>"\nzone = "Europe/Vienna"\npostal_address = "Vienna"\n'
    (tmp_path / "newsletter.toml").write_text(head + example, encoding="utf-8")
    workspace = config.load(tmp_path, {})
    env = {"POSTMARK_TOKEN": "token", "MAIL_PASSWORD": "secret"}
    assert provider(workspace, None, env).name == "main"
    assert provider(workspace, "relay", env).name == "relay"
