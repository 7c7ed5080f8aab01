"""Which uses of a template some of the workspace's mail clients do not support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.checks.clients.support import Feature, features, named
from newsletter.checks.clients.uses import Use, uses
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.wording import listed

USUAL = (
    "apple-mail.*",
    "gmail.desktop-webmail",
    "gmail.ios",
    "gmail.android",
    "outlook.windows",
    "outlook.macos",
    "outlook.outlook-com",
    "outlook.ios",
    "outlook.android",
    "yahoo.*",
    "samsung-email.*",
    "thunderbird.*",
)
"""Clients that matter to nearly everybody; Windows Mail is discontinued, and Gmail's mobile web mail hardly used."""

# What nobody misses where it is missing: ornament, motion, typography, and improvements of what works without.
GRACEFUL = frozenset(
    """
    css-accent-color css-animation css-at-font-face css-at-keyframes css-at-media css-at-media-device-pixel-ratio
    css-at-media-hover css-at-media-orientation css-at-media-prefers-color-scheme css-at-media-prefers-reduced-motion
    css-at-supports css-backdrop-filter css-border-radius css-border-radius-logical css-box-shadow css-box-sizing
    css-color-scheme css-comments css-cursor css-empty-cells css-filter css-font-kerning css-font-size-adjust
    css-font-stretch css-hyphenate-character css-hyphenate-limit-chars css-hyphens css-important css-letter-spacing
    css-linear-gradient css-radial-gradient css-conic-gradient css-max-height css-min-height css-height
    css-mix-blend-mode css-opacity css-orphans css-outline css-outline-offset css-overflow css-overflow-wrap
    css-pseudo-class-active css-pseudo-class-focus css-pseudo-class-focus-visible css-pseudo-class-focus-within
    css-pseudo-class-hover css-pseudo-class-link css-pseudo-class-visited css-pseudo-element-first-letter
    css-pseudo-element-first-line css-resize css-selector-attribute css-selector-child css-selector-class
    css-selector-descendant css-selector-grouping css-selector-id css-selector-type css-sytem-ui css-tab-size
    css-text-decoration-color css-text-decoration-skip-ink css-text-decoration-style css-text-decoration-thickness
    css-text-emphasis css-text-emphasis-position css-text-indent css-text-overflow css-text-shadow css-text-justify
    css-text-underline-offset css-text-underline-position css-text-wrap css-text-align-last css-transition
    css-user-select css-white-space css-white-space-collapse css-widows css-word-break css-word-spacing css-word-wrap
    html-abbr html-acronym html-address html-aria-describedby html-aria-hidden html-aria-label html-aria-labelledby
    html-aria-live html-bdi html-comments html-dfn html-lang html-loading-attribute html-meta-color-scheme html-role
    html-target html-wbr
    """.split()
)


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A use, and the clients that do not support it."""

    use: Use
    feature: Feature
    clients: tuple[str, ...]


def unsupported(mjml: str, clients: tuple[str, ...]) -> tuple[Unsupported, ...]:
    """Return the uses in a document that some of these clients do not support, each feature once a place.

    What stands under a condition, such as for phones or for the dark, is an improvement of what works without it.
    """
    return _unsupported(mjml, named(clients or USUAL))


@lru_cache(maxsize=8)
def _unsupported(mjml: str, clients: tuple[str, ...]) -> tuple[Unsupported, ...]:
    known = features()
    missing = {slug: lacking for slug, feature in known.items() if (lacking := feature.missing(clients))}
    return tuple(
        Unsupported(use, known[use.slug], missing[use.slug])
        for use in uses(mjml)
        if use.slug in missing and use.slug not in GRACEFUL and not use.inside
    )


def faults(subject: Subject, rule: Rule, *kinds: str) -> Iterator[Fault]:
    """Yield a fault for each place of a template that uses a feature of some kinds which clients do not support."""
    accepted = frozenset(subject.words(rule, "accepted"))
    for page in subject.pages:
        seen: set[tuple[str, str]] = set()
        for found in unsupported(page.edition.mjml, subject.clients):
            if found.feature.kind not in kinds or found.feature.slug in accepted:
                continue
            place = page.mjml_place(found.use.start)
            if (str(place), found.feature.slug) in seen:
                continue
            seen.add((str(place), found.feature.slug))
            message = f"{found.use.words} is not supported by {_listed(found.clients, named(subject.clients or USUAL))}"
            yield Fault(message, place, fix=f"do without it, or accept it; see {found.feature.url}")


def _listed(missing: tuple[str, ...], asked: tuple[str, ...]) -> str:
    """Return clients as people call them, a family as a whole where none of its clients is better."""
    parts = []
    for family in dict.fromkeys(client.partition(".")[0] for client in missing):
        lacking = [client for client in missing if client.startswith(f"{family}.")]
        name = _NAMES.get(family, family.replace("-", " ").title())
        if len(lacking) == sum(client.startswith(f"{family}.") for client in asked):
            parts.append(name)
        else:
            platforms = [client.partition(".")[2] for client in lacking]
            parts.append(f"{name} ({', '.join(_NAMES.get(platform, platform) for platform in platforms)})")
    return listed(parts)


_NAMES = {
    "aol": "AOL",
    "android": "Android",
    "apple-mail": "Apple Mail",
    "desktop-webmail": "web",
    "fastmail": "Fastmail",
    "free-fr": "Free.fr",
    "gmail": "Gmail",
    "gmx": "GMX",
    "hey": "HEY",
    "ionos-1and1": "1&1",
    "ios": "iOS",
    "laposte": "LaPoste.net",
    "macos": "macOS",
    "mail-ru": "Mail.ru",
    "mobile-webmail": "mobile web",
    "outlook": "Outlook",
    "outlook-com": "Outlook.com",
    "protonmail": "Proton Mail",
    "rainloop": "RainLoop",
    "samsung-email": "Samsung Email",
    "sfr": "SFR",
    "t-online-de": "T-online",
    "web-de": "WEB.DE",
    "windows": "Windows",
    "windows-mail": "Windows Mail",
    "wp-pl": "WP.pl",
    "yahoo": "Yahoo Mail",
}
