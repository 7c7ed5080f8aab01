"""From settings to a provider."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsletter import sending
from newsletter.errors import ConfigurationError, NotFound
from newsletter.sending.providers.brevo import Brevo
from newsletter.sending.providers.mailgun import Mailgun
from newsletter.sending.providers.null import Null
from newsletter.sending.providers.outbox import Outbox
from newsletter.sending.providers.postmark import Postmark
from newsletter.sending.providers.resend import Resend
from newsletter.sending.providers.sendgrid import SendGrid
from newsletter.sending.providers.smtp import Smtp
from tests import factories


def provider(tmp_path: Path, name: str | None = None, env: dict[str, str] | None = None, **providers: Any) -> Any:
    """Return a provider of a workspace with these settings."""
    workspace = factories.workspace(tmp_path, providers=providers)
    return sending.provider(workspace, name, env or {})


def test_the_outbox_needs_no_settings(tmp_path: Path) -> None:
    """It writes below the state folder."""
    found = provider(tmp_path)
    assert found == Outbox("outbox", tmp_path / ".newsletter" / "outbox")


def test_null_needs_no_settings(tmp_path: Path) -> None:
    """A rehearsal is always possible."""
    assert provider(tmp_path, "null") == Null("null")


KEY = {"api_key_env": "KEY"}
ENV = {"KEY": "secret-key", "PASSWORD": "pass word"}


def test_mailgun_in_europe(tmp_path: Path) -> None:
    """Its host follows from the region, unless an address is given."""
    found = provider(
        tmp_path,
        "main",
        ENV,
        main={"kind": "mailgun", **KEY, "domain": "mail.example.org", "region": "eu", "test": True},
    )
    assert found == Mailgun("main", "https://api.eu.mailgun.net", "mail.example.org", "secret-key", test=True)


def test_sendgrid_in_europe_and_brevo(tmp_path: Path) -> None:
    """Hosts of their own, and a mode in which nothing is delivered."""
    found = provider(tmp_path, "main", ENV, main={"kind": "sendgrid", **KEY, "region": "eu", "test": True})
    assert found == SendGrid("main", "https://api.eu.sendgrid.com", "secret-key", test=True)
    assert provider(tmp_path, "main", ENV, main={"kind": "sendgrid", **KEY}).base_url == "https://api.sendgrid.com"
    found = provider(tmp_path, "main", ENV, main={"kind": "brevo", **KEY, "test": True})
    assert found == Brevo("main", "https://api.brevo.com", "secret-key", test=True)


def test_postmark_in_bulk(tmp_path: Path) -> None:
    """Another stream, merged there, with more recipients a call."""
    found = provider(tmp_path, "main", ENV, main={"kind": "postmark", **KEY, "stream": "news", "bulk": True})
    assert (found.stream, found.bulk, found.capabilities.max_recipients) == ("news", True, 2000)
    assert provider(tmp_path, "main", ENV, main={"kind": "postmark", **KEY}) == Postmark(
        "main", "https://api.postmarkapp.com", "secret-key"
    )


@pytest.mark.parametrize(
    ("settings", "tls"),
    [
        ({"base_url": "smtp://mail.example.org:587"}, "required"),
        ({"base_url": "smtps://mail.example.org"}, "implicit"),
        ({"base_url": "smtp://127.0.0.1:25"}, "never"),
        ({"base_url": "smtp://[::1]:25"}, "never"),
        ({"base_url": "smtp://localhost", "tls": "required"}, "required"),
        ({"base_url": "smtp://10.0.0.1", "tls": "never"}, "never"),
    ],
)
def test_mail_servers_are_encrypted_unless_they_are_this_machine(
    tmp_path: Path, settings: dict[str, Any], tls: str
) -> None:
    """Or unless somebody says so."""
    assert provider(tmp_path, "main", ENV, main={"kind": "smtp", **settings}) == Smtp("main", settings["base_url"], tls)


def test_a_mail_server_with_a_password_and_a_mailbox_for_bounces(tmp_path: Path) -> None:
    """Passwords may have spaces."""
    found = provider(
        tmp_path,
        "main",
        ENV,
        main={
            "kind": "smtp",
            "base_url": "smtp://mail.example.org",
            "username": "me",
            "password_env": "PASSWORD",
            "bounces": "bounce@example.org",
        },
    )
    assert (found.username, found.password, found.bounces) == ("me", "pass word", "bounce@example.org")
    assert "pass word" not in repr(found)


def test_pace_quota_and_settling_are_set(tmp_path: Path) -> None:
    """Each may be slower than the provider's own."""
    found = provider(
        tmp_path,
        "main",
        ENV,
        main={
            "kind": "mailgun",
            **KEY,
            "domain": "mail.example.org",
            "rate": {"recipients": 600, "per": "minute"},
            "quota": 50_000,
            "settle_minutes": 45,
            "price_per_thousand": 0.8,
        },
    ).capabilities
    assert (found.calls_per_second, found.recipients_per_second, found.recipients_per_day) == (None, 10.0, 50_000)
    assert found.settle.total_seconds() == 2700


def test_resend_gets_its_key_from_the_environment(tmp_path: Path) -> None:
    """Which the settings name; neither shows in a message."""
    env = {"RESEND_API_KEY": " re_secret\n"}
    found = provider(tmp_path, "main", env, main={"kind": "resend", "api_key_env": "RESEND_API_KEY"})
    assert found == Resend("main", "https://api.resend.com", "re_secret")
    assert "re_secret" not in repr(found)


