"""Can strangers open every page?"""

import re
from collections.abc import Iterator

from newsletter.checks.links.found import Link, links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_STAGING = re.compile(r"(?:staging|preprod)\d*(?:[.-]|$)")
_EDITING = re.compile(
    r"/wp-admin(?:/|$)|/wp-login\.php|/typo3(?:/index\.php|/module)|/administrator/index\.php|/umbraco(?:/|$)"
    r"|/node/\d+/edit$|/user/login$"
)
_DRAFT = re.compile(r"(?:^|&)(?:preview=true|preview_id=|preview_nonce=|elementor-preview=)")
_DOCUMENT = re.compile(r"/(?:document|spreadsheets|presentation|forms)/d/(?!e/)[^/]+/edit")


def _check(subject: Subject) -> Iterator[Fault]:
    for link in links_of(subject):
        problem = _problem(link)
        if problem:
            yield Fault(f"{link.url} {problem}", link.place(subject), link.entry)


def _problem(link: Link) -> str:
    parts = link.parts
    if parts is None or not link.host:
        return ""
    if _STAGING.match(link.host):
        return "is a page of a test site"
    if link.host == "docs.google.com" and _DOCUMENT.match(parts.path):
        return "opens a document for editing"
    if link.host.endswith((".sharepoint.com", ".sharepoint.de")):
        return "opens a file that may be shared with your own colleagues alone"
    if _EDITING.search(parts.path) or _DRAFT.search(parts.query):
        return "is a page for those who edit the website"
    return ""


RULE = Rule(
    code="LNK017",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="page for the team alone",
    why="readers meet a form that asks for a password, or a page that is not finished",
    fix="open it in a private window of the browser: if it is not there, write the address of the public page",
    bad="url: https://www.example.org/?p=12&preview=true",
    good="url: https://www.example.org/news",
    check=_check,
)
