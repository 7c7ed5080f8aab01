"""A mail API on loopback that behaves as Mailjet's Send API v3.1 does, breaks on demand, and logs what it accepted."""

from __future__ import annotations

import base64
import json
import random
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from newsletter.sending.providers.contract import Capabilities
from newsletter.sending.providers.mailjet import CAPABILITIES, Mailjet
from tests.sending.mail_server import ASTRAY, MailServer, Reply, main, reply

API_KEY, SECRET_KEY = "mailjet-test-key", "mailjet-test-secret"
_TAG = re.compile(r"\{\{(.*?)\}\}|\{%.*?%\}", re.DOTALL)
_PERSONAL = re.compile(r"\[\[[A-Za-z].*?\]\]", re.DOTALL)
FORBIDDEN = frozenset(
    (
        "from sender subject to cc bcc reply-to return-path delivered-to dkim-signature domainkey-status received-spf "
        "authentication-results received x-mailjet-prio x-mailjet-debug user-agent x-mailer x-mj-customid "
        "x-mj-eventpayload x-mj-vars x-mj-templateerrordeliver x-mj-templateerrorreporting x-mj-templatelanguage "
        "x-mailjet-trackopen x-mailjet-trackclick x-mj-templateid x-mj-workflowid x-feedback-id x-mailjet-segmentation "
        "list-id x-mj-mid x-mj-errormessage date x-csa-complaints message-id x-mailjet-campaign "
        "x-mj-statisticscontactslistid"
    ).split()
)
"""https://dev.mailjet.com/docs/email-api/send_api_v31/add_email_headers, and Reply-To, which has a property."""


def error(status: int, code: str, message: str, *about: str) -> dict[str, Any]:
    """Return an error as Mailjet has it, of a call or of one of its messages."""
    related = {"ErrorRelatedTo": list(about)} if about else {}
    return {"ErrorIdentifier": "f987008f", "ErrorCode": code, "StatusCode": status, "ErrorMessage": message, **related}


_UNAUTHORIZED = error(401, "mj-0015", "API key authentication/authorization failure.")
REFUSALS: dict[str, tuple[Any, ...]] = {
    "500 before": reply(500, error(500, "", "Internal Server Error")),
    "429": (*reply(429, {"ErrorMessage": "Too Many Requests", "StatusCode": 429}), "Retry-After: 0.05"),
    "401": reply(401, _UNAUTHORIZED),
    "refused": reply(400, error(400, "mj-0002", "Malformed JSON, please review the syntax and properties types.")),
    **ASTRAY,
}


