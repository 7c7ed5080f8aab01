"""From settings to what a provider is made of, checked before the first call."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from newsletter.config import ProviderSettings
from newsletter.config.named_secrets import in_words, read_secret
from newsletter.errors import ConfigurationError
from newsletter.model import wording
from newsletter.model.meant import did_you_mean
from newsletter.sending.providers.contract import Capabilities

WEBHOOK = frozenset(
    {"webhook_secret_env", "webhook_secret_file", "webhook_previous_env", "webhook_previous_file", "topics"}
)
"""What a provider tells afterwards is tracking's, which checks these."""
ALWAYS = frozenset({"kind", "rate", "quota", "price_per_thousand", "currency"})
"""The settings that every kind knows."""
API = frozenset({"base_url", "api_key_env", "api_key_file"})
"""The settings that every mail API knows."""
_ENCRYPTED = frozenset({"https", "smtps", "smtp"})


class Need(Enum):
    """What a kind of provider cannot do without; the value says how to give it."""

    API_KEY = 'name the variable that holds the key: api_key_env = "…", or a file: api_key_file = "…"'
    ACCESS_KEY = 'name the variable that holds the access key id: access_key_env = "AWS_ACCESS_KEY_ID"'
    SECRET_KEY = 'name the variable that holds the secret key: secret_key_env = "…", or a file: secret_key_file = "…"'  # noqa: S105
    BASE_URL = 'write the address of the service: base_url = "smtp://mail.example.org:587"'
    DOMAIN = 'write the domain that the provider knows you by: domain = "mail.example.org"'
    REGION = 'write the region in which the sender is verified: region = "eu-central-1"'


@dataclass(frozen=True, slots=True)
class Configuration:
    """One named provider, with its secrets read."""

    name: str
    settings: ProviderSettings
    state: Path
    """The workspace's state folder."""
    api_key: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)
    proxied: bool = field(default=False, kw_only=True)
    """Whether the settings want the system's proxy."""

    @property
    def base_url(self) -> str:
        """The address of the service without a slash at its end, or nothing."""
        return (self.settings.base_url or "").rstrip("/")

    def host(self, whose: str, hosts: Mapping[str, str]) -> str:
        """Return the address of the service, or the one of `hosts` for the region; the first holds where none is set.

        Raises ConfigurationError for a region that the service, by the name of `whose`, does not have.
        """
        region = self.settings.region or next(iter(hosts))
        if region not in hosts:
            known = " or ".join(f'region = "{each}"' for each in hosts)
            raise ConfigurationError(
                f"the provider '{self.name}' is in a region that {whose} does not have: {region}",
                fix=f"write {known} in [providers.{self.name}]",
                setting="region",
            )
        return self.base_url or hosts[region]

    def paced(self, capabilities: Capabilities) -> Capabilities:
        """Return the provider's capabilities at the pace and with the limits that the settings ask for."""
        settings, rate = self.settings, self.settings.rate
        settle = settings.settle_minutes
        return replace(
            capabilities,
            calls_per_second=(rate and rate.calls_per_second) or capabilities.calls_per_second,
            recipients_per_second=(rate and rate.recipients_per_second) or capabilities.recipients_per_second,
            recipients_per_day=settings.quota or capabilities.recipients_per_day,
            settle=capabilities.settle if settle is None else timedelta(minutes=settle),
            proxied=self.proxied,
        )


