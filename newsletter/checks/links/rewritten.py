"""Are addresses those of the pages, and not of a program that watches over links?"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, unquote

from newsletter.checks.links.found import Link, links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

# Each with the parameters that may hold the page's own address; empty where it is not readable.
_HOSTS = {
    "safelinks.protection.outlook.com": "url",
    "google.com/url": "url q",
    "l.facebook.com/l.php": "u",
    "lm.facebook.com/l.php": "u",
    "l.instagram.com": "u",
    "linkedin.com/safety/go": "url",
    "linkedin.com/redir/redirect": "url",
    "slack-redir.net/link": "url",
    "youtube.com/redirect": "q",
    "linkprotect.cudasvc.com/url": "a",
    "deref-gmx.net": "redirectUrl",
    "deref-web.de": "redirectUrl",
    "urldefense.proofpoint.com": "",
    "urldefense.com": "",
    "urldefense.us": "",
    "mimecastprotect.com": "",
    "protect.checkpoint.com": "",
    "secure-web.cisco.com": "",
    "urlsand.esvalabs.com": "",
}
_PROOFPOINT = re.compile(r"/v3/__(?P<url>https?:/.+?)__;")
_GOOGLE = re.compile(r"google\.(?:co\.|com\.)?[a-z]{2,3}$")


def _check(subject: Subject) -> Iterator[Fault]:
    for link in links_of(subject):
        name = next((name for name in _HOSTS if _is_at(link, name)), None)
        if name is None:
            continue
        clean = _behind(link, _HOSTS[name])
        edit = subject.replacing(link.passage, link.start, link.end, clean) if clean else None
        message = f"{link.host} stands before the address of the page"
        yield Fault(message, link.place(subject), link.entry, f"write {clean}" if clean else "", edit)


def _is_at(link: Link, name: str) -> bool:
    host, _, path = name.partition("/")
    # Google has an address in every country.
    own = _GOOGLE.sub("google.com", link.host)
    if own != host and not own.endswith(f".{host}"):
        return False
    return not path or (link.parts is not None and link.parts.path.rstrip("/") == f"/{path}")


def _behind(link: Link, parameters: str) -> str:
    """Return the page's own address, or nothing where it cannot be read or is not sure to be whole."""
    if link.parts is None:
        return ""
    if proofpoint := _PROOFPOINT.match(link.parts.path + ("?" + link.parts.query if link.parts.query else "")):
        found = re.sub(r"^(https?:)/+", r"\1//", proofpoint["url"])
        # An asterisk stands for a sign that is coded at the end.
        return "" if "*" in found else found
    given = parse_qs(link.parts.query)
    # Some code it twice. What could end a link in Markdown or a text in YAML is left to people.
    values = (unquote(value) if re.match(r"(?i)https?%3a", value) else value for value in _values(given, parameters))
    return next((value for value in values if re.fullmatch(r"https?://[^\s\"'<>{}|\\^`()]+", value)), "")


def _values(given: Mapping[str, list[str]], parameters: str) -> list[str]:
    return [given[name][0] for name in parameters.split() if name in given]


RULE = Rule(
    code="LNK016",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="address out of a mail or a search",
    why="every click goes through somebody else's service, which tells it whose mailbox the link was copied from, and "
    "may end one day",
    fix="open the link, and copy the address of the page",
    bad="url: https://www.google.com/url?q=https://www.example.org/news&sa=D",
    good="url: https://www.example.org/news",
    check=_check,
)
