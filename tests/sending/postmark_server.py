"""A mail API on loopback that behaves as Postmark does, breaks on demand, and logs what it accepted."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from tests.sending.mail_server import ASTRAY, MailServer, Reply, main, reply

API_KEY = "postmark-test-token"
_DEFAULT_STREAM = "outbound"
_VARIABLE = re.compile(r"\{\{\{ ?(\w+) ?\}\}\}|\{\{ ?(\w+) ?\}\}")


def _error(status: int, code: int, message: str) -> Reply:
    return reply(status, {"ErrorCode": code, "Message": message})


REFUSALS: dict[str, tuple[Any, ...]] = {
    "500 before": (500, b"Internal Server Error"),
    "429": (*_error(429, 429, "Rate limit exceeded"), "Retry-After: 0.05"),
    "401": _error(401, 10, "The Server Token you provided in the X-Postmark-Server-Token request header was invalid."),
    "refused": _error(422, 403, "Incompatible JSON"),
    **ASTRAY,
}


@dataclass
class PostmarkServer(MailServer):
    """Postmark: every message has an answer of its own, and repeating a call sends it again."""

    refusals: ClassVar[Mapping[str, tuple[Any, ...]]] = REFUSALS
    inactive: set[str] = field(default_factory=set)
    _found: list[dict[str, Any]] = field(default_factory=list)

    def take(self, line: str, headers: dict[str, str], body: bytes) -> Reply:
        """Answer a whole call."""
        if headers.get("x-postmark-server-token") != API_KEY:
            return _error(401, 10, "Bad or missing Server API token.")
        call = json.loads(body)
        time.sleep(self.latency())
        if line.startswith("POST /email/batch "):
            if len(call) > 500:
                return _error(422, 410, "This batch has too many messages")
            with self.lock:
                return reply(200, [self._take(item) for item in call])
        if line.startswith("POST /email/bulk "):
            messages = list(merged(call))
            # A call with an address that is none is refused whole: with its own number, or with that of several.
            invalid = [_invalid(to) for to in dict.fromkeys(item["To"] for item in messages) if to in self.bad]
            if invalid:
                several = {"ErrorCode": 11, "Message": "Multiple errors occurred.", "Errors": {"To": invalid}}
                return reply(422, invalid[0] if len(invalid) == 1 else several)
            with self.lock:
                for item in messages:
                    self._take(item)
            told = {"Status": "Accepted", "SubmittedAt": "2024-07-28T07:00:00Z", "TotalMessages": len(messages)}
            return reply(200, {"Id": f"bulk-{self.sends}", **told})
        return 404, b"not here"

    def _take(self, item: dict[str, Any]) -> dict[str, Any]:
        to = item["To"]
        if to in self.bad:
            return _invalid(to)
        if to in self.inactive:
            message = (
                "You tried to send to a recipient that has been marked as inactive.\n"
                f"Found inactive addresses: {to.lower()}.\nInactive recipients are ones that have bounced."
            )
            return {"ErrorCode": 406, "Message": message}
        number = f"{len(self._found):08}-message"
        self._found.append(
            {
                "MessageID": number,
                "MessageStream": item.get("MessageStream", _DEFAULT_STREAM),
                "Metadata": item["Metadata"],
                "To": [{"Email": to, "Name": None}],
                "Recipients": [to],
                "Status": "Sent",
                "at": time.time(),
            }
        )
        self.record([(to, item["Metadata"]["delivery"])], item["Metadata"]["batch"])
        return {
            "To": to,
            "SubmittedAt": "2024-07-28T07:00:00.0000000-04:00",
            "MessageID": number,
            "ErrorCode": 0,
            "Message": "OK",
        }

    def disturb(self, fault: str, status: int, answer: bytes) -> Reply:
        """Put the items of an answer in another order, or leave the first out."""
        if fault in {"shuffled", "missing"}:
            items = json.loads(answer)
            if fault == "shuffled":
                random.Random(7).shuffle(items)
            return reply(status, items if fault == "shuffled" else items[1:])
        return status, answer

    def search(self, target: str, headers: dict[str, str]) -> Reply:
        """Answer `GET /messages/outbound`."""
        parts = urlsplit(target)
        if headers.get("x-postmark-server-token") != API_KEY:
            return _error(401, 10, "Bad or missing Server API token.")
        if parts.path != "/messages/outbound":
            return 404, b"not here"
        query = {name: found[0] for name, found in parse_qs(parts.query).items()}
        count, offset = int(query["count"]), int(query["offset"])
        if count > 500 or count + offset > 10_000:
            return _error(422, 701, "The 'Count' and 'Offset' exceed 10000.")
        wanted = {
            name.removeprefix("metadata_"): value for name, value in query.items() if name.startswith("metadata_")
        }
        stream = query.get("messagestream", _DEFAULT_STREAM)
        with self.lock:
            found = [
                message
                for message in self._found
                if message["at"] <= time.time() - self.lag
                and message["MessageStream"] == stream
                and wanted.items() <= message["Metadata"].items()
            ]
        return reply(200, {"TotalCount": len(found), "Messages": found[offset : offset + count]})


def _invalid(to: str) -> dict[str, Any]:
    return {"ErrorCode": 300, "Message": f"Invalid 'To' address: '{to}'."}


def merged(call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the message of each reader of a bulk call, with Mustachio's variables put in."""
    common = {name: value for name, value in call.items() if name != "Messages"}
    for item in call["Messages"]:
        model = item["TemplateModel"]

        def fill(text: str, model: Mapping[str, str] = model) -> str:
            assert all(match[1] for match in _VARIABLE.finditer(text)), "two braces escape what is escaped already"
            return _VARIABLE.sub(lambda match: model[match[1]], text)

        texts = {name: fill(common[name]) for name in ("Subject", "TextBody", "HtmlBody")}
        yield {**common, **texts, **item}


if __name__ == "__main__":
    main(PostmarkServer)
