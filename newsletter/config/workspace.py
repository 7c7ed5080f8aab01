"""A workspace: found from the current folder upwards, with every problem of its settings at once."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from newsletter.config import shell, toml
from newsletter.config.settings import Settings
from newsletter.errors import ConfigurationError
from newsletter.model import shape
from newsletter.model.explanation import explain
from newsletter.model.finding import Finding, Origin, Place, Severity
from newsletter.model.meant import slip

FILE_NAMES = ("newsletter.toml", "pyproject.toml")
_ENVIRONMENT = "NEWSLETTER_"

_SECRETS = {
    "access_key": "access_key_env",
    "api_key": "api_key_env",
    "api_secret": "secret_key_env",
    "api_token": "api_key_env",
    "apikey": "api_key_env",
    "key": "api_key_env",
    "password": "password_env",
    "secret": "secret_key_env",
    "secret_key": "secret_key_env",
    "server_token": "api_key_env",
    "session_token": "session_token_env",
    "token": "api_key_env",
    "webhook_secret": "webhook_secret_env",
}
"""Settings of a provider in which people write a secret, each with the one that names its variable."""
_SERVER = frozenset({"host", "hostname", "port", "server", "smtp_host", "smtp_port", "smtp_server"})
"""What other programs call the parts of a mail server's address."""


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
    def shown_settings(self) -> Settings:
        """The settings that templates may show anybody; the address of a database may hold its password."""
        return self.settings.model_copy(update={"database": "", "providers": {}})

    @cached_property
    def origin(self) -> Origin:
        """Where each setting stands."""
        return Origin(self.file.name, _marks(self.file)) if self.file.is_file() else Origin(self.file.name)

    def in_language(self, language: str) -> Workspace:
        """Return the workspace with the settings as readers of a language see them."""
        spoken = self.settings.in_language(language)
        return self if spoken is self.settings else replace(self, settings=spoken)

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


def misspelt_variables(workspace: Workspace, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables of the environment that overrule nothing, each with the one that was probably meant."""
    given = os.environ if environment is None else environment
    known = {_ENVIRONMENT + (info.alias or name).upper() for name, info in Settings.model_fields.items()}
    secrets = set(_texts(workspace.settings.model_dump()))
    others = sorted(name for name in given if name.startswith(_ENVIRONMENT) and name not in known | secrets)
    # DATABASE_URL is what most other programs call it.
    meant = {name: slip(name.removesuffix("_URL"), known) for name in others}
    return {name: word for name, word in meant.items() if word}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)


def _table(file: Path) -> dict[str, Any] | None:
    try:
        document = toml.parse(file.read_text(encoding="utf-8-sig"))
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
        raise ConfigurationError(f"{file.name} cannot be read", findings=[toml.mistake(file, error)]) from None
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
    name = finding.field.replace(".", " ")
    message, fix = (words.replace(f"`{name}`", f"`{finding.field}`") for words in (finding.message, finding.fix))
    elsewhere = _elsewhere(finding)
    return replace(
        finding,
        # Which other name was meant is no question where the name is known, and only its place is not.
        message=message.partition("; did you mean")[0] if elsewhere else message,
        fix=_secret(finding.field) or elsewhere or toml.assignments(fix),
        place=Place(f"the environment variable {variable}") if variable else finding.place,
    )


def _secret(field: str) -> str:
    """Return what to write instead of a setting that would hold a key itself, or nothing."""
    where, _, name = field.rpartition(".")
    named = _SECRETS.get(name) if where.startswith("providers.") else None
    if not named:
        return ""
    return (
        f'write `{named} = "NEWS_API_KEY"`, the name of an environment variable, and give the secret to that variable '
        f"before you start newsletter: {shell.variable('NEWS_API_KEY')}; if others could read it here, ask your "
        "provider for a new one"
    )


def _elsewhere(finding: Finding) -> str:
    """Return where a setting belongs that does not exist where it stands, or nothing."""
    where, _, name = finding.field.rpartition(".")
    if finding.code != "CFG004":
        return ""
    if where.startswith("providers.") and name in _SERVER:
        return 'write server and port together: `base_url = "smtp://mail.example.org:587"`'
    if where and name in shape.names(Settings):
        return f"move the line up, above the first line in square brackets: here it counts for [{where}]"
    known = {table: shape.names(shape.model_at(Settings, (table,))) for table in sorted(shape.names(Settings))}
    tables = [table for table, inside in known.items() if name in inside]
    return "" if where or not tables else f"move the line down, below a line [{tables[0]}]"


def _marks(file: Path) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Return line and column of each setting in a file."""
    below = () if file.name == "newsletter.toml" else ("tool", "newsletter")
    return toml.marks(file.read_text(encoding="utf-8-sig"), below)
