"""What a call of each kind means for its readers, read by other code than that which wrote it."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from newsletter.sending.folder import files
from newsletter.sending.providers.contract import WireRequest
from newsletter.sending.submission import unpack
from tests.sending import brevo_server, mailgun_server, mailjet_server, postmark_server, sendgrid_server, ses_server


@dataclass(frozen=True)
class Letter:
    """One message as its reader gets it."""

    to: str
    subject: str
    text: str
    html: str
    unsubscribe: str
    one_click: str
    delivery: str
    """Where the provider shows it again: metadata, or the message id."""
    batch: str = ""
    """The same for the call, where calls can be searched for."""
    pictures: tuple[str, ...] = ()
    """Content-IDs."""


def _of_message(content: bytes) -> Letter:
    message = email.message_from_bytes(content, policy=email.policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("related", "html"))
    assert text
    assert html
    pictures = tuple(str(part["content-id"]).strip("<>") for part in html.walk() if part["content-id"])
    shown = html if html.get_content_maintype() == "text" else next(html.iter_parts())
    return Letter(
        to=message["to"].addresses[0].addr_spec,
        subject=message["subject"],
        text=text.get_content().replace("\r\n", "\n"),
        html=shown.get_content().replace("\r\n", "\n"),
        unsubscribe=message["list-unsubscribe"],
        one_click=message["list-unsubscribe-post"],
        delivery=message["message-id"].partition("@")[0].strip("<"),
        pictures=pictures,
    )


def _outbox(request: WireRequest) -> Iterator[Letter]:
    for name, content in files(request.body):
        letter = _of_message(bytes(content))
        assert name == f"{letter.delivery}.eml"
        yield letter


def _null(request: WireRequest) -> Iterator[Letter]:
    for content in request.body.split(b"From: ICMPD")[1:]:
        yield _of_message(b"From: ICMPD" + content)


def _resend(request: WireRequest) -> Iterator[Letter]:
    for item in json.loads(request.body):
        yield Letter(
            to=item["to"][0],
            subject=item["subject"],
            text=item["text"],
            html=item["html"],
            unsubscribe=item["headers"]["List-Unsubscribe"],
            one_click=item["headers"]["List-Unsubscribe-Post"],
            delivery=item["tags"][0]["value"],
        )


def _brevo(request: WireRequest) -> Iterator[Letter]:
    for message in brevo_server.versions(json.loads(request.body)):
        yield Letter(
            to=message["to"][0]["email"],
            subject=message["subject"],
            text=message["textContent"],
            html=message["htmlContent"],
            unsubscribe=message["headers"]["List-Unsubscribe"],
            one_click=message["headers"]["List-Unsubscribe-Post"],
            delivery=json.loads(message["headers"]["X-Mailin-custom"])["delivery"],
        )


def _mailgun(request: WireRequest) -> Iterator[Letter]:
    fields = mailgun_server.form(dict(request.headers)["Content-Type"], request.body)
    for message in mailgun_server.messages(fields):
        yield Letter(
            to=message["to"],
            subject=message["subject"],
            text=message["text"],
            html=message["html"],
            unsubscribe=message["h:List-Unsubscribe"],
            one_click=message["h:List-Unsubscribe-Post"],
            delivery=message["v:delivery"],
            batch=message["v:batch"],
            pictures=tuple(name.partition(":")[2] for name in fields if name.startswith("inline:")),
        )


def _mailjet(request: WireRequest) -> Iterator[Letter]:
    for message in mailjet_server.messages(json.loads(request.body)):
        payload = json.loads(message["EventPayload"])
        assert payload["delivery"] == message["CustomID"]
        yield Letter(
            to=message["To"][0]["Email"],
            subject=message["Subject"],
            text=message["TextPart"],
            html=message["HTMLPart"],
            unsubscribe=message["Headers"]["List-Unsubscribe"],
            one_click=message["Headers"]["List-Unsubscribe-Post"],
            delivery=message["CustomID"],
            batch=payload["batch"],
            pictures=tuple(picture["ContentID"] for picture in message.get("InlinedAttachments", ())),
        )


def _postmark(request: WireRequest) -> Iterator[Letter]:
    call = json.loads(request.body)
    for item in call if isinstance(call, list) else postmark_server.merged(call):
        headers = {header["Name"]: header["Value"] for header in item["Headers"]}
        yield Letter(
            to=item["To"],
            subject=item["Subject"],
            text=item["TextBody"],
            html=item["HtmlBody"],
            unsubscribe=headers["List-Unsubscribe"],
            one_click=headers["List-Unsubscribe-Post"],
            delivery=item["Metadata"]["delivery"],
            batch=item["Metadata"]["batch"],
            pictures=tuple(picture["ContentID"].removeprefix("cid:") for picture in item.get("Attachments", ())),
        )


def _sendgrid(request: WireRequest) -> Iterator[Letter]:
    call = json.loads(request.body)
    for message in sendgrid_server.messages(call):
        yield Letter(
            to=message["to"][0]["email"],
            subject=message["subject"],
            text=message["content"]["text/plain"],
            html=message["content"]["text/html"],
            unsubscribe=message["headers"]["List-Unsubscribe"],
            one_click=message["headers"]["List-Unsubscribe-Post"],
            delivery=message["custom_args"]["delivery"],
            pictures=tuple(picture["content_id"] for picture in call.get("attachments", ())),
        )


def _ses(request: WireRequest) -> Iterator[Letter]:
    call = json.loads(request.body)
    if "Content" in call:
        for message in ses_server.raw(call):
            letter = _of_message(message["content"])
            assert letter.delivery == message["tags"]["delivery"]
            yield replace(letter, batch=message["tags"]["batch"])
        return
    for message in ses_server.merged(call):
        yield Letter(
            to=message["to"],
            subject=message["subject"],
            text=message["text"],
            html=message["html"],
            unsubscribe=message["headers"]["List-Unsubscribe"],
            one_click=message["headers"]["List-Unsubscribe-Post"],
            delivery=message["tags"]["delivery"],
            batch=message["tags"]["batch"],
            pictures=message["pictures"],
        )


def _smtp(request: WireRequest) -> Iterator[Letter]:
    for submission in unpack(request.body):
        letter = _of_message(bytes(submission.content))
        assert (letter.to, letter.delivery) == (submission.recipient, submission.id)
        yield letter


READERS: Mapping[str, Callable[[WireRequest], Iterator[Letter]]] = {
    "brevo": _brevo,
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "null": _null,
    "outbox": _outbox,
    "postmark": _postmark,
    "resend": _resend,
    "sendgrid": _sendgrid,
    "ses": _ses,
    "smtp": _smtp,
}


def letters(kind: str, request: WireRequest) -> list[Letter]:
    """Return the messages of a call in their order; a new kind of provider adds its reader to `READERS`."""
    return list(READERS[kind](request))
