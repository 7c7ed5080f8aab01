"""From settings to Amazon SES."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import ConfigurationError
from newsletter.sending.providers.configuration import Need
from newsletter.sending.providers.ses import Ses
from newsletter.sending.providers.ses_call import Way
from newsletter.sending.providers.ses_signature import Signature
from tests.sending.test_providers import provider

AMAZON = {"kind": "ses", "access_key_env": "AWS_ACCESS_KEY_ID", "secret_key_env": "AWS_SECRET_ACCESS_KEY"}
AMAZON_ENV = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "a/secret+key"}


def test_amazon_in_a_region(tmp_path: Path) -> None:
    """Its host follows from the region, unless an address is given; nothing that is secret shows."""
    found = provider(tmp_path, "main", AMAZON_ENV, main={**AMAZON, "region": "eu-central-1"})
    seal = Signature("eu-central-1", "AKIDEXAMPLE", "a/secret+key")
    assert found == Ses("main", Way("https://email.eu-central-1.amazonaws.com", seal))
    assert "secret" not in repr(found)


def test_amazon_with_a_key_for_an_hour(tmp_path: Path) -> None:
    """Secrets may stand in files; events are told as a configuration set says; the account's own pace is set."""
    (tmp_path / "token").write_text("session//token==\n")
    main = {
        **AMAZON,
        "region": "us-gov-west-1",
        "session_token_file": "token",
        "configuration_set": "newsletter",
        "base_url": "https://email-fips.us-gov-west-1.amazonaws.com/",
        "rate": {"recipients": 200},
    }
    found = provider(tmp_path, "main", AMAZON_ENV, main=main)
    seal = Signature("us-gov-west-1", "AKIDEXAMPLE", "a/secret+key", "session//token==")
    assert found.way == Way("https://email-fips.us-gov-west-1.amazonaws.com", seal, "newsletter")
    assert found.capabilities.recipients_per_second == 200


@pytest.mark.parametrize(
    ("settings", "env", "message", "fix"),
    [
        (
            {**AMAZON, "region": "eu"},
            AMAZON_ENV,
            "the provider 'main' is in a region that Amazon does not have: eu",
            'write its name, such as region = "eu-central-1", in [providers.main]',
        ),
        (
            {
                "kind": "ses",
                "access_key_env": "AWS_ACCESS_KEY_ID",
                "topics": ["arn:aws:sns:eu-west-1:123456789012:news"],
            },
            AMAZON_ENV,
            "the provider 'main' lacks secret_key and region",
            f"{Need.SECRET_KEY.value}; {Need.REGION.value}",
        ),
        (
            {**AMAZON, "region": "eu-central-1", "session_token_env": "AWS_SESSION_TOKEN"},
            AMAZON_ENV,
            "the environment variable AWS_SESSION_TOKEN holds no session token for the provider 'main'",
            "set it before you start newsletter: export AWS_SESSION_TOKEN=…",
        ),
        (
            {**AMAZON, "region": "eu-central-1"},
            {**AMAZON_ENV, "AWS_SECRET_ACCESS_KEY": "two words"},
            "the environment variable AWS_SECRET_ACCESS_KEY holds something that is no secret key",
            "set it before you start newsletter: export AWS_SECRET_ACCESS_KEY=…",
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
