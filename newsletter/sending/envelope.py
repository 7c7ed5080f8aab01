"""What surrounds an edition on its way: sender, reply address, readers' links, list headers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from newsletter.config import Settings
from newsletter.errors import NotFound
from newsletter.model.mailing import Recipient
from newsletter.sending.headers import list_id, sender_address

NOWHERE = "https://newsletter.invalid"
"""Where links lead in messages that never leave the machine (RFC 6761: nobody can own the name)."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Frozen with a mailing, so that a message is the same whenever it is made."""

    sender: str
    reply_to: str
    public_url: str
    """Empty where the settings have none; no real provider may send then."""
    list_name: str
    list_title: str
    auto_submitted: str = ""
    """What the header of that name says; empty where there is none."""
    list_id: str = ""
    """How mail programs know the list; empty for one made of its name and the sender's domain."""
    segment: str = ""
    """Who of the lists was meant, as approvals say it; empty for everybody."""

    @property
    def domain(self) -> str:
        """The sender's domain in ASCII."""
        return sender_address(self.sender).rpartition("@")[2]

    def unsubscribe_url(self, token: str) -> str:
        """Return where a reader leaves with one click."""
        return f"{self._base}/u/{token}"

    def view_url(self, token: str) -> str:
        """Return where a reader sees the message in a browser."""
        return f"{self._base}/v/{token}"

    def list_headers(self, issue: str) -> tuple[tuple[str, str], ...]:
        """Return the headers by which mail programs sort, all ASCII and the same for all readers.

        RFC 2919; RFC 8058, of which `List-Unsubscribe` is the other half; Feedback-ID is how Gmail's Postmaster Tools
        group messages.
        """
        choice = (("Auto-Submitted", self.auto_submitted),) if self.auto_submitted else ()
        sender = "n" + hashlib.sha256(self.domain.encode()).hexdigest()[:12]
        return (
            ("List-Id", list_id(self.list_title, self.list_id or f"{self.list_name}.{self.domain}")),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Feedback-ID", f"{_plain(issue)}:{self.list_name}:newsletter:{sender}"),
            *choice,
        )

    def list_unsubscribe(self, token: str) -> str:
        """Return the value of a reader's own `List-Unsubscribe`."""
        return f"<{self.unsubscribe_url(token)}>"

    def recipient(self, token: str, address: str, name: str) -> Recipient:
        """Return where one message goes, with its slots filled."""
        values = {
            "first_name": first_name(name),
            "unsubscribe_url": self.unsubscribe_url(token),
            "view_url": self.view_url(token),
        }
        return Recipient(token, address, name, values)

    def as_json(self) -> dict[str, str]:
        """Return what `Envelope(**…)` takes."""
        # Approvals name the segment with the lists, and what surrounds a message by these.
        return {name: value for name, value in asdict(self).items() if value or name != "segment"}

    @property
    def _base(self) -> str:
        return (self.public_url or NOWHERE).rstrip("/")


def envelope(settings: Settings, lists: Sequence[str]) -> Envelope:
    """Return what surrounds the editions sent to `lists`; the first one gives its name to the list headers.

    Raises NotFound for a list that the settings do not have.
    """
    for name in lists:
        settings.known_list(name)
    if not lists:
        raise NotFound("the issue goes to no list", fix="name one under `lists:` in its issue.yaml")
    return Envelope(
        sender=settings.sender,
        reply_to=settings.reply_to or "",
        public_url=settings.public_url or "",
        list_name=lists[0],
        list_title=settings.lists[lists[0]].title,
        auto_submitted=settings.auto_submitted or "",
        list_id=settings.lists[lists[0]].list_id or "",
    )


def first_name(name: str) -> str:
    """Return how to address a person: the first word that is no title, of `Last, First` the word after the comma."""
    _, comma, after = name.partition(",")
    words = (after if comma and after.strip() else name).split()
    for word in words:
        if not word.endswith("."):
            return word
    return words[0] if words else ""


def _plain(text: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "-" for letter in text)