def test_or_from_a_file_beside_the_settings(tmp_path: Path) -> None:
    """Such as a container's secrets, or as Notepad has saved it; another address and pace may be set."""
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbfre_secret\r\n")
    found = provider(
        tmp_path,
        "main",
        main={
            "kind": "resend",
            "api_key_file": "key",
            "base_url": "http://127.0.0.1:8025/",
            "rate": {"calls": 120, "per": "minute"},
        },
    )
    assert (found.base_url, found.api_key, found.capabilities.calls_per_second) == (
        "http://127.0.0.1:8025",
        "re_secret",
        2.0,
    )


@pytest.mark.parametrize(
    ("settings", "env", "message", "fix"),
    [
        (
            {"kind": "resend"},
            {},
            "the provider 'main' lacks api_key",
            'name the variable that holds the key: api_key_env = "…", or a file: api_key_file = "…"',
        ),
        (
            {"kind": "resend", "api_key_env": "KEY"},
            {},
            "the environment variable KEY holds no key for the provider 'main'",
            "set it before you start newsletter: export KEY=…",
        ),
        (
            {"kind": "resend", "api_key_file": "missing"},
            {},
            "the file missing holds no key for the provider 'main'",
            "write the key, and nothing else, into that file",
        ),
        (
            {"kind": "resend", "api_key_file": "~nobody-of-that-name/key"},
            {},
            "the file ~nobody-of-that-name/key holds no key for the provider 'main'",
            "write the key, and nothing else, into that file",
        ),
        (
            {"kind": "resend", "api_key_env": "KEY"},
            {"KEY": "two words"},
            "the environment variable KEY holds something that is no key",
            "set it before you start newsletter: export KEY=…",
        ),
        (
            {"kind": "resend", "api_key_env": "KEY", "base_url": "http://api.example.org"},
            {"KEY": "re_secret"},
            "the base_url of the provider 'main' is not https",
            "write an address that begins with https://",
        ),
        (
            {"kind": "mailgun", "api_key_env": "KEY"},
            {"KEY": "secret"},
            "the provider 'main' lacks domain",
            'write the domain that the provider knows you by: domain = "mail.example.org"',
        ),
        (
            {"kind": "mailgun", "api_key_env": "KEY", "domain": "mail.example.org", "region": "eu-west-1"},
            {"KEY": "secret"},
            "the provider 'main' is in a region that Mailgun does not have: eu-west-1",
            'write region = "us" or region = "eu" in [providers.main]',
        ),
        (
            {"kind": "sendgrid", "api_key_env": "KEY", "region": "eu-west-1"},
            {"KEY": "secret"},
            "the provider 'main' is in a region that SendGrid does not have: eu-west-1",
            'write region = "us" or region = "eu" in [providers.main]',
        ),
        (
            {"kind": "resend", "api_key_env": "KEY", "stream": "news"},
            {"KEY": "secret"},
            "the provider 'main' has no setting `stream`",
            "take the setting out, or correct `kind`",
        ),
        (
            {"kind": "smtp", "base_url": "https://mail.example.org"},
            {},
            "the base_url of the provider 'main' is for another kind: https://",
            "write smtp:// or smtps:// for mail servers, and https:// for mail APIs",
        ),
        (
            {"kind": "resend", "api_key_env": "KEY", "base_url": "smtp://mail.example.org"},
            {"KEY": "secret"},
            "the base_url of the provider 'main' is for another kind: smtp://",
            "write smtp:// or smtps:// for mail servers, and https:// for mail APIs",
        ),
        (
            {"kind": "smtp", "base_url": "smtp://mail.example.org", "username": "me"},
            {},
            "the provider 'main' has a user name alone",
            "write both username and password_env (or password_file) in [providers.main], or neither",
        ),
        (
            {
                "kind": "smtp",
                "base_url": "smtp://mail.example.org",
                "username": "me",
                "password_env": "KEY",
                "tls": "never",
            },
            {"KEY": "secret"},
            "the password of the provider 'main' would travel openly",
            'take tls = "never" out of [providers.main]',
        ),
        (
            {"kind": "smtp", "base_url": "smtp://mail.example.org", "username": "me", "password_env": "KEY"},
            {},
            "the environment variable KEY holds no password for the provider 'main'",
            "set it before you start newsletter: export KEY=…",
        ),
        (
            {"kind": "resent"},
            {},
            "the provider 'main' is of a kind through which nothing is sent: resent",
            "correct `kind` in [providers.main]",
        ),
    ],
)
def test_what_is_missing_is_told_before_the_first_call(
    tmp_path: Path, settings: dict[str, Any], env: dict[str, str], message: str, fix: str
) -> None:
    """With what to write."""
    with pytest.raises(ConfigurationError) as caught:
        provider(tmp_path, "main", env, main=settings)
    assert (caught.value.message, caught.value.fix) == (message, fix)


def test_an_unknown_name_is_told(tmp_path: Path) -> None:
    """With the one that was probably meant."""
    with pytest.raises(NotFound) as caught:
        provider(tmp_path, "outbux")
    assert (caught.value.message, caught.value.why) == ("there is no provider 'outbux'", "did you mean 'outbox'?")


@pytest.mark.parametrize(("said", "meant"), [("sendinblue", "brevo"), ("amazon-ses", "ses"), ("twilio", "sendgrid")])
def test_other_names_of_a_kind_are_understood(tmp_path: Path, said: str, meant: str) -> None:
    """Companies are better known than what their settings are called here."""
    with pytest.raises(ConfigurationError) as caught:
        provider(tmp_path, "main", main={"kind": said})
    assert caught.value.why == f"did you mean '{meant}'?"
