"""Everything that can be set, by section."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from newsletter.config.tracking import TrackingSettings
from newsletter.config.translations import ListTranslation, Translation, Translations, said, spoken
from newsletter.config.values import (
    BounceAddress,
    Color,
    ListId,
    MailAddresses,
    Mailbox,
    Name,
    Network,
    Origin,
    PublicUrl,
    Region,
    Service,
    Topic,
    Variable,
    WebAddress,
    Zone,
)
from newsletter.errors import NotFound
from newsletter.model.age import Length
from newsletter.model.attribute import Attribute
from newsletter.model.fields import Language, Line, Text, Url
from newsletter.model.meant import Unfit, did_you_mean, suggestion
from newsletter.model.segment_text import RESERVED
from newsletter.model.url import is_reserved

BUILT_IN = ("outbox", "null")
"""The kinds of provider that are there without settings."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Logo(_Settings):
    """The masthead's picture; `src` and `dark` are paths below the issues folder."""

    src: Line
    dark: Line | None = None
    alt: Line
    width: int | None = Field(default=None, ge=16, le=600)
    """In CSS pixels; without it a sign has as much room as its shape needs."""


class Brand(_Settings):
    """How the newsletter looks like its sender."""

    color: Color = "#1f4b6e"
    accent: Color | None = None
    logo: Logo | None = None
    tagline: Line | None = None


class ListSettings(_Settings):
    """A subscriber list, as readers see it.

    `public` lists are offered in the form and on the preference page; what went to lists with an `archive` alone is
    shown to everybody below `/issues`.
    """

    title: Line
    description: Text = ""
    language: Language | None = None
    public: bool = False
    archive: bool = False
    list_id: ListId | None = None
    provider: Name | None = None
    translations: Translations[ListTranslation] = Field(default_factory=dict)


class Retention(_Settings):
    """How long data about people is kept; what is left out is kept until somebody erases it.

    `newsletter subscribers tidy` applies it.
    """

    unconfirmed: Length | None = None
    """Sign-ups that were never confirmed."""
    unsubscribed: Length | None = None
    """People who left every list; after that only a keyed hash keeps imports from bringing them back."""
    deliveries: Length | None = None
    """Address, name and the provider's notes in the ledger, counted from the end of the mailing."""
    events: Length | None = None
    """Whose an event is: opened, clicked, bounced."""
    messages: Length | None = None
    """Messages that were written as files: the outbox, with letters and proofs, and samples."""


class Readers(_Settings):
    """The public service for readers."""

    languages: tuple[Language, ...] = ()
    """In which readers may choose to get the newsletter, and the pages are shown; none: any that there are words in."""
    topics: tuple[Line, ...] = ()
    """Which readers may choose."""
    privacy: Url | None = None
    """Where readers read what becomes of their data."""
    embed: tuple[Origin, ...] = ()
    """Web sites that may show the form in a frame."""
    trusted_proxies: tuple[Network, ...] = ()
    """Networks whose word is taken for where a request comes from."""
    withdrawn: tuple[Line, ...] = ()
    """Issues that the archive no longer shows."""


class Rate(_Settings):
    """How fast a provider may be called, how many may be written to, or both."""

    calls: float | None = Field(default=None, gt=0)
    recipients: float | None = Field(default=None, gt=0)
    per: Literal["second", "minute", "hour"] = "second"

    @model_validator(mode="after")
    def _limits_something(self) -> Rate:
        if self.calls is None and self.recipients is None:
            raise ValueError('limits nothing; write {calls = 5, per = "second"} or {recipients = 1000, per = "minute"}')
        return self

    @property
    def calls_per_second(self) -> float | None:
        """Calls a second."""
        return None if self.calls is None else self.calls / self._seconds

    @property
    def recipients_per_second(self) -> float | None:
        """Recipients a second."""
        return None if self.recipients is None else self.recipients / self._seconds

    @property
    def _seconds(self) -> int:
        return {"second": 1, "minute": 60, "hour": 3600}[self.per]


