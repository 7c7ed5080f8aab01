"""A mail API on loopback that behaves as Amazon SES does, breaks on demand, and logs what it accepted."""

from __future__ import annotations

import base64
import email.policy
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any, ClassVar

from newsletter.sending.providers.contract import Capabilities
from newsletter.sending.providers.ses import CAPABILITIES, Ses
from newsletter.sending.providers.ses_call import Way
from newsletter.sending.providers.ses_signature import Signature
from tests.sending.mail_server import ASTRAY, MailServer, Reply, main, reply

REGION, ACCESS_KEY, SECRET_KEY = "eu-central-1", "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
_SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=(\S+?)/(\d{8}/\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})")
_OPEN = re.compile(r"\\?\{\{+[^}]*\}*")
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")
_FORBIDDEN = frozenset(
    "bcc cc content-disposition content-type date from message-id mime-version reply-to return-path subject to".split()
)
_FEW_MINUTES = timedelta(minutes=5)


def _said(status: int, error: str, message: str) -> tuple[Any, ...]:
    """Return an error as Amazon's servers have it."""
    return *reply(status, {"message": message}), f"x-amzn-ErrorType: {error}:http://internal.amazon.com/coral/"


def _error(status: int, error: str, message: str) -> Reply:
    """Return an error as other servers of Amazon have it."""
    return reply(status, {"__type": f"com.amazon.coral.service#{error}", "message": message})


