"""Can every address be followed?"""

import re
from collections.abc import Iterator

from newsletter.checks.links.found import Link, links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_SCHEME = re.compile(r"(?i:https?://|mailto:)")
# A port is no scheme: www.example.org:8080/a.
_OTHER_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+-]*:(?!\d+(?:/|$))")
_DOUBLED = re.compile(r"(?i:https?:/*https?:|https?:///|https?:/(?!/)|https?:(?!/))")
_MAILBOX = re.compile(r"[^@\s?,;]+@[^@\s?,;]+\.[^@\s?,;.]+")
_NO_HOST = re.compile(r"[^\w.:-]")
_WWW = re.compile(r"(?:ww|w{4,})\.(?=[^.]+\.)")
_SLOT = re.compile(r"\{\w+(?:\|[^{}]*)?\}")
# A mark of another tool, which the rule on slots tells.
_FOREIGN = re.compile(r"\{[{%].*[%}]\}")
_RELATIVE = re.compile(r"\.{0,2}/")


def _check(subject: Subject) -> Iterator[Fault]:
    for link in links_of(subject):
        problem, fix = _problem(link)
        if problem:
            yield Fault(f"{link.url} {problem}", link.place(subject), link.entry, fix)


def _problem(link: Link) -> tuple[str, str]:
    url = link.url
    if url in {"", "#"} or url.startswith("javascript:") or _SLOT.fullmatch(url) or _FOREIGN.search(url):
        return "", ""
    if re.search(r"\s", url):
        return "has a space inside", f"write {'%20'.join(url.split())}" if _SCHEME.match(url) else "delete the space"
    if _DOUBLED.match(url):
        return "begins in a way that no address does", "it begins with https:// once"
    if not _SCHEME.match(url):
        return "is no complete address; the email would show its words without a link", _completed(url)
    if url.lower().startswith("mailto:"):
        addresses = url[len("mailto:") :].partition("?")[0].split(",")
        return (
            ("", "") if all(map(_MAILBOX.fullmatch, addresses)) else ("is no mailbox", "write mailto:name@example.org")
        )
    parts = link.parts
    if parts is None or not parts.hostname or ".." in parts.hostname or parts.hostname.startswith(("-", ".")):
        return "has no host that could exist", "open the page in a browser and copy its address"
    if _NO_HOST.search(parts.hostname):
        return f"has a “{_NO_HOST.findall(parts.hostname)[0]}” in its host", "correct the sign; in hosts stand dots"
    if found := _WWW.match(parts.hostname):
        return f"begins with “{found[0]}”", f"write {url.replace(found[0], 'www.', 1)}"
    if url.count("?") > 1 and "?" in parts.query and "=" in parts.query.partition("?")[2]:
        return "has two question marks", "join the second group of parameters with &"
    if url.endswith((".", ",", ";", "…", "'", '"', "»", "”")):
        return f"ends in “{url[-1]}”, which came with the text around it", f"write {url[:-1]}"
    if url.endswith(")") and url.count("(") < url.count(")"):
        return "ends in “)”, which came with the text around it", f"write {url[:-1]}"
    return "", ""


def _completed(url: str) -> str:
    """Return what to do with an address that does not begin as one."""
    if url.startswith("#"):
        return "write the whole address of the page, or take the link away and keep its words"
    if _OTHER_SCHEME.match(url):
        return "an email links to pages and mailboxes alone; take the link away and keep its words"
    if _RELATIVE.match(url) and not url.startswith("//"):
        return "write the whole address of the page, as the browser shows it: an email stands on no website"
    return f"write mailto:{url}" if "@" in url and "/" not in url else f"write https://{url.lstrip('/')}"


RULE = Rule(
    code="LNK003",
    severity=Severity.ERROR,
    group=Group.LINKS,
    title="address that cannot be followed",
    why="the link is broken, or silently left out of the email",
    fix="open the page in a browser and copy its address",
    bad="summary: See [the programme](www.example.org/programme).",
    good="summary: See [the programme](https://www.example.org/programme).",
    check=_check,
)
