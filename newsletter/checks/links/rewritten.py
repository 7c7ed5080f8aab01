"""Are addresses those of the pages, and not of a program that watches over links?"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote

from newsletter.checks.links.found import Link, links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

# Each with the parameter that holds the page's own address; empty where it is not readable.
_HOSTS = {
    "safelinks.protection.outlook.com": "url",
    "google.com/url": "q",
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
    if link.host != host and not link.host.endswith(f".{host}"):
        return False
    return not path or (link.parts is not None and link.parts.path.rstrip("/") == f"/{path}")


def _behind(link: Link, parameter: str) -> str:
    """Return the page's own address, or nothing where it cannot be read or is not sure to be whole."""
    if link.parts is None:
        return ""
    if proofpoint := _PROOFPOINT.match(link.parts.path + ("?" + link.parts.query if link.parts.query else "")):
        found = re.sub(r"^(https?:)/+", r"\1//", proofpoint["url"])
        # An asterisk stands for a sign that is coded at the end.
        return "" if "*" in found else found
    given = parse_qs(link.parts.query).get(parameter) if parameter else None
    found = given[0] if given else ""
    # Pages that asked for a comma in an address got it coded once more.
    found = unquote(found) if re.match(r"(?i)https?%3a", found) else found
    return found if re.fullmatch(r"https?://[^\s\"'<>{}|\\^`()]+", found) else ""


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
