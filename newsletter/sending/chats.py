"""What a chat's incoming webhook takes: which chat it is, by its address, and the body that it reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from newsletter.config import Chat

# Workflows of Teams are at the first two, its older connectors at the third.
_HOSTS: dict[str, Chat] = {
    ".logic.azure.com": "teams",
    ".powerplatform.com": "teams",
    ".webhook.office.com": "teams",
    ".chat.googleapis.com": "google",
    ".discord.com": "discord",
    ".discordapp.com": "discord",
}
_MOST_OF_DISCORD = 2000


def chat_at(address: str) -> Chat:
    """Return which chat an address belongs to."""
    parts = urlsplit(address)
    host = f".{(parts.hostname or '').rstrip('.')}"
    found: Chat = next((chat for end, chat in _HOSTS.items() if host.endswith(end)), "other")
    # Discord takes what Slack takes as well, under an address of its own.
    return "other" if found == "discord" and parts.path.rstrip("/").endswith("/slack") else found


def body(chat: Chat, title: str, lines: tuple[str, ...], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notice as a chat reads it; `facts` are for programs, which read them where no chat forbids it."""
    text = "\n".join((title, *lines))
    match chat:
        case "teams":
            return _card(title, lines)
        case "discord":
            # A server's words that are repeated here must not call anybody.
            return {"content": text[:_MOST_OF_DISCORD], "allowed_mentions": {"parse": []}}
        case "google":
            # It refuses a body with names that it does not know.
            return {"text": text}
        case "other":
            return {"text": text, "content": text, **facts}


def _card(title: str, lines: tuple[str, ...]) -> dict[str, Any]:
    """Return a message of Bot Framework with one Adaptive Card, which is all that workflows of Teams take.

    Its text blocks would take the words of a mail server for Markdown; runs of text are shown as they are.
    """
    heading = {"type": "TextRun", "text": title, "size": "large", "weight": "bolder"}
    runs = [heading, *({"type": "TextRun", "text": line} for line in lines)]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.2",
        "msteams": {"width": "Full"},
        "body": [{"type": "RichTextBlock", "inlines": [run]} for run in runs],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}