@dataclass
class MailjetServer(MailServer):
    """Mailjet: every message has an answer of its own, and repeating a call sends it again."""

    refusals: ClassVar[Mapping[str, tuple[Any, ...]]] = REFUSALS
    sender: str = "news@example.org"
    """Who may send."""
    _found: list[dict[str, Any]] = field(default_factory=list)

    def take(self, line: str, headers: dict[str, str], body: bytes) -> Reply:
        """Answer a whole call."""
        if not _known(headers):
            return reply(401, _UNAUTHORIZED)
        if not line.startswith("POST /v3.1/send "):
            return 404, b"not here"
        call = json.loads(body)
        if len(call["Messages"]) > 50:
            text = "Total number of recipients exceeded. Max allowed - 50"
            return reply(400, error(400, "send-0015", text, "To", "Cc", "Bcc"))
        time.sleep(self.latency())
        with self.lock:
            items = [self._take(message, sandbox=call.get("SandboxMode") is True) for message in messages(call)]
        failed = any(item["Status"] == "error" for item in items)
        return reply(400 if failed else 200, {"Messages": items})

    def _take(self, message: Mapping[str, Any], *, sandbox: bool) -> dict[str, Any]:
        wrong = self._wrong(message)
        if wrong:
            return {"Status": "error", "Errors": wrong}
        to, number = message["To"][0]["Email"], 0
        if not sandbox:
            number = 1152921500000000000 + len(self._found)
            self._found.append({"ID": number, "CustomID": message["CustomID"], "at": time.time()})
            self.record([(to, message["CustomID"])], json.loads(message["EventPayload"])["batch"])
        reader = {
            "Email": to,
            "MessageUUID": f"uuid-{number}" if number else "",
            "MessageID": number,
            "MessageHref": f"https://api.mailjet.com/v3/REST/message/{number}",
        }
        return {"Status": "success", "CustomID": message["CustomID"], "To": [reader], "Cc": [], "Bcc": []}

    def _wrong(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        found, to = [], message["To"][0]["Email"]
        if message["From"]["Email"] != self.sender:
            found.append(error(403, "send-0008", f'"{message["From"]["Email"]}" is not an authorized sender.', "From"))
        if "@" not in to or to in self.bad:
            found.append(error(400, "mj-0013", f'"{to}" is an invalid email address.', "To[0].Email"))
        if len(message["Subject"]) > 255:
            found.append(error(400, "mj-0006", "Value length exceeds the allowed one.", "Subject"))
        found += [
            error(400, "send-0011", "Header cannot be customized.", f'Headers["{name}"]')
            for name in message["Headers"]
            if name.lower() in FORBIDDEN
        ]
        return found

    def disturb(self, fault: str, status: int, answer: bytes) -> Reply:
        """Put the items of an answer in another order, or leave the first out."""
        if fault in {"shuffled", "missing"}:
            told = json.loads(answer)
            items = told.get("Messages", [])
            if fault == "shuffled":
                random.Random(7).shuffle(items)
            return reply(status, {**told, "Messages": items if fault == "shuffled" else items[1:]})
        return status, answer

    def search(self, target: str, headers: dict[str, str]) -> Reply:
        """Answer `GET /v3/REST/message`: custom ids only where they are asked for, ten messages by default."""
        parts = urlsplit(target)
        if not _known(headers):
            return reply(401, {"ErrorMessage": "API key authentication/authorization failure", "StatusCode": 401})
        if parts.path != "/v3/REST/message":
            return 404, b"not here"
        query = {name: found[0] for name, found in parse_qs(parts.query).items()}
        hidden = {"at"} if query.get("ShowCustomID") == "true" else {"at", "CustomID"}
        with self.lock:
            found = [
                {"Status": "queued", **{name: value for name, value in message.items() if name not in hidden}}
                for message in self._found
                if message["at"] <= time.time() - self.lag and message["CustomID"] == query.get("CustomID", "")
            ]
        found = found[: min(int(query.get("Limit", 10)), 1000)]
        return reply(200, {"Count": len(found), "Data": found, "Total": len(found)})


def messages(call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the message of each reader of a call, with `Globals` and variables put in."""
    common = call["Globals"]
    for own in call["Messages"]:
        assert len(own["To"]) == 1, "readers would see each other"
        message = {**common, **own, "Headers": {**common["Headers"], **own["Headers"]}}
        for part in ("TextPart", "HTMLPart"):
            if message.get("TemplateLanguage"):
                message[part] = rendered(message[part], message["Variables"])
        texts = [message[part] for part in ("Subject", "TextPart", "HTMLPart")]
        assert not any(_PERSONAL.search(text) for text in texts), "replaced whatever is switched off"
        yield message


def rendered(text: str, variables: Mapping[str, str]) -> str:
    """Return a text with its variables put in as they are, and those in their values as well: nobody says it is not so.

    An expression that is none of them is an error, because of which Mailjet would not send the message.
    """

    def fill(found: re.Match[str]) -> str:
        kind, _, name = (found[1] or "").partition(":")
        assert kind == "var", f"error in template language: {found[0]}"
        return variables[name]

    return _TAG.sub(fill, _TAG.sub(fill, text))


def _known(headers: Mapping[str, str]) -> bool:
    kind, _, secret = headers.get("authorization", "").partition(" ")
    return kind == "Basic" and base64.b64decode(secret).decode() == f"{API_KEY}:{SECRET_KEY}"


def provider(url: str, able: Capabilities = CAPABILITIES) -> Mailjet:
    """Return a provider that calls this server."""
    return Mailjet("main", url, API_KEY, SECRET_KEY, capabilities=able)


if __name__ == "__main__":
    main(MailjetServer)
