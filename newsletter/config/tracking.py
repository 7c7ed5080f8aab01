"""What is done with what providers and mail servers tell afterwards."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

from newsletter.config.values import Inbox, Variable
from newsletter.model.fields import Line


class InboxSettings(BaseModel):
    """The mailbox into which mails come back: an IMAP folder or a maildir."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    imap: Inbox | None = None
    maildir: Line | None = None
    password_env: Variable = "NEWSLETTER_IMAP_PASSWORD"  # noqa: S105
    """The variable with the password for IMAP."""

    @model_validator(mode="after")
    def _names_one(self) -> InboxSettings:
        if (self.imap is None) == (self.maildir is None):
            raise ValueError('must name one mailbox; write imap = "imaps://…", or maildir = "/var/mail/bounces"')
        return self


class TrackingSettings(BaseModel):
    """What is done with what providers tell about readers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opens: bool = False
    """Whether opens are recorded for each reader; without it, they are only counted for each issue."""
    clicks: bool = False
    soft_bounces: int = Field(default=3, ge=1, le=100)
    """After how many soft bounces of issues in a row an address is not written to any more."""
    inbox: InboxSettings | None = None
    """The mailbox that `bounces read` reads."""