def read(
    name: str,
    settings: ProviderSettings,
    needs: tuple[Need, ...],
    options: frozenset[str],
    root: Path,
    state: Path,
    env: Mapping[str, str],
) -> Configuration:
    """Return a provider's configuration; raise ConfigurationError for what is missing, unknown or unsafe."""
    _check_options(name, settings, options)
    given = {
        Need.API_KEY: bool(settings.api_key_env or settings.api_key_file),
        Need.ACCESS_KEY: bool(settings.access_key_env or settings.access_key_file),
        Need.SECRET_KEY: bool(settings.secret_key_env or settings.secret_key_file),
        Need.BASE_URL: bool(settings.base_url),
        Need.DOMAIN: bool(settings.domain),
        Need.REGION: bool(settings.region),
    }
    missing = [need for need in needs if not given[need]]
    if missing:
        them = "it" if len(missing) == 1 else "them"
        raise ConfigurationError(
            f"the provider '{name}' lacks {wording.listed([need.name.lower() for need in missing])}",
            why=f"[providers.{name}] is of the kind {settings.kind}, which needs {them}",
            fix="; ".join(need.value for need in missing),
        )
    _check_address(name, settings)
    key = _Secret(name, "key", "api_key", settings.api_key_env, settings.api_key_file)
    password = _Secret(name, "password", "password", settings.password_env, settings.password_file)
    access = _Secret(name, "access key id", "access_key", settings.access_key_env, settings.access_key_file)
    secret = _Secret(name, "secret key", "secret_key", settings.secret_key_env, settings.secret_key_file)
    session = _Secret(name, "session token", "session_token", settings.session_token_env, settings.session_token_file)
    return Configuration(
        name,
        settings,
        state,
        key.read(root, env) if Need.API_KEY in needs else "",
        *(one.read(root, env) if one.named else "" for one in (password, access, secret, session)),
    )


def is_loopback(host: str | None) -> bool:
    """Whether what is sent there never leaves this machine."""
    if host is None:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_options(name: str, settings: ProviderSettings, options: frozenset[str]) -> None:
    known = ALWAYS | options
    for option in sorted(settings.model_fields_set - known - WEBHOOK):
        meant = did_you_mean(option, options)
        raise ConfigurationError(
            f"the provider '{name}' has no setting `{option}`",
            why=f"[providers.{name}] is of the kind {settings.kind}, which knows {', '.join(sorted(known))}",
            fix=f"did you mean `{meant}`?" if meant else "take the setting out, or correct `kind`",
            setting=option,
        )


def _check_address(name: str, settings: ProviderSettings) -> None:
    url = settings.base_url
    if url is None:
        return
    parts = urlsplit(url)
    if (settings.kind == "smtp") != parts.scheme.startswith("smtp"):
        raise ConfigurationError(
            f"the base_url of the provider '{name}' is for another kind: {parts.scheme}://",
            why=f"[providers.{name}] is of the kind {settings.kind}",
            fix="write smtp:// or smtps:// for mail servers, and https:// for mail APIs",
            setting="base_url",
        )
    if parts.scheme not in _ENCRYPTED and not is_loopback(parts.hostname):
        raise ConfigurationError(
            f"the base_url of the provider '{name}' is not https",
            why="everybody on the way could read the key and the addresses",
            fix="write an address that begins with https://",
            setting="base_url",
        )


@dataclass(frozen=True, slots=True)
class _Secret:
    provider: str
    noun: str
    setting: str
    variable: str | None
    file: str | None

    @property
    def named(self) -> bool:
        return bool(self.variable or self.file)

    def read(self, root: Path, env: Mapping[str, str]) -> str:
        """Return the secret; raise ConfigurationError for one that is missing or cannot be one."""
        source, fix = in_words(self.variable, self.file, self.noun)
        setting = f"{self.setting}_env" if self.variable else f"{self.setting}_file"
        value = read_secret(self.variable, self.file, root, env)
        if not value:
            raise ConfigurationError(
                f"{source} holds no {self.noun} for the provider '{self.provider}'", fix=fix, setting=setting
            )
        if self.setting != "password" and (not value.isascii() or not value.isprintable() or " " in value):
            raise ConfigurationError(
                f"{source} holds something that is no {self.noun}",
                why="a key has no spaces and no special letters",
                fix=fix,
                setting=setting,
            )
        if any(ord(letter) < 32 for letter in value):
            raise ConfigurationError(f"{source} holds something that is no {self.noun}", fix=fix, setting=setting)
        return value