class ProviderSettings(_Settings):
    """A mail API or transport; secrets are named, never written down. Each kind knows some of these."""

    kind: Name
    base_url: Service | None = None
    api_key_env: Variable | None = None
    api_key_file: Line | None = None
    access_key_env: Variable | None = None
    access_key_file: Line | None = None
    secret_key_env: Variable | None = None
    secret_key_file: Line | None = None
    session_token_env: Variable | None = None
    session_token_file: Line | None = None
    """Of access keys that hold for a time only."""
    configuration_set: Line | None = None
    """Amazon's rules for a message, which among others say where its events are told."""
    username: Line | None = None
    password_env: Variable | None = None
    password_file: Line | None = None
    tls: Literal["required", "never"] | None = None
    """Of a connection that begins in the clear; without it: required, except on this machine itself."""
    bounces: BounceAddress | None = None
    """The mailbox that mails which come back go to; without it that of `from`."""
    verp: bool = True
    """Whether each message comes back to an address of its own: `bounce+TOKEN@example.org`."""
    domain: Line | None = None
    region: Region | None = None
    stream: Line | None = None
    bulk: bool = False
    test: bool = False
    """Whether messages are taken but never delivered, where the provider can do that."""
    rate: Rate | None = None
    webhook_secret_env: Variable | None = None
    webhook_secret_file: Line | None = None
    webhook_previous_env: Variable | None = None
    webhook_previous_file: Line | None = None
    """The secret before the last change, good until the provider uses the new one."""
    topics: tuple[Topic, ...] = ()
    """Of Amazon SNS, whose messages count."""
    quota: int | None = Field(default=None, gt=0)
    """How many may be written to in 24 hours."""
    settle_minutes: float | None = Field(default=None, ge=0, le=24 * 60)
    """How long the provider takes until a search finds a message for certain."""
    price_per_thousand: float | None = Field(default=None, ge=0)
    currency: Line = "EUR"


class SourceSettings(_Settings):
    """A web site whose feed offers entries; `newsletter fetch` makes drafts of what the team chooses."""

    url: WebAddress
    """Of the feed, in RSS, Atom or JSON Feed, or of a page that names it."""
    type: Name = "news"
    """What an entry from there is."""
    topics: tuple[Line, ...] = ()
    """Which each entry gets, besides those of its own that the newsletter has as well."""
    language: Language | None = None
    """What the entries are written in; without it what the feed says, or the newsletter's own."""
    private: bool = False
    """Whether it lies in the organisation's own network."""


class LintSettings(_Settings):
    """What `newsletter lint` looks for; codes and names of parameters are known to the rules themselves."""

    levels: dict[str, Literal["off", "note", "warning", "error"]] = Field(default_factory=dict)
    """How much a rule matters: its code → level."""
    parameters: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """A rule's own settings: its code → name → value."""
    clients: tuple[Line, ...] = ()
    """The mail clients to care for, such as `gmail.*` or `outlook.windows`; none means the usual ones."""


class ApprovalSettings(_Settings):
    """Whether `send` wants an approval, and whether it must come from another person than the issue's last author."""

    required: bool = True
    not_author: bool = False


Chat = Literal["teams", "discord", "google", "other"]
"""Where a webhook leads, as far as it takes a form of its own."""


class NoticeSettings(_Settings):
    """Who of the team is told how a mailing stands that a worker has sent."""

    to: MailAddresses = ()
    webhook_env: Variable | None = None
    """The variable with the address under which a chat takes messages."""
    chat: Chat | None = None
    """Which chat that is, where its address does not tell."""

    @property
    def anybody(self) -> bool:
        """Whether anybody is told."""
        return bool(self.to or self.webhook_env)


_YES_OR_NO = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def _approval(value: object) -> object:
    if isinstance(value, str) and value.casefold() in _YES_OR_NO:
        value = _YES_OR_NO[value.casefold()]
    if isinstance(value, bool):
        return {"required": value}
    if isinstance(value, (dict, ApprovalSettings)):
        return value
    raise ValueError(f"{value!r} is neither true nor false; write true, or {{required = true, not_author = true}}")


