"""Were addresses copied without what others hung onto them?"""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult

from newsletter.checks.links.found import Link, links_of, split
from newsletter.checks.links.missing_utm import RULE as MISSING_UTM
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_CLICKS = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid igshid igsh yclid ttclid li_fat_id mc_eid mc_cid mkt_tok
    _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id wickedid oly_enc_id oly_anon_id s_cid ml_subscriber
    ml_subscriber_hash rb_clickid sfmc_id
    """.split()
)
_UTM = re.compile(r"utm_\w+", re.IGNORECASE)
_OF_A_MAILING = re.compile(r"(?:^|&)utm_(?:source|medium)=[^&]*(?:mail|newsletter)", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    wanted = bool(subject.words(MISSING_UTM, "required"))
    for link in links_of(subject):
        parts = link.parts
        if parts is None or "=" not in parts.query:
            continue
        counted = wanted or _is_own_count(subject, link)
        given = [pair.partition("=")[0] for pair in parts.query.split("&")]
        found = [name for name in given if name.lower() in _CLICKS or (not counted and _UTM.fullmatch(name))]
        if found:
            start = link.start + link.url.index(found[0], link.url.index("?"))
            place = subject.place(link.passage, start, start + len(found[0]))
            clean = _without(parts, frozenset(found))
            edit = subject.replacing(link.passage, link.start, link.end, clean)
            message = f"the address still has {', '.join(dict.fromkeys(found))} of another mailing or website"
            yield Fault(message, place, link.entry, f"write {clean}", edit)


def _is_own_count(subject: Subject, link: Link) -> bool:
    """Return whether a team counts on its own site who comes from a mailing."""
    settings = subject.facts.settings
    site = split(settings.site or "") if settings else None
    host = (site.hostname or "").removeprefix("www.") if site else ""
    ours = bool(host) and (link.host == host or link.host.endswith(f".{host}"))
    return ours and link.parts is not None and bool(_OF_A_MAILING.search(link.parts.query))


def _without(parts: SplitResult, names: frozenset[str]) -> str:
    kept = "&".join(pair for pair in parts.query.split("&") if pair.partition("=")[0] not in names)
    return parts._replace(query=kept).geturl()


RULE = Rule(
    code="LNK005",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="tracking parameters pasted in",
    why="all your readers are counted as that one person or campaign, by somebody else",
    fix="delete the parameters; the page is the same without them",
    bad="url: https://www.example.org/news?fbclid=IwAR0",
    good="url: https://www.example.org/news",
    check=_check,
)
