"""A mail API on loopback that behaves as Mailgun does, breaks on demand, and logs what it accepted."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from tests.sending.mail_server import ASTRAY, MailServer, Reply, main, reply

API_KEY = "mailgun-test-key"
DOMAIN = "mail.example.org"
_FIELD = re.compile(r'name="([^"]+)"(?:; filename="([^"]+)")?')
_VARIABLE = re.compile(r"%recipient\.([^%\s]+)%")

_TOO_LARGE = "Send options (parameters starting with o:, h:, v:, or t:) are limited to 16KB total"
_THROTTLED = f"Domain {DOMAIN} is not allowed to send: limit exceeded, try again after 0.05 seconds"
REFUSALS: dict[str, tuple[Any, ...]] = {
    "500 before": reply(500, {"message": "Internal Server Error"}),
    "429": reply(429, {"message": _THROTTLED}),
    "401": (401, b"Forbidden"),
    "refused": reply(400, {"message": "from parameter is not a valid address. please check documentation"}),
    **ASTRAY,
    "404": (200, b"Mailgun Magnificent API"),
}


def _authorization() -> str:
    return "Basic " + base64.b64encode(f"api:{API_KEY}".encode()).decode()


@dataclass
class MailgunServer(MailServer):
    """Mailgun: a call is taken whole or not at all, and repeating it sends it again."""

    refusals: ClassVar[Mapping[str, tuple[Any, ...]]] = REFUSALS
    _events: list[dict[str, Any]] = field(default_factory=list)

    def take(self, line: str, headers: dict[str, str], body: bytes) -> Reply:
        """Answer a whole call."""
        if headers.get("authorization") != _authorization():
            return 401, b"Forbidden"
        if line != f"POST /v3/{DOMAIN}/messages HTTP/1.1":
            return 200, b"Mailgun Magnificent API"
        fields = form(headers["content-type"], body)
        options = sum(len(name) + len(fields[name][0]) for name in fields if name[:2] in {"o:", "h:", "v:", "t:"})
        if options > 16_384:
            return reply(400, {"message": _TOO_LARGE})
        to = [address.decode() for address in fields.get("to", [])]
        if not to or len(to) > 1000 or any(address in self.bad or "@" not in address for address in to):
            return reply(400, {"message": "to parameter is not a valid address. please check documentation"})
        time.sleep(self.latency())
        now, message_id = time.time(), f"<{time.time_ns()}@{DOMAIN}>"
        with self.lock:
            read = messages(fields)
            self._events += [
                {
                    "event": "accepted",
                    "timestamp": now,
                    "recipient": message["to"],
                    "tags": [message["o:tag"]],
                    "user-variables": {"delivery": message["v:delivery"], "batch": message["v:batch"]},
                    "message": {"headers": {"message-id": message["h:Message-Id"].strip("<>")}},
                }
                for message in read
            ]
            self.record([(message["to"], message["v:delivery"]) for message in read], read[0]["v:batch"])
        return reply(200, {"id": message_id, "message": "Queued. Thank you."})

    def search(self, target: str, headers: dict[str, str]) -> Reply:
        """Answer `GET /v3/DOMAIN/events`, a page at a time; the last page is empty, as Mailgun's is."""
        if headers.get("authorization") != _authorization():
            return 401, b"Forbidden"
        parts = urlsplit(target)
        query = {name: found[0] for name, found in parse_qs(parts.query).items()}
        page = parts.path.removeprefix(f"/v3/{DOMAIN}/events").strip("/")
        if page:
            query = json.loads(base64.urlsafe_b64decode(page))
        skip, limit = int(query.get("skip", 0)), min(int(query.get("limit", 100)), 300)
        begin, end = float(query.get("begin", 0)), float(query.get("end", "inf"))
        with self.lock:
            found = [
                event
                for event in self._events
                if event["timestamp"] <= time.time() - self.lag
                and begin <= event["timestamp"] <= end
                and event["event"] == query.get("event", event["event"])
                and event["recipient"] == query.get("recipient", event["recipient"])
                and query.get("tags", event["tags"][0]) in event["tags"]
            ]
        following = {**query, "skip": skip + limit}
        token = base64.urlsafe_b64encode(json.dumps(following).encode()).decode()
        items = found[skip : skip + limit]
        # Mailgun names itself here, whoever was asked.
        return reply(200, {"items": items, "paging": {"next": f"https://api.mailgun.net/v3/{DOMAIN}/events/{token}"}})


def messages(fields: Mapping[str, list[bytes]]) -> list[dict[str, str]]:
    """Return the message of each reader, with everything replaced that Mailgun replaces."""
    values = {name: found[-1].decode() for name, found in fields.items() if not name.startswith("inline")}
    variables = json.loads(values.pop("recipient-variables", "{}"))
    # Mailgun ignores an address that comes again.
    to = list(dict.fromkeys(address.decode() for address in fields["to"]))
    assert variables or len(to) == 1, "every reader would see the others"

    def fill(value: str, address: str) -> str:
        # Unknown variables become nothing; without any, texts stay as they are.
        return _VARIABLE.sub(lambda match: variables[address].get(match[1], ""), value) if variables else value

    return [{name: fill(value, address) for name, value in values.items()} | {"to": address} for address in to]


def form(content_type: str, body: bytes) -> dict[str, list[bytes]]:
    """Return the fields of multipart/form-data (RFC 7578); files by their name as well, under `inline:NAME`."""
    boundary = content_type.partition("boundary=")[2].strip('"').encode()
    first, *parts, last = body.split(b"--" + boundary)
    assert (first, last) == (b"", b"--\r\n")
    fields: dict[str, list[bytes]] = {}
    for part in parts:
        head, _, content = part.partition(b"\r\n\r\n")
        named = _FIELD.search(head.decode())
        assert named
        assert content.endswith(b"\r\n")
        fields.setdefault(named[1], []).append(content[:-2])
        if named[2]:
            fields.setdefault(f"{named[1]}:{named[2]}", []).append(content[:-2])
    return fields


if __name__ == "__main__":
    main(MailgunServer)
