"""The kinds of providers, one file and one line each; the contract suite tests whatever stands here."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Protocol

from newsletter.config import BUILT_IN, ProviderSettings, Workspace
from newsletter.errors import ConfigurationError, NotFound
from newsletter.model.meant import did_you_mean
from newsletter.sending.providers.brevo import Brevo
from newsletter.sending.providers.configuration import Configuration, Need, read
from newsletter.sending.providers.contract import Provider
from newsletter.sending.providers.mailgun import Mailgun
from newsletter.sending.providers.mailjet import Mailjet
from newsletter.sending.providers.null import Null
from newsletter.sending.providers.outbox import Outbox
from newsletter.sending.providers.postmark import Postmark
from newsletter.sending.providers.resend import Resend
from newsletter.sending.providers.sendgrid import SendGrid
from newsletter.sending.providers.ses import Ses
from newsletter.sending.providers.smtp import Smtp

__all__ = ["KINDS", "provider"]

_OTHER_NAMES = {"amazon": "ses", "amazonses": "ses", "aws": "ses", "sendinblue": "brevo", "twilio": "sendgrid"}
"""What people call a kind, and what it is called here."""


class Kind(Protocol):
    """A class of providers that can be made from settings."""

    needs: ClassVar[tuple[Need, ...]]
    options: ClassVar[frozenset[str]]
    """The settings that it knows, besides those that all kinds know."""

    @classmethod
    def configured(cls, configuration: Configuration) -> Provider:
        """Return a provider; its needs have been met."""


KINDS: Mapping[str, type[Kind]] = {
    "brevo": Brevo,
    "mailgun": Mailgun,
    "mailjet": Mailjet,
    "null": Null,
    "outbox": Outbox,
    "postmark": Postmark,
    "resend": Resend,
    "sendgrid": SendGrid,
    "ses": Ses,
    "smtp": Smtp,
}


def provider(workspace: Workspace, name: str | None = None, environment: Mapping[str, str] | None = None) -> Provider:
    """Return the provider of that name, or the one that the settings choose.

    Raises NotFound for an unknown name and ConfigurationError for settings or secrets that are missing.
    """
    settings = workspace.settings
    name = name or settings.provider
    named = settings.providers.get(name) or (ProviderSettings(kind=name) if name in BUILT_IN else None)
    if named is None:
        known = sorted({*BUILT_IN, *settings.providers})
        meant = did_you_mean(name, known)
        raise NotFound(
            f"there is no provider '{name}'",
            why=f"did you mean '{meant}'?" if meant else f"the providers are {', '.join(known)}",
            fix=f"correct the name, or add [providers.{name}] to the settings",
        )
    kind = KINDS.get(named.kind)
    if kind is None:
        meant = _OTHER_NAMES.get(re.sub(r"[-_]", "", named.kind)) or did_you_mean(named.kind, KINDS)
        raise _placed(
            workspace,
            name,
            ConfigurationError(
                f"the provider '{name}' is of a kind through which nothing is sent: {named.kind}",
                why=f"did you mean '{meant}'?" if meant else f"the kinds that send are {', '.join(KINDS)}",
                fix=f"correct `kind` in [providers.{name}]",
                setting="kind",
            ),
        )
    env = os.environ if environment is None else environment
    try:
        found = read(name, named, kind.needs, kind.options, workspace.root, workspace.state, env)
        return kind.configured(replace(found, proxied=settings.proxy == "system"))
    except ConfigurationError as error:
        raise _placed(workspace, name, error) from None


def _placed(workspace: Workspace, name: str, error: ConfigurationError) -> ConfigurationError:
    """Return an error about a provider's settings with the line on which it is mended."""
    found = workspace.origin.place("providers", name, *filter(None, [error.setting]))
    error.place = f"{found.file}:{found.line}" if found.line else ""
    return error
