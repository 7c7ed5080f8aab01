"""What mail clients support, by the data of https://www.caniemail.com (MIT, see LICENSE)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

NO = "n"


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that a mail can use. `kind` and `names` say how it is recognised."""

    slug: str
    title: str
    kind: str
    names: tuple[str, ...]
    support: Mapping[str, str]
    """Client → y(es), a(lmost), n(o) or u(nknown)."""

    @property
    def url(self) -> str:
        """Where caniemail says more."""
        return f"https://www.caniemail.com/features/{self.slug}/"

    def missing(self, clients: Iterable[str]) -> tuple[str, ...]:
        """Return those of some clients that do not support it at all."""
        return tuple(client for client in clients if self.support.get(client) == NO)


@cache
def features() -> Mapping[str, Feature]:
    """Return all features by their slugs."""
    data = json.loads(files(__package__).joinpath("support.json").read_text(encoding="utf-8"))
    clients = data["clients"]
    return {
        slug: Feature(slug, title, kind, tuple(names), dict(zip(clients, letters, strict=True)))
        for slug, title, kind, names, letters in data["features"]
    }


@cache
def known_clients() -> tuple[str, ...]:
    """Return the names of all clients, such as `gmail.ios`."""
    return tuple(next(iter(features().values())).support)


@cache
def named(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the clients that patterns such as `gmail.*` or `outlook.windows` mean."""
    return tuple(client for client in known_clients() if any(fnmatchcase(client, pattern) for pattern in patterns))


@cache
def by_name() -> Mapping[tuple[str, str], str]:
    """Return the slug of the feature of a kind with a name, such as `("property", "gap")`."""
    found: dict[tuple[str, str], str] = {}
    for feature in features().values():
        if feature.kind in {"pair", "typed"}:
            found[feature.kind, ":".join(feature.names)] = feature.slug
        else:
            found.update(((feature.kind, name), feature.slug) for name in feature.names)
    return found
