"""Do links show whose page they lead to?"""

from collections.abc import Iterator

from newsletter.checks.links.found import links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_SHORTENERS = frozenset(
    """
    bit.ly bitly.com buff.ly cutt.ly goo.gl is.gd j.mp lnkd.in ow.ly rb.gy rebrand.ly s.id shorturl.at t.co t.ly t2m.io
    tiny.cc tinyurl.com trib.al v.gd shor.by bl.ink tiny.one u.to qr.ae fb.me youtu.be.link urlz.fr shorturl.asia
    """.split()
)


def _check(subject: Subject) -> Iterator[Fault]:
    known = {*_SHORTENERS, *subject.words(RULE, "hosts")}
    for link in links_of(subject):
        if link.host.removeprefix("www.") in known:
            yield Fault(f"{link.url} hides where it leads", link.place(subject), link.entry)


RULE = Rule(
    code="LNK015",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="shortened address",
    why="spammers use the same services, so mail filters block them, and the link dies with the service",
    fix="open it, and write the address it leads to",
    bad="url: https://bit.ly/3abc",
    good="url: https://www.example.org/news",
    parameters={"hosts": ()},
    check=_check,
)
