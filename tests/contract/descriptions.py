"""What the providers' own descriptions allow in a call.

Written by hand from
- Resend: https://github.com/resend/resend-openapi, `SendEmailRequest` (resend.yaml, 2026), of which a batch takes all
  but `attachments` (`CreateBatchEmailOptions` of its SDK for Node)
- Mailgun: https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages (OpenAPI 3.1, 2026)
- Brevo: the models of its own Python SDK 5.1.0 (`brevo.transactional_emails`), and a version's `headers`, which only
  django-anymail and Swoosh know
- Mailjet: https://dev.mailjet.com/reference/email/send-emails/, the guide to `Globals`, and its list of headers (2026)
- SendGrid: https://github.com/twilio/sendgrid-oai, spec/json/tsg_mail_v3.json (2026)
- Postmark: https://postmarkapp.com/developer/api/email-api, …/bulk-email, and its server.yml (2026)
- Amazon SES: the service model `sesv2` of https://github.com/boto/botocore (2026)

The descriptions themselves are open: a misspelt field would be ignored in silence. These are closed.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+=*$")]
Ascii = Annotated[str, StringConstraints(pattern=r"^[ -~]*$")]
Mailbox = Annotated[str, StringConstraints(pattern=r"^(.+ <[^<>@\s]+@[!-~]+>|[^<>@\s]+@[!-~]+)$")]
TagText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,256}$")]


class _ResendTag(_Closed):
    name: TagText
    value: TagText


class _ResendTemplate(_Closed):
    id: str
    variables: dict[str, str | float] | None = None


class ResendEmail(_Closed):
    from_: Mailbox = Field(alias="from")
    to: Annotated[list[Mailbox], Field(min_length=1, max_length=50)]
    subject: str
    bcc: list[Mailbox] | None = None
    cc: list[Mailbox] | None = None
    reply_to: Mailbox | list[Mailbox] | None = None
    html: str | None = None
    text: str | None = None
    headers: dict[TagText, Ascii] | None = None
    scheduled_at: str | None = None
    tags: list[_ResendTag] | None = None
    template: _ResendTemplate | None = None
    topic_id: str | None = None


class _PostmarkHeader(_Closed):
    Name: TagText
    Value: Ascii


class _PostmarkAttachment(_Closed):
    Name: str
    Content: Base64
    ContentType: str
    ContentID: Annotated[str, StringConstraints(pattern=r"^cid:.+$")] | None = None


MetadataKey = Annotated[str, StringConstraints(max_length=20)]
MetadataValue = Annotated[str, StringConstraints(max_length=80)]


class _PostmarkShared(_Closed):
    From: Mailbox
    Subject: Annotated[str, StringConstraints(max_length=2000)]
    Tag: str | None = None
    HtmlBody: str
    TextBody: str
    ReplyTo: Mailbox | None = None
    TrackOpens: bool
    TrackLinks: Literal["None", "HtmlAndText", "HtmlOnly", "TextOnly"]
    MessageStream: str
    Attachments: list[_PostmarkAttachment] | None = None


class PostmarkMessage(_PostmarkShared):
    To: Mailbox
    Headers: list[_PostmarkHeader]
    Metadata: dict[MetadataKey, MetadataValue]


class _PostmarkRecipient(_Closed):
    To: Mailbox
    TemplateModel: dict[str, str]
    Headers: list[_PostmarkHeader]
    Metadata: dict[MetadataKey, MetadataValue]


class PostmarkBulk(_PostmarkShared):
    InlineCss: bool
    Messages: Annotated[list[_PostmarkRecipient], Field(min_length=1)]


class _BrevoSender(_Closed):
    name: Annotated[str, StringConstraints(max_length=70)] | None = None
    email: Mailbox


class _BrevoReader(_Closed):
    name: Annotated[str, StringConstraints(max_length=70)] | None = None
    email: Mailbox
    contactPixelTrackingConsent: bool | None = None


class _BrevoVersion(_Closed):
    to: Annotated[list[_BrevoReader], Field(min_length=1, max_length=1)]
    subject: str
    textContent: str
    params: Annotated[dict[TagText, str], Field(min_length=1)]
    headers: dict[TagText, Ascii]


class BrevoCall(_Closed):
    sender: _BrevoSender
    replyTo: _BrevoSender | None = None
    subject: str
    htmlContent: str
    headers: dict[TagText, Ascii]
    messageVersions: Annotated[list[_BrevoVersion], Field(min_length=1, max_length=1000)]


class _MailjetMailbox(_Closed):
    Email: Mailbox
    Name: str | None = None


class _MailjetPicture(_Closed):
    ContentType: str
    Filename: str
    ContentID: str
    Base64Content: Base64


class _MailjetGlobals(_Closed):
    From: _MailjetMailbox
    ReplyTo: _MailjetMailbox | None = None
    TrackOpens: Literal["account_default", "disabled", "enabled"]
    TrackClicks: Literal["account_default", "disabled", "enabled"]
    Headers: dict[str, Ascii]
    InlinedAttachments: list[_MailjetPicture] | None = None
    TextPart: str | None = None
    HTMLPart: str | None = None
    TemplateLanguage: bool | None = None


class _MailjetMessage(_Closed):
    To: Annotated[list[_MailjetMailbox], Field(min_length=1, max_length=1)]
    Subject: Annotated[str, StringConstraints(max_length=255)]
    CustomID: TagText
    EventPayload: str
    Headers: dict[str, Ascii]
    Variables: Annotated[dict[str, str], Field(max_length=50)] | None = None
    TemplateLanguage: bool | None = None
    TextPart: str | None = None
    HTMLPart: str | None = None


class MailjetCall(_Closed):
    SandboxMode: bool | None = None
    Globals: _MailjetGlobals
    Messages: Annotated[list[_MailjetMessage], Field(min_length=1, max_length=50)]


class _SendGridMailbox(_Closed):
    email: Mailbox
    name: str | None = None


class _SendGridReader(_Closed):
    to: Annotated[list[_SendGridMailbox], Field(min_length=1, max_length=1)]
    headers: dict[TagText, Ascii]
    substitutions: dict[str, str]
    custom_args: dict[TagText, str]


class _SendGridContent(_Closed):
    type: Literal["text/plain", "text/html"]
    value: Annotated[str, StringConstraints(min_length=1)]


class _SendGridAttachment(_Closed):
    content: Base64
    type: str
    filename: str
    disposition: Literal["inline"]
    content_id: str


class _SendGridSwitch(_Closed):
    enable: bool
    enable_text: bool | None = None


class _SendGridTracking(_Closed):
    click_tracking: _SendGridSwitch
    open_tracking: _SendGridSwitch
    subscription_tracking: _SendGridSwitch
    ganalytics: _SendGridSwitch


class _SendGridMail(_Closed):
    footer: _SendGridSwitch
    sandbox_mode: _SendGridSwitch | None = None


class SendGridCall(_Closed):
    from_: _SendGridMailbox = Field(alias="from")
    reply_to: _SendGridMailbox | None = None
    subject: Annotated[str, StringConstraints(min_length=1)]
    content: Annotated[list[_SendGridContent], Field(min_length=2, max_length=2)]
    attachments: list[_SendGridAttachment] | None = None
    tracking_settings: _SendGridTracking
    mail_settings: _SendGridMail
    personalizations: Annotated[list[_SendGridReader], Field(min_length=1, max_length=1000)]


AwsHeaderName = Annotated[str, StringConstraints(pattern=r"^[!-9;-@A-~]+$", max_length=126)]
Disabled = Literal["ENABLED", "DISABLED"]


class _SesHeader(_Closed):
    Name: AwsHeaderName
    Value: Annotated[Ascii, StringConstraints(min_length=1, max_length=995)]


class _SesTag(_Closed):
    Name: TagText
    Value: TagText


class _SesDestination(_Closed):
    ToAddresses: Annotated[list[Mailbox], Field(min_length=1, max_length=1)]


class _SesTracking(_Closed):
    OpenTrackingEnabled: Disabled
    ClickTrackingEnabled: Disabled


class _SesOverrides(_Closed):
    Tracking: _SesTracking


class _SesShared(_Closed):
    ConfigurationSetName: str | None = None
    ConfigurationOverrides: _SesOverrides


class _SesContent(_Closed):
    Subject: str
    Text: str
    Html: str


class _SesAttachment(_Closed):
    RawContent: Base64
    ContentDisposition: Literal["ATTACHMENT", "INLINE"]
    FileName: Annotated[str, StringConstraints(max_length=255)]
    ContentId: Annotated[str, StringConstraints(min_length=1, max_length=78)]
    ContentTransferEncoding: Literal["BASE64", "QUOTED_PRINTABLE", "SEVEN_BIT"]
    ContentType: Annotated[str, StringConstraints(min_length=1, max_length=78)]


class _SesTemplate(_Closed):
    TemplateContent: _SesContent
    TemplateData: Annotated[str, StringConstraints(max_length=262_144)]
    Headers: Annotated[list[_SesHeader], Field(max_length=15)]
    Attachments: list[_SesAttachment] | None = None


class _SesDefault(_Closed):
    Template: _SesTemplate


class _SesValues(_Closed):
    ReplacementTemplateData: Annotated[str, StringConstraints(max_length=262_144)]


class _SesReplacement(_Closed):
    ReplacementTemplate: _SesValues


class _SesEntry(_Closed):
    Destination: _SesDestination
    ReplacementTags: list[_SesTag]
    ReplacementEmailContent: _SesReplacement
    ReplacementHeaders: Annotated[list[_SesHeader], Field(max_length=15)]


class SesBulk(_SesShared):
    FromEmailAddress: Annotated[Mailbox, Ascii]
    ReplyToAddresses: list[Mailbox] | None = None
    DefaultContent: _SesDefault
    BulkEmailEntries: Annotated[list[_SesEntry], Field(min_length=1, max_length=50)]


class _SesRaw(_Closed):
    Data: Base64


class _SesWhole(_Closed):
    Raw: _SesRaw


class SesSingle(_SesShared):
    Destination: _SesDestination
    Content: _SesWhole
    EmailTags: list[_SesTag]


MAILGUN = re.compile(
    r"from|to|cc|bcc|subject|text|html|amp-html|attachment|inline|template|recipient-variables|t:(version|text|variables)"
    r"|o:(tag|dkim|secondary-dkim(-public)?|deliver-within|deliverytime(-optimize-period)?|time-zone-localize|testmode"
    r"|tracking|tracking-clicks|tracking-opens|tracking-pixel-location-top|require-tls|skip-verification|sending-ip(-pool)?"
    r"|archive-to|suppress-headers)|[hv]:[A-Za-z][A-Za-z0-9-]*"
)