REFUSALS: dict[str, tuple[Any, ...]] = {
    "500 before": _said(500, "InternalFailure", "An internal failure occurred"),
    "429": _said(429, "TooManyRequestsException", "Maximum sending rate exceeded."),
    "quota": _said(429, "TooManyRequestsException", "Daily message quota exceeded."),
    "401": _said(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
    "refused": _said(400, "BadRequestException", "Invalid configuration set name <x y>."),
    **ASTRAY,
}


@dataclass
class SesServer(MailServer):
    """Amazon SES: every reader of a call has a status of their own, and repeating a call sends it again."""

    refusals: ClassVar[Mapping[str, tuple[Any, ...]]] = REFUSALS
    throttled: set[str] = field(default_factory=set)
    """Addresses that come too fast, once."""

    def take(self, line: str, headers: dict[str, str], body: bytes) -> Reply:
        """Answer a whole call."""
        wrong = unsigned(line, headers, body)
        if wrong:
            return _error(403, "InvalidSignatureException", wrong)
        call = json.loads(body)
        time.sleep(self.latency())
        if line.startswith("POST /v2/email/outbound-bulk-emails "):
            return self._bulk(call, len(body))
        if line.startswith("POST /v2/email/outbound-emails "):
            with self.lock:
                told = self._entry(next(raw(call)))
            if told["Status"] != "SUCCESS":
                return _error(400, "BadRequestException", told["Error"])
            return reply(200, {"MessageId": told["MessageId"]})
        return _error(404, "UnknownOperationException", "")

    def _bulk(self, call: dict[str, Any], size: int) -> Reply:
        if len(call["BulkEmailEntries"]) > 50 or size > 1_000_000:
            return _error(400, "BadRequestException", "The request exceeds the maximum size.")
        texts = call["DefaultContent"]["Template"]["TemplateContent"]
        if not all(_VARIABLE.fullmatch(found) for text in texts.values() for found in _OPEN.findall(text)):
            return _error(400, "BadRequestException", "Template contains unsupported operations.")
        with self.lock:
            return reply(200, {"BulkEmailEntryResults": [self._entry(message) for message in merged(call)]})

    def _entry(self, message: Mapping[str, Any]) -> dict[str, str]:
        to, tags = message["to"], message["tags"]
        if to in self.bad:
            return {"Status": "INVALID_PARAMETER", "Error": "Local address contains illegal character"}
        if to in self.throttled:
            self.throttled.discard(to)
            return {"Status": "ACCOUNT_THROTTLED", "Error": "Maximum sending rate exceeded."}
        forbidden = _FORBIDDEN & {name.lower() for name in message.get("headers", ())}
        if forbidden:
            return {"Status": "INVALID_PARAMETER", "Error": f"The header {forbidden} is not allowed"}
        self.record([(to, tags["delivery"])], tags["batch"])
        return {"Status": "SUCCESS", "MessageId": f"0107-{self.deliveries.total():08}-000000"}

    def disturb(self, fault: str, status: int, answer: bytes) -> Reply:
        """Leave the first item of an answer out."""
        if fault == "missing":
            told = json.loads(answer)
            return reply(status, {**told, "BulkEmailEntryResults": told.get("BulkEmailEntryResults", [])[1:]})
        return status, answer


def merged(call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the message of each reader of a call, with variables put in as they are."""
    template = call["DefaultContent"]["Template"]
    for entry in call["BulkEmailEntries"]:
        given = entry["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"]
        values = json.loads(template["TemplateData"]) | json.loads(given)

        def fill(text: str, values: Mapping[str, str] = values) -> str:
            # A variable without a value is a rendering failure after the call was taken.
            return _VARIABLE.sub(lambda match: values[match[1]], text)

        headers = [*template["Headers"], *entry["ReplacementHeaders"]]
        assert len(headers) <= 15
        assert len({header["Name"].lower() for header in headers}) == len(headers)
        (to,) = entry["Destination"]["ToAddresses"]
        yield {
            "to": to,
            "tags": {tag["Name"]: tag["Value"] for tag in entry["ReplacementTags"]},
            "headers": {header["Name"]: header["Value"] for header in headers},
            **{name.lower(): fill(text) for name, text in template["TemplateContent"].items()},
            "pictures": tuple(picture["ContentId"] for picture in template.get("Attachments", ())),
        }


def raw(call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the message of a call that has it whole."""
    content = base64.b64decode(call["Content"]["Raw"]["Data"], validate=True)
    message = email.message_from_bytes(content, EmailMessage, policy=email.policy.default)
    (to,) = call["Destination"]["ToAddresses"]
    assert to == message["to"].addresses[0].addr_spec
    assert message["feedback-id"] is None
    yield {"to": to, "tags": {tag["Name"]: tag["Value"] for tag in call["EmailTags"]}, "content": content}


def unsigned(line: str, headers: Mapping[str, str], body: bytes) -> str:
    """Return what is wrong with the signature of a call, or nothing."""
    method, path, _ = line.split(" ")
    found = _SIGNED.fullmatch(headers.get("authorization", ""))
    if found is None or found[1] != ACCESS_KEY:
        return "The security token included in the request is invalid."
    _, scope, names, signature = found.groups()
    moment = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if abs(datetime.now(UTC) - moment) > _FEW_MINUTES:
        return f"Signature expired: {moment} is now earlier than the server's time - 5 min."
    if scope != f"{moment:%Y%m%d}/{REGION}/ses/aws4_request" or not {"host", "content-type"} <= {*names.split(";")}:
        return "Credential should be scoped to a valid region."
    lines = "".join(f"{name}:{headers[name]}\n" for name in names.split(";"))
    canonical = f"{method}\n{path}\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    text = f"AWS4-HMAC-SHA256\n{moment:%Y%m%dT%H%M%SZ}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = b"AWS4" + SECRET_KEY.encode()
    for part in (f"{moment:%Y%m%d}", REGION, "ses", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    if hmac.digest(key, text.encode(), "sha256").hex() != signature:
        return (
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            f"Access Key and signing method.\n\nThe Canonical String for this request should have been\n'{canonical}'\n"
        )
    return ""


def provider(url: str, able: Capabilities = CAPABILITIES) -> Ses:
    """Return a provider that calls this server."""
    return Ses("main", Way(url, Signature(REGION, ACCESS_KEY, SECRET_KEY)), able)


if __name__ == "__main__":
    main(SesServer)
