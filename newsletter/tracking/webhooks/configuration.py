"""From settings to the webhooks that a workspace takes, with their secrets read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.config import ProviderSettings, Workspace
from newsletter.config.named_secrets import in_words, read_secret
from newsletter.errors import ConfigurationError, NotFound
from newsletter.model.meant import did_you_mean
from newsletter.tracking.webhooks import KINDS
from newsletter.tracking.webhooks.contract import Keys, Need, Webhook
from newsletter.tracking.webhooks.shared_secret import SharedSecret


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a provider of the settings posts to."""

    name: str
    kind: str
    webhook: Webhook
    keys: Keys


def endpoints(workspace: Workspace, environment: Mapping[str, str] | None = None) -> dict[str, Endpoint]:
    """Return the endpoint of each provider for whose webhook the settings name a secret or topics.

    Raises ConfigurationError with all secrets that are missing or cannot be used.
    """
    env = os.environ if environment is None else environment
    found, problems = {}, []
    for name, settings in workspace.settings.providers.items():
        if not _wanted(settings):
            continue
        try:
            found[name] = _endpoint(workspace, name, settings, env)
        except ConfigurationError as error:
            problems.append(error)
    if len(problems) > 1:
        raise ConfigurationError(
            "the webhooks cannot be verified",
            why="; ".join(problem.message for problem in problems),
            fix="; ".join(dict.fromkeys(problem.fix for problem in problems)),
        )
    if problems:
        raise problems[0]
    return found


def endpoint(workspace: Workspace, name: str) -> Endpoint:
    """Return the endpoint of one provider; raise NotFound or ConfigurationError where it has none."""
    settings = workspace.settings.providers.get(name)
    if settings is None:
        meant = did_you_mean(name, workspace.settings.providers)
        raise NotFound(
            f"there is no provider '{name}' in the settings" + (f"; did you mean '{meant}'?" if meant else ""),
            fix=f"correct the name, or add [providers.{name}] to the settings",
        )
    return _endpoint(workspace, name, settings, os.environ)


def _wanted(settings: ProviderSettings) -> bool:
    return bool(settings.webhook_secret_env or settings.webhook_secret_file or settings.topics)


def _endpoint(workspace: Workspace, name: str, settings: ProviderSettings, env: Mapping[str, str]) -> Endpoint:
    webhook = KINDS.get(settings.kind)
    if webhook is None:
        raise ConfigurationError(
            f"the provider '{name}' is of the kind {settings.kind}, which tells nothing by webhooks",
            why=f"webhooks are known of {', '.join(KINDS)}",
            fix=f"take the lines webhook_… and topics out of [providers.{name}]",
        )
    if webhook.needs is Need.TOPICS and not settings.topics:
        raise ConfigurationError(f"the provider '{name}' has no topics for its webhook", fix=Need.TOPICS.value)
    if webhook.needs is Need.SECRET and settings.topics:
        raise ConfigurationError(
            f"the provider '{name}' has topics, which only Amazon SES knows",
            fix=f"take `topics` out of [providers.{name}]",
        )
    current = _secret(workspace, name, "webhook_secret", settings, env)
    if current is None and webhook.needs is Need.SECRET:
        raise ConfigurationError(f"the provider '{name}' has no secret for its webhook", fix=Need.SECRET.value)
    previous = _secret(workspace, name, "webhook_previous", settings, env)
    secrets = tuple(secret for secret in (current, previous) if secret is not None)
    for secret in secrets:
        try:
            webhook.check_secret(secret)
        except ValueError as error:
            raise ConfigurationError(
                f"what the settings name as the webhook secret of '{name}' cannot be one of {settings.kind}: {error}",
                fix="copy it again from the provider's page on webhooks"
                if not isinstance(webhook, SharedSecret)
                else "make up a longer one, and enter it at the provider, too",
            ) from None
    return Endpoint(name, settings.kind, webhook, Keys(secrets, settings.topics))


def _secret(
    workspace: Workspace, name: str, field: str, settings: ProviderSettings, env: Mapping[str, str]
) -> str | None:
    variable, file = getattr(settings, f"{field}_env"), getattr(settings, f"{field}_file")
    if not (variable or file):
        return None
    value = read_secret(variable, file, workspace.root, env)
    if not value:
        source, fix = in_words(variable, file, "secret")
        raise ConfigurationError(f"{source} holds no webhook secret for the provider '{name}'", fix=fix)
    return value
