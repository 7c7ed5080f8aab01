"""A workspace's settings: read from `pyproject.toml` or `newsletter.toml`, all problems at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from newsletter.errors import ConfigurationError, NotFound
from newsletter.model.age import Age, read_age
from newsletter.model.attribute import Attribute
from newsletter.model.explanation import did_you_mean, explain
from newsletter.model.fields import Language, Line, Text, Url, read_url
from newsletter.model.finding import Finding, Origin, Place, Severity
from newsletter.model.meant import Unfit
from newsletter.model.segment_text import RESERVED

FILE_NAMES = ("newsletter.toml", "pyproject.toml")
BUILT_IN = ("outbox", "null")
"""The kinds of provider that are there without settings."""
_ENVIRONMENT = "NEWSLETTER_"
_INLINE_KEY = re.compile(r"[{,]\s*([A-Za-z0-9_-]+|\"[^\"]+\")\s*=")


def _zone(value: object) -> object:
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"'{value}' is not a time zone; write one such as Europe/Vienna") from None
    return value


def _mailbox(value: object) -> object:
    if isinstance(value, str):
        if "\n" in value or "\r" in value:
            raise ValueError("has a line break; write it on one line")
        _, address = parseaddr(value)
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
            raise ValueError(f"'{value}' is not a mailbox; write Name <name@example.org>")
    return value


def _color(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(f"'{value}' is not a colour; write six digits such as #004b87")
    return value.lower() if isinstance(value, str) else value


def _list_name(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", value):
        raise ValueError(f"'{value}' is not a name; use small letters, digits and dashes")
    return value


def _variable(value: object) -> object:
    # A key written here by mistake must not be repeated in a message, which ends up in logs.
    if isinstance(value, str) and not re.fullmatch(r"[A-Z_][A-Z0-9_]*", value):
        raise ValueError("is not the name of an environment variable; write the name, never the secret itself")
    return value


def _topic(value: object) -> object:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    if isinstance(value, str) and not re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+", value):
        raise ValueError(f"'{value}' is not an SNS topic; write one such as arn:aws:sns:eu-west-1:123456789012:news")
    return value


def _approval(value: object) -> object:
    if isinstance(value, str) and value.casefold() in _YES_OR_NO:
        value = _YES_OR_NO[value.casefold()]
    if isinstance(value, bool):
        return {"required": value}
    if isinstance(value, (dict, ApprovalSettings)):
        return value
    raise ValueError(f"{value!r} is neither true nor false; write true, or {{required = true, not_author = true}}")


_YES_OR_NO = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def _service(value: object) -> object:
    if isinstance(value, str) and value.startswith(("smtp://", "smtps://")):
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError as error:
            raise ValueError(f"'{value}' is not an address: {error}") from None
        if not parts.hostname or parts.username or parts.path not in {"", "/"}:
            raise ValueError("is not the address of a mail server; write it such as smtp://mail.example.org:587")
        return value
    if isinstance(value, str) and urlsplit(value).username:
        raise ValueError(
            "has a user name or a password in it, which would be shown in messages; write the address alone"
        )
    return read_url(value)


def _address(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9._=-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+", value):
        raise ValueError(f"'{value}' is not an address for bounces; write one such as bounce@example.org")
    return value


Color = Annotated[str, BeforeValidator(_color)]
Mailbox = Annotated[str, BeforeValidator(_mailbox)]
Name = Annotated[str, BeforeValidator(_list_name)]
Length = Annotated[Age, BeforeValidator(read_age)]
"""A length of time, such as 18 months."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Logo(_Settings):
    """The masthead's picture; `src` and `dark` are paths below the issues folder."""

    src: Line
    dark: Line | None = None
    alt: Line
    width: int = Field(default=160, ge=16, le=600)


class Brand(_Settings):
    """How the newsletter looks like its sender."""

    color: Color = "#1f4b6e"
    accent: Color | None = None
    logo: Logo | None = None
    tagline: Line | None = None


def _list_id(value: object) -> object:
    # https://www.rfc-editor.org/rfc/rfc2919#section-3
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+", value):
        raise ValueError(f"'{value}' is not a List-Id; write one such as monthly.news.example.org")
    return value


class ListSettings(_Settings):
    """A subscriber list, as readers see it; `public` lists are offered in the form and on the preference page."""

    title: Line
    description: Text = ""
    language: Language | None = None
    public: bool = False
    list_id: Annotated[str, BeforeValidator(_list_id)] | None = None
    provider: Name | None = None


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


def _network(value: object) -> object:
    if isinstance(value, str):
        from ipaddress import ip_network

        try:
            return str(ip_network(value.strip(), strict=False))
        except ValueError:
            raise ValueError(f"'{value}' is not a network; write an address, or one such as 10.0.0.0/8") from None
    return value