class Settings(_Settings):
    """Everything under `[tool.newsletter]`."""

    title: Line
    sender: Mailbox = Field(alias="from")
    reply_to: Mailbox | None = None
    proof_to: MailAddresses = ()
    """Who of the team gets a proof, where nobody is named."""
    zone: Zone
    language: Language = "en"
    site: Url | None = None
    public_url: PublicUrl | None = None
    postal_address: Line
    database: Line = "sqlite:///.newsletter/newsletter.db"
    provider: Name = "outbox"
    approval: Annotated[ApprovalSettings, BeforeValidator(_approval)] = ApprovalSettings(required=False)
    auto_submitted: Literal["auto-generated", "no"] | None = None
    """What `Auto-Submitted` says (RFC 3834): `auto-generated` keeps away most out-of-office answers."""
    images: Literal["inline", "linked"] | None = None
    proxy: Literal["system"] | None = None
    """Whether web sites and mail APIs are asked through the proxy that the system names; without it none is used."""
    entries: Line = "issues/entries"
    issues: Line = "issues"
    state: Line = ".newsletter"
    brand: Brand = Brand()
    lint: LintSettings = LintSettings()
    lists: dict[Name, ListSettings] = Field(default_factory=dict)
    readers: Readers = Readers()
    attributes: dict[Name, Attribute] = Field(default_factory=dict)
    retention: Retention = Retention()
    providers: dict[Name, ProviderSettings] = Field(default_factory=dict)
    sources: dict[Name, SourceSettings] = Field(default_factory=dict)
    tracking: TrackingSettings = TrackingSettings()
    notices: NoticeSettings = NoticeSettings()
    types: dict[Name, Line] = Field(default_factory=dict)
    """A team's own entry types: name → `module:Class`."""
    translations: Translations[Translation] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_known_providers(self) -> Settings:
        known = {*BUILT_IN, *self.providers}
        for name in (self.provider, *(item.provider for item in self.lists.values() if item.provider)):
            if name not in known:
                meant = did_you_mean(name, known)
                hint = f"did you mean '{meant}'?" if meant else f"there are {', '.join(sorted(known))}"
                raise Unfit(
                    f"no provider is called '{name}'; {hint}",
                    fix=f"write '{meant}'" if meant else f"add a section [providers.{name}], or name one that there is",
                    field="provider" if name == self.provider else "lists",
                )
        return self

    @model_validator(mode="after")
    def _sources_give_known_types(self) -> Settings:
        if not self.sources:
            return self
        from newsletter.model.entry import SHIPPED_TYPES, type_of

        known = {*(type_of(model) for model in SHIPPED_TYPES), *self.types}
        for name, source in self.sources.items():
            if source.type not in known:
                meant = did_you_mean(source.type, known)
                raise Unfit(
                    f"the source '{name}' gives entries of the type '{source.type}', which there is not",
                    fix=f"write '{meant}'" if meant else f"write one of {', '.join(sorted(known))}",
                    field=f"sources.{name}.type",
                )
        return self

    @model_validator(mode="after")
    def _attributes_have_names_of_their_own(self) -> Settings:
        for name, attribute in self.attributes.items():
            if name in RESERVED or (name == "country" and attribute.type != "country"):
                raise Unfit(
                    f"an attribute cannot be called '{name}'"
                    if name in RESERVED
                    else "the attribute 'country' is of the type \"country\"",
                    fix="call it something else" if name in RESERVED else 'write type = "country"',
                    field="attributes",
                )
        return self

    @model_validator(mode="after")
    def _links_pictures_somewhere(self) -> Settings:
        if self.images == "linked" and self.public_url is None:
            raise ValueError('`images = "linked"` needs `public_url`, from where readers fetch them')
        return self

    def known_list(self, name: str) -> str:
        """Return the name of a list that the settings have; raise NotFound for another."""
        if name in self.lists:
            return name
        # People know a list by its title.
        titled = {item.title.casefold(): known for known, item in self.lists.items()}
        called = titled.get(name.casefold(), "")
        meant = called or did_you_mean(name, self.lists)
        known = ", ".join(self.lists)
        add = f"add a section [lists.{name}] with a title (in pyproject.toml: [tool.newsletter.lists.{name}])"
        raise NotFound(
            f"there is no list called '{name}'{suggestion(meant)}",
            why=f"the lists in the settings are {known}" if known else "the settings have no lists yet",
            fix=f"write '{called}', which has that title" if called else f"write '{meant}', or {add}" if meant else add,
        )

    def list_title(self, name: str) -> str:
        """Return what readers call a list, or its name where the settings have it no more."""
        return self.lists[name].title if name in self.lists else name

    @property
    def is_trial(self) -> bool:
        """Whether the sender is still an example: then nothing is sent to anybody."""
        return is_reserved(parseaddr(self.sender)[1].rpartition("@")[2].lower())

    def reaches_readers(self, provider: str) -> bool:
        """Whether emails through a provider leave this machine; through one that there is no more, they have."""
        kind = self.providers[provider].kind if provider in self.providers else provider
        return kind not in BUILT_IN

    def in_language(self, language: str) -> Settings:
        """Return the settings as readers of a language see them; what has no words in it stays as it is."""
        words = spoken(self.translations, language)
        lists = {
            name: said(spoken(item.translations, language), "title", "description") for name, item in self.lists.items()
        }
        if words is None and not any(lists.values()):
            return self
        return self.model_copy(
            update=said(words, "title", "postal_address")
            | {
                "brand": self.brand.model_copy(update=said(words, "tagline")),
                "lists": {name: item.model_copy(update=lists[name]) for name, item in self.lists.items()},
            }
        )

    @property
    def linked_images(self) -> bool:
        """Whether pictures are fetched from `public_url` instead of travelling in the message."""
        return self.images == "linked" if self.images else self.public_url is not None
