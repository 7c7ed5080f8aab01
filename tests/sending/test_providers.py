"""From settings to a provider."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsletter import sending
from newsletter.errors import ConfigurationError, NotFound
from newsletter.sending.providers.outbox import Outbox
from newsletter.sending.providers.resend import Resend
from tests import factories


def provider(tmp_path: Path, name: str | None = None, env: dict[str, str] | None = None, **providers: Any) -> Any:
    """Return a provider of a workspace with these settings."""
    workspace = factories.workspace(tmp_path, providers=providers)
    return sending.provider(workspace, name, env or {})


def test_the_outbox_needs_no_settings(tmp_path: Path) -> None:
    """It writes below the state folder."""
    found = provider(tmp_path)
    assert found == Outbox("outbox", tmp_path / ".newsletter" / "outbox")


def test_resend_gets_its_key_from_the_environment(tmp_path: Path) -> None:
    """Which the settings name; neither shows in a message."""
    env = {"RESEND_API_KEY": " re_secret\n"}
    found = provider(tmp_path, "main", env, main={"kind": "resend", "api_key_env": "RESEND_API_KEY"})
    assert found == Resend("main", "https://api.resend.com", "re_secret")
    assert "re_secret" not in repr(found)


def test_or_from_a_file_beside_the_settings(tmp_path: Path) -> None:
    """Such as a container's secrets; another address and pace may be set."""
    (tmp_path / "key").write_text("re_secret\n")
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
            {"kind": "resent"},
            {},
            "the provider 'main' is of a kind that does not exist: resent",
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