def _origin(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?", value):
        raise ValueError(f"'{value}' is not where a page lives; write it without a path: https://www.example.org")
    return value.lower() if isinstance(value, str) else value


class Readers(_Settings):
    """The public service for readers."""

    languages: tuple[Language, ...] = ()
    """In which readers may choose to get the newsletter, and the pages are shown; none: any that there are words in."""
    topics: tuple[Line, ...] = ()
    """Which readers may choose."""
    privacy: Url | None = None
    """Where readers read what becomes of their data."""
    embed: tuple[Annotated[str, BeforeValidator(_origin)], ...] = ()
    """Web sites that may show the form in a frame."""
    trusted_proxies: tuple[Annotated[str, BeforeValidator(_network)], ...] = ()
    """Networks whose word is taken for where a request comes from."""


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


Variable = Annotated[str, BeforeValidator(_variable)]


class ProviderSettings(_Settings):
    """A mail API or transport; secrets are named, never written down. Each kind knows some of these."""

    kind: Name
    base_url: Annotated[str, BeforeValidator(_service)] | None = None
    api_key_env: Variable | None = None
    api_key_file: Line | None = None
    username: Line | None = None
    password_env: Variable | None = None
    password_file: Line | None = None
    tls: Literal["required", "never"] | None = None
    """Of a connection that begins in the clear; without it: required, except on this machine itself."""
    bounces: Annotated[str, BeforeValidator(_address)] | None = None
    """The mailbox that mails which come back go to; without it that of `from`."""
    verp: bool = True
    """Whether each message comes back to an address of its own: `bounce+TOKEN@example.org`."""
    domain: Line | None = None
    region: Literal["us", "eu"] | None = None
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
    topics: tuple[Annotated[str, BeforeValidator(_topic)], ...] = ()
    """Of Amazon SNS, whose messages count."""
    quota: int | None = Field(default=None, gt=0)
    """How many may be written to in 24 hours."""
    settle_minutes: float | None = Field(default=None, ge=0, le=24 * 60)
    """How long the provider takes until a search finds a message for certain."""
    price_per_thousand: float | None = Field(default=None, ge=0)
    currency: Line = "EUR"


class LintSettings(_Settings):
    """What `newsletter lint` looks for; codes and names of parameters are known to the rules themselves."""

    levels: dict[str, Literal["off", "note", "warning", "error"]] = Field(default_factory=dict)
    """How much a rule matters: its code → level."""
    parameters: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """A rule's own settings: its code → name → value."""
    clients: tuple[Line, ...] = ()
    """The mail clients to care for, such as `gmail.*` or `outlook.windows`; none means the usual ones."""


class TrackingSettings(_Settings):
    """What is done with what providers tell about readers."""

    opens: bool = False
    """Whether opens are recorded for each reader; without it, they are only counted for each issue."""
    clicks: bool = False
    soft_bounces: int = Field(default=3, ge=1, le=100)
    """After how many soft bounces of issues in a row an address is not written to any more."""


class ApprovalSettings(_Settings):
    """Whether `send` wants an approval, and whether it must come from another person than the issue's last author."""

    required: bool = True
    not_author: bool = False


class Settings(_Settings):
    """Everything under `[tool.newsletter]`."""

    title: Line
    sender: Mailbox = Field(alias="from")
    reply_to: Mailbox | None = None
    zone: Annotated[ZoneInfo, BeforeValidator(_zone)]
    language: Language = "en"
    site: Url | None = None
    public_url: Url | None = None
    postal_address: Line
    database: Line = "sqlite:///.newsletter/newsletter.db"
    provider: Name = "outbox"
    approval: Annotated[ApprovalSettings, BeforeValidator(_approval)] = ApprovalSettings(required=False)
    auto_submitted: Literal["auto-generated", "no"] | None = None
    """What `Auto-Submitted` says (RFC 3834): `auto-generated` keeps away most out-of-office answers."""
    images: Literal["inline", "linked"] | None = None
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
    tracking: TrackingSettings = TrackingSettings()
    types: dict[Name, Line] = Field(default_factory=dict)
    """A team's own entry types: name → `module:Class`."""

    @model_validator(mode="after")
    def _names_known_providers(self) -> Settings:
        known = {*BUILT_IN, *self.providers}
        for name in (self.provider, *(item.provider for item in self.lists.values() if item.provider)):
            if name not in known:
                meant = did_you_mean(name, known)
                raise ValueError(
                    f"no provider is called '{name}'; " + (f"did you mean '{meant}'?" if meant else "")
                    or f"the providers are {', '.join(sorted(known))}"
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
        meant = did_you_mean(name, self.lists)
        known = ", ".join(self.lists)
        add = f"add a section [lists.{name}] with a title (in pyproject.toml: [tool.newsletter.lists.{name}])"
        raise NotFound(
            f"there is no list called '{name}'" + (f"; did you mean '{meant}'?" if meant else ""),
            why=f"the lists in the settings are {known}" if known else "the settings have no lists yet",
            fix=f"write '{meant}', or {add}" if meant else add,
        )

    @property
    def linked_images(self) -> bool:
        """Whether pictures are fetched from `public_url` instead of travelling in the message."""
        return self.images == "linked" if self.images else self.public_url is not None


@dataclass(frozen=True)
class Workspace:
    """A team's folder: where things are and what it has set."""

    root: Path
    file: Path
    settings: Settings

    @cached_property
    def issues(self) -> Path:
        """The folder with one folder an issue, and `images/`."""
        return self.root / self.settings.issues

    @cached_property
    def entries(self) -> Path:
        """The folder with the entry files."""
        return self.root / self.settings.entries

    @cached_property
    def templates(self) -> Path:
        """The workspace's own templates, which win over the shipped ones file by file."""
        return self.root / "templates"

    @cached_property
    def state(self) -> Path:
        """The folder that is never in git: database, outbox, caches."""
        return self.root / self.settings.state

    @cached_property
    def origin(self) -> Origin:
        """Where each setting stands."""
        return Origin(self.file.name, _marks(self.file)) if self.file.is_file() else Origin(self.file.name)

    def relative(self, path: Path) -> str:
        """Return a path as findings name it."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()


def load(start: Path | None = None, environment: Mapping[str, str] | None = None) -> Workspace:
    """Find the workspace at `start` or above it and read its settings.

    Raises ConfigurationError where there is none, or with every problem of its settings.
    """
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        for name in FILE_NAMES:
            file = folder / name
            if file.is_file():
                table = _table(file)
                if table is not None:
                    settings = _settings(file, table, os.environ if environment is None else environment)
                    return Workspace(folder, file, settings)
    raise ConfigurationError(
        f"there is no newsletter in {begin} or above it",
        why="a workspace is a folder with newsletter.toml, or with [tool.newsletter] in pyproject.toml",
        fix="go into your newsletter's folder, or make a new one with: newsletter init my-newsletter",
    )


def _table(file: Path) -> dict[str, Any] | None:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigurationError(
            f"{file.name} cannot be read",
            findings=[
                Finding(
                    "CFG001",
                    Severity.ERROR,
                    "the file is not saved as UTF-8",
                    Place(file.name, line),
                    why="letters such as ü would come out wrong",
                    fix="save it again as UTF-8; in most editors under Save As, Encoding",
                )
            ],
        ) from None
    except tomllib.TOMLDecodeError as error:
        position = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        place = Place(file.name, int(position[1]), int(position[2])) if position else Place(file.name)
        raise ConfigurationError(
            f"{file.name} cannot be read",
            findings=[
                Finding(
                    "CFG001",
                    Severity.ERROR,
                    f"not valid TOML: {re.sub(r' ?[(]at .*[)]', '', str(error))}",
                    place,
                    why="settings are read before anything else",
                    fix='correct the line; texts stand in quotes: title = "Our newsletter"',
                )
            ],
        ) from None
    if file.name == "newsletter.toml":
        return document
    table = document.get("tool", {}).get("newsletter")
    return table if isinstance(table, dict) else None


def _settings(file: Path, table: dict[str, Any], environment: Mapping[str, str]) -> Settings:
    values = dict(table)
    overruled: dict[str, str] = {}
    for name, info in Settings.model_fields.items():
        key = info.alias or name
        value = environment.get(_ENVIRONMENT + key.upper())
        if value is not None and not isinstance(table.get(key), dict):
            values[key] = value
            overruled[key] = _ENVIRONMENT + key.upper()
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        origin = Origin(file.name, _marks(file))
        findings = explain(error, Settings, origin, "CFG")
        raise ConfigurationError(
            "the settings cannot be used", findings=[_in_toml(finding, overruled) for finding in findings]
        ) from None


def _in_toml(finding: Finding, overruled: Mapping[str, str]) -> Finding:
    """Return a finding with its fix as TOML has it, and at the variable of the environment that brought the value."""
    variable = overruled.get(finding.field.partition(".")[0])
    return replace(
        finding,
        fix=re.sub(r"`([\w.-]+): ?", r"`\1 = ", finding.fix),
        place=Place(f"the environment variable {variable}") if variable else finding.place,
    )


def _marks(file: Path) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Return line and column of each key; a plain scan, because tomllib keeps no positions."""
    prefix: tuple[str, ...] = ()
    skip = 0 if file.name == "newsletter.toml" else 2
    marks: dict[tuple[str | int, ...], tuple[int, int]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if header:
            parts = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if skip and parts[:2] != ("tool", "newsletter"):
                prefix = ("\0",)
                continue
            prefix = parts[skip:]
            marks.setdefault(prefix, (number, 1))
            continue
        key = re.match(r"\s*([A-Za-z0-9_-]+|\"[^\"]+\")\s*=", line)
        if key:
            path = (*prefix, key[1].strip('"'))
            marks.setdefault(path, (number, key.start(1) + 1))
            if line[key.end() :].lstrip().startswith("{"):
                for inner in _INLINE_KEY.finditer(line, key.end()):
                    marks.setdefault((*path, inner[1].strip('"')), (number, inner.start(1) + 1))
    return marks
