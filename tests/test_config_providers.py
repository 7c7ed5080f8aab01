"""The settings of providers."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import config
from newsletter.errors import ConfigurationError
from tests.test_config import SETTINGS, problems, write


def test_a_secret_written_as_the_name_of_a_variable_is_not_repeated(tmp_path: Path) -> None:
    """Messages end up in logs."""
    text = SETTINGS + '[providers.main]\nkind = "resend"\napi_key_env = "re_123abc"\n'
    ((_, place, message),) = problems(write(tmp_path, text))
    assert place == "newsletter.toml:7:1"
    assert "re_123abc" not in message


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('base_url = "https://me:secret-word@api.example.org"', "has a user name or a password in it"),
        ('base_url = "smtp://me:secret-word@mail.example.org"', "is not the address of a mail server"),
        ('base_url = "ftp://mail.example.org"', "is not a web address"),
        ('bounces = "nobody"', "is not an address for bounces"),
        ('rate = {per = "hour"}', "limits nothing"),
        ("quota = 0", "more than 0"),
        ('region = "mars"', "'mars' is not a region"),
    ],
)
def test_a_provider_that_cannot_be_is_told(tmp_path: Path, line: str, text: str) -> None:
    """Before anything is sent, and without repeating what may be secret."""
    written = write(tmp_path, SETTINGS + f'[providers.main]\nkind = "resend"\n{line}\n')
    ((_, _, message),) = problems(written)
    assert text in message
    assert "secret-word" not in message


@pytest.mark.parametrize(
    ("line", "field", "fix"),
    [
        ('api_key = "re_123abc"', "providers.main.api_key", 'write `api_key_env = "NEWS_API_KEY"`'),
        ('api_token = "abc"', "providers.main.api_token", 'write `api_key_env = "NEWS_API_KEY"`'),
        ("price = 1.5", "providers.main.price", "write `price_per_thousand = …`"),
        ('api_secret_env = "S"', "providers.main.api_secret_env", "write `secret_key_env = …`"),
        ('api_key_env = "re_1"', "providers.main.api_key_env", "write a name in capitals, such as NEWS_API_KEY"),
        ('access_key_env = "AKIAIOSFODNN7EXAMPLE"', "providers.main.access_key_env", "write a name in capitals"),
        ('region = "Mars"', "providers.main.region", "correct `providers.main.region`"),
    ],
)
def test_what_to_write_for_a_provider_is_told(tmp_path: Path, line: str, field: str, fix: str) -> None:
    """The name of a variable where a key was written; and nobody speaks of what readers would see."""
    write(tmp_path, SETTINGS + f'[providers.main]\nkind = "mailjet"\n{line}\n')
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path, {})
    (finding,) = caught.value.findings
    assert (finding.field, str(finding.place)) == (field, "newsletter.toml:7:1")
    assert finding.fix.startswith(fix)
    assert "readers" not in finding.why


def test_a_kind_in_capitals_is_told_in_small_letters(tmp_path: Path) -> None:
    """As companies write themselves."""
    write(tmp_path, SETTINGS + '[providers.main]\nkind = "SendGrid"\n')
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path, {})
    assert [finding.fix for finding in caught.value.findings] == ["write 'sendgrid'"]
