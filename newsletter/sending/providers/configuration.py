"""From settings to what a provider is made of, checked before the first call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from newsletter.config import ProviderSettings
from newsletter.errors import ConfigurationError
from newsletter.sending.providers.contract import Capabilities

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Need(Enum):
    """What a kind of provider cannot do without; the value says how to give it."""

    API_KEY = 'name the variable that holds the key: api_key_env = "…", or a file: api_key_file = "…"'
    BASE_URL = 'write the address of the service: base_url = "https://…"'


@dataclass(frozen=True, slots=True)
class Configuration:
    """One named provider, with its secret read."""

    name: str
    settings: ProviderSettings
    state: Path
    """The workspace's state folder."""
    api_key: str = field(default="", repr=False)

    @property
    def base_url(self) -> str:
        """The address of the service without a slash at its end, or nothing."""
        return (self.settings.base_url or "").rstrip("/")

    def paced(self, capabilities: Capabilities) -> Capabilities:
        """Return the provider's capabilities at the pace that the settings ask for."""
        rate = self.settings.rate
        return replace(capabilities, calls_per_second=rate.per_second) if rate else capabilities


def read(
    name: str, settings: ProviderSettings, needs: tuple[Need, ...], root: Path, state: Path, env: Mapping[str, str]
) -> Configuration:
    """Return a provider's configuration; raise ConfigurationError for what is missing or unsafe."""
    given = {
        Need.API_KEY: bool(settings.api_key_env or settings.api_key_file),
        Need.BASE_URL: bool(settings.base_url),
    }
    missing = [need for need in needs if not given[need]]
    if missing:
        raise ConfigurationError(
            f"the provider '{name}' lacks {' and '.join(need.name.lower() for need in missing)}",
            why=f"[providers.{name}] is of the kind {settings.kind}, which needs it",
            fix="; ".join(need.value for need in missing),
        )
    _check_address(name, settings.base_url or "")
    key = _api_key(name, settings, root, env) if Need.API_KEY in needs else ""
    return Configuration(name, settings, state, key)


def _check_address(name: str, url: str) -> None:
    parts = urlsplit(url)
    if url and parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise ConfigurationError(
            f"the base_url of the provider '{name}' is not https",
            why="everybody on the way could read the key and the addresses",
            fix="write an address that begins with https://",
        )


def _api_key(name: str, settings: ProviderSettings, root: Path, env: Mapping[str, str]) -> str:
    if settings.api_key_env:
        source = f"the environment variable {settings.api_key_env}"
        key = env.get(settings.api_key_env, "")
        fix = f"set it before you start newsletter: export {settings.api_key_env}=…"
    else:
        source = f"the file {settings.api_key_file}"
        fix = "write the key, and nothing else, into that file"
        try:
            key = (root / str(settings.api_key_file)).expanduser().read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            key = ""
    key = key.strip()
    if not key:
        raise ConfigurationError(f"{source} holds no key for the provider '{name}'", fix=fix)
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            f"{source} holds something that is no key", why="a key has no spaces and no special letters", fix=fix
        )
    return key
